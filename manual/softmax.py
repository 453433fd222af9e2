"""Softmax, and the softmax cross-entropy of rows and of sequences, with their backward passes derived by hand."""

import numpy as np

from manual._axes import Array, Axes


def log_softmax(x: Array) -> Array:
    """log softmax(x) = x − log Σᵥ exp x[v] along the last axis, without overflow and without log 0.

    The largest entry is taken off first: both sides of the equation are the same for x and x − c.
    """
    # z = x − max x
    z = x - x.max(axis=-1, keepdims=True)
    # log p = z − log Σᵥ exp z[v]          the sum is at least exp 0 = 1
    log_p: Array = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    return log_p


def softmax(x: Array) -> Array:
    """p[v] = exp x[v] / Σᵤ exp x[u] along the last axis, without overflow."""
    # p = exp(x − max x) / Σ exp(x − max x)
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    p: Array = e / e.sum(axis=-1, keepdims=True)
    return p


class Softmax:
    """p[n, v] = exp x[n, v] / Σᵤ exp x[n, u].

    x (N, V) -> p (N, V).

    Derivation: ∂p[v]/∂x[u] = p[v] (δ[u, v] − p[u]).
    """

    def __init__(self) -> None:
        self.axes = Axes("Softmax")
        self.params: list[Array] = []
        self.grads: list[Array] = []
        self.p: Array | None = None

    def forward(self, x: Array) -> Array:
        """p (N, V) from x (N, V)."""
        (x,) = self.axes.forward(x=(x, "N V"))
        self.p = softmax(x)
        return self.p

    def backward(self, dp: Array) -> Array:
        """dx (N, V) from dp (N, V)."""
        (dp,) = self.axes.backward(dp=(dp, "N V"))
        assert self.p is not None
        # dx[u] = Σᵥ dp[v] p[v] (δ[u, v] − p[u]) = p[u] (dp[u] − Σᵥ dp[v] p[v])
        dx: Array = self.p * (dp - np.sum(dp * self.p, axis=1, keepdims=True))
        return dx


class TimeSoftmaxWithLoss:
    """The mean cross-entropy of the kept positions: loss = −(1/M) Σ log softmax(xs[n, t])[ts[n, t]].

    xs (N, T, V); ts (N, T), integers with 0 <= id < V or `ignore_label`, or one-hot (N, T, V) -> loss ().
    M is the number of positions whose label is not `ignore_label`; with none, loss and gradient are 0.

    Derivation: with p = softmax(x), ∂(−log p[k])/∂x[v] = p[v] − δ[v, k].
    """

    def __init__(self, *, ignore_label: int = -1) -> None:
        self.axes = Axes("TimeSoftmaxWithLoss")
        self.params: list[Array] = []
        self.grads: list[Array] = []
        self.cache: tuple[Array, Array, Array, tuple[int, int, int]] | None = None
        self.ignore_label = ignore_label

    def forward(self, xs: Array, ts: Array) -> Array:
        """loss () from xs (N, T, V) and ts (N, T) or (N, T, V)."""
        ids = (ts, "N T", f"0 <= id < V or id == {self.ignore_label}")
        xs, ts = self.axes.forward(xs=(xs, "N T V"), ts=(ts, "N T V", "one-hot") if np.ndim(ts) == 3 else ids)
        N, T, V = xs.shape

        if ts.ndim == 3:
            ts = ts.argmax(axis=2)
        mask = ts != self.ignore_label
        # an ignored label may be no index at all: any legal one does, as the mask takes it out again
        ts = np.where(mask, ts, 0)

        mask = mask.reshape(N * T)
        ts = ts.reshape(N * T)
        log_p = log_softmax(xs.reshape(N * T, V))
        # loss = −(1/M) Σᵣ mask[r] log p[r, ts[r]]
        ls = np.where(mask, log_p[np.arange(N * T), ts], 0)
        loss: Array = -np.sum(ls) / self._count(mask)

        self.cache = (ts, log_p, mask, (N, T, V))
        return loss

    def backward(self, dout: Array | float = 1) -> Array:
        """dxs (N, T, V) from dout ()."""
        (dout,) = self.axes.backward(dout=(dout, ""))
        assert self.cache is not None
        ts, log_p, mask, (N, T, V) = self.cache

        # dx[r, v] = dout (mask[r]/M) (p[r, v] − δ[v, ts[r]])
        dx = np.exp(log_p)
        dx[np.arange(N * T), ts] -= 1
        dx *= (dout / self._count(mask)).astype(dx.dtype)
        dx *= mask[:, np.newaxis]
        return dx.reshape(N, T, V)

    @staticmethod
    def _count(mask: Array) -> int:
        """M, or 1 when every label is ignored: 0/1 is the loss and the gradient wanted then."""
        return max(int(mask.sum()), 1)


class SoftmaxWithLoss:
    """The mean cross-entropy of N rows: loss = −(1/N) Σ log softmax(x[n])[t[n]].

    x (N, V); t (N,), integers with 0 <= id < V, or one-hot (N, V) -> loss ().

    Derivation: `TimeSoftmaxWithLoss` of a single step, of which no label is ignored: there M = N.
    """

    def __init__(self) -> None:
        self.axes = Axes("SoftmaxWithLoss")
        self.params: list[Array] = []
        self.grads: list[Array] = []
        # what it ignores, -1, is no legal id
        self.loss = TimeSoftmaxWithLoss()

    def forward(self, x: Array, t: Array) -> Array:
        """loss () from x (N, V) and t (N,) or (N, V)."""
        x, t = self.axes.forward(x=(x, "N V"), t=(t, "N V", "one-hot") if np.ndim(t) == 2 else (t, "N", "0 <= id < V"))
        return self.loss.forward(x[:, np.newaxis], t[:, np.newaxis])

    def backward(self, dout: Array | float = 1) -> Array:
        """dx (N, V) from dout ()."""
        (dout,) = self.axes.backward(dout=(dout, ""))
        # dx[n, v] = (dout/N) (p[n, v] − δ[v, t[n]])
        return self.loss.backward(dout)[:, 0]
