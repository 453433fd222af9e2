import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def gru_step_forward(x, prev_h, Wx, Wh, b):
    H = prev_h.shape[1]
    z = sigmoid(x @ Wx[:, :H] + prev_h @ Wh[:, :H] + b[:H])
    r = sigmoid(x @ Wx[:, H:2*H] + prev_h @ Wh[:, H:2*H] + b[H:2*H])
    n = np.tanh(x @ Wx[:, 2*H:] + (r * prev_h) @ Wh[:, 2*H:] + b[2*H:])
    next_h = (1 - z) * prev_h + z * n
    cache = (x, prev_h, Wx, Wh, z, r, n)
    return next_h, cache


def gru_step_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, z, r, n = cache
    N, H = prev_h.shape
    dz = dnext_h * (n - prev_h)
    dn = dnext_h * z
    dprev_h = dnext_h * (1 - z)
    da = np.zeros((N, 3 * H))
    da[:, 2*H:] = dn * (1 - n ** 2)
    drh = da[:, 2*H:] @ Wh[:, 2*H:].T
    dr = drh * prev_h
    dprev_h += drh * r
    da[:, :H] = dz * z * (1 - z)
    da[:, H:2*H] = dr * r * (1 - r)
    dprev_h += da[:, :2*H] @ Wh[:, :2*H].T
    dx = da @ Wx.T
    dWx = x.T @ da
    dWh = np.zeros_like(Wh)
    dWh[:, :2*H] = prev_h.T @ da[:, :2*H]
    dWh[:, 2*H:] = (r * prev_h).T @ da[:, 2*H:]
    db = da.sum(axis=0)
    return dx, dprev_h, dWx, dWh, db


def gru_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    H = h0.shape[1]
    h = np.zeros((N, T, H))
    cache = []
    prev_h = h0
    for t in range(T):
        prev_h, step_cache = gru_step_forward(x[:, t, :], prev_h, Wx, Wh, b)
        h[:, t, :] = prev_h
        cache.append(step_cache)
    return h, cache


def gru_backward(dh, cache):
    N, T, H = dh.shape
    x0, _, Wx, Wh = cache[0][:4]
    dx = np.zeros((N, T, x0.shape[1]))
    dWx = np.zeros_like(Wx)
    dWh = np.zeros_like(Wh)
    db = np.zeros(3 * H)
    dprev = np.zeros((N, H))
    for t in reversed(range(T)):
        dnext = dh[:, t, :] + dprev
        dx[:, t, :], dprev, dWx_t, dWh_t, db_t = gru_step_backward(dnext, cache[t])
        dWx += dWx_t
        dWh += dWh_t
        db += db_t
    return dx, dprev, dWx, dWh, db
