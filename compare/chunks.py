"""The language model over K consecutive chunks of text: end to end, both ways to treat the chunk border.

`truncated`: the state goes on from chunk to chunk, its gradient stops at the border, as in training. Otherwise
the gradient flows back across it, and K chunks are one long sequence.
"""

from typing import Annotated, Any

import numpy as np
from autograd.tracer import getval

from manual import SimpleRnnlm
from tiny_autograd_rnn import simple_rnnlm
from tiny_autograd_rnn.signature import IDS, LABELS, Array, Float, Int, specified, unchecked


@specified
def chunked_rnnlm(
    xs: Annotated[Int[Array, "K N T"], IDS],
    ts: Annotated[Int[Array, "K N T"], LABELS],
    h0: Float[Array, "N H"],
    /,
    embed_W: Float[Array, "V D"],
    rnn_Wx: Float[Array, "D H"],
    rnn_Wh: Float[Array, "H H"],
    rnn_b: Float[Array, "H"],
    affine_W: Float[Array, "H V"],
    affine_b: Float[Array, "V"],
    *,
    truncated: bool = True,
    ignore_label: int = -1,
) -> Annotated[Float[Array, ""], "loss"]:
    """loss = Σₖ simple_rnnlm(xs[k], ts[k], h[k-1]), h[-1] = h0"""
    params = (embed_W, rnn_Wx, rnn_Wh, rnn_b, affine_W, affine_b)
    loss: Any = 0
    h = h0
    for k in range(len(xs)):
        chunk_loss, h = unchecked(simple_rnnlm)(xs[k], ts[k], h, *params, ignore_label=ignore_label)
        loss = loss + chunk_loss
        # as plain data the state carries no gradient back
        h = getval(h) if truncated else h
    return loss


class ChunkedRnnlm:
    """The handwritten models of K chunks, chained: the state forwards, its gradient backwards unless truncated."""

    def __init__(self, *params: Array, truncated: bool = True, ignore_label: int = -1) -> None:
        self.params = list(params)
        self.grads = [np.zeros_like(param) for param in params]
        self.truncated = truncated
        self.ignore_label = ignore_label
        self.models: list[SimpleRnnlm] = []
        self.h: Array | None = None
        self.dh: Array | None = None

    def forward(self, xs: Array, ts: Array) -> Array:
        """The sum of the chunks' losses, from ids xs (K, N, T) and labels ts (K, N, T)."""
        self.models = []
        loss: Any = 0
        for k in range(len(xs)):
            model = SimpleRnnlm(*self.params, ignore_label=self.ignore_label)
            if self.h is not None:
                model.set_state(self.h)
            loss = loss + model.forward(xs[k], ts[k])
            self.h = model.h
            self.models.append(model)
        return np.asarray(loss)

    def backward(self, dout: Array | float = 1) -> None:
        """All gradients, last chunk first; the one of h0 into `.dh`."""
        for grad in self.grads:
            grad[...] = 0
        dh = None
        for model in reversed(self.models):
            model.backward(dout, None if self.truncated else dh)
            dh = model.dh
            for grad, chunk_grad in zip(self.grads, model.grads, strict=True):
                grad += chunk_grad
        self.dh = dh

    def set_state(self, h: Array) -> None:
        """Begin the first chunk from a copy of h (N, H)."""
        self.h = np.array(h)

    def reset_state(self) -> None:
        """Begin the first chunk from zero."""
        self.h = None
