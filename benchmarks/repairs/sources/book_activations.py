import numpy as np


class Sigmoid:
    def __init__(self):
        self.params, self.grads = [], []
        self.y = None

    def forward(self, x):
        e = np.exp(-x)
        self.y = 1 / (1 + e)
        return self.y

    def backward(self, dy):
        y = self.y
        slope = y * (1 - y)
        return dy * slope


class Tanh:
    def __init__(self):
        self.params, self.grads = [], []
        self.y = None

    def forward(self, x):
        y = np.tanh(x)
        self.y = y
        return y

    def backward(self, dy):
        dx = dy * (1 - self.y ** 2)
        return dx


class Relu:
    def __init__(self):
        self.params, self.grads = [], []
        self.mask = None

    def forward(self, x):
        self.mask = (x <= 0)
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dx = dout.copy()
        dx[self.mask] = 0
        return dx
