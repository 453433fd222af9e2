"""What a name in a learner's file stands for: the table of twins for strangers' layers, by protocol.

A class has the book's protocol: `params`, `grads`, `forward(*data)`, `backward(*cotangents)`. A pair of functions has
CS231n's: `NAME_forward(*data, *params) -> (*outputs, cache)` and `NAME_backward(*cotangents, cache) -> gradients`; a
loss function returns `(loss, dx)` at once.
"""

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import tiny_autograd_rnn as pure
from compare.checking import specifications as spec
from compare.checking.specifications import leading
from tiny_autograd_rnn.signature import Signature

Protocol = Literal["class", "functions", "loss function"]


@dataclass(frozen=True)
class Role:
    """One twin seen by a protocol.

    `shorter`: the twin of the same layer without its bias. `gates`: the twin's order of gates, by which other
    orders are told from its parameters' columns; `first` is the protocol's own order, tried first. `conventions`: the
    options of the twin that the forward pass decides. `sizes`: the constructor takes sizes in place of parameters.
    `draws`: the layer draws the mask itself, which the twin takes as data. `exact`: the layer takes all that the twin
    takes, states and options too, as our own layers do.
    """

    name: str
    twin: Callable[..., Any]
    protocol: Protocol = "class"
    shorter: Callable[..., Any] | None = None
    gates: str = ""
    first: str = ""
    conventions: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    sizes: str = ""
    draws: bool = False
    exact: bool = False

    @property
    def signature(self) -> Signature:
        return Signature.of(self.twin)


_DROPPED = {"scaled": (True, False), "ratio": (0.4, 0.5)}
_RESETS = {"reset": ("before", "after")}

_CLASSES = (
    Role("RNN", pure.rnn),
    Role("TimeRNN", pure.time_rnn),
    Role("LSTM", pure.lstm, gates="fgio"),
    Role("TimeLSTM", leading(pure.time_lstm), gates="fgio"),
    Role("GRU", pure.gru, shorter=spec.gru_without_bias, gates="zrh", conventions=_RESETS),
    Role("TimeGRU", pure.time_gru, shorter=spec.time_gru_without_bias, gates="zrh", conventions=_RESETS),
    Role("TimeBiLSTM", pure.time_bilstm, gates="fgio"),
    Role("Embedding", pure.embedding),
    Role("TimeEmbedding", pure.time_embedding),
    Role("MatMul", pure.matmul),
    Role("Affine", pure.affine, shorter=pure.matmul),
    Role("TimeAffine", pure.time_affine),
    Role("Sigmoid", pure.sigmoid),
    Role("Tanh", pure.tanh),
    Role("Relu", pure.relu),
    Role("Softmax", pure.softmax),
    Role("SoftmaxWithLoss", pure.softmax_with_loss),
    Role("TimeSoftmaxWithLoss", pure.time_softmax_with_loss),
    Role("SigmoidWithLoss", pure.sigmoid_with_loss),
    Role("TimeSigmoidWithLoss", pure.time_sigmoid_with_loss),
    Role("Dropout", spec.dropout, conventions=_DROPPED, draws=True),
    Role("TimeDropout", spec.time_dropout, conventions=_DROPPED, draws=True),
    Role("LayerNorm", pure.layer_norm),
    Role("SimpleRnnlm", leading(pure.simple_rnnlm), sizes="V D H"),
    Role("Rnnlm", leading(pure.rnnlm), gates="fgio", sizes="V D H"),
    Role("GruRnnlm", leading(pure.gru_rnnlm), gates="zrh", conventions=_RESETS, sizes="V D H"),
)

