import numpy as np


def layernorm_forward(x, gamma, beta):
    N, D = x.shape
    mu = np.mean(x, axis=1, keepdims=True)
    centred = x - mu
    var = np.mean(centred ** 2, axis=1, keepdims=True)
    inv = 1 / np.sqrt(var + 1e-5)
    x_hat = centred * inv
    out = gamma * x_hat + beta
    cache = (x_hat, gamma, inv)
    return out, cache


def layernorm_backward(dout, cache):
    x_hat, gamma, inv = cache
    N, D = dout.shape
    dgamma = np.sum(dout * x_hat, axis=0)
    dbeta = np.sum(dout, axis=0)
    dx_hat = dout * gamma
    total = np.sum(dx_hat, axis=1, keepdims=True)
    along = np.sum(dx_hat * x_hat, axis=1, keepdims=True)
    dx = inv / D * (D * dx_hat - total - x_hat * along)
    return dx, dgamma, dbeta
