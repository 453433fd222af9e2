import numpy as np


class Dropout:
    def __init__(self, dropout_ratio=0.5):
        self.params, self.grads = [], []
        self.dropout_ratio = dropout_ratio
        self.mask = None

    def forward(self, x, train_flg=True):
        if train_flg:
            self.mask = np.random.rand(*x.shape) > self.dropout_ratio
            return x * self.mask
        else:
            return x * (1.0 - self.dropout_ratio)

    def backward(self, dout):
        dx = dout * self.mask
        return dx


class TimeDropout:
    def __init__(self, dropout_ratio=0.5):
        self.params, self.grads = [], []
        self.dropout_ratio = dropout_ratio
        self.mask = None
        self.train_flg = True

    def forward(self, xs):
        if self.train_flg:
            flg = np.random.rand(*xs.shape) > self.dropout_ratio
            scale = 1 / (1.0 - self.dropout_ratio)
            self.mask = flg.astype(xs.dtype) * scale
            return xs * self.mask
        else:
            return xs

    def backward(self, dout):
        dxs = dout * self.mask
        return dxs


class LayerNorm:
    def __init__(self, gamma, beta, eps=1e-5):
        self.params = [gamma, beta]
        self.grads = [np.zeros_like(gamma), np.zeros_like(beta)]
        self.eps = eps
        self.cache = None

    def forward(self, x):
        gamma, beta = self.params
        mu = x.mean(axis=1, keepdims=True)
        xc = x - mu
        var = np.mean(xc ** 2, axis=1, keepdims=True)
        std = np.sqrt(var + self.eps)
        xn = xc / std
        self.cache = (xn, xc, std)
        return gamma * xn + beta

    def backward(self, dout):
        gamma, beta = self.params
        xn, xc, std = self.cache
        D = dout.shape[1]
        self.grads[0][...] = np.sum(dout * xn, axis=0)
        self.grads[1][...] = np.sum(dout, axis=0)
        dxn = dout * gamma
        dxc = dxn / std
        dstd = -np.sum(dxn * xc / (std * std), axis=1, keepdims=True)
        dvar = 0.5 * dstd / std
        dxc += (2.0 / D) * xc * dvar
        dmu = np.sum(dxc, axis=1, keepdims=True)
        dx = dxc - dmu / D
        return dx
