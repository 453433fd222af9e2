"""The table of layers: each handwritten class beside the pure function that specifies it.

Adding a layer is one file in `manual/`, one in `tiny_autograd_rnn/`, and one line here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import manual
import tiny_autograd_rnn as pure
from compare.chunks import ChunkedRnnlm, chunked_rnnlm
from tiny_autograd_rnn.signature import Signature


@dataclass(frozen=True)
class Pair:
    """A handwritten class, its twin, and the options that make the class keep what the twin takes as data.

    `layer`: the hand keeps the contract of a layer, its clear refusals included. `stopped`: a gradient is stopped
    on purpose, so that neither backward pass is the whole derivative of its forward pass.
    """

    hand: Callable[..., Any]
    twin: Callable[..., Any]
    options: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    layer: bool = True
    stopped: bool = False

    @cached_property
    def title(self) -> str:
        """What the pair is called in every report: the class's name, unless another is given."""
        return self.name or self.hand.__name__

    @cached_property
    def signature(self) -> Signature:
        """The specification: the twin's signature."""
        return Signature.of(self.twin)


LAYERS = (
    Pair(manual.RNN, pure.rnn),
    Pair(manual.TimeRNN, pure.time_rnn, {"stateful": True}),
    Pair(manual.Embedding, pure.embedding),
    Pair(manual.TimeEmbedding, pure.time_embedding),
    Pair(manual.Affine, pure.affine),
    Pair(manual.TimeAffine, pure.time_affine),
    Pair(manual.Softmax, pure.softmax),
    Pair(manual.TimeSoftmaxWithLoss, pure.time_softmax_with_loss),
)

MODELS = (
    Pair(manual.SimpleRnnlm, pure.simple_rnnlm),
    Pair(ChunkedRnnlm, chunked_rnnlm, {"truncated": True}, "SimpleRnnlm, stopped", layer=False, stopped=True),
    Pair(ChunkedRnnlm, chunked_rnnlm, {"truncated": False}, "SimpleRnnlm, flowing", layer=False),
)

PAIRS = LAYERS + MODELS

# where a second derivative of the whole is cheap enough to be asked for each time
HESSIANS = (MODELS[0],)
