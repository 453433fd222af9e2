import numpy as np


def sig(v):
    return 1 / (1 + np.exp(-v))


class GRU:
    """Columns r, z, n as in PyTorch's GRU, but the book's h = (1 - z) h + z n.

    The reset gate is applied after the product with the state: n = tanh(x Wxn + bn + r * (h Whn)).
    """

    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]

    def forward(self, x, h_prev):
        Wx, Wh, b = self.params
        px = np.dot(x, Wx) + b
        ph = np.dot(h_prev, Wh)
        xr, xz, xn = np.split(px, 3, axis=1)
        hr, hz, hn = np.split(ph, 3, axis=1)

        r = sig(xr + hr)
        z = sig(xz + hz)
        n = np.tanh(xn + r * hn)

        self.x, self.h_prev = x, h_prev
        self.r, self.z, self.n, self.hn = r, z, n, hn
        return (1 - z) * h_prev + z * n

    def backward(self, dh):
        Wx, Wh, b = self.params
        r, z, n = self.r, self.z, self.n

        dn = dh * z * (1 - n ** 2)
        dz = dh * (n - self.h_prev) * z * (1 - z)
        dr = dn * self.hn * r * (1 - r)

        dpx = np.concatenate((dr, dz, dn), axis=1)
        dph = np.concatenate((dr, dz, dn * r), axis=1)

        self.grads[0][...] = np.dot(self.x.T, dpx)
        self.grads[1][...] = np.dot(self.h_prev.T, dph)
        self.grads[2][...] = dpx.sum(axis=0)

        dx = np.dot(dpx, Wx.T)
        dh_prev = dh * (1 - z) + np.dot(dph, Wh.T)
        return dx, dh_prev


class TimeGRU:
    def __init__(self, Wx, Wh, b, stateful=False):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.stateful = stateful
        self.h = None
        self.dh = None

    def forward(self, xs):
        Wx, Wh, b = self.params
        N, T, D = xs.shape
        H = Wh.shape[0]
        if not self.stateful or self.h is None:
            self.h = np.zeros((N, H), dtype=Wx.dtype)

        self.layers = []
        hs = np.empty((N, T, H), dtype=Wx.dtype)
        for t in range(T):
            self.layers.append(GRU(Wx, Wh, b))
            hs[:, t] = self.h = self.layers[-1].forward(xs[:, t], self.h)
        return hs

    def backward(self, dhs):
        N, T, H = dhs.shape
        for grad in self.grads:
            grad.fill(0)
        dxs = np.empty((N, T, self.params[0].shape[0]), dtype=dhs.dtype)
        dh = 0
        for t in range(T)[::-1]:
            dxs[:, t], dh = self.layers[t].backward(dhs[:, t] + dh)
            for grad, part in zip(self.grads, self.layers[t].grads):
                grad += part
        self.dh = dh
        return dxs

    def set_state(self, h):
        self.h = h

    def reset_state(self):
        self.h = None
