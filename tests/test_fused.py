"""The fused hands beside the plain ones: the same numbers in any blocks and threads, without memory for all scores."""

import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import manual
from compare.agreement import Array, relative_error, unit_roundoff
from compare.judge import compare_pair
from compare.pair import Pair
from compare.pairs import FAMILIES
from manual import fused
from manual.fused import _recurrent, _threads, _work, affine_softmax, lstm
from manual.fused._recurrent import Receive

FUSED = {pair.title: pair for pair in FAMILIES["fused"]}
MODELS = {"SimpleRnnlm": 1, "Rnnlm": 4, "GruRnnlm": 3}
LAYERS = {"TimeRNN": 1, "TimeLSTM": 4, "TimeGRU": 3}
SIZES = st.fixed_dictionaries({axis: st.integers(1, 7) for axis in "NTDHV"})
few = settings(max_examples=25, deadline=None, derandomize=True, database=None)
each_model = pytest.mark.parametrize("name", MODELS)
each_layer = pytest.mark.parametrize("name", LAYERS)


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of two rows, near ones of a few numbers, and dW by a few columns."""
    for module, name, size in (
        (affine_softmax, "ROWS", 2),
        (affine_softmax, "NEAR", 3),
        (affine_softmax, "PART", 11),
        (lstm, "NEAR", 60),
        (_recurrent, "ROWS", 7),
    ):
        monkeypatch.setattr(module, name, size)


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A thread for any row, however short; one for all afterwards."""
    monkeypatch.setattr(_threads, "WORTH", 1)
    yield
    fused.use_threads(1)


def weights(rng: np.random.Generator, gates: int, dtype: Any, D: int, H: int) -> list[Array]:
    shapes: tuple[tuple[int, ...], ...] = ((D, gates * H), (H, gates * H), (gates * H,))
    return [rng.normal(size=shape).astype(dtype) for shape in shapes]


def model_weights(rng: np.random.Generator, gates: int, dtype: Any, D: int, H: int, V: int) -> list[Array]:
    embed_W, W, b = (rng.normal(size=shape).astype(dtype) for shape in ((V, D), (H, V), (V,)))
    return [embed_W, *weights(rng, gates, dtype, D, H), W, b]


def step(model: Any, xs: Array, ts: Array, dout: float = 1, **later: Array) -> list[Array]:
    """The loss, all gradients and the state, as copies."""
    loss = model.forward(xs, ts)
    model.backward(dout, **later)
    return [np.array(array) for array in (loss, *model.grads, model.dh, model.h)]


def apart(found: list[Array], wanted: list[Array]) -> float:
    """The largest distance of two tensors, in u."""
    return max(relative_error(a, b) / unit_roundoff(b.dtype) for a, b in zip(found, wanted, strict=True))


@pytest.mark.usefixtures("small_blocks")
@each_model
def test_a_model_gives_the_numbers_of_the_plain_one_in_any_blocks(name: str) -> None:
    @few
    @given(SIZES, st.integers(0, 999), st.sampled_from(["float64", "float32"]), st.sampled_from([1, 0, 0.3, -2]))
    def same(sizes: dict[str, int], seed: int, dtype: str, dout: float) -> None:
        rng, N, T, V = np.random.default_rng(seed), sizes["N"], sizes["T"], sizes["V"]
        params = model_weights(rng, MODELS[name], dtype, sizes["D"], sizes["H"], V)
        models = [getattr(package, name)(*params) for package in (fused, manual)]
        for _ in range(2):
            xs, ts = rng.integers(0, V, (N, T)), rng.integers(-1, V, (N, T))
            dh = rng.normal(size=(N, sizes["H"])).astype(dtype)
            found, wanted = (step(model, xs, ts, dout, dh=dh) for model in models)
            assert all(a.dtype == b.dtype == dtype for a, b in zip(found, wanted, strict=True))
            # what cancels may leave less: the derived bounds are asked for by the table's tests
            assert apart(found, wanted) < 1e5

    same()


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("title", FUSED)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_comparison_proves_small_blocks_too(title: str, dtype: str) -> None:
    assert compare_pair(FUSED[title], dtype, seeds=1).ok


@pytest.mark.usefixtures("threads", "small_blocks")
@each_model
def test_the_number_of_threads_changes_no_more_than_rounding(name: str) -> None:
    rng = np.random.default_rng(0)
    params = model_weights(rng, MODELS[name], "float64", 5, 6, 40)
    xs, ts = rng.integers(0, 40, (6, 9)), rng.integers(-1, 40, (6, 9))
    found = []
    for count in (1, 2, 3):
        fused.use_threads(count)
        found.append(step(getattr(fused, name)(*params), xs, ts))
    assert max(apart(one, found[0]) for one in found[1:]) < 64


@pytest.mark.usefixtures("threads")
def test_an_error_in_a_thread_is_not_lost() -> None:
    def fails(rows: slice) -> None:
        if rows.start:
            raise ZeroDivisionError

    fused.use_threads(2)
    with pytest.raises(ZeroDivisionError):
        _threads.THREADS.share(fails, 8, 8)


def test_less_than_one_thread_is_refused() -> None:
    with pytest.raises(ValueError, match="use_threads: count is 0; wanted at least 1"):
        fused.use_threads(0)


def peak(do: Callable[[], object]) -> int:
    """The bytes that are allocated at a time, beyond those from before."""
    tracemalloc.start()
    try:
        do()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@each_model
