import numpy as np


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_loss(scores, y):
    N, C = scores.shape
    p = softmax(scores)
    target = np.zeros_like(p)
    target[np.arange(N), y] = 1
    loss = -(target * np.log(p)).sum() / N
    dscores = (p - target) / N
    return loss, dscores


def temporal_softmax_loss(x, y, mask, verbose=False):
    N, T, V = x.shape
    p = softmax(x)
    target = np.eye(V)[y]
    weights = mask[:, :, None]
    loss = -np.sum(weights * target * np.log(p)) / N
    dx = (p - target) * weights / N
    return loss, dx
