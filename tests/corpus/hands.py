"""Layers of either protocol behind one face, and what `manual/` answers to the same inputs."""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import manual

Arrays = dict[str, Any]

# data, weights and outputs with their axes; <V are integers below V, ?V some of them -1
SHAPES = {
    "RNN": "x:N,D h_prev:N,H | Wx:D,H Wh:H,H b:H | h:N,H",
    "TimeRNN": "xs:N,T,D | Wx:D,H Wh:H,H b:H | hs:N,T,H",
    "LSTM": "x:N,D h_prev:N,H c_prev:N,H | Wx:D,4H Wh:H,4H b:4H | h:N,H c:N,H",
    "TimeLSTM": "xs:N,T,D | Wx:D,4H Wh:H,4H b:4H | hs:N,T,H",
    "GRU": "x:N,D h_prev:N,H | Wx:D,3H Wh:H,3H b:3H | h:N,H",
    "TimeGRU": "xs:N,T,D | Wx:D,3H Wh:H,3H b:3H | hs:N,T,H",
    "Embedding": "ids:N,<V | W:V,D | out:N,D",
    "TimeEmbedding": "ids:N,T,<V | W:V,D | out:N,T,D",
    "MatMul": "x:N,D | W:D,H | out:N,H",
    "Affine": "x:N,D | W:D,H b:H | out:N,H",
    "TimeAffine": "xs:N,T,D | W:D,H b:H | out:N,T,H",
    "Sigmoid": "x:N,D | | y:N,D",
    "Softmax": "x:N,V | | p:N,V",
    "SoftmaxWithLoss": "x:N,V t:N,<V | | loss:",
    "TimeSoftmaxWithLoss": "xs:N,T,V ts:N,T,?V | | loss:",
    "SigmoidWithLoss": "x:N t:N,<2 | | loss:",
    "TimeSigmoidWithLoss": "xs:N,T ts:N,T,<2 | | loss:",
    "SimpleRnnlm": "ids:N,T,<V ts:N,T,?V | e:V,D Wx:D,H Wh:H,H b:H W:H,V c:V | loss:",
    "Rnnlm": "ids:N,T,<V ts:N,T,?V | e:V,D Wx:D,4H Wh:H,4H b:4H W:H,V c:V | loss:",
}
STATES = {"TimeRNN": 1, "TimeLSTM": 2, "TimeGRU": 1}
MODELS = ("SimpleRnnlm", "Rnnlm")
# of integers there is no gradient
INTEGERS = ("ids", "t", "ts")
# the pairs of functions, and the classes that they are
COURSE = {
    "rnn_step": "RNN",
    "rnn": "TimeRNN",
    "lstm_step": "LSTM",
    "lstm": "TimeLSTM",
    "word_embedding": "TimeEmbedding",
    "affine": "Affine",
    "temporal_affine": "TimeAffine",
    "temporal_softmax_loss": "TimeSoftmaxWithLoss",
}
OPTIONS: dict[str, list[dict[str, str]]] = {
    "LSTM": [{"order": order} for order in ("fgio", "ifgo", "ifog")],
    "GRU": [{"order": order, "reset": reset} for order in ("zrh", "rzh") for reset in ("before", "after")],
}
DOUT = 1.75


@dataclass(frozen=True)
class Inputs:
    """What two passes are given: chunks of (data, upstream gradients), the states before them, and weights."""

    role: str
    chunks: tuple[tuple[list[Any], list[Any]], ...]
    states: list[Any]
    weights: Arrays
    names: list[str]

    def fresh(self) -> "Inputs":
        """Copies of all arrays."""
        chunks = tuple((copies(data), copies(ups)) for data, ups in self.chunks)
        weights = dict(zip(self.weights, copies(self.weights.values()), strict=True))
        return Inputs(self.role, chunks, copies(self.states), weights, self.names)

    def flat(self) -> list[Any]:
        """All arrays."""
        return [*(a for data, ups in self.chunks for a in (*data, *ups)), *self.states, *self.weights.values()]


def drawn(role: str, sizes: Mapping[str, int], one_hot: bool = False) -> Inputs:
    """Inputs of a role: ids repeat, every fourth label is ignored, states are not zero."""
    rng = np.random.default_rng(11)
    data, weights, outs = ([spec.split(":") for spec in part.split()] for part in SHAPES[role].split("|"))

    def array(axes: str) -> Any:
        kinds = [axis for axis in axes.split(",") if axis]
        below = kinds.pop() if kinds and kinds[-1][0] in "<?" else ""
        shape = [int(axis[:-1] or 1) * sizes[axis[-1]] for axis in kinds]
        if not below:
            return rng.normal(0, 0.8, shape) if shape else DOUT
        ids = rng.integers(0, sizes.get(below[1:], 2), shape)
        if ids.size > 2:
            ids.flat[1] = ids.flat[2]
        if below[0] == "?" and ids.size > 1:
            ids.flat[::4] = -1
        return np.eye(sizes["V"], dtype=int)[ids] if one_hot else ids

    chunks = tuple(([array(axes) for _, axes in data], [array(axes) for _, axes in outs]) for _ in range(2))
    states = [rng.normal(0, 0.8, (sizes["N"], sizes["H"])) for _ in range(STATES.get(role, 0))]
    return Inputs(role, chunks, states, {name: array(axes) for name, axes in weights}, [name for name, _ in data])


