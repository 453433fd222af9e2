import numpy as np

# No step functions here: the products with x are done for all timesteps at once.


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def rnn_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    H = Wh.shape[0]
    xWx = x.reshape(-1, D).dot(Wx).reshape(N, T, H) + b
    hs = np.empty((T + 1, N, H))
    hs[0] = h0
    for t in range(T):
        hs[t + 1] = np.tanh(xWx[:, t] + hs[t].dot(Wh))
    h = hs[1:].transpose(1, 0, 2).copy()
    return h, (x, hs, Wx, Wh)


def rnn_backward(dh, cache):
    x, hs, Wx, Wh = cache
    N, T, D = x.shape
    H = Wh.shape[0]
    da = np.empty((N, T, H))
    dprev = np.zeros((N, H))
    for t in range(T - 1, -1, -1):
        da[:, t] = (dh[:, t] + dprev) * (1 - hs[t + 1] ** 2)
        dprev = da[:, t].dot(Wh.T)
    flat = da.reshape(N * T, H)
    dx = flat.dot(Wx.T).reshape(N, T, D)
    dWx = x.reshape(N * T, D).T.dot(flat)
    dWh = hs[:-1].transpose(1, 0, 2).reshape(N * T, H).T.dot(flat)
    db = flat.sum(axis=0)
    return dx, dprev, dWx, dWh, db


def lstm_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    H = Wh.shape[0]
    xWx = (x.reshape(-1, D) @ Wx + b).reshape(N, T, 4, H)
    Wh4 = Wh.reshape(H, 4, H)
    h = np.zeros((N, T, H))
    hs, cs, gates = [h0], [np.zeros((N, H))], []
    for t in range(T):
        a = xWx[:, t] + np.tensordot(hs[t], Wh4, axes=1)
        i, f, o, g = sigmoid(a[:, 0]), sigmoid(a[:, 1]), sigmoid(a[:, 2]), np.tanh(a[:, 3])
        cs.append(f * cs[t] + i * g)
        hs.append(o * np.tanh(cs[t + 1]))
        gates.append((i, f, o, g))
        h[:, t] = hs[t + 1]
    return h, (x, hs, cs, gates, Wx, Wh)


def lstm_backward(dh, cache):
    x, hs, cs, gates, Wx, Wh = cache
    N, T, D = x.shape
    H = Wh.shape[0]
    da = np.zeros((N, T, 4, H))
    dh_t = np.zeros((N, H))
    dc_t = np.zeros((N, H))
    for t in reversed(range(T)):
        i, f, o, g = gates[t]
        tc = np.tanh(cs[t + 1])
        dh_t = dh[:, t] + dh_t
        dc_t = dc_t + dh_t * o * (1 - tc * tc)
        da[:, t, 0] = dc_t * g * i * (1 - i)
        da[:, t, 1] = dc_t * cs[t] * f * (1 - f)
        da[:, t, 2] = dh_t * tc * o * (1 - o)
        da[:, t, 3] = dc_t * i * (1 - g * g)
        dh_t = da[:, t].reshape(N, 4 * H) @ Wh.T
        dc_t = dc_t * f
    flat = da.reshape(N * T, 4 * H)
    before = np.stack(hs[:-1], axis=1).reshape(N * T, H)
    dx = (flat @ Wx.T).reshape(N, T, D)
    return dx, dh_t, x.reshape(N * T, D).T @ flat, before.T @ flat, flat.sum(axis=0)
