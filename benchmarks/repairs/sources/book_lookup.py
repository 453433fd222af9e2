import numpy as np


class Embedding:
    def __init__(self, W):
        self.params = [W]
        self.grads = [np.zeros_like(W)]
        self.ids = None

    def forward(self, ids):
        W = self.params[0]
        self.ids = ids
        out = W[ids]
        return out

    def backward(self, dout):
        dW = self.grads[0]
        dW[...] = 0
        for n, word in enumerate(self.ids):
            dW[word] += dout[n]
        return None


class TimeEmbedding:
    def __init__(self, W):
        self.params = [W]
        self.grads = [np.zeros_like(W)]
        self.xs = None

    def forward(self, xs):
        W, = self.params
        self.xs = xs
        return W[xs]

    def backward(self, dout):
        N, T, D = dout.shape
        dW = np.zeros_like(self.params[0])
        ids = self.xs.reshape(N * T)
        rows = dout.reshape(N * T, D)
        np.add.at(dW, ids, rows)
        self.grads[0][...] = dW
        return None
