from common.np import *


def sigmoid(x):
    return np.where(x >= 0, 1, np.exp(-np.abs(x))) / (1 + np.exp(-np.abs(x)))


class Relu:
    def __init__(self):
        self.params, self.grads = [], []
        self.x = None

    def forward(self, x):
        self.x = x
        return np.maximum(x, 0)

    def backward(self, dout):
        return dout * (self.x > 0)


class Tanh:
    def __init__(self):
        self.params, self.grads = [], []
        self.out = None

    def forward(self, x):
        self.out = np.tanh(x)
        return self.out

    def backward(self, dout):
        squared = self.out * self.out
        dx = dout - dout * squared
        return dx


class Sigmoid:
    def __init__(self):
        self.params, self.grads = [], []
        self.out = None

    def forward(self, x):
        out = sigmoid(x)
        self.out = out
        return out

    def backward(self, dout):
        out = self.out
        dx = dout * (out - out ** 2)
        return dx


class Softmax:
    def __init__(self):
        self.params, self.grads = [], []
        self.p = None

    def forward(self, x):
        x = x - x.max(axis=1, keepdims=True)
        e = np.exp(x)
        p = e / np.sum(e, axis=1, keepdims=True)
        self.p = p
        return p

    def backward(self, dp):
        p = self.p
        inner = np.sum(p * dp, axis=1, keepdims=True)
        dx = p * (dp - inner)
        return dx
