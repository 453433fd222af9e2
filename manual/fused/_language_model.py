"""What the fused language models of one recurrent layer share: embedding, that layer, and all the rest in one."""

from typing import Any

import numpy as np

from manual import _language_model
from manual._axes import Array, Axes
from manual.fused.affine_softmax import TimeAffineSoftmaxWithLoss
from manual.fused.embedding import TimeEmbedding


class LanguageModel(_language_model.LanguageModel):
    """The chain of `manual.SimpleRnnlm` and its like with fused layers, which hand each other (T, N, …) unchecked.

    Steps of time come first, so that a step's rows stand side by side; ids and labels are turned on the way in.
    """

    embedding: TimeEmbedding
    loss: TimeAffineSoftmaxWithLoss

    def __init__(
        self, axes: Axes, embed_W: Array, recurrent: Any, affine_W: Array, affine_b: Array, ignore_label: int
    ) -> None:
        self.axes = axes
        self.embedding = TimeEmbedding(embed_W)
        self.recurrent = recurrent
        self.loss = TimeAffineSoftmaxWithLoss(affine_W, affine_b, ignore_label=ignore_label)
        self.params = [*self.embedding.params, *recurrent.params, *self.loss.params]
        self.grads = [*self.embedding.grads, *recurrent.grads, *self.loss.grads]

    def forward(self, xs: Array, ts: Array) -> Array:
        """loss () from ids xs (N, T) and labels ts (N, T) or (N, T, V)."""
        xs, ts = self._checked(xs, ts)
        return self.loss.run(self._states(xs), (ts.argmax(axis=2) if ts.ndim == 3 else ts).T)

    def _checked(self, xs: Array, ts: Array) -> tuple[Array, Array]:
        if self._again(xs) and self._again(ts) and (self.h is None or len(self.h) == len(xs)):
            return xs, ts
        return super()._checked(xs, ts)

    def _again(self, ids: Array) -> bool:
        """Whether these are ids as the pass before had them: there is nothing to refuse, and no message to prepare."""
        seen = self.axes.seen
        return (
            seen is not None
            and type(ids) is np.ndarray
            and ids.dtype.kind == "i"
            and ids.shape == (seen["N"][0], seen["T"][0])
            and bool(ids.min() >= 0 and ids.max() < seen["V"][0])
        )

    def _upstream(self, dout: Array | float, dh: Array | None) -> tuple[Any, Array | None]:
        # the plain call, backward()
        if type(dout) is int and dout == 1 and dh is None and self.axes.seen is not None:
            return dout, dh
        return super()._upstream(dout, dh)

    def _back(self, dout: Array, dh: Array | None, *dc: Array | None) -> None:
        """All gradients, through the layers from last to first."""
        self.embedding.clear()
        self.recurrent.run_back(self.loss.run_back(dout), self.embedding.add, dh, *dc)

    def _states(self, xs: Array) -> Array:
        """hs (T, N, H) from ids (N, T)."""
        hs: Array = self.recurrent.run(self.embedding.run(xs.T))
        return hs

    def _scores(self, xs: Array) -> Array:
        W, b = self.loss.params
        hs = self._states(xs).swapaxes(0, 1)
        # out = rx W + b
        return np.matmul(hs, W) + b
