import numpy as np

# The cache of a forward function is its backward function.


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)

    def back(dnext_h):
        da = dnext_h * one_minus_square(next_h)
        return da @ Wx.T, da @ Wh.T, x.T @ da, prev_h.T @ da, da.sum(axis=0)

    return next_h, back


def rnn_step_backward(dnext_h, cache):
    return cache(dnext_h)


def rnn_forward(x, h0, Wx, Wh, b):
    h, backs = [], []
    prev = h0
    for t in range(x.shape[1]):
        prev, back = rnn_step_forward(x[:, t], prev, Wx, Wh, b)
        h.append(prev)
        backs.append(back)
    return np.array(h).swapaxes(0, 1), backs


def rnn_backward(dh, cache):
    dh_t = np.zeros_like(dh[:, 0])
    steps = []
    for t, back in reversed(list(enumerate(cache))):
        dx_t, dh_t, *weights = back(dh[:, t] + dh_t)
        steps.append((dx_t, weights))
    dx = np.stack([dx_t for dx_t, _ in steps[::-1]], axis=1)
    dWx, dWh, db = (sum(parts) for parts in zip(*(weights for _, weights in steps)))
    return dx, dh_t, dWx, dWh, db


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    H = prev_h.shape[1]
    gates = np.empty((x.shape[0], 4 * H))
    gates[...] = x @ Wx + prev_h @ Wh + b
    gates[:, :3 * H] = sigmoid(gates[:, :3 * H])
    gates[:, 3 * H:] = np.tanh(gates[:, 3 * H:])
    i, f, o, g = (gates[:, k * H:(k + 1) * H] for k in range(4))
    next_c = f * prev_c + i * g
    tanh_c = np.tanh(next_c)

    def back(dnext_h, dnext_c):
        dc = dnext_c + dnext_h * o * one_minus_square(tanh_c)
        dgates = np.concatenate([dc * g, dc * prev_c, dnext_h * tanh_c, dc * i], axis=1)
        slope = np.concatenate([gates[:, :3 * H] * (1 - gates[:, :3 * H]), one_minus_square(g)], axis=1)
        da = dgates * slope
        return da @ Wx.T, da @ Wh.T, dc * f, x.T @ da, prev_h.T @ da, da.sum(axis=0)

    return o * tanh_c, next_c, back


def lstm_step_backward(dnext_h, dnext_c, cache):
    return cache(dnext_h, dnext_c)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


one_minus_square = lambda y: 1 - y * y
