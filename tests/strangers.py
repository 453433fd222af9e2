"""Layers as a learner writes them, for the tests of the checker: right, and with one line that is not."""

RNN = """\
import numpy as np


class RNN:
    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.cache = None

    def forward(self, x, h_prev):
        Wx, Wh, b = self.params
        h_next = np.tanh(np.dot(x, Wx) + np.dot(h_prev, Wh) + b)
        self.cache = (x, h_prev, h_next)
        return h_next

    def backward(self, dh_next):
        Wx, Wh, b = self.params
        x, h_prev, h_next = self.cache
        dt = dh_next * (1 - h_next ** 2)
        dh_prev = np.dot(dt, Wh.T)
        dx = np.dot(dt, Wx.T)
        self.grads[0][...] = np.dot(x.T, dt)
        self.grads[1][...] = np.dot(h_prev.T, dt)
        self.grads[2][...] = dt.sum(axis=0)
        return dx, dh_prev
"""

TIME_RNN = """\


class TimeRNN:
    def __init__(self, Wx, Wh, b, stateful=False):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.layers = None
        self.h, self.dh = None, None
        self.stateful = stateful

    def set_state(self, h):
        self.h = h.copy()

    def reset_state(self):
        self.h = None

    def forward(self, xs):
        N, T, D = xs.shape
        H = self.params[1].shape[0]
        self.layers = []
        hs = np.empty((N, T, H), dtype=xs.dtype)
        if not self.stateful or self.h is None:
            self.h = np.zeros((N, H), dtype=xs.dtype)
        for t in range(T):
            layer = RNN(*self.params)
            self.h = layer.forward(xs[:, t, :], self.h)
            hs[:, t, :] = self.h
            self.layers.append(layer)
        return hs

    def backward(self, dhs):
        N, T, H = dhs.shape
        D = self.params[0].shape[0]
        dxs = np.empty((N, T, D), dtype=dhs.dtype)
        dh = 0
        grads = [0, 0, 0]
        for t in reversed(range(T)):
            layer = self.layers[t]
            dx, dh = layer.backward(dhs[:, t, :] + dh)
            dxs[:, t, :] = dx
            for i, grad in enumerate(layer.grads):
                grads[i] = grads[i] + grad
        for i, grad in enumerate(grads):
            self.grads[i][...] = grad
        self.dh = dh
        return dxs
"""

RNN_STEP = """\
import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)


def rnn_step_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, next_h = cache
    da = dnext_h * (1 - next_h ** 2)
    return da @ Wx.T, da @ Wh.T, x.T @ da, prev_h.T @ da, da.sum(axis=0)
"""

# the head of a file with the steps, over time
RNN_FORWARD = """\
import numpy as np


def rnn_forward(x, h0, Wx, Wh, b):
    h, hs, caches = h0, [], []
    for t in range(x.shape[1]):
        h, cache = rnn_step_forward(x[:, t], h, Wx, Wh, b)
        hs.append(h)
        caches.append(cache)
    return np.stack(hs, axis=1), caches
"""

LAYER_NORM = """\
import numpy as np


def layernorm_forward(x, gamma, beta):
    D = x.shape[1]
    mu = x.sum(axis=1, keepdims=True) / D
    centred = x - mu
    var = (centred ** 2).sum(axis=1, keepdims=True) / D
    inv = 1 / np.sqrt(var + 1e-5)
    xhat = centred * inv
    out = gamma * xhat + beta
    return out, (xhat, gamma, inv)


def layernorm_backward(dout, cache):
    xhat, gamma, inv = cache
    D = dout.shape[1]
    d = dout * gamma
    dgamma = (dout * xhat).sum(axis=0)
    dbeta = dout.sum(axis=0)
    dx = inv * (d - d.sum(axis=1, keepdims=True) / D - xhat * (d * xhat).sum(axis=1, keepdims=True) / D)
    return dx, dgamma, dbeta
"""

BOTH = RNN + TIME_RNN


def edited(text: str, before: str, after: str) -> str:
    """The text with one thing written otherwise, which has to stand there."""
    assert before in text, before
    return text.replace(before, after, 1)


def line_of(text: str, part: str) -> int:
    """The number of the first line that holds the part."""
    return next(i for i, line in enumerate(text.splitlines(), 1) if part in line)
