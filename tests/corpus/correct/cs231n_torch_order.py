import numpy as np

# i, f, g, o: the gates lie as in torch.nn.LSTM


def sigmoid(x):
    return np.where(x >= 0, 1 / (1 + np.exp(-np.abs(x))), np.exp(-np.abs(x)) / (1 + np.exp(-np.abs(x))))


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    H = prev_h.shape[1]
    a = np.matmul(x, Wx) + np.matmul(prev_h, Wh) + b
    i = sigmoid(a[:, :H])
    f = sigmoid(a[:, H:2 * H])
    g = np.tanh(a[:, 2 * H:3 * H])
    o = sigmoid(a[:, 3 * H:])
    next_c = f * prev_c + i * g
    next_h = o * np.tanh(next_c)
    return next_h, next_c, (x, prev_h, prev_c, Wx, Wh, i, f, g, o, next_c)


def lstm_step_backward(dnext_h, dnext_c, cache):
    x, prev_h, prev_c, Wx, Wh, i, f, g, o, next_c = cache
    tanh_next_c = np.tanh(next_c)
    dc = dnext_c + dnext_h * o * (1 - tanh_next_c ** 2)
    da = np.concatenate((
        dc * g * i * (1 - i),
        dc * prev_c * f * (1 - f),
        dc * i * (1 - g ** 2),
        dnext_h * tanh_next_c * o * (1 - o),
    ), axis=1)
    dx = np.matmul(da, Wx.T)
    dprev_h = np.matmul(da, Wh.T)
    dprev_c = dc * f
    dWx = np.matmul(x.T, da)
    dWh = np.matmul(prev_h.T, da)
    db = np.sum(da, axis=0)
    return dx, dprev_h, dprev_c, dWx, dWh, db


def lstm_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    N, H = h0.shape
    h = np.empty((N, T, H))
    caches = []
    h_t, c_t = h0, np.zeros((N, H))
    for t in range(T):
        h_t, c_t, cache = lstm_step_forward(x[:, t], h_t, c_t, Wx, Wh, b)
        h[:, t] = h_t
        caches.append(cache)
    return h, (caches, D)


def lstm_backward(dh, cache):
    caches, D = cache
    N, T, H = dh.shape
    dx = np.empty((N, T, D))
    dWx, dWh, db = 0, 0, 0
    dh_t = dc_t = np.zeros((N, H))
    while caches and T > 0:
        T -= 1
        dx[:, T], dh_t, dc_t, dWx_t, dWh_t, db_t = lstm_step_backward(dh[:, T] + dh_t, dc_t, caches[T])
        dWx, dWh, db = dWx + dWx_t, dWh + dWh_t, db + db_t
    return dx, dh_t, dWx, dWh, db
