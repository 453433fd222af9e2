"""The third voice: the derivative of a forward pass along a direction, from the forward pass alone.

By the complex step, f′(x) v = Im f(x + i ε v) / ε, which subtracts nothing and so is exact to roundoff; where a
forward pass cannot take complex numbers, by a central difference in the widest precision there is.
"""

import warnings
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from compare.agreement import Array
from compare.inputs import Inputs

Forward = Callable[[Inputs], Mapping[str, Any]]

_TINY = 1e-30
_SMALL = 1e-6


def along(forward: Forward, inputs: Inputs, directions: Mapping[str, Array]) -> float:
    """d/ds Σ ⟨cotangent, output⟩ at the inputs moved by s times the directions."""
    step = {name: 1j * _TINY * direction for name, direction in directions.items()}
    try:
        with warnings.catch_warnings():
            # a buffer of real numbers drops the imaginary part with a warning
            warnings.simplefilter("error")
            outputs = forward(inputs.astype(np.clongdouble).moved(step))
        if all(np.iscomplexobj(output) for output in outputs.values()):
            return _inner(inputs, {name: np.imag(output) for name, output in outputs.items()}) / _TINY
    except Exception:  # the forward pass is anybody's code: it may refuse complex numbers in any way
        pass
    wide = inputs.astype(np.longdouble)
    ahead, behind = (
        _inner(inputs, forward(wide.moved({n: s * _SMALL * d for n, d in directions.items()}))) for s in (1, -1)
    )
    return (ahead - behind) / (2 * _SMALL)


def _inner(inputs: Inputs, outputs: Mapping[str, Any]) -> float:
    return float(sum(np.sum(inputs.cotangents[name] * output) for name, output in outputs.items()))
