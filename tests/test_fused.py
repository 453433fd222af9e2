"""The fused hands beside the plain ones: the same numbers in any blocks and threads, without memory for all scores."""

import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
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
from manual.fused._recurrent import Receive, Some, Steps

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
    monkeypatch.setattr(_threads, "PRODUCTS", 1)
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


class AsTheyAre(fused.TimeAffineSoftmaxWithLoss):
    """Takes exp of all scores as they are, whatever is lost."""

    def __init__(self, *params: Array, **options: Any) -> None:
        super().__init__(*params, **options)
        self.small = self.params[0].dtype.type(0)


def head(layer: Any, hs: Array, ts: Array) -> list[Array]:
    """The loss and all gradients."""
    loss = layer.forward(hs, ts)
    dhs = layer.backward()
    return [np.array(array) for array in (loss, dhs, *layer.grads)]


def true_head(W: Array, b: Array, hs: Array, ts: Array) -> list[Array]:
    """The same by the definition, in float64, with scores as float32 has them."""
    h, k = hs.reshape(-1, hs.shape[-1]), ts.reshape(-1)
    x = (h @ W + b).astype(np.float64)
    z = x - x.max(axis=1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    at = np.arange(len(k)), k
    # −log p of the label, without what cancels where p is nearly 1
    losses = np.logaddexp.reduce(x - x[at][:, np.newaxis], axis=1)
    dx = p.copy()
    dx[at] -= 1
    dx /= len(k)
    return [losses.mean(), (dx @ W.T).reshape(hs.shape), h.T @ dx, dx.sum(axis=0)]


@few
@given(st.integers(0, 999), st.floats(-3, 4), st.floats(-3, 4), st.integers(1, 9))
def test_scores_of_any_size_give_the_true_loss_and_gradients(seed: int, scale: float, offset: float, V: int) -> None:
    rng = np.random.default_rng(seed)
    W, b = (rng.normal(size=size).astype(np.float32) for size in ((3, V), (V,)))
    # one score for all: the maximum would take it away
    W, b = W * np.float32(10**scale), b + np.float32(rng.choice([-1, 1]) * 10**offset)
    hs, ts = rng.normal(size=(2, 4, 3)).astype(np.float32), rng.integers(0, V, (2, 4))
    largest = float(np.abs(hs @ W).max() + np.abs(b).max())
    wanted = true_head(W, b, hs, ts)
    found = head(fused.TimeAffineSoftmaxWithLoss(W, b), hs, ts)
    u = unit_roundoff(np.dtype(np.float32))
    for one, other in zip(found, wanted, strict=True):
        # a score has the error of its own rounding, and p that relative to itself
        assert np.abs(one - other).max() <= 16 * u * (1 + largest) * max(1, np.abs(W).max())


@pytest.mark.parametrize("top", [0, 20, 43, 43.6, 43.7, 44, 80, 88, 89, 100, 1e4])
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("k", [0, 1])
def test_the_border_of_what_exp_can_hold(top: float, sign: int, k: int) -> None:
    W, b = np.array([[sign * top, 0.5]], np.float32), np.zeros(2, np.float32)
    hs, ts = np.ones((1, 1, 1), np.float32), np.array([[k]])
    found, wanted = head(fused.TimeAffineSoftmaxWithLoss(W, b), hs, ts), true_head(W, b, hs, ts)
    # even where p is nearly 1, so that the loss is next to nothing
    assert all(np.allclose(one, other, rtol=2e-6, atol=3e-7) for one, other in zip(found, wanted, strict=True))
    # and so it is seen where there is none
    with np.errstate(all="ignore"):
        loss, *_ = head(AsTheyAre(W, b), hs, ts)
    assert np.isfinite(loss) == (top < 89) or sign < 0


def test_both_ways_to_take_exp_agree_where_both_can() -> None:
    rng = np.random.default_rng(0)
    W, b = rng.normal(size=(5, 40)), rng.normal(size=40)
    hs, ts = rng.normal(size=(3, 7, 5)), rng.integers(-1, 40, (3, 7))
    quick, shifted = fused.TimeAffineSoftmaxWithLoss(W, b), fused.TimeAffineSoftmaxWithLoss(W, b)
    shifted.small = np.float64(np.inf)
    assert apart(head(quick, hs, ts), head(shifted, hs, ts)) < 64


@few
@given(st.integers(1, 9), st.integers(1, 80), st.integers(0, 999))
def test_rows_of_the_same_id_are_added_up_however_many(V: int, R: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    layer = fused.TimeEmbedding(np.zeros((V, 3)))
    ids, dout = rng.integers(0, V, (1, R)), rng.normal(size=(1, R, 3))
    before = dout.copy()
    layer.forward(ids)
    layer.backward(dout)
    wanted = np.zeros((V, 3))
    np.add.at(wanted, ids, dout)
    assert np.abs(layer.grads[0] - wanted).max() < 1e-13
    assert np.array_equal(dout, before)


# what a step leaves on the way there: a SimpleRnnlm its state, an Rnnlm gates, memory and its tanh too; and the
# gradient that comes in, and a little for ids and labels
@pytest.mark.parametrize(("name", "states"), [("SimpleRnnlm", 2), ("Rnnlm", 8), ("GruRnnlm", 6)])
def test_memory_grows_with_time_by_what_the_way_back_needs(
    name: str, states: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    N, H, V = 8, 64, 20
    rng = np.random.default_rng(0)
    params = model_weights(rng, MODELS[name], "float64", H, H, V)

    def growth() -> float:
        xs = rng.integers(0, V, (N, 600))
        short, long = (peak(partial(step, getattr(fused, name)(*params), xs[:, :T], xs[:, :T])) for T in (300, 600))
        return (long - short) / 300 / (8 * N * H)

    assert states <= growth() < states + 0.4
    monkeypatch.setattr(_recurrent, "ROWS", 1 << 20)
    # all steps in one block
    assert growth() > states + 2


@each_model
def test_what_is_refused_is_refused_after_a_good_pass_too(name: str) -> None:
    rng = np.random.default_rng(0)
    params = model_weights(rng, MODELS[name], "float64", 3, 4, 5)
    good = rng.integers(0, 5, (2, 3))
    bad = [
        (good.astype(float), good),
        (good.tolist(), good),
        (good + 4, good),
        (good - 5, good),
        (good, good - 7),
        (good, good + 5),
        (good[:1], good),
        (good[:, :2], good),
        (good[:1], good[:1]),
    ]
    for xs, ts in bad:
        said = []
        for package in (fused, manual):
            model = getattr(package, name)(*params)
            model.forward(good, good)
            with pytest.raises((TypeError, ValueError)) as refused:
                model.forward(xs, ts)
            said.append(str(refused.value))
            # and the way back is still that of the good pass
            model.backward()
        assert said[0] == said[1]
    model = getattr(fused, name)(*params)
    model.forward(good, good)
    model.predict(good)
    with pytest.raises(RuntimeError, match="call forward first"):
        model.backward()


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


class Repeats(fused.TimeEmbedding):
    """Counts an id that comes twice once."""

    def add(self, some: slice, dout: Array) -> None:
        self.grads[0][self.ids[some].reshape(-1)] += dout.reshape(-1, dout.shape[-1])


class NoTruncation(fused.TimeRNN):
    """Projects from the state before where it should begin from zero."""

    def run(self, xs: Steps) -> Array:
        hs = super().run(xs)
        self.hs[0] = 1
        return hs


class Slopes(fused.TimeLSTM):
    """Takes 1 − tanh²(c) for 1."""

    def _slopes(self, at: Some, da: Array, slope: Array) -> Array:
        super()._slopes(at, da, slope)
        return self._split(self.gates[at])[3]


class FirstBlock(fused.TimeLSTM):
    """Forgets what later steps left in the weights' gradients."""

    def _add_product(self, grad: Array, left: Array, right: Array, more: bool) -> None:
        super()._add_product(grad, left, right, False)


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
        ("fused.TimeEmbedding", Repeats),
        ("fused.TimeRNN", NoTruncation),
        ("fused.TimeLSTM", Slopes),
        ("fused.TimeLSTM", FirstBlock),
        ("fused.TimeGRU", Reset),
    ],
    ids=lambda thing: thing if isinstance(thing, str) else thing.__name__,
)
def test_a_planted_fault_is_found(title: str, hand: type) -> None:
    pair: Pair = FUSED[title]
    assert not compare_pair(replace(pair, hand=hand), seeds=1).ok
