"""The language model of the documents: embedding, stateful TimeRNN, affine, softmax loss."""

import numpy as np

from manual._axes import Array, Axes
from manual.affine import TimeAffine
from manual.embedding import TimeEmbedding
from manual.rnn import TimeRNN
from manual.softmax import TimeSoftmaxWithLoss


class SimpleRnnlm:
    """loss = TimeSoftmaxWithLoss(TimeAffine(TimeRNN(TimeEmbedding(xs))), ts).

    embed_W (V, D), rnn_Wx (D, H), rnn_Wh (H, H), rnn_b (H,), affine_W (H, V), affine_b (V,);
    xs (N, T) ids, ts (N, T) labels or one-hot (N, T, V) -> loss ().

    The recurrent state is carried from one forward pass to the next, until `reset_state`.

    Derivation: the chain rule over the four layers, last to first.
    """

    def __init__(
        self,
        embed_W: Array,
        rnn_Wx: Array,
        rnn_Wh: Array,
        rnn_b: Array,
        affine_W: Array,
        affine_b: Array,
        *,
        ignore_label: int = -1,
    ) -> None:
        self.axes = Axes(
            "SimpleRnnlm",
            embed_W=(embed_W, "V D"),
            rnn_Wx=(rnn_Wx, "D H"),
            rnn_Wh=(rnn_Wh, "H H"),
            rnn_b=(rnn_b, "H"),
            affine_W=(affine_W, "H V"),
            affine_b=(affine_b, "V"),
        )
        self.embedding = TimeEmbedding(embed_W)
        self.rnn = TimeRNN(rnn_Wx, rnn_Wh, rnn_b, stateful=True)
        self.affine = TimeAffine(affine_W, affine_b)
        self.loss = TimeSoftmaxWithLoss(ignore_label=ignore_label)
        self.params = [*self.embedding.params, *self.rnn.params, *self.affine.params]
        self.grads = [*self.embedding.grads, *self.rnn.grads, *self.affine.grads]

    @property
    def h(self) -> Array | None:
        """The carried state (N, H), None after `reset_state`."""
        return self.rnn.h

    @property
    def dh(self) -> Array | None:
        """The gradient (N, H) of the state that the latest forward pass began with."""
        return self.rnn.dh

    def predict(self, xs: Array) -> Array:
        """The scores (N, T, V) of the next id, from ids xs (N, T); they move the state on.

        There is no loss to go back from, so that a backward pass waits for the next forward pass.
        """
        # checked before any layer runs, so that a bad argument leaves every layer as it was
        (xs,) = self.axes.forward(self.h, xs=(xs, "N T", "0 <= id < V"))
        self.axes.forget()
        return self._scores(xs)

    def _scores(self, xs: Array) -> Array:
        return self.affine.forward(self.rnn.forward(self.embedding.forward(xs)))

    def forward(self, xs: Array, ts: Array) -> Array:
        """loss () from ids xs (N, T) and labels ts (N, T) or (N, T, V)."""
        ids = (ts, "N T", f"0 <= id < V or id == {self.loss.ignore_label}")
        xs, ts = self.axes.forward(
            self.h, xs=(xs, "N T", "0 <= id < V"), ts=(ts, "N T V", "one-hot") if np.ndim(ts) == 3 else ids
        )
        return self.loss.forward(self._scores(xs), ts)

    def backward(self, dout: Array | float = 1, dh: Array | None = None) -> None:
        """All gradients from dout (), into `grads` and `.dh`.

        dh (N, H) is the gradient of the last state that comes back from the sequence after this one; without
        it the backward pass is truncated there.
        """
        (dout,) = self.axes.backward(dout=(dout, ""))
        dhs = self.affine.backward(self.loss.backward(dout))
        if dh is not None:
            (dh,) = self.axes.backward(dh=(dh, "N H"))
            # ∂L/∂h[T-1] = dhs[T-1] + what the next sequence sends back
            dhs[:, -1, :] += dh
        self.embedding.backward(self.rnn.backward(dhs))

    def set_state(self, h: Array) -> None:
        """Start the next forward pass from a copy of h (N, H)."""
        # checked here, so that a message calls the parameters by the names that this layer gives them
        (h,) = self.axes.state("set_state", h=(h, "N H"))
        self.rnn.set_state(h)

    def reset_state(self) -> None:
        """Start the next forward pass from zero."""
        self.rnn.reset_state()
