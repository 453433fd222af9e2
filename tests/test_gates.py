"""Gates in another order: exactly the same layer, and back exactly the same parameters."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import manual
from compare.agreement import Array
from compare.gates import negated, reorder
from manual.gru import ORDERS as GRU_ORDERS
from manual.lstm import ORDERS as LSTM_ORDERS

few = settings(max_examples=20, deadline=None, derandomize=True, database=None)
LSTM_PAIRS = list(itertools.product(LSTM_ORDERS, LSTM_ORDERS))


def drawn(seed: int, gates: int, N: int = 3, D: int = 4, H: int = 5) -> tuple[list[Array], list[Array]]:
    rng = np.random.default_rng(seed)
    params = [rng.normal(size=shape) for shape in ((D, gates * H), (H, gates * H), (gates * H,))]
    return params, [rng.normal(size=shape) for shape in ((N, D), (N, H), (N, H), (N, H), (N, H))]


@pytest.mark.parametrize(("old", "new"), LSTM_PAIRS)
def test_an_lstm_is_the_same_in_every_order(old: str, new: str) -> None:
    @few
    @given(st.integers(0, 999))
    def same(seed: int) -> None:
        params, (x, h, c, dh, dc) = drawn(seed, 4)
        one = manual.LSTM(*params, order=old)
        other = manual.LSTM(*(reorder(param, old, new) for param in params), order=new)
        for a, b in zip(one.forward(x, h, c), other.forward(x, h, c), strict=True):
            assert np.array_equal(a, b)
        for a, b in zip(one.backward(dh, dc), other.backward(dh, dc), strict=True):
            # the columns are summed in another order
            assert np.allclose(a, b, rtol=0, atol=1e-13 * np.abs(b).max())
        for a, b in zip(one.grads, other.grads, strict=True):
            assert np.array_equal(reorder(a, old, new), b)

    same()


@pytest.mark.parametrize(("old", "new"), list(itertools.product(GRU_ORDERS, GRU_ORDERS)))
def test_a_gru_is_the_same_in_every_order(old: str, new: str) -> None:
    params, (x, h, *_) = drawn(0, 3)
    one = manual.GRU(*params, order=old)
    other = manual.GRU(*(reorder(param, old, new) for param in params), order=new)
    assert np.array_equal(one.forward(x, h), other.forward(x, h))


@pytest.mark.parametrize(("old", "new"), LSTM_PAIRS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_back_again_is_where_it_began(old: str, new: str, dtype: Any) -> None:
    for param in drawn(1, 4)[0]:
        param = param.astype(dtype)
        there = reorder(param, old, new)
        assert there.dtype == dtype
        assert not np.shares_memory(there, param)
        assert np.array_equal(reorder(there, new, old), param)
        assert np.array_equal(there, param) == (old == new)


def test_a_negated_gate_is_one_minus_what_it_was() -> None:
    params, (x, h, *_) = drawn(2, 3)
    swapped = [negated(param, "zrh") for param in params]
    assert all(np.array_equal(negated(param, "zrh"), before) for param, before in zip(swapped, params, strict=True))
    one, other = manual.GRU(*params), manual.GRU(*swapped)
    one.forward(x, h)
    other.forward(x, h)
    assert one.cache
    assert other.cache
    assert np.allclose(one.cache[2], 1 - other.cache[2], rtol=0, atol=1e-15)


@pytest.mark.parametrize(
    ("shape", "old", "new", "said"),
    [
        ((3, 8), "fgio", "fgi", "the same gates in both"),
        ((3, 8), "fgio", "fgix", "the same gates in both"),
        ((3, 8), "ffgi", "ffgi", "each once"),
        ((3, 9), "fgio", "ifgo", r"shape \(3, 9\); wanted a last axis of 4 gates"),
        ((), "fgio", "ifgo", r"shape \(\); wanted"),
    ],
)
def test_what_cannot_be_reordered_is_refused(shape: tuple[int, ...], old: str, new: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        reorder(np.zeros(shape), old, new)


def test_a_gate_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="no gate 'x'"):
        negated(np.zeros((2, 6)), "zrh", "x")
