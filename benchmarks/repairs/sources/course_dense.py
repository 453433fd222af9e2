import numpy as np


def word_embedding_forward(x, W):
    out = W[x]
    cache = x, W.shape
    return out, cache


def word_embedding_backward(dout, cache):
    x, shape = cache
    N, T, D = dout.shape
    dW = np.zeros(shape)
    for n in range(N):
        for t in range(T):
            dW[x[n, t]] += dout[n, t]
    return dW


def affine_forward(x, w, b):
    N = x.shape[0]
    flat = x.reshape(N, -1)
    out = flat @ w + b
    cache = (x, w, b)
    return out, cache


def affine_backward(dout, cache):
    x, w, b = cache
    N = x.shape[0]
    flat = x.reshape(N, -1)
    dflat = dout @ w.T
    dx = dflat.reshape(x.shape)
    dw = flat.T @ dout
    db = np.sum(dout, axis=0)
    return dx, dw, db


def temporal_affine_forward(x, w, b):
    N, T, D = x.shape
    flat = x.reshape(N * T, D)
    out = flat @ w
    out = out + b
    return out.reshape(N, T, -1), (flat, w, x.shape)


def temporal_affine_backward(dout, cache):
    flat, w, shape = cache
    M = dout.shape[2]
    rows = dout.reshape(-1, M)
    dx = (rows @ w.T).reshape(shape)
    dw = flat.T @ rows
    db = rows.sum(axis=0)
    return dx, dw, db
