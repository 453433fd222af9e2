"""Question 2: is each backward pass the derivative of its own forward pass, and if not, whose is wrong?"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from compare.agreement import Array, relative_error, unit_roundoff
from compare.derivative import Forward, along
from compare.inputs import Inputs
from compare.pair import Pair
from compare.reference import Reference
from compare.report import Tensor
from compare.runs import Hand, Run, twin_forward


def wrong_forward(ref: Reference, name: str, a: Array) -> str:
    """Which side's output is farther from the truth; the twin is the specification, so in doubt the hand's."""
    if ref.truth is None:
        return "hand"
    truth, b = ref.truth.tensors[name], ref.run.tensors[name]
    return "twin" if relative_error(b, truth) > relative_error(a, truth) else "hand"


def wrong_backward(pair: Pair, ref: Reference, name: str, a: Any) -> str:
    """Along the direction in which the two gradients of a tensor differ most: who misses the derivative?"""
    b = ref.run.tensors[name]
    if pair.stopped or not np.isfinite(a).all():
        return "hand"
    difference = np.asarray(a, np.longdouble) - b
    direction = difference / np.abs(difference).max()
    apart = float(np.sum(difference * direction))
    off = []
    for forward, grad in ((hand_forward(pair), a), (_twin_forward(pair), b)):
        slope = along(forward, ref.inputs, {name[1:]: direction})
        off.append(abs(float(np.sum(grad * direction)) - slope.value) > max(apart / 2, slope.accuracy))
    return "both" if all(off) else "twin" if off[1] else "hand"


def question_derivatives(pair: Pair, ref: Reference, rows: list[Tensor], run: Run) -> list[Tensor]:
    """The rows of gradients that agree, less those that are both wrong in the same way.

    All tensors are asked about at once, and each alone only if that fails.
    """
    sides = ((hand_forward(pair), run.grads), (_twin_forward(pair), ref.run.grads))

    def derivatives(asked: list[Tensor]) -> bool:
        directions = _directions(ref, asked)
        tolerance = sum(row.allowed_u * unit_roundoff(ref.run.grads[row.name].dtype) for row in asked)
        return all(_is_derivative(ref.inputs, forward, grads, directions, tolerance) for forward, grads in sides)

    if pair.stopped or derivatives(rows):
        return rows
    note = "agrees with its twin, but is not the derivative of the forward pass"
    return [row if derivatives([row]) else replace(row, ok=False, blame="both", note=note) for row in rows]


def hand_forward(pair: Pair) -> Forward:
    """The forward pass of a fresh handwritten layer, as a function of the inputs."""
    return lambda inputs: Hand(pair, inputs).forward(inputs)


def _twin_forward(pair: Pair) -> Forward:
    return lambda inputs: twin_forward(pair, inputs)


def _directions(ref: Reference, rows: list[Tensor]) -> dict[str, Array]:
    """A direction for each argument: all ±, so that no element of its gradient is left out."""
    rng = np.random.default_rng(0)
    directions = {}
    for row in rows:
        grad = ref.run.grads[row.name]
        scale = float(np.abs(grad).max()) or 1.0
        # |⟨gradient, direction⟩| <= 1 for every tensor, whatever its size and scale
        directions[row.name[1:]] = np.copysign(1 / (scale * grad.size), rng.random(grad.shape) - 0.5)
    return directions


def _is_derivative(
    inputs: Inputs, forward: Forward, grads: Mapping[str, Any], directions: Mapping[str, Array], tolerance: float
) -> bool:
    wide = {name: np.asarray(grads[f"d{name}"], np.longdouble) for name in directions}
    wanted = sum(float(np.sum(wide[name] * direction)) for name, direction in directions.items())
    # what agrees in double precision agrees; where it does not, its own rounding may be the reason
    slopes = (along(forward, inputs, directions, dtype) for dtype in (np.complex128, np.clongdouble))
    return any(abs(slope.value - wanted) <= tolerance + slope.accuracy for slope in slopes)
