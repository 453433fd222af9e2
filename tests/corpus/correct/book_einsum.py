import numpy as np

# every product as an einsum: n batch, t time, d in, h out


class RNN:
    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(p) for p in self.params]

    def forward(self, x, h_prev):
        Wx, Wh, b = self.params
        h = np.tanh(np.einsum('nd,dh->nh', x, Wx) + np.einsum('nk,kh->nh', h_prev, Wh) + b)
        self.cache = x, h_prev, h
        return h

    def backward(self, dh):
        Wx, Wh, b = self.params
        x, h_prev, h = self.cache
        dz = dh * (1.0 - h * h)
        self.grads[0][...] = np.einsum('nd,nh->dh', x, dz)
        self.grads[1][...] = np.einsum('nk,nh->kh', h_prev, dz)
        self.grads[2][...] = np.einsum('nh->h', dz)
        return np.einsum('nh,dh->nd', dz, Wx), np.einsum('nh,kh->nk', dz, Wh)


class TimeRNN:
    def __init__(self, Wx, Wh, b, stateful=False):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(p) for p in self.params]
        self.stateful = stateful
        self.h = self.dh = None

    def forward(self, xs):
        N, T, D = xs.shape
        H = self.params[1].shape[0]
        if self.h is None or not self.stateful:
            self.h = np.zeros((N, H), dtype=xs.dtype)
        self.cells = [RNN(*self.params) for _ in range(T)]
        hs = []
        for cell, x in zip(self.cells, xs.transpose(1, 0, 2)):
            self.h = cell.forward(x, self.h)
            hs.append(self.h)
        return np.stack(hs, axis=1)

    def backward(self, dhs):
        for g in self.grads:
            g[...] = 0
        dxs = []
        dh = np.zeros_like(self.h)
        for cell, dh_t in zip(self.cells[::-1], dhs.transpose(1, 0, 2)[::-1]):
            dx, dh = cell.backward(dh_t + dh)
            dxs.append(dx)
            for mine, its in zip(self.grads, cell.grads):
                mine += its
        self.dh = dh
        return np.stack(dxs[::-1], axis=1)

    def set_state(self, h):
        self.h = h

    def reset_state(self):
        self.h = None


class TimeAffine:
    def __init__(self, W, b):
        self.params = [W, b]
        self.grads = [np.zeros_like(W), np.zeros_like(b)]

    def forward(self, xs):
        W, b = self.params
        self.xs = xs
        return np.einsum('ntd,dv->ntv', xs, W) + b

    def backward(self, dout):
        W, b = self.params
        self.grads[0][...] = np.einsum('ntd,ntv->dv', self.xs, dout)
        self.grads[1][...] = np.einsum('ntv->v', dout)
        return np.einsum('ntv,dv->ntd', dout, W)


class Embedding:
    def __init__(self, W):
        self.params = [W]
        self.grads = [np.zeros_like(W)]

    def forward(self, ids):
        # picking rows = multiplying with the one-hot matrix
        self.onehot = np.eye(len(self.params[0]), dtype=self.params[0].dtype)[ids]
        return np.einsum('nv,vd->nd', self.onehot, self.params[0])

    def backward(self, dout):
        self.grads[0][...] = np.einsum('nv,nd->vd', self.onehot, dout)
