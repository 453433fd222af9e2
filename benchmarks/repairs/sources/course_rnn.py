import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    s = x @ Wx + prev_h @ Wh
    s = s + b
    next_h = np.tanh(s)
    cache = (x, prev_h, Wx, Wh, next_h)
    return next_h, cache


def rnn_step_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, next_h = cache
    ds = (1 - next_h * next_h) * dnext_h
    db = ds.sum(axis=0)
    dWx = x.T @ ds
    dWh = prev_h.T @ ds
    dx = ds @ Wx.T
    dprev_h = ds @ Wh.T
    return dx, dprev_h, dWx, dWh, db


def rnn_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    H = h0.shape[1]
    h = np.zeros((N, T, H))
    caches = []
    state = h0
    for t in range(T):
        state, step = rnn_step_forward(x[:, t], state, Wx, Wh, b)
        h[:, t] = state
        caches.append(step)
    return h, (caches, x.shape)


def rnn_backward(dh, cache):
    caches, (N, T, D) = cache
    H = dh.shape[2]
    dx = np.zeros((N, T, D))
    dWx, dWh, db = np.zeros((D, H)), np.zeros((H, H)), np.zeros(H)
    carried = np.zeros((N, H))
    for t in range(T - 1, -1, -1):
        total = dh[:, t] + carried
        dx[:, t], carried, dWx_t, dWh_t, db_t = rnn_step_backward(total, caches[t])
        dWx = dWx + dWx_t
        dWh = dWh + dWh_t
        db = db + db_t
    return dx, carried, dWx, dWh, db
