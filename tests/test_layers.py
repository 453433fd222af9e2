"""Every layer of the table, over random shapes, dtypes and seeds: what its numbers and its dtypes must be."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from autograd.differential_operators import make_vjp
from hypothesis import given, settings
from hypothesis import strategies as st

import manual.clip
import tiny_autograd_rnn as pure
import tiny_autograd_rnn.clip
from compare.agreement import Array
from compare.cases import sizes
from compare.contract import CHECKS
from compare.inputs import Case, Inputs, draw
from compare.judge import judge
from compare.pair import Pair
from compare.pairs import LAYERS, PAIRS
from compare.reference import reference
from compare.refusals import refusals
from compare.runs import Hand, run_hand, run_twin
from tiny_autograd_rnn.signature import LABELS

SIZES = st.fixed_dictionaries({axis: st.integers(1, 6) for axis in "NTDHV"} | {"K": st.integers(1, 3)})
few = settings(max_examples=10, deadline=None, derandomize=True, database=None)

each_pair = pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.title)
each_loss = pytest.mark.parametrize(
    "pair", [p for p in PAIRS if any(a.note == LABELS for a in p.signature.data)], ids=lambda pair: pair.title
)
each_dtype = pytest.mark.parametrize("dtype", ["float64", "float32"])


def case_of(pair: Pair, drawn: Mapping[str, int], seed: int, **more: Any) -> Case:
    return Case("", {axis: drawn[axis] for axis in pair.signature.axes}, seed, **more)


@each_dtype
@each_pair
def test_hand_and_twin_agree_to_the_derived_bounds(pair: Pair, dtype: str) -> None:
    @few
    @given(SIZES, st.integers(0, 999))
    def agree(drawn: dict[str, int], seed: int) -> None:
        rows = judge(pair, reference(pair, case_of(pair, drawn, seed), dtype))
        assert [row for row in rows if not row.ok] == []

    agree()


# the refusals need a second row to take away: tests/test_refusals.py
@pytest.mark.parametrize("check", [c for c in CHECKS if c is not refusals], ids=lambda check: check.__name__)
@pytest.mark.parametrize("pair", [pair for pair in PAIRS if pair.layer], ids=lambda pair: pair.title)
def test_the_contract_holds_at_every_size(pair: Pair, check: Callable[..., Any]) -> None:
    @few
    @given(SIZES, st.integers(0, 999), st.sampled_from(["float64", "float32"]))
    def holds(drawn: dict[str, int], seed: int, dtype: str) -> None:
        assert list(check(pair, draw(pair.signature, case_of(pair, drawn, seed)).astype(dtype))) == []

    holds()


def wide_data(inputs: Inputs, pair: Pair) -> Inputs:
    """Parameters in float32, everything else in float64."""
    narrow = inputs.astype(np.float32).arguments
    return replace(inputs, arguments={**inputs.arguments, **{a.name: narrow[a.name] for a in pair.signature.params}})


@pytest.mark.parametrize("pair", [p for p in PAIRS if p.layer and p.signature.params], ids=lambda pair: pair.title)
def test_the_parameters_decide_the_dtype(pair: Pair) -> None:
    signature = pair.signature
    inputs = wide_data(draw(signature, Case("", sizes(signature))), pair)
    hand = Hand(pair, inputs)
    found = {**hand.forward(inputs), **hand.backward(inputs.cotangents)}
    if signature.states:
        found["h"] = hand.layer.h
    floats = tuple(i for i, a in enumerate(signature.arguments) if a.floats)
    vjp, value = make_vjp(pair.twin, argnum=floats)(*inputs.arguments.values())
    several = len(signature.outputs) > 1
    found |= {f"twin's output {i}": output for i, output in enumerate(value if several else [value])}
    upstream = tuple(inputs.cotangents.values())
    grads = dict(zip(floats, vjp(upstream if several else upstream[0]), strict=True))
    # of data in another dtype, autograd gives the gradient in that: it is one of the caller's array
    found |= {f"twin's d{a.name}": grads[i] for i, a in enumerate(signature.arguments) if a.learned}
    assert {name: np.asarray(array).dtype for name, array in found.items() if np.asarray(array).dtype != "f"} == {}


@each_dtype
@each_loss
def test_with_every_label_ignored_loss_and_gradients_are_zero(pair: Pair, dtype: str) -> None:
    inputs = draw(pair.signature, Case("", sizes(pair.signature), special="all ignored")).astype(dtype)
    # nothing but the loss: the state that goes on has gradients of its own
    upstream = {name: array * (name == "loss") for name, array in inputs.cotangents.items()}
    for run in (run_hand, run_twin):
        found = run(pair, replace(inputs, cotangents=upstream))
        assert found.outputs["loss"] == 0
        assert found.outputs["loss"].dtype == dtype
        assert not any(np.any(grad) for grad in found.grads.values())


# a target whose probability underflows, in each loss: the scores, the target, and the slope of a loss of 2e4
UNDERFLOWS: dict[str, tuple[list[Any], list[Any], list[Any]]] = {
    "SoftmaxWithLoss": ([[1e4, 0, -1e4]], [2], [[1, 0, -1]]),
    "TimeSoftmaxWithLoss": ([[[1e4, 0, -1e4]]], [[2]], [[[1, 0, -1]]]),
    "SigmoidWithLoss": ([2e4], [0], [1]),
    "TimeSigmoidWithLoss": ([[-2e4]], [[1]], [[-1]]),
}


@each_dtype
@pytest.mark.parametrize("pair", [p for p in LAYERS if p.family == "loss"], ids=lambda pair: pair.title)
def test_a_target_whose_probability_underflows_costs_what_it_should(pair: Pair, dtype: str) -> None:
    scores, target, slope = UNDERFLOWS[pair.title]
    x, t = (argument.name for argument in pair.signature.data)
    inputs = Inputs(Case("", {}), {x: np.array(scores, dtype), t: np.array(target)}, {"loss": np.array(1, dtype)})
    for run in (run_hand, run_twin):
        found = run(pair, inputs)
        assert found.outputs["loss"] == 2e4
        assert np.array_equal(found.grads[f"d{x}"], slope)


SHAPES = st.lists(st.lists(st.integers(1, 4), max_size=3), min_size=1, max_size=5)


@each_dtype
def test_a_list_of_gradients_is_clipped_to_the_same_bits_on_both_sides(dtype: str) -> None:
    @few
    @given(SHAPES, st.integers(0, 999), st.sampled_from([1e-3, 1.0, 1e3]))
    def same(shapes: list[list[int]], seed: int, max_norm: float) -> None:
        rng = np.random.default_rng(seed)
        grads = [np.asarray(rng.normal(size=shape), dtype) for shape in shapes]
        norm = np.sqrt(sum(np.sum(grad.astype(np.longdouble) ** 2) for grad in grads))
        hand, twin = manual.clip.clipped(grads, max_norm), pure.clip.clipped(grads, max_norm)
        wanted = [grad * min(1, max_norm / norm) for grad in grads]
        for one, other, exact in zip(hand, twin, wanted, strict=True):
            assert one.dtype == other.dtype == dtype
            assert np.array_equal(one, other)
            assert one == pytest.approx(exact.astype(float), rel=1e-6 if dtype == "float32" else 1e-14)

    same()


@each_dtype
def test_no_gradient_is_too_large_to_be_clipped(dtype: str) -> None:
    # a norm of twice the largest number
    grads = [np.full((2, 2), np.finfo(dtype).max, dtype), np.zeros(3, dtype)]
    for clip in (manual.clip, pure.clip):
        with np.errstate(over="ignore"):
            huge, zero = clip.clipped(grads, 1.0)
        assert np.array_equal(huge, np.full((2, 2), 0.5))
        assert not zero.any()
        assert not clip.clipped([zero], 1.0)[0].any()


def test_a_gradient_that_is_no_number_spoils_all() -> None:
    for clip in (manual.clip, pure.clip):
        assert all(np.isnan(grad).all() for grad in clip.clipped([np.array([np.nan, 1.0]), np.ones(3)], 1.0))


def weights(rng: np.random.Generator, D: int = 4, H: int = 6) -> list[Array]:
    return [rng.normal(size=shape) for shape in ((D, H), (H, H), (H,))]


def test_without_stateful_every_sequence_begins_from_zero() -> None:
    rng = np.random.default_rng(0)
    params, xs = weights(rng), rng.normal(size=(3, 5, 4))
    layer, fresh = manual.TimeRNN(*params), manual.TimeRNN(*params, stateful=True)
    layer.set_state(np.ones((2, 6)))
    first = layer.forward(xs)
    assert np.array_equal(first, layer.forward(xs))
    assert np.array_equal(first, fresh.forward(xs))
    assert layer.forward(xs[:2]).shape == (2, 5, 6)


def test_a_state_goes_on_until_it_is_reset() -> None:
    rng = np.random.default_rng(0)
    layer, xs = manual.TimeRNN(*weights(rng), stateful=True), rng.normal(size=(3, 10, 4))
    whole = layer.forward(xs)
    layer.reset_state()
    halves = [layer.forward(xs[:, :5]), layer.forward(xs[:, 5:])]
    assert np.array_equal(whole, np.concatenate(halves, axis=1))
