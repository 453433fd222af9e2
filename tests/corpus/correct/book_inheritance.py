from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import numpy as np


class Layer(ABC):
    """What all layers have in common."""

    def __init__(self, *params):
        self.params = list(params)
        self.grads = [np.zeros_like(p) for p in params]

    @abstractmethod
    def forward(self, *inputs):
        raise NotImplementedError

    @abstractmethod
    def backward(self, dout):
        raise NotImplementedError

    def store(self, *grads):
        for mine, grad in zip(self.grads, grads):
            mine[...] = grad


class AffineLayer(Layer):
    def __init__(self, W, b):
        super().__init__(W, b)

    def forward(self, x):
        W, b = self.params
        self.x = x
        return x @ W + b

    def backward(self, dout):
        W, b = self.params
        self.store(self.x.T @ dout, dout.sum(axis=0))
        return dout @ W.T


class EmbeddingLayer(Layer):
    def forward(self, idx):
        self.idx = idx
        return self.params[0][idx]

    def backward(self, dout):
        dW = np.zeros_like(self.grads[0])
        np.add.at(dW, self.idx, dout)
        self.store(dW)


class Sigmoid(Layer):
    def forward(self, x):
        self.y = 1 / (1 + np.exp(-x))
        return self.y

    def backward(self, dout):
        return dout * self.y * (1 - self.y)


class Softmax(Layer):
    def forward(self, x):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.y = e / e.sum(axis=1, keepdims=True)
        return self.y

    def backward(self, dout):
        dot = (dout * self.y).sum(axis=1, keepdims=True)
        return self.y * (dout - dot)


class RNN(Layer):
    def forward(self, x, h_prev):
        Wx, Wh, b = self.params
        h = np.tanh(x @ Wx + h_prev @ Wh + b)
        self.saved = x, h_prev, h
        return h

    def backward(self, dh):
        Wx, Wh, b = self.params
        x, h_prev, h = self.saved
        da = dh * (1 - h**2)
        self.store(x.T @ da, h_prev.T @ da, da.sum(axis=0))
        return da @ Wx.T, da @ Wh.T


@dataclass(eq=False)
class TimeAffine:
    W: np.ndarray
    b: np.ndarray
    params: list = field(init=False, repr=False)
    grads: list = field(init=False, repr=False)
    xs: np.ndarray = field(init=False, repr=False, default=None)

    def __post_init__(self):
        self.params = [self.W, self.b]
        self.grads = [np.zeros_like(self.W), np.zeros_like(self.b)]

    def forward(self, xs):
        self.xs = xs
        return xs @ self.params[0] + self.params[1]

    def backward(self, dout):
        N, T, D = self.xs.shape
        rows = dout.reshape(N * T, -1)
        self.grads[0][...] = self.xs.reshape(N * T, D).T @ rows
        self.grads[1][...] = rows.sum(axis=0)
        return dout @ self.params[0].T