class Book:
    """A layer that is an object: `layer` made from a class of the book's protocol, or one of ours."""

    def __init__(self, made: Any, inputs: Inputs, **options: Any) -> None:
        weights = list(inputs.weights.values())
        parameters = inspect.signature(made).parameters.values()
        if inputs.role in MODELS:
            V, D = inputs.weights["e"].shape
            self.layer = made(*weights, **options) if len(parameters) > 3 else made(V, D, len(inputs.weights["Wh"]))
            for param, weight in zip(self.layer.params, weights, strict=True):
                param[...] = weight
        else:
            options |= {p.name: True for p in parameters if p.name.startswith("stateful")}
            if not any(p.kind is p.VAR_POSITIONAL for p in parameters):
                needed = [p for p in parameters if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
                for unused in weights[len(needed) :]:
                    # a GRU without a bias is one whose bias is 0
                    unused[...] = 0
                weights = weights[: len(needed)]
            self.layer = made(*weights, **options)
        self.inputs = inputs
        if inputs.states:
            self.layer.set_state(*inputs.states)

    def forward(self, data: Sequence[Any]) -> Arrays:
        """The outputs, by number."""
        outs = self.layer.forward(*data)
        return {f"out {k}": out for k, out in enumerate(outs if isinstance(outs, tuple) else (outs,))}

    def backward(self, ups: Sequence[Any]) -> Arrays:
        """Every gradient by its name; those of the lists are copies, as the next pass overwrites them."""
        back = self.layer.backward(*ups)
        found = _named([name for name in self.inputs.names if name not in INTEGERS], back)
        grads = getattr(self.layer, "grads", None)
        if grads is None:
            grads = [getattr(self.layer, f"d{name}") for name in self.inputs.weights]
        found |= _named(list(self.inputs.weights), tuple(copies(grads)))
        # it need not be kept
        if self.inputs.states and isinstance(getattr(self.layer, "dh", None), np.ndarray):
            found["dh0"] = self.layer.dh
        return found


class Course:
    """A layer that is a pair of functions; `temporal_softmax_loss` is one function, with its gradient as the cache."""

    def __init__(self, stem: str, names: Mapping[str, Any], inputs: Inputs) -> None:
        self.stem, self.names, self.inputs = stem, names, inputs
        self.cache: Any = None

    def forward(self, data: Sequence[Any]) -> Arrays:
        """The outputs, by number."""
        if self.stem == "temporal_softmax_loss":
            x, y = data
            loss, self.cache = self.names[self.stem](x, np.where(y < 0, 0, y), y >= 0)
            return {"out 0": loss}
        arguments = [*data, *self.inputs.states[:1], *self.inputs.weights.values()]
        answer = self.names[f"{self.stem}_forward"](*arguments)
        if answer is None:
            return {"out 0": None}
        *outs, self.cache = answer
        return {f"out {k}": out for k, out in enumerate(outs)}

    def backward(self, ups: Sequence[Any]) -> Arrays:
        """Every gradient by its name."""
        if self.stem == "temporal_softmax_loss":
            return {"dxs": None if self.cache is None else self.cache * DOUT}
        back = self.names[f"{self.stem}_backward"](*ups, self.cache)
        floats = [name for name in self.inputs.names if name not in INTEGERS]
        return _named([*floats, *(["h0"] if self.inputs.states else []), *self.inputs.weights], back)


def truth(inputs: Inputs, course: bool, options: Mapping[str, str]) -> list[Arrays]:
    """What `manual/` answers, chunk by chunk; in the course c0 is 0, and losses are summed and divided by N."""
    given = inputs.fresh()
    if course:
        for c0 in given.states[1:]:
            c0[...] = 0
    layer = Book(getattr(manual, inputs.role), given, **options)
    answers = []
    for data, ups in given.chunks:
        answer = passed(layer, data, ups)
        if course and inputs.role == "TimeSoftmaxWithLoss":
            ratio = np.count_nonzero(data[1] >= 0) / len(data[1])
            answer = {name: value * ratio for name, value in answer.items()}
        answers.append(answer)
    return answers


def passed(layer: Book | Course, data: Sequence[Any], ups: Sequence[Any]) -> Arrays:
    """Outputs and gradients of one pass, as copies; no gradients where an output is missing."""
    outs = layer.forward(data)
    if any(out is None for out in outs.values()):
        return outs
    outs = dict(zip(outs, copies(outs.values()), strict=True))
    grads = layer.backward(ups)
    return outs | dict(zip(grads, copies(grads.values()), strict=True))


def copies(arrays: Any) -> list[Any]:
    """A copy of each that is an array."""
    return [a.copy() if isinstance(a, np.ndarray) else a for a in arrays]


def _named(names: Sequence[str], grads: Any) -> Arrays:
    grads = grads if isinstance(grads, tuple) else (grads,)
    return dict(zip((f"d{name}" for name in names), grads, strict=False))