_FUNCTIONS = (
    Role("rnn_step", pure.rnn, "functions"),
    Role("rnn", pure.time_rnn, "functions"),
    Role("lstm_step", pure.lstm, "functions", gates="fgio", first="ifog"),
    Role("lstm", spec.lstm_from_zero, "functions", gates="fgio", first="ifog"),
    Role("gru_step", pure.gru, "functions", shorter=spec.gru_without_bias, gates="zrh", conventions=_RESETS),
    Role("gru", pure.time_gru, "functions", shorter=spec.time_gru_without_bias, gates="zrh", conventions=_RESETS),
    Role("word_embedding", pure.time_embedding, "functions"),
    Role("temporal_affine", pure.time_affine, "functions"),
    Role("affine", pure.affine, "functions"),
    Role("relu", pure.relu, "functions"),
    Role("sigmoid", pure.sigmoid, "functions"),
    Role("tanh", pure.tanh, "functions"),
    Role("layernorm", pure.layer_norm, "functions"),
)

_LOSSES = (
    Role("temporal_softmax_loss", spec.temporal_softmax_loss, "loss function"),
    Role("softmax_loss", pure.softmax_with_loss, "loss function"),
)

# the names under which the same layers are published, as `plain` leaves them
_ALSO = {
    "rnncell": "rnn",
    "simplernn": "rnn",
    "vanillarnn": "rnn",
    "lstmcell": "lstm",
    "grucell": "gru",
    "bilstm": "timebilstm",
    "bidirectionallstm": "timebilstm",
    "timebidirectionallstm": "timebilstm",
    "embed": "embedding",
    "timeembed": "timeembedding",
    "timerelu": "relu",
    "layernormalization": "layernorm",
    "softmaxcrossentropy": "softmaxwithloss",
    "softmaxwithcrossentropy": "softmaxwithloss",
    "softmaxloss": "softmaxwithloss",
    "timesoftmaxloss": "timesoftmaxwithloss",
    "sigmoidloss": "sigmoidwithloss",
    "timesigmoidloss": "timesigmoidwithloss",
    "rnnlmgru": "grurnnlm",
    "simplernnlanguagemodel": "simplernnlm",
}
_FUNCTIONS_ALSO = {
    "rnn_cell": "rnn_step",
    "lstm_cell": "lstm_step",
    "gru_cell": "gru_step",
    "embedding": "word_embedding",
    "time_embedding": "word_embedding",
    "time_affine": "temporal_affine",
    "layer_norm": "layernorm",
}

BY_CLASS = {role.name.lower(): role for role in _CLASSES}
BY_FUNCTION = {role.name: role for role in _FUNCTIONS}
BY_LOSS = {role.name: role for role in _LOSSES}


def plain(name: str) -> str:
    """A class's name without what people put around it: case, underscores, `My`, `Layer`, a number at the end."""
    bare = re.sub(r"[_\d]+", "", name).lower()
    return re.sub(r"^(my|naive|numpy|np)|(layer|exercise|ex|solution)$", "", bare) or bare


def of_class(name: str) -> Role | None:
    """The role that a class of this name plays, if any."""
    return BY_CLASS.get(_ALSO.get(plain(name), plain(name)))


def of_functions(stem: str) -> Role | None:
    """The role of `stem_forward` and `stem_backward`, if any."""
    stem = stem.lower().strip("_")
    return BY_FUNCTION.get(_FUNCTIONS_ALSO.get(stem, stem))


def of_loss(name: str) -> Role | None:
    """The role of a function that returns a loss and its gradient, if any."""
    return BY_LOSS.get(name.lower())


def named(twin: str) -> Role | None:
    """The role that `--like` names: a class, a function's stem or a twin, in any case; exact, a twin's full name."""
    return _exactly(twin) or of_class(twin) or of_loss(twin) or of_functions(twin.removesuffix("_forward"))


def _exactly(full_name: str) -> Role | None:
    """The role of a class that takes just what a twin takes, such as `tiny_autograd_rnn.dropout.dropout`."""
    module, _, name = full_name.rpartition(".")
    twin: Any = getattr(sys.modules.get(module), name, None)
    if not hasattr(twin, "specification"):
        return None
    usual = of_class(name)
    return Role(usual.name if usual else name, twin, exact=True)
