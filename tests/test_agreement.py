"""Agreement in bits and the error that rounding may leave, against values worked out by hand."""

from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.agreement import bits_of_agreement, precision, relative_error, unit_roundoff
from compare.derivative import along
from compare.inputs import Case, Inputs
from compare.pairs import PAIRS
from compare.reference import redrawn, reference
from compare.rounding import longest_paths, own_error_u, path_allowance, promised_u


@pytest.mark.parametrize(("dtype", "bits"), [(np.float64, 53), (np.float32, 24)])
def test_precision_and_roundoff(dtype: Any, bits: int) -> None:
    assert precision(dtype) == bits
    assert unit_roundoff(dtype) == np.finfo(dtype).eps / 2


@given(st.integers(0, 52))
def test_an_error_of_2_to_the_minus_k_leaves_k_bits(k: int) -> None:
    b = np.array([1.0, -0.5, 0.25])
    assert bits_of_agreement(b + np.array([0, 0, 2.0**-k]), b) == k


def test_the_scale_is_the_tensor_not_the_element() -> None:
    assert relative_error(np.array([1.0, 2e-12]), np.array([1.0, 1e-12])) == pytest.approx(1e-12)


def test_equal_arrays_have_all_bits_also_where_all_is_zero() -> None:
    zero = np.zeros(3, np.float32)
    assert bits_of_agreement(zero, zero) == 24
    assert bits_of_agreement(zero + 1, zero) == 0


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_no_number_agrees_with_nothing_not_even_itself(bad: float) -> None:
    a = np.array([1.0, bad])
    assert relative_error(a, a) == np.inf
    assert bits_of_agreement(a, a) == 0


def test_the_longest_path_counts_a_product_of_k_as_1_plus_log2_k() -> None:
    a, b = np.ones((3, 8)), np.ones((8, 5))
    values, lengths = longest_paths(lambda a, b: [anp.dot(a, b), anp.tanh(anp.dot(a, b)), a.T], [a, b])
    assert lengths == [4, 8, 0]
    assert all(map(np.array_equal, values, [a @ b, np.tanh(a @ b), a.T]))


def test_the_longest_path_grows_with_the_steps() -> None:
    def chain(steps: int) -> float:
        def f(x: Any) -> list[Any]:
            for _ in range(steps):
                x = x * x
            return [x]

        return longest_paths(f, [np.ones(2)])[1][0]

    assert [chain(steps) for steps in (1, 2, 10)] == [1, 2, 10]


def test_the_path_allowance_grows_with_the_root_and_hardly_with_the_size() -> None:
    assert path_allowance(400, 10) == pytest.approx(2 * path_allowance(100, 10))
    assert path_allowance(100, 10_000) < 1.2 * path_allowance(100, 10)


def test_the_promise_in_units_of_roundoff() -> None:
    assert promised_u(np.float64) == pytest.approx(9.007e6, rel=1e-3)
    assert promised_u(np.float32) == pytest.approx(1677.7, rel=1e-3)


def test_own_error_is_the_distance_from_the_wide_result() -> None:
    wide = np.array([1.0], np.longdouble) / 3
    assert own_error_u(wide.astype(np.float64), wide, np.float64) <= 1


@pytest.mark.parametrize("analytic", [True, False])
def test_the_third_voice_is_right_with_and_without_complex_numbers(analytic: bool) -> None:
    x = np.array([0.3, -0.7, 1.1])
    inputs = Inputs(Case("", {}), {"x": x}, {"y": np.array([1.0, 2.0, 3.0])})

    def forward(inputs: Inputs) -> dict[str, Any]:
        x = inputs.arguments["x"]
        return {"y": np.sin(x) if analytic else np.sin(x.astype(np.longdouble))}

    direction = np.array([1.0, -1.0, 0.5])
    wanted = float(np.sum(np.array([1, 2, 3]) * np.cos(x) * direction))
    slope = along(forward, inputs, {"x": direction})
    assert abs(slope.value - wanted) <= slope.accuracy + 1e-16
    assert slope.accuracy <= (0 if analytic else 1e-13)


def test_other_inputs_leave_no_gradient_zero_that_was_not() -> None:
    # two units: a mask often drops both, and with them what a fault would show in
    pair = next(p for p in PAIRS if p.title == "BetterRnnlm, flowing")
    sizes = {"K": 1, "N": 2, "T": 2, "H": 1, "V": 3}
    moved = 0
    for seed in range(40):
        ref = reference(pair, Case("", sizes, seed), np.float64)
        other = redrawn(ref)
        for name, tensor in ref.run.tensors.items():
            moved += int(tensor.any())
            assert other.run.tensors[name].any() or not tensor.any(), (seed, name)
    assert moved
