import numpy as np


def log_softmax(x):
    z = x - np.max(x, axis=-1, keepdims=True)
    return z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))


class SoftmaxWithLoss:
    def __init__(self):
        self.params, self.grads = [], []
        self.cache = None

    def forward(self, x, t):
        if t.ndim == 2:
            t = t.argmax(axis=1)
        N = x.shape[0]
        log_p = log_softmax(x)
        loss = -log_p[np.arange(N), t].sum() / N
        self.cache = log_p, t
        return loss

    def backward(self, dout=1):
        log_p, t = self.cache
        N, V = log_p.shape
        onehot = np.zeros((N, V))
        onehot[np.arange(N), t] = 1
        dx = (np.exp(log_p) - onehot) / N
        return dx * dout


class TimeSoftmaxWithLoss:
    def __init__(self, ignore_label=-1):
        self.params, self.grads = [], []
        self.ignore_label = ignore_label
        self.cache = None

    def forward(self, xs, ts):
        if ts.ndim == 3:
            ts = ts.argmax(axis=2)
        N, T, V = xs.shape
        keep = (ts != self.ignore_label)
        M = max(int(keep.sum()), 1)
        labels = np.where(keep, ts, 0)
        log_p = log_softmax(xs)
        n, t = np.indices((N, T))
        picked = log_p[n, t, labels]
        loss = -np.sum(np.where(keep, picked, 0)) / M
        self.cache = (log_p, labels, keep, M)
        return loss

    def backward(self, dout=1):
        log_p, labels, keep, M = self.cache
        N, T, V = log_p.shape
        n, t = np.indices((N, T))
        dxs = np.exp(log_p)
        dxs[n, t, labels] -= 1
        dxs = dxs * keep[:, :, None]
        dxs = dxs / M
        return dxs * dout