def test_the_scores_of_all_rows_never_stand_side_by_side(name: str) -> None:
    N, T, V = 32, 48, 1000
    rng = np.random.default_rng(0)
    params = model_weights(rng, MODELS[name], "float32", 3, 3, V)
    xs = rng.integers(0, V, (N, T))
    whole = N * T * V * 4
    assert peak(lambda: step(getattr(fused, name)(*params), xs, xs)) < whole / 2
    # and so it is seen where they do
    assert peak(lambda: step(getattr(manual, name)(*params), xs, xs)) > whole


def loop(layer: Any, xs: Array, dhs: Array) -> None:
    layer.run(xs)
    layer.run_back(dhs, lambda some, dxs: None)


@each_layer
def test_nothing_is_allocated_in_the_loop(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    N, T, D, H = 32, 80, 8, 40
    rng = np.random.default_rng(0)
    layer = getattr(fused, name)(*weights(rng, LAYERS[name], "float64", D, H))
    xs, dhs = rng.normal(size=(T, N, D)), rng.normal(size=(T, N, H))
    loop(layer, xs, dhs)
    # a few states, a sum over the batch and the views of all steps; not an array a step
    allowed = 12 * N * H * 8 + 2000 * T
    assert peak(lambda: loop(layer, xs, dhs)) < allowed
    monkeypatch.setattr(_work.Work, "__call__", lambda self, name, shape, dtype: np.empty(shape, dtype))
    assert peak(lambda: loop(layer, xs, dhs)) > allowed


@each_layer
def test_what_a_layer_returned_is_the_callers(name: str) -> None:
    rng = np.random.default_rng(0)
    layer = getattr(fused, name)(*weights(rng, LAYERS[name], "float64", 3, 4), stateful=True)
    xs, dhs = rng.normal(size=(2, 5, 3)), rng.normal(size=(2, 5, 4))
    returned = [layer.forward(xs), layer.h, layer.backward(dhs), layer.dh]
    before = [array.copy() for array in returned]
    layer.forward(2 * xs)
    layer.backward(3 * dhs)
    assert all(map(np.array_equal, returned, before))


@each_layer
def test_parameters_may_lie_in_memory_column_by_column(name: str) -> None:
    rng = np.random.default_rng(0)
    params = weights(rng, LAYERS[name], "float64", 3, 4)
    xs, dhs = rng.normal(size=(2, 5, 3)), rng.normal(size=(2, 5, 4))
    found = []
    for kept in (params, [np.asfortranarray(param) for param in params]):
        layer = getattr(fused, name)(*kept)
        found.append([layer.forward(xs), layer.backward(dhs), *layer.grads])
    assert apart(*found) < 64


def test_the_gradients_of_an_embedding_are_overwritten_whatever_stood_there() -> None:
    rng = np.random.default_rng(0)
    W = rng.normal(size=(9, 2))
    layer, plain = fused.TimeEmbedding(W), manual.TimeEmbedding(W)
    for spoil in (0, np.nan, 1, -1):
        xs, dout = rng.integers(0, 9, (2, 3)), rng.normal(size=(2, 3, 2))
        layer.grads[0][rng.integers(0, 9)] += spoil
        for one in (layer, plain):
            one.forward(xs)
            one.backward(dout)
        assert apart(layer.grads, plain.grads) < 8


@pytest.mark.usefixtures("small_blocks")
def test_gradients_may_be_cleared_between_the_passes() -> None:
    rng = np.random.default_rng(0)
    model = fused.SimpleRnnlm(*model_weights(rng, 1, "float64", 3, 4, 7))
    xs = rng.integers(0, 7, (2, 5))
    model.forward(xs, xs)
    model.backward()
    first = [grad.copy() for grad in model.grads]
    model.reset_state()
    model.forward(xs, xs)
    for grad in model.grads:
        grad[...] = 0
    model.backward()
    assert all(map(np.array_equal, model.grads, first))


class OneBlock(fused.TimeAffineSoftmaxWithLoss):
    """Forgets what the blocks before the last left."""

    def _fill_grads(self, columns: slice, part: Array, more: bool) -> None:
        super()._fill_grads(columns, part, False)


class NoScale(fused.TimeAffineSoftmaxWithLoss):
    """Goes back from a gradient of 1, whatever came in."""

    def run_back(self, dout: Array | float) -> Array:
        return super().run_back(1)


class Kept(fused.TimeEmbedding):
    """Leaves the rows of the pass before."""

    def clear(self) -> None:
        self.touched = self.ids.reshape(-1)


class NoTruncation(fused.TimeRNN):
    """Projects from the state before where it should begin from zero."""

    def run(self, xs: Array) -> Array:
        hs = super().run(xs)
        self.hs[0] = 1
        return hs


class Slopes(fused.TimeLSTM):
    """Takes 1 − tanh²(c) for 1."""

    def _slopes(self, near: slice, da: Array) -> Array:
        super()._slopes(near, da)
        return self._split(self.gates[near])[3]


class Reset(fused.TimeGRU):
    """Takes what is recalled for what r has let through."""

    def run_back(self, dhs: Array, receive: Receive, dh: Array | None = None) -> None:
        self.recalls[...] = self._split(self.gates)[1] * self.recalls
        super().run_back(dhs, receive, dh)


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize(
    ("title", "hand"),
    [
        ("fused.TimeAffineSoftmaxWithLoss", OneBlock),
        ("fused.TimeAffineSoftmaxWithLoss", NoScale),
        ("fused.TimeEmbedding", Kept),
        ("fused.TimeRNN", NoTruncation),
        ("fused.TimeLSTM", Slopes),
        ("fused.TimeGRU", Reset),
    ],
    ids=lambda thing: thing if isinstance(thing, str) else thing.__name__,
)
def test_a_planted_fault_is_found(title: str, hand: type) -> None:
    pair: Pair = FUSED[title]
    assert not compare_pair(replace(pair, hand=hand), seeds=1).ok
