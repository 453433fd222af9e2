"""The comparison of second order: right hands pass, and a gradient that is wrong away from the point does not."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import manual
from compare.pairs import MODELS, PAIRS
from compare.second_order import compare_hessian

SMOOTH = [pair for pair in PAIRS if not pair.stopped]


@pytest.mark.filterwarnings("ignore:Output seems independent of input")  # the Hessian of a linear layer is 0
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("pair", SMOOTH, ids=lambda pair: pair.title)
def test_the_second_derivatives_of_right_layers_agree(pair: Any, dtype: Any) -> None:
    report = compare_hessian(pair, dtype, seeds=2)
    assert report.ok
    least = 40 if dtype is np.float64 else 18
    assert all(tensor.bits >= least for tensor in report.tensors)


class ConstantSlope(manual.RNN):
    """Right where it is asked first, but with tanh′ kept from there."""

    kept: Any = None

    def backward(self, dh: Any) -> Any:
        assert self.cache is not None
        x, h_prev, h = self.cache
        slope = type(self).kept = 1 - h**2 if type(self).kept is None else type(self).kept
        self.cache = (x, h_prev, np.sqrt(1 - slope))
        try:
            return super().backward(dh)
        finally:
            self.cache = (x, h_prev, h)


def test_a_gradient_that_does_not_follow_its_point_is_wrong() -> None:
    (rnn,) = (pair for pair in PAIRS if pair.hand is manual.RNN)
    report = compare_hessian(replace(rnn, hand=ConstantSlope), seeds=1)
    assert not report.ok
    assert {tensor.blame for tensor in report.tensors if not tensor.ok} == {"hand"}


def test_a_hand_that_stops_is_not_passed() -> None:
    class Stops(manual.SimpleRnnlm):
        def backward(self, dout: Any = 1, dh: Any = None) -> None:
            raise ValueError("operands could not be broadcast together")

    report = compare_hessian(replace(MODELS[0], hand=Stops), seeds=1)
    assert not report.ok
    assert "Hv embed_W" in {row.name for row in report.tensors}
    assert all("could not be broadcast" in row.note for row in report.tensors)
