import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softplus(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


class SigmoidWithLoss:
    def __init__(self):
        self.params, self.grads = [], []
        self.x, self.t = None, None

    def forward(self, x, t):
        self.x = x
        self.t = t
        batch_size = t.shape[0]
        each = softplus(x) - t * x
        loss = np.sum(each) / batch_size
        return loss

    def backward(self, dout=1):
        batch_size = self.t.shape[0]
        y = sigmoid(self.x)
        dx = (y - self.t) / batch_size
        dx = dx * dout
        return dx


class TimeSigmoidWithLoss:
    def __init__(self):
        self.params, self.grads = [], []
        self.layers = None
        self.shape = None

    def forward(self, xs, ts):
        N, T = xs.shape
        self.shape = (N, T)
        self.layers = []
        loss = 0
        for t in range(T):
            layer = SigmoidWithLoss()
            loss += layer.forward(xs[:, t], ts[:, t])
            self.layers.append(layer)
        return loss / T

    def backward(self, dout=1):
        N, T = self.shape
        dxs = np.zeros((N, T))
        dout = dout / T
        for t in range(T):
            layer = self.layers[t]
            dxs[:, t] = layer.backward(dout)
        return dxs
