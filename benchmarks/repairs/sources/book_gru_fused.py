import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


class GRU:
    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.cache = None

    def forward(self, x, h_prev):
        Wx, Wh, b = self.params
        H = h_prev.shape[1]
        from_x = np.dot(x, Wx) + b
        gates = sigmoid(from_x[:, :2 * H] + np.dot(h_prev, Wh[:, :2 * H]))
        z = gates[:, :H]
        r = gates[:, H:]
        kept = r * h_prev
        g = np.tanh(from_x[:, 2 * H:] + np.dot(kept, Wh[:, 2 * H:]))
        self.cache = (x, h_prev, z, r, kept, g)
        return (1 - z) * h_prev + z * g

    def backward(self, dh):
        Wx, Wh, b = self.params
        x, h_prev, z, r, kept, g = self.cache
        H = h_prev.shape[1]
        dz = dh * (g - h_prev)
        dg = dh * z
        dh_prev = dh * (1 - z)
        dag = dg * (1 - g * g)
        dkept = np.dot(dag, Wh[:, 2 * H:].T)
        dr = dkept * h_prev
        dh_prev = dh_prev + dkept * r
        daz = dz * z * (1 - z)
        dar = dr * r * (1 - r)
        dzr = np.hstack([daz, dar])
        da = np.hstack([dzr, dag])
        dh_prev = dh_prev + np.dot(dzr, Wh[:, :2 * H].T)
        self.grads[0][...] = np.dot(x.T, da)
        self.grads[1][:, :2 * H] = np.dot(h_prev.T, dzr)
        self.grads[1][:, 2 * H:] = np.dot(kept.T, dag)
        self.grads[2][...] = np.sum(da, axis=0)
        dx = np.dot(da, Wx.T)
        return dx, dh_prev


class TimeGRU:
    def __init__(self, Wx, Wh, b, stateful=False):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.layers = None
        self.h, self.dh = None, None
        self.stateful = stateful

    def forward(self, xs):
        Wx, Wh, b = self.params
        N, T, D = xs.shape
        H = Wh.shape[0]
        if not self.stateful or self.h is None:
            self.h = np.zeros((N, H), dtype=Wx.dtype)
        self.layers = [GRU(Wx, Wh, b) for _ in range(T)]
        hs = np.zeros((N, T, H), dtype=Wx.dtype)
        for t, layer in enumerate(self.layers):
            self.h = layer.forward(xs[:, t], self.h)
            hs[:, t] = self.h
        return hs

    def backward(self, dhs):
        N, T, H = dhs.shape
        Wx, Wh, b = self.params
        dWx, dWh, db = 0, 0, 0
        dxs = np.zeros((N, T, Wx.shape[0]), dtype=Wx.dtype)
        dh = np.zeros((N, H), dtype=Wx.dtype)
        for t in reversed(range(T)):
            layer = self.layers[t]
            dh = dhs[:, t] + dh
            dxs[:, t], dh = layer.backward(dh)
            dWx = dWx + layer.grads[0]
            dWh = dWh + layer.grads[1]
            db = db + layer.grads[2]
        self.grads[0][...] = dWx
        self.grads[1][...] = dWh
        self.grads[2][...] = db
        self.dh = dh
        return dxs

    def set_state(self, h):
        self.h = h

    def reset_state(self):
        self.h = None
