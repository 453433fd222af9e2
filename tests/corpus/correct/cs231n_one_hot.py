import numpy as np


def word_embedding_forward(x, W):
    # a word is a one-hot row, and picking its vector a matrix product
    V, D = W.shape
    onehot = np.zeros(x.shape + (V,))
    for n in range(x.shape[0]):
        for t in range(x.shape[1]):
            onehot[n, t, x[n, t]] = 1
    return onehot.dot(W), onehot


def word_embedding_backward(dout, cache):
    onehot = cache
    V = onehot.shape[2]
    return onehot.reshape(-1, V).T.dot(dout.reshape(-1, dout.shape[2]))


def temporal_affine_forward(x, w, b):
    N, T, D = x.shape
    out = np.zeros((N, T, b.shape[0]))
    for t in range(T):
        out[:, t], _ = affine_forward(x[:, t], w, b)
    return out, (x, w, b)


def temporal_affine_backward(dout, cache):
    x, w, b = cache
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros_like(b)
    for t in range(x.shape[1]):
        dx[:, t], dw_t, db_t = affine_backward(dout[:, t], (x[:, t], w, b))
        dw += dw_t
        db += db_t
    return dx, dw, db


def affine_forward(x, w, b):
    N = x.shape[0]
    return x.reshape(N, -1) @ w + b, (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    N = x.shape[0]
    dx = (dout @ w.T).reshape(*x.shape)
    dw = x.reshape(N, -1).T @ dout
    db = dout.sum(axis=0)
    return dx, dw, db


def temporal_softmax_loss(x, y, mask, verbose=False):
    N, T, V = x.shape
    loss = 0.0
    dx = np.zeros_like(x)
    for n in range(N):
        for t in range(T):
            if not mask[n, t]:
                continue
            z = x[n, t] - x[n, t].max()
            log_p = z - np.log(np.exp(z).sum())
            loss -= log_p[y[n, t]]
            dx[n, t] = np.exp(log_p)
            dx[n, t, y[n, t]] -= 1
    return loss / N, dx / N
