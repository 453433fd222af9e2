"""The binary cross-entropy of logits, of rows and of sequences, with its backward pass derived by hand."""

import numpy as np

from manual._axes import Array, Axes
from manual.activation import sigmoid


def softplus(x: Array) -> Array:
    """log(1 + exp x) = max(x, 0) + log(1 + exp(−|x|)), without overflow: exp is only taken of what is not positive."""
    # not np.maximum and np.abs: of a complex number (the complex step) the real part alone says where it is
    positive = x.real > 0
    y: Array = np.where(positive, x, 0) + np.log1p(np.exp(np.where(positive, -x, x)))
    return y


class SigmoidWithLoss:
    """The mean binary cross-entropy: loss = −(1/N) Σ (t log σ(x) + (1 − t) log(1 − σ(x))).

    x (N,); t (N,), integers 0 or 1 -> loss ().

    Derivation: −log σ(x) = softplus(−x) and −log(1 − σ(x)) = softplus(x); softplus′ = σ, and so the slopes are
    −σ(−x) = σ(x) − 1 where t is 1 and σ(x) where t is 0: σ(x) − t in both.
    """

    def __init__(self) -> None:
        self.axes = Axes("SigmoidWithLoss")
        self.params: list[Array] = []
        self.grads: list[Array] = []
        self.cache: tuple[Array, Array] | None = None

    def forward(self, x: Array, t: Array) -> Array:
        """loss () from x (N,) and t (N,)."""
        x, t = self.axes.forward(x=(x, "N"), t=(t, "N", "0 or 1"))
        one = t == 1
        # loss = (1/N) Σₙ softplus(−x[n] where t[n] is 1, else x[n])
        loss: Array = np.sum(softplus(np.where(one, -x, x))) / len(x)

        self.cache = (x, one)
        return loss

    def backward(self, dout: Array | float = 1) -> Array:
        """dx (N,) from dout ()."""
        (dout,) = self.axes.backward(dout=(dout, ""))
        assert self.cache is not None
        x, one = self.cache
        # dx[n] = (dout/N) (σ(x[n]) − t[n])      bools, as integers would turn float32 into float64
        dx: Array = dout / len(x) * (sigmoid(x) - one)
        return dx


class TimeSigmoidWithLoss:
    """`SigmoidWithLoss` at each of T steps: loss = −(1/(N T)) Σ (t log σ(x) + (1 − t) log(1 − σ(x))).

    xs (N, T); ts (N, T), integers 0 or 1 -> loss ().

    Derivation: the steps do not depend on each other, so the N·T numbers are one batch.
    """

    def __init__(self) -> None:
        self.axes = Axes("TimeSigmoidWithLoss")
        self.params: list[Array] = []
        self.grads: list[Array] = []
        self.loss = SigmoidWithLoss()
        self.shape: tuple[int, ...] = ()

    def forward(self, xs: Array, ts: Array) -> Array:
        """loss () from xs (N, T) and ts (N, T)."""
        xs, ts = self.axes.forward(xs=(xs, "N T"), ts=(ts, "N T", "0 or 1"))
        self.shape = xs.shape
        return self.loss.forward(xs.reshape(-1), ts.reshape(-1))

    def backward(self, dout: Array | float = 1) -> Array:
        """dxs (N, T) from dout ()."""
        (dout,) = self.axes.backward(dout=(dout, ""))
        return self.loss.backward(dout).reshape(self.shape)
