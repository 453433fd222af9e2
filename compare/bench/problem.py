"""The training step that every contender takes: the same parameters, text and labels, in float32."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from compare.agreement import Array
from compare.training.models import MODELS, Architecture


class Shape(NamedTuple):
    """The axis sizes of a step: batch, time, input, hidden, vocabulary."""

    N: int
    T: int
    D: int
    H: int
    V: int


@dataclass(frozen=True)
class Problem:
    """One step of a model: embedding, recurrent layer, affine and softmax loss, from a state of zero."""

    model: Architecture
    shape: Shape
    params: list[Array]
    xs: Array
    ts: Array

    @staticmethod
    def drawn(model: str, shape: Shape, dtype: Any = np.float32, seed: int = 0) -> "Problem":
        """The same numbers for the same arguments, in every process."""
        architecture = MODELS[model]
        rng = np.random.default_rng(seed)
        shapes = architecture.shapes(architecture.signature.params, V=shape.V, D=shape.D, H=shape.H)
        # in place, and in their own dtype from the start: what is measured is the step's memory, not that of a draw
        params = [rng.standard_normal(size, dtype) for size in shapes.values()]
        for param in params:
            param /= np.sqrt(max(len(param), 4)).astype(dtype)
        xs, ts = rng.integers(0, shape.V, (2, shape.N, shape.T))
        return Problem(architecture, shape, params, xs, ts)

    @property
    def recurrent(self) -> str:
        """The recurrent layer: `rnn` or `lstm`, as its parameters are called."""
        return self.model.names[1].partition("_")[0]
