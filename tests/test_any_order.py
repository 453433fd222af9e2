"""Every twin differentiated in every way that autograd has: forwards, backwards, and three times over."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from autograd.differential_operators import make_jvp

from compare.agreement import Array
from compare.cases import sizes
from compare.derivative import along
from compare.inputs import Case, Inputs, draw
from compare.pair import Pair
from compare.pairs import PAIRS
from compare.runs import run_twin, twin_forward

H = 3e-4

whole = [pair for pair in PAIRS if not pair.stopped]
each_pair = pytest.mark.parametrize("pair", whole, ids=lambda pair: pair.title)


def drawn(pair: Pair) -> tuple[Inputs, dict[str, Array]]:
    """Small inputs, and a direction over all of them."""
    inputs = draw(pair.signature, Case("", {axis: min(size, 3) for axis, size in sizes(pair.signature).items()}))
    rng = np.random.default_rng(0)
    floats = [a.name for a in pair.signature.arguments if a.floats]
    return inputs, {name: rng.normal(size=inputs.arguments[name].shape) for name in floats}


def loss_along(pair: Pair, inputs: Inputs, v: dict[str, Array]) -> Callable[[Any], Any]:
    """L(s) = Σ ⟨cotangent, output²⟩ at the inputs moved by s v; squared, so that a linear layer curves too."""

    def loss(s: Any) -> Any:
        moved = {name: inputs.arguments[name] + s * direction for name, direction in v.items()}
        outputs = twin_forward(pair, replace(inputs, arguments={**inputs.arguments, **moved}))
        return sum(anp.sum(inputs.cotangents[name] * output**2) for name, output in outputs.items())

    return loss


def linear_along(pair: Pair, inputs: Inputs, v: dict[str, Array]) -> bool:
    """Whether the outputs at −H, 0 and H lie on a line."""

    def outputs(s: float) -> list[Array]:
        return list(twin_forward(pair, inputs.moved({name: s * direction for name, direction in v.items()})).values())

    bends = (np.abs(a + c - 2 * b).max() for a, b, c in zip(outputs(-H), outputs(0), outputs(H), strict=True))
    return bool(max(bends) < 1e-3 * H**2)


@each_pair
def test_forward_mode_gives_the_derivative_along_a_direction(pair: Pair) -> None:
    inputs, v = drawn(pair)
    value, slope = make_jvp(loss_along(pair, inputs, v))(0.0)(1.0)
    assert value == loss_along(pair, inputs, v)(0.0)
    assert slope == pytest.approx(grad(loss_along(pair, inputs, v))(0.0), rel=1e-12)


@each_pair
def test_backward_mode_gives_the_complex_step(pair: Pair) -> None:
    inputs, v = drawn(pair)
    grads = run_twin(pair, inputs).grads
    by_grads = sum(float(np.sum(grads[f"d{name}"] * direction)) for name, direction in v.items())
    slope = along(lambda moved: twin_forward(pair, moved), inputs, v)
    assert by_grads == pytest.approx(slope.value, rel=1e-12)


@each_pair
def test_the_third_derivative_is_the_slope_of_the_second(pair: Pair) -> None:
    inputs, v = drawn(pair)
    loss = loss_along(pair, inputs, v)
    second, third = grad(grad(loss)), grad(grad(grad(loss)))
    # to fourth order in H
    slope = (8 * (second(H) - second(-H)) - (second(2 * H) - second(-2 * H))) / (12 * H)
    assert third(0.0) == pytest.approx(slope, rel=1e-7)
    # but for the square of what is linear in s, there is one to get wrong
    assert abs(third(0.0)) > 1e-3 or linear_along(pair, inputs, v)
