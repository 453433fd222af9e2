"""What the language models of one recurrent layer share: embedding, that layer, affine, softmax loss."""

from typing import Any

import numpy as np

from manual._axes import Array, Axes
from manual.affine import TimeAffine
from manual.embedding import TimeEmbedding
from manual.softmax import TimeSoftmaxWithLoss


class LanguageModel:
    """loss = TimeSoftmaxWithLoss(TimeAffine(recurrent(TimeEmbedding(xs))), ts).

    xs (N, T) ids, ts (N, T) labels or one-hot (N, T, V) -> loss ().

    The recurrent state is carried from one forward pass to the next, until `reset_state`.

    Derivation: the chain rule over the four layers, last to first.
    """

    def __init__(
        self, axes: Axes, embed_W: Array, recurrent: Any, affine_W: Array, affine_b: Array, ignore_label: int
    ) -> None:
        self.axes = axes
        self.embedding = TimeEmbedding(embed_W)
        self.recurrent = recurrent
        self.affine = TimeAffine(affine_W, affine_b)
        self.loss = TimeSoftmaxWithLoss(ignore_label=ignore_label)
        self.params = [*self.embedding.params, *recurrent.params, *self.affine.params]
        self.grads = [*self.embedding.grads, *recurrent.grads, *self.affine.grads]

    @property
    def h(self) -> Array | None:
        """The carried state (N, H), None after `reset_state`."""
        return self.recurrent.h

    @property
    def dh(self) -> Array | None:
        """The gradient (N, H) of the state that the latest forward pass began with."""
        return self.recurrent.dh

    def predict(self, xs: Array) -> Array:
        """The scores (N, T, V) of the next id, from ids xs (N, T); they move the state on.

        There is no loss to go back from, so that a backward pass waits for the next forward pass.
        """
        # checked before any layer runs, so that a bad argument leaves every layer as it was
        (xs,) = self.axes.forward(self.h, xs=(xs, "N T", "0 <= id < V"))
        self.axes.forget()
        return self._scores(xs)

    def forward(self, xs: Array, ts: Array) -> Array:
        """loss () from ids xs (N, T) and labels ts (N, T) or (N, T, V)."""
        xs, ts = self._checked(xs, ts)
        return self.loss.forward(self._scores(xs), ts)

    def backward(self, dout: Array | float = 1, dh: Array | None = None) -> None:
        """All gradients from dout (), into `grads` and `.dh`.

        dh (N, H) is the gradient of the last state that comes back from the sequence after this one; without
        it the backward pass is truncated there.
        """
        self._back(*self._upstream(dout, dh))

    def set_state(self, h: Array) -> None:
        """Start the next forward pass from a copy of h (N, H)."""
        # checked here, so that a message calls the parameters by the names that this layer gives them
        (h,) = self.axes.state("set_state", h=(h, "N H"))
        self.recurrent.set_state(h)

    def reset_state(self) -> None:
        """Start the next forward pass from zero."""
        self.recurrent.reset_state()

    def _checked(self, xs: Array, ts: Array) -> tuple[Array, Array]:
        ids = (ts, "N T", f"0 <= id < V or id == {self.loss.ignore_label}")
        xs, ts = self.axes.forward(
            self.h, xs=(xs, "N T", "0 <= id < V"), ts=(ts, "N T V", "one-hot") if np.ndim(ts) == 3 else ids
        )
        return xs, ts

    def _scores(self, xs: Array) -> Array:
        return self.affine.forward(self.recurrent.forward(self.embedding.forward(xs)))

    def _upstream(self, dout: Array | float, dh: Array | None) -> tuple[Array, Array | None]:
        """Both gradients that come in, checked."""
        (dout,) = self.axes.backward(dout=(dout, ""))
        if dh is not None:
            (dh,) = self.axes.backward(dh=(dh, "N H"))
        return dout, dh

    def _back(self, dout: Array, dh: Array | None, *dc: Array | None) -> None:
        """All gradients, through the layers from last to first."""
        dhs = self.affine.backward(self.loss.backward(dout))
        if dh is not None:
            # ∂L/∂h[T-1] = dhs[T-1] + what the next sequence sends back
            dhs[:, -1, :] += dh
        self.embedding.backward(self.recurrent.backward(dhs, *dc))
