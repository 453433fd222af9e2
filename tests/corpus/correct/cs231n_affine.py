from builtins import range
import numpy as np


def affine_forward(x, w, b):
    """
    x (N, d_1, ..., d_k), w (D, M), b (M,) -> out (N, M)
    """
    out = None
    rows = np.reshape(x, (x.shape[0], -1))
    out = np.dot(rows, w) + b
    cache = (x, w, b)
    return out, cache


def affine_backward(dout, cache):
    """
    Returns dx (N, d_1, ..., d_k), dw (D, M), db (M,)
    """
    x, w, b = cache
    dx, dw, db = None, None, None
    dx = np.dot(dout, w.T).reshape(x.shape)
    dw = np.dot(np.reshape(x, (x.shape[0], -1)).T, dout)
    db = np.sum(dout, axis=0)
    return dx, dw, db


def temporal_affine_forward(x, w, b):
    N, T, D = x.shape
    M = b.shape[0]
    out = np.dot(x.reshape(N * T, D), w).reshape(N, T, M) + b
    cache = x, w, b
    return out, cache


def temporal_affine_backward(dout, cache):
    x, w, b = cache
    N, T, D = x.shape
    M = b.shape[0]
    rows = dout.reshape(N * T, M)
    dx = np.dot(rows, w.T).reshape(N, T, D)
    dw = np.dot(x.reshape(N * T, D).T, rows)
    db = np.sum(rows, axis=0)
    return dx, dw, db


def word_embedding_forward(x, W):
    N, T = x.shape
    V, D = W.shape
    out = np.zeros((N, T, D))
    for n in range(N):
        out[n] = W[x[n]]
    return out, (x, V)


def word_embedding_backward(dout, cache):
    x, V = cache
    N, T, D = dout.shape
    dW = np.zeros((V, D))
    for v in range(V):
        dW[v] = dout[x == v].sum(axis=0)
    return dW
