import numpy as np


class MatMul:
    def __init__(self, W):
        self.params = [W]
        self.grads = [np.zeros_like(W)]
        self.x = None

    def forward(self, x):
        self.x = x
        W, = self.params
        return x @ W

    def backward(self, dout):
        W, = self.params
        self.grads[0][...] = self.x.T @ dout
        return dout @ W.T


class Affine:
    def __init__(self, W, b):
        self.params = [W, b]
        self.grads = [np.zeros_like(W), np.zeros_like(b)]
        self.x = None

    def forward(self, x):
        W, b = self.params
        self.x = x
        y = x @ W
        y = y + b
        return y

    def backward(self, dy):
        W, b = self.params
        dW, db = self.grads
        dW[...] = self.x.T @ dy
        db[...] = dy.sum(axis=0)
        dx = dy @ W.T
        return dx


class TimeAffine:
    def __init__(self, W, b):
        self.params = [W, b]
        self.grads = [np.zeros_like(W), np.zeros_like(b)]
        self.xs = None

    def forward(self, xs):
        W, b = self.params
        N, T, D = xs.shape
        V = b.shape[0]
        self.xs = xs
        out = np.zeros((N, T, V))
        for t in range(T):
            out[:, t, :] = np.dot(xs[:, t, :], W) + b
        return out

    def backward(self, dout):
        W, b = self.params
        N, T, V = dout.shape
        dxs = np.zeros_like(self.xs)
        dW = np.zeros_like(W)
        db = np.zeros_like(b)
        for t in range(T):
            dxs[:, t, :] = np.dot(dout[:, t, :], W.T)
            dW += np.dot(self.xs[:, t, :].T, dout[:, t, :])
            db += dout[:, t, :].sum(axis=0)
        self.grads[0][...] = dW
        self.grads[1][...] = db
        return dxs
