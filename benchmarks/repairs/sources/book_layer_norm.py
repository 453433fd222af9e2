import numpy as np


class Dropout:
    def __init__(self, ratio=0.5):
        self.params, self.grads = [], []
        self.ratio = ratio
        self.mask = None

    def forward(self, x, train=True):
        if not train:
            return x
        keep = 1 - self.ratio
        self.mask = (np.random.rand(*x.shape) < keep) / keep
        out = x * self.mask
        return out

    def backward(self, dout):
        dx = self.mask * dout
        return dx


class LayerNorm:
    def __init__(self, gamma, beta):
        self.params = [gamma, beta]
        self.grads = [np.zeros_like(gamma), np.zeros_like(beta)]
        self.x_hat, self.inv = None, None

    def forward(self, x):
        gamma, beta = self.params
        centred = x - x.mean(axis=-1, keepdims=True)
        self.inv = 1 / np.sqrt(x.var(axis=-1, keepdims=True) + 1e-5)
        self.x_hat = centred * self.inv
        return self.x_hat * gamma + beta

    def backward(self, dout):
        gamma, beta = self.params
        dgamma, dbeta = self.grads
        dgamma[...] = (dout * self.x_hat).sum(axis=0)
        dbeta[...] = dout.sum(axis=0)
        d = dout * gamma
        mean = d.mean(axis=-1, keepdims=True)
        along = (d * self.x_hat).mean(axis=-1, keepdims=True)
        dx = self.inv * (d - mean - self.x_hat * along)
        return dx
