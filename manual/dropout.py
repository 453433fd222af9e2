"""Dropout, of rows and of sequences, with its backward pass derived by hand."""

import numpy as np

from manual._axes import Array, Axes


class Dropout:
    """Inverted dropout: out = x ⊙ mask / (1 − ratio) in training, out = x in evaluation (`train` is False).

    x (N, D); mask (N, D), bool, True for what is kept -> out (N, D).

    The mask is data, drawn by the caller: a unit is kept with the probability 1 − ratio, and what is kept is scaled
    up, so that the mean over all masks is x. `train` may be switched between passes; a backward pass goes with the
    forward pass before it, whatever has been switched since.

    Derivation: every unit is multiplied by a number that does not depend on x, and so is its gradient.
    """

    def __init__(self, *, ratio: float = 0.5, train: bool = True) -> None:
        self.axes = Axes("Dropout")
        self.axes.option("ratio", ratio, "0 <= ratio < 1")
        self.axes.option("train", train, True, False)
        self.params: list[Array] = []
        self.grads: list[Array] = []
        self.ratio = float(ratio)
        self.train = train
        self.cache: tuple[Array | float, float] | None = None

    def forward(self, x: Array, mask: Array) -> Array:
        """out (N, D) from x (N, D) and mask (N, D)."""
        x, mask = self.axes.forward(x=(x, "N D"), mask=(mask, "N D", "mask"))
        self.cache = kept, keep = chosen(mask, self.ratio, self.train)
        # out = x ⊙ mask / (1 − ratio)
        return x * kept / keep

    def backward(self, dout: Array) -> Array:
        """dx (N, D) from dout (N, D)."""
        (dout,) = self.axes.backward(dout=(dout, "N D"))
        assert self.cache is not None
        kept, keep = self.cache
        # dx = dout ⊙ mask / (1 − ratio)
        return dout * kept / keep


class TimeDropout:
    """`Dropout` at each of T steps: out[:, t] = xs[:, t] ⊙ mask / (1 − ratio) in training, out = xs in evaluation.

    xs (N, T, D) -> out (N, T, D). A mask (N, D) is the same at all steps (variational dropout); a mask (N, T, D) has
    one for each step: out[:, t] = xs[:, t] ⊙ mask[:, t] / (1 − ratio).

    `train` may be switched between passes, as in `Dropout`.

    Derivation: every unit is multiplied by a number that does not depend on xs, and so is its gradient.
    """

    def __init__(self, *, ratio: float = 0.5, train: bool = True) -> None:
        self.axes = Axes("TimeDropout")
        self.axes.option("ratio", ratio, "0 <= ratio < 1")
        self.axes.option("train", train, True, False)
        self.params: list[Array] = []
        self.grads: list[Array] = []
        self.ratio = float(ratio)
        self.train = train
        self.cache: tuple[Array | float, float] | None = None

    def forward(self, xs: Array, mask: Array) -> Array:
        """out (N, T, D) from xs (N, T, D) and mask (N, D) or (N, T, D)."""
        dims = "N T D" if np.ndim(mask) == 3 else "N D"
        xs, mask = self.axes.forward(xs=(xs, "N T D"), mask=(mask, dims, "mask"))
        if mask.ndim == 2:
            mask = mask[:, np.newaxis]
        self.cache = kept, keep = chosen(mask, self.ratio, self.train)
        # out[:, t] = xs[:, t] ⊙ mask[:, t] / (1 − ratio)
        return xs * kept / keep

    def backward(self, dout: Array) -> Array:
        """dxs (N, T, D) from dout (N, T, D)."""
        (dout,) = self.axes.backward(dout=(dout, "N T D"))
        assert self.cache is not None
        kept, keep = self.cache
        # dxs[:, t] = dout[:, t] ⊙ mask[:, t] / (1 − ratio)
        return dout * kept / keep


def chosen(mask: Array, ratio: float, train: bool) -> tuple[Array | float, float]:
    """What is kept, and the part of all units that it is in the mean; in evaluation all of them."""
    return (mask, 1 - ratio) if train else (1.0, 1.0)
