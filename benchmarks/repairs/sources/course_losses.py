import numpy as np


def softmax_loss(x, y):
    N = x.shape[0]
    shifted = x - np.max(x, axis=1, keepdims=True)
    Z = np.sum(np.exp(shifted), axis=1, keepdims=True)
    log_probs = shifted - np.log(Z)
    probs = np.exp(log_probs)
    loss = -np.sum(log_probs[np.arange(N), y]) / N
    dx = probs.copy()
    dx[np.arange(N), y] -= 1
    dx /= N
    return loss, dx


def temporal_softmax_loss(x, y, mask, verbose=False):
    N, T, V = x.shape
    flat = x.reshape(N * T, V)
    labels = y.reshape(N * T)
    keep = mask.reshape(N * T)
    rows = np.arange(N * T)
    flat = flat - flat.max(axis=1, keepdims=True)
    log_p = flat - np.log(np.exp(flat).sum(axis=1, keepdims=True))
    picked = log_p[rows, labels]
    loss = -np.sum(picked * keep)
    loss /= N
    dflat = np.exp(log_p)
    dflat[rows, labels] -= 1
    dflat *= keep[:, np.newaxis]
    dflat = dflat / N
    dx = dflat.reshape(N, T, V)
    return loss, dx
