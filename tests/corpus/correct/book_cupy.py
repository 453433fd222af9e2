# coding: utf-8
import sys
import os

sys.path.append(os.pardir)
try:
    import cupy as cp
    import cupy as np

    GPU = True
except ImportError:
    import numpy as np

    GPU = False


def to_gpu(x):
    if GPU and type(x) is not cp.ndarray:
        return cp.asarray(x)
    return x


class Affine:
    def __init__(self, W, b):
        self.params = [to_gpu(W), to_gpu(b)]
        self.grads = [np.zeros_like(W), np.zeros_like(b)]
        self.x = None

    def forward(self, x):
        W, b = self.params
        self.x = to_gpu(x)
        return np.matmul(self.x, W) + b

    def backward(self, dout):
        W, b = self.params
        dx = np.matmul(dout, W.T)
        self.grads[0][...] = np.matmul(self.x.T, dout)
        self.grads[1][...] = np.sum(dout, axis=0)
        return dx


class Embedding:
    def __init__(self, W):
        self.params = [W]
        self.grads = [np.zeros_like(W)]
        self.idx = None

    def forward(self, idx):
        W, = self.params
        self.idx = idx
        return W[idx]

    def backward(self, dout):
        dW, = self.grads
        dW[...] = 0
        if GPU:
            import cupyx

            cupyx.scatter_add(dW, self.idx, dout)
        else:
            np.add.at(dW, self.idx, dout)
        return None


class TimeEmbedding:
    def __init__(self, W):
        self.params = [W]
        self.grads = [np.zeros_like(W)]
        self.layers = None
        self.W = W

    def forward(self, xs):
        N, T = xs.shape
        V, D = self.W.shape
        out = np.empty((N, T, D), dtype=np.float32)
        self.layers = []
        for t in range(T):
            layer = Embedding(self.W)
            out[:, t, :] = layer.forward(xs[:, t])
            self.layers.append(layer)
        return out

    def backward(self, dout):
        N, T, D = dout.shape
        grad = 0
        for t in range(T):
            layer = self.layers[t]
            layer.backward(dout[:, t, :])
            grad += layer.grads[0]
        self.grads[0][...] = grad
        return None


class LSTM:
    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.cache = None

    def forward(self, x, h_prev, c_prev):
        Wx, Wh, b = self.params
        N, H = h_prev.shape
        A = np.matmul(x, Wx) + np.matmul(h_prev, Wh) + b

        # slices
        f = A[:, :H]
        g = A[:, H:2*H]
        i = A[:, 2*H:3*H]
        o = A[:, 3*H:]

        f = 1 / (1 + np.exp(-f))
        g = np.tanh(g)
        i = 1 / (1 + np.exp(-i))
        o = 1 / (1 + np.exp(-o))

        c_next = f * c_prev + g * i
        h_next = o * np.tanh(c_next)
        self.cache = (x, h_prev, c_prev, i, f, g, o, c_next)
        return h_next, c_next

    def backward(self, dh_next, dc_next):
        Wx, Wh, b = self.params
        x, h_prev, c_prev, i, f, g, o, c_next = self.cache

        tanh_c_next = np.tanh(c_next)
        do = dh_next * tanh_c_next
        ds = dc_next + dh_next * o * (1 - tanh_c_next**2)
        df = ds * c_prev
        dg = ds * i
        di = ds * g
        dc_prev = ds * f

        df = df * f * (1 - f)
        dg = dg * (1 - g**2)
        di = di * i * (1 - i)
        do = do * o * (1 - o)
        dA = np.hstack((df, dg, di, do))

        dWx = np.matmul(x.T, dA)
        dWh = np.matmul(h_prev.T, dA)
        db = np.sum(dA, axis=0)
        dx = np.matmul(dA, Wx.T)
        dh_prev = np.matmul(dA, Wh.T)

        self.grads[0][...] = dWx
        self.grads[1][...] = dWh
        self.grads[2][...] = db
        return dx, dh_prev, dc_prev
