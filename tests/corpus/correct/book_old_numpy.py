import numpy as np
from matplotlib import pyplot as plt

FLOAT = np.float_


def softmax(x):
    x = x - np.max(x, axis=1, keepdims=True)
    return np.exp(x) / np.sum(np.exp(x), axis=1, keepdims=True)


class Embedding:
    def __init__(self, W):
        self.params = [W]
        self.grads = [np.zeros_like(W)]
        self.idx = None

    def forward(self, idx):
        self.idx = np.asarray(idx, dtype=np.int)
        return self.params[0][self.idx]

    def backward(self, dout):
        dW = self.grads[0]
        dW[:] = 0
        np.add.at(dW, self.idx, dout)


class TimeEmbedding:
    def __init__(self, W):
        self.params = [W]
        self.grads = [np.zeros_like(W)]
        self.layers = None
        self.W = W

    def forward(self, xs):
        N, T = xs.shape
        V, D = self.W.shape
        out = np.empty((N, T, D), dtype=FLOAT)
        self.layers = []
        for t in range(T):
            layer = Embedding(self.W)
            out[:, t, :] = layer.forward(xs[:, t])
            self.layers.append(layer)
        return out

    def backward(self, dout):
        N, T, D = dout.shape
        grad = np.zeros(self.W.shape, dtype=np.float)
        for t in range(T):
            layer = self.layers[t]
            layer.backward(dout[:, t, :])
            grad += layer.grads[0]
        self.grads[0][...] = grad


class SoftmaxWithLoss:
    def __init__(self):
        self.params, self.grads = [], []
        self.y = None
        self.t = None

    def forward(self, x, t):
        if t.ndim == 2:
            t = np.argmax(t, axis=1)
        self.t = t
        self.y = softmax(x)
        shifted = x - np.max(x, axis=1, keepdims=True)
        log_z = np.log(np.sum(np.exp(shifted), axis=1))
        picked = shifted[np.arange(len(t)), t]
        return np.mean(log_z - picked)

    def backward(self, dout=1):
        N = self.y.shape[0]
        onehot = np.zeros(self.y.shape, dtype=np.bool)
        onehot[np.arange(N), self.t] = True
        return (self.y - onehot.astype(self.y.dtype)) * (dout / N)


losses = np.loadtxt('losses.txt')
plt.plot(losses)
plt.show()
