"""The third voice: the derivative of a forward pass along a direction, from the forward pass alone.

By the complex step, f′(x) v = Im f(x + i ε v) / ε, which subtracts nothing and so is exact to roundoff; where a
forward pass cannot take complex numbers, by a central difference of fourth order in the widest precision that
comes out of it.
"""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from compare.agreement import Array
from compare.inputs import Inputs

Forward = Callable[[Inputs], Mapping[str, Any]]

_TINY = 1e-30


@dataclass(frozen=True)
class Slope:
    """A derivative along a direction, and how far off it may be beside its own rounding."""

    value: float
    accuracy: float


def along(forward: Forward, inputs: Inputs, directions: Mapping[str, Array], dtype: Any = np.clongdouble) -> Slope:
    """d/ds Σ ⟨cotangent, output⟩ at the inputs moved by s times the directions; the complex step in a dtype."""
    step = {name: 1j * _TINY * direction for name, direction in directions.items()}
    try:
        with warnings.catch_warnings():
            # a buffer of real numbers drops the imaginary part with a warning
            warnings.simplefilter("error")
            outputs = forward(inputs.astype(dtype).moved(step))
        if all(np.iscomplexobj(output) for output in outputs.values()):
            return Slope(float(_inner(inputs, {n: np.imag(output) for n, output in outputs.items()}) / _TINY), 0.0)
    except Exception:  # the forward pass is anybody's code: it may refuse complex numbers in any way
        pass
    return _central(forward, inputs.astype(np.longdouble), directions)


def _central(forward: Forward, inputs: Inputs, directions: Mapping[str, Array]) -> Slope:
    roundoff = max(float(np.finfo(np.asarray(output).dtype).eps) for output in forward(inputs).values())
    # the step at which the h⁴ that the formula leaves out is as large as the rounding that h divides
    h = roundoff**0.2

    def at(steps: int) -> Any:
        return _inner(inputs, forward(inputs.moved({n: steps * h * d for n, d in directions.items()})))

    # f′ = (8 (f(h) − f(−h)) − (f(2h) − f(−2h))) / 12 h + O(h⁴)
    value = float((8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h))
    return Slope(value, 10 * h**4 * max(1.0, abs(value)))


def _inner(inputs: Inputs, outputs: Mapping[str, Any]) -> Any:
    """Σ ⟨cotangent, output⟩, in the precision that it comes in."""
    return sum(np.sum(inputs.cotangents[name] * output) for name, output in outputs.items())
