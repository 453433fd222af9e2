import numpy as np


def layernorm_forward(x, gamma, beta):
    D = x.shape[1]
    mu = x.sum(axis=1, keepdims=True) / D
    xc = x - mu
    sq = xc ** 2
    var = sq.sum(axis=1, keepdims=True) / D
    std = np.sqrt(var + 1e-5)
    xn = xc / std
    return xn * gamma + beta, (xn, xc, std, gamma)


def layernorm_backward(dout, cache):
    xn, xc, std, gamma = cache
    D = xn.shape[1]
    dbeta = dout.sum(axis=0)
    dgamma = (xn * dout).sum(axis=0)
    dxn = dout * gamma
    dxc = dxn / std
    dstd = -(dxn * xc).sum(axis=1, keepdims=True) / std ** 2
    dvar = dstd / (2 * std)
    dsq = np.ones_like(xc) * dvar / D
    dxc = dxc + 2 * xc * dsq
    dmu = -dxc.sum(axis=1, keepdims=True)
    dx = dxc + dmu / D
    return dx, dgamma, dbeta
