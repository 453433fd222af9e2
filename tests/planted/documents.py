"""The documents' loss with its mistakes repaired, for those that our own structure has no place for.

Ours keeps log p and makes p anew in the backward pass; the documents keep p itself, `ys`, and take its logarithm.
"""

import numpy as np

from manual._axes import Array, Axes
from manual.softmax import softmax


class TimeSoftmaxWithLoss:
    def __init__(self, *, ignore_label: int = -1) -> None:
        self.axes = Axes("TimeSoftmaxWithLoss")
        self.params: list[Array] = []
        self.grads: list[Array] = []
        self.cache: tuple[Array, Array, Array, int, tuple[int, int, int]] | None = None
        self.ignore_label = ignore_label

    def forward(self, xs: Array, ts: Array) -> Array:
        ids = (ts, "N T", f"0 <= id < V or id == {self.ignore_label}")
        xs, ts = self.axes.forward(xs=(xs, "N T V"), ts=(ts, "N T V", "one-hot") if np.ndim(ts) == 3 else ids)
        N, T, V = xs.shape

        if ts.ndim == 3:
            ts = ts.argmax(axis=2)

        mask = ts != self.ignore_label
        xs = xs.reshape(N * T, V)
        ts = np.where(mask, ts, 0).reshape(N * T)
        mask = mask.reshape(N * T)
        count = max(int(mask.sum()), 1)

        ys = softmax(xs)
        # log of a probability, not of 0: x − max x − log Σ exp(x − max x)
        zs = xs - xs.max(axis=1, keepdims=True)
        ls = (zs - np.log(np.exp(zs).sum(axis=1, keepdims=True)))[np.arange(N * T), ts]
        ls = np.where(mask, ls, 0)
        loss: Array = -np.sum(ls)
        loss = loss / count

        self.cache = (ts, ys, mask, count, (N, T, V))
        return loss

    def backward(self, dout: Array | float = 1) -> Array:
        (dout,) = self.axes.backward(dout=(dout, ""))
        assert self.cache is not None
        ts, ys, mask, count, (N, T, V) = self.cache

        dx: Array = ys.copy()
        dx[np.arange(N * T), ts] -= 1
        dx *= dout
        dx /= count
        dx *= mask[:, np.newaxis]
        return dx.reshape(N, T, V)
