import numpy as np


def relu_forward(x):
    mask = x > 0
    out = x * mask
    return out, mask


def relu_backward(dout, cache):
    mask = cache
    dx = np.zeros_like(dout)
    dx[mask] = dout[mask]
    return dx


def sigmoid_forward(x):
    e = np.exp(-np.abs(x))
    top = np.where(x >= 0, 1, e)
    y = top / (1 + e)
    return y, (x, y)


def sigmoid_backward(dy, cache):
    x, y = cache
    slope = y - y * y
    dx = slope * dy
    return dx


def tanh_forward(x):
    a = np.exp(x)
    b = np.exp(-x)
    y = (a - b) / (a + b)
    return y, (x, y)


def tanh_backward(dy, cache):
    x, y = cache
    square = y ** 2
    slope = 1 - square
    return dy * slope
