import numpy as np

# gates in the order of PyTorch (i, f, g, o), so that I can load weights from there


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


class LSTM:
    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.cache = None

    def forward(self, x, h_prev, c_prev):
        Wx, Wh, b = self.params
        N, H = h_prev.shape
        A = x.dot(Wx) + h_prev.dot(Wh) + b

        i = sigmoid(A[:, 0 * H:1 * H])
        f = sigmoid(A[:, 1 * H:2 * H])
        g = np.tanh(A[:, 2 * H:3 * H])
        o = sigmoid(A[:, 3 * H:4 * H])

        c = f * c_prev + i * g
        h = o * np.tanh(c)
        self.cache = {'x': x, 'h_prev': h_prev, 'c_prev': c_prev,
                      'i': i, 'f': f, 'g': g, 'o': o, 'c': c}
        return h, c

    def backward(self, dh, dc):
        Wx, Wh, b = self.params
        k = self.cache
        i, f, g, o = k['i'], k['f'], k['g'], k['o']
        H = Wh.shape[0]

        tc = np.tanh(k['c'])
        ds = dc + dh * o * (1 - tc * tc)

        dA = np.zeros((dh.shape[0], 4 * H), dtype=Wx.dtype)
        dA[:, 0 * H:1 * H] = ds * g * i * (1 - i)
        dA[:, 1 * H:2 * H] = ds * k['c_prev'] * f * (1 - f)
        dA[:, 2 * H:3 * H] = ds * i * (1 - g * g)
        dA[:, 3 * H:4 * H] = dh * tc * o * (1 - o)

        self.grads[0][...] = k['x'].T.dot(dA)
        self.grads[1][...] = k['h_prev'].T.dot(dA)
        self.grads[2][...] = dA.sum(0)

        dx = dA.dot(Wx.T)
        dh_prev = dA.dot(Wh.T)
        dc_prev = ds * f
        return dx, dh_prev, dc_prev


class TimeLSTM:
    def __init__(self, Wx, Wh, b, stateful=False):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.layers = None
        self.h, self.c, self.dh = None, None, None
        self.stateful = stateful

    def forward(self, xs):
        Wx, Wh, b = self.params
        N, T, D = xs.shape
        H = len(Wh)

        if not self.stateful or self.h is None:
            self.h = np.zeros((N, H), dtype=Wx.dtype)
        if not self.stateful or self.c is None:
            self.c = np.zeros((N, H), dtype=Wx.dtype)

        hs = np.zeros((N, T, H), dtype=Wx.dtype)
        self.layers = [LSTM(Wx, Wh, b) for t in range(T)]
        for t, layer in enumerate(self.layers):
            self.h, self.c = layer.forward(xs[:, t, :], self.h, self.c)
            hs[:, t, :] = self.h
        return hs

    def backward(self, dhs):
        dxs = [None] * len(self.layers)
        dh, dc = 0, 0
        total = [np.zeros_like(p) for p in self.params]
        for t in range(len(self.layers) - 1, -1, -1):
            dxs[t], dh, dc = self.layers[t].backward(dhs[:, t, :] + dh, dc)
            total = [a + g for a, g in zip(total, self.layers[t].grads)]
        for mine, t in zip(self.grads, total):
            mine[...] = t
        self.dh = dh
        return np.array(dxs).transpose(1, 0, 2)

    def set_state(self, h, c=None):
        self.h, self.c = h, c

    def reset_state(self):
        self.h, self.c = None, None
