"""Third derivatives of the pure functions by autograd, against differences of the second."""

from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

import tiny_autograd_rnn as pure


def of_softmax(x: Any) -> Any:
    return anp.sum(pure.softmax(anp.reshape(x, (2, 3))) ** 2)


def of_rnn(x: Any) -> Any:
    """Every input and parameter moves, each by an entry of x and by the sum of all."""
    data = [np.linspace(-0.9, 0.8, 2 * k).reshape(2, k) for k in (3, 2)]
    Wx, Wh, b = np.linspace(0.5, -0.4, 6).reshape(3, 2), np.array([[0.3, -0.6], [0.2, 0.4]]), np.array([0.1, -0.2])
    moved = [array * (1 + anp.sum(x)) + x[k] for k, array in enumerate([*data, Wx, Wh, b])]
    return anp.sum(pure.rnn(*moved) ** 2)


def of_loss(x: Any) -> Any:
    return pure.time_softmax_with_loss(anp.reshape(x, (1, 2, 3)), np.array([[2, 0]]))


@pytest.mark.parametrize("function", [of_softmax, of_rnn, of_loss], ids=["softmax", "rnn", "time_softmax_with_loss"])
@pytest.mark.parametrize("direction", np.eye(6) + np.linspace(-1, 1, 6), ids=range(6))
def test_third_derivatives_are_right(function: Any, direction: Any) -> None:
    """d³f/ds³ along a direction, by autograd, against (8 (f″(h) − f″(−h)) − (f″(2h) − f″(−2h))) / 12 h."""

    def along(s: Any) -> Any:
        return function(np.array([0.3, -0.2, 0.5, 0.1, 0.4, -0.6]) + s * direction)

    second, third, h = grad(grad(along)), grad(grad(grad(along))), 3e-4
    slope = (8 * (second(h) - second(-h)) - (second(2 * h) - second(-2 * h))) / (12 * h)
    assert abs(third(0.0)) > 1e-4
    assert third(0.0) == pytest.approx(slope, rel=1e-8, abs=1e-9)
