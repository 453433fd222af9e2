"""A handwritten layer that is right but for one element of one tensor: does the comparison see it?"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from compare.agreement import Array
from compare.pair import Pair
from tiny_autograd_rnn.signature import Signature


@dataclass(frozen=True)
class Plant:
    """An error in the element at `where` (0 <= where < 1, a part of the tensor's size), of one tensor.

    `error` is a part of the tensor's largest element. `narrow` is the only dtype in which the error appears; with
    None it appears in every dtype, as a wrong formula does. The one in a single dtype is harder to see: the
    comparison takes a part of it for the hand's own rounding.
    """

    tensor: str
    where: float
    error: float
    narrow: Any = None

    def spoil(self, array: Any) -> Any:
        """A copy with the error in it."""
        spoilt = np.array(array)
        if self.narrow is None or spoilt.dtype == self.narrow:
            largest = np.abs(spoilt).max()
            spoilt.reshape(-1)[int(self.where * spoilt.size)] += np.asarray(self.error * largest, spoilt.dtype)
        return spoilt


class Spoilt:
    """A handwritten layer behind a veil: all it gives passes unchanged, except the one tensor of the plant."""

    def __init__(self, layer: Any, signature: Signature, plant: Plant) -> None:
        self.layer = layer
        self.signature = signature
        self.plant = plant
        # the attributes that are tensors of the comparison: a carried state, and the gradient of the first one
        self.named = {o.name: o.name for o in signature.outputs[1:]}
        self.named |= {f"d{a.name[:-1]}": f"d{a.name}" for a in signature.states}

    def __getattr__(self, attribute: str) -> Any:
        return self._spoilt(self.named.get(attribute, ""), getattr(self.layer, attribute))

    def forward(self, *arguments: Array) -> Any:
        """The layer's own, with the plant if it is in an output that is returned."""
        out = self.layer.forward(*arguments)
        given = out if isinstance(out, tuple) else (out,)
        returned = tuple(self._spoilt(o.name, array) for o, array in zip(self.signature.outputs, given, strict=False))
        return returned if isinstance(out, tuple) else returned[0]

    def backward(self, *cotangents: Array, **carried: Array) -> Any:
        """The layer's own, with the plant if it is in the gradient of an input."""
        back = self.layer.backward(*cotangents, **carried)
        floats = [a for a in self.signature.data if a.floats and a not in self.signature.states]
        given = back if isinstance(back, tuple) else (back,)
        returned = tuple(self._spoilt(f"d{a.name}", grad) for a, grad in zip(floats, given, strict=False))
        return returned if isinstance(back, tuple) else (*returned, None)[0]

    @property
    def grads(self) -> list[Any]:
        """The layer's own, with the plant if it is in the gradient of a parameter."""
        grads = zip(self.signature.params, self.layer.grads, strict=True)
        return [self._spoilt(f"d{a.name}", grad) for a, grad in grads]

    def _spoilt(self, name: str, value: Any) -> Any:
        return self.plant.spoil(value) if name == self.plant.tensor else value


def with_plant(pair: Pair, plant: Plant) -> Pair:
    """The pair, with a hand that is wrong in one element."""
    build: Callable[..., Any] = pair.hand

    def hand(*params: Array, **options: Any) -> Spoilt:
        return Spoilt(build(*params, **options), pair.signature, plant)

    return replace(pair, hand=hand, name=pair.title)
