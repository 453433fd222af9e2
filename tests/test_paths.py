"""The operations on the longest paths: counted once and with the run, and on narrow arrays as on wide ones."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compare import paths
from compare.cases import cases
from compare.inputs import Case, Inputs, draw
from compare.pair import Pair
from compare.pairs import PAIRS
from compare.runs import run_twin

OVER_TIME = [pair for pair in PAIRS if "T" in pair.signature.axes]
SIZE = st.integers(1, 60)


def drawn(pair: Pair, **sizes: int) -> Inputs:
    return draw(pair.signature, Case("drawn", {axis: sizes[axis] for axis in pair.signature.axes}))


def direct(pair: Pair, inputs: Inputs) -> Mapping[str, float]:
    return paths._count(pair, paths._none_ignored(pair, inputs))[1]


@pytest.mark.parametrize("pair", OVER_TIME, ids=lambda pair: pair.title)
@settings(max_examples=3, deadline=None)
@given(N=SIZE, D=SIZE, H=SIZE, V=st.integers(2, 60), K=st.integers(1, 3))
def test_narrow_arrays_count_as_the_wide_ones_that_they_stand_for(
    pair: Pair, N: int, D: int, H: int, V: int, K: int
) -> None:
    inputs = drawn(pair, N=N, T=paths.SHORT, D=D, H=H, V=V, K=K)
    counted = paths.counted_short(pair, inputs)
    for name, operations in direct(pair, inputs).items():
        assert counted[name] == pytest.approx(operations, rel=1e-9), name


@pytest.mark.parametrize("pair", OVER_TIME, ids=lambda pair: pair.title)
def test_a_long_sequence_gets_an_upper_bound(pair: Pair) -> None:
    inputs = drawn(pair, N=5, T=25, D=4, H=6, V=7, K=2)
    bounds = paths.counted(pair, inputs)[1]
    assert all(operations <= bounds[name] for name, operations in paths._count(pair, inputs)[1].items())


def test_an_axis_that_stands_for_itself_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    pair = OVER_TIME[0]
    inputs = drawn(pair, N=50, T=paths.SHORT, D=60, H=60, V=60, K=1)
    monkeypatch.setattr(paths, "_log2_of", lambda _: np.log2)
    monkeypatch.setattr(paths, "_counted", {})
    counted = paths.counted_short(pair, inputs)
    assert any(operations > 1.05 * counted[name] for name, operations in direct(pair, inputs).items())


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.title)
def test_the_run_that_is_counted_is_the_twins(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "_counted", {})
    for case in cases(pair, seeds=1):
        inputs = draw(pair.signature, replace(case, sizes={**case.sizes, **({"T": 2} if "T" in case.sizes else {})}))
        found, wanted = paths.counted(pair, inputs)[0], run_twin(pair, inputs)
        assert list(found.outputs) == list(wanted.outputs)
        assert list(found.grads) == list(wanted.grads)
        for name, tensor in wanted.tensors.items():
            assert found.tensors[name].dtype == tensor.dtype
            # a power of a scalar rounds otherwise where it is traced twice
            np.testing.assert_allclose(found.tensors[name], tensor, rtol=1e-14, atol=0, err_msg=name)


def test_what_the_values_decide_is_counted_each_time() -> None:
    pair = next(pair for pair in PAIRS if pair.title == "ClipGrads")
    case = Case("drawn", {"D": 4, "H": 6})
    clipped, left = (paths.counted(pair, draw(pair.signature, replace(case, scale=scale)))[1] for scale in (1, 0.15))
    assert all(clipped[name] > left[name] for name in left)
