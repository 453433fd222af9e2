"""The rooms of compare/training one by one: text, engines, optimisers, checkpoints, loop, sample."""

import json
import math
import os
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compare.agreement import Array
from compare.errors import DivergedError, RefusedError
from compare.training import checkpoint, options
from compare.training.checkpoint import Model
from compare.training.course import Epoch, Plan, Step, lowered, partings, perplexity
from compare.training.engines import Autograd, Engine, Manual
from compare.training.loop import Copy, Run, evaluate, train
from compare.training.models import MODELS, Architecture
from compare.training.optimiser import SGD, Adam, global_norm
from compare.training.sample import sample
from compare.training.text import UNKNOWN, Streams, Vocabulary, split, tokenise

V, D, H, N, T = 7, 3, 4, 2, 5
SIMPLE = MODELS["simple-rnnlm"]
IDS = np.random.default_rng(5).integers(0, V, 61)


def engine_of(engine: type[Engine], dtype: str = "float64") -> Engine:
    return engine(SIMPLE, SIMPLE.initial(V, D, H, dtype, 0))


def run_of(*engines: type[Engine], dtype: str = "float64") -> Run:
    return Run([Copy(engine_of(engine, dtype), SGD(0.1)) for engine in engines])


def steps_of(*engines: type[Engine], dtype: str = "float64", **plan: Any) -> list[Step]:
    events = train(run_of(*engines, dtype=dtype), Streams(IDS, N, T), None, Plan(**{"epochs": 3, "lr": 0.5, **plan}))
    return [event for event in events if isinstance(event, Step)]


# text


def test_tokens_are_words_or_characters() -> None:
    assert tokenise("to be,\n or", "words") == ["to", "be,", "or"]
    assert tokenise("a b", "chars", limit=2) == ["a", " "]


@given(st.lists(st.text(min_size=1), min_size=1))
def test_a_vocabulary_brings_every_token_back(tokens: list[str]) -> None:
    vocabulary = Vocabulary.of(tokens)
    assert [vocabulary.tokens[i] for i in vocabulary.encode(tokens)] == tokens


def test_a_small_vocabulary_keeps_the_frequent_tokens_in_order_of_appearance() -> None:
    vocabulary = Vocabulary.of(list("xaabbbcc"), most=3)
    assert vocabulary.tokens == ("a", "b", UNKNOWN)
    assert vocabulary.encode(list("xab")).tolist() == [2, 0, 1]


def test_a_token_outside_the_vocabulary_is_named() -> None:
    with pytest.raises(RefusedError, match=r"TEXT: token 1, 'z', is not among the model's 2"):
        Vocabulary(("a", "b")).encode(["a", "z"])


def test_streams_are_the_books() -> None:
    # the book's loop, in its own words
    xs, ts, time_idx = IDS[:-1], IDS[1:], 0
    data_size = len(xs)
    offsets = [i * (data_size // N) for i in range(N)]
    streams = Streams(IDS, N, T)
    assert streams.chunks == data_size // (N * T)
    for chunk in range(2 * streams.chunks + 1):
        batch_x, batch_t = np.empty((2, N, T), dtype=int)
        for t in range(T):
            for i, offset in enumerate(offsets):
                batch_x[i, t] = xs[(offset + time_idx) % data_size]
                batch_t[i, t] = ts[(offset + time_idx) % data_size]
            time_idx += 1
        got_x, got_t = streams.chunk(chunk)
        assert np.array_equal(got_x, batch_x)
        assert np.array_equal(got_t, batch_t)


def test_an_evaluation_reads_every_step_of_every_stream_once() -> None:
    streams = Streams(np.arange(24), 3, 4)
    inputs = np.concatenate([xs for xs, _ in streams.whole()], axis=1)
    targets = np.concatenate([ts for _, ts in streams.whole()], axis=1)
    assert inputs.ravel().tolist() == list(range(21))
    assert np.array_equal(targets, inputs + 1)


@pytest.mark.parametrize(("length", "fraction", "message"), [(10, 0, "at least 11"), (30, 0.05, "at least 3, one")])
def test_a_text_too_short_for_a_step_is_refused(length: int, fraction: float, message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        split(np.zeros(length, dtype=int), N, T, fraction)


# engines


@pytest.mark.parametrize(("dtype", "rtol"), [("float64", 1e-12), ("float32", 1e-4)])
def test_both_engines_give_the_same_losses_to_rounding(dtype: str, rtol: float) -> None:
    manual, autograd = (steps_of(engine, dtype=dtype) for engine in (Manual, Autograd))
    assert len(manual) == 18
    np.testing.assert_allclose([s.losses[0] for s in manual], [s.losses[0] for s in autograd], rtol=rtol)


def test_in_lockstep_each_copy_goes_as_it_goes_alone() -> None:
    together = steps_of(Manual, Autograd)
    alone = zip(steps_of(Manual), steps_of(Autograd), strict=True)
    assert [s.losses for s in together] == [(a.losses[0], b.losses[0]) for a, b in alone]


def test_an_evaluation_leaves_the_state_where_it_was() -> None:
    for engine in (Manual, Autograd):
        left, right = engine_of(engine), engine_of(engine)
        streams = Streams(IDS, N, T)
        left.step(*streams.chunk(0))
        right.step(*streams.chunk(0))
        evaluate(left, streams)
        assert left.step(*streams.chunk(1))[0] == right.step(*streams.chunk(1))[0]


def test_a_saturated_state_gives_no_warning_and_finite_gradients() -> None:
    engine = engine_of(Autograd)
    engine.params[3][...] = 1e4
    loss, grads = engine.step(*Streams(IDS, N, T).chunk(0))
    assert math.isfinite(loss)
    assert all(np.isfinite(grad).all() for grad in grads)


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_every_model_starts_as_the_book_says(model: Architecture) -> None:
    D = 30 if model.tied else 20
    params = dict(zip(model.names, model.initial(50, D, 30, "float32", 0), strict=True))
    rows = {"embed_W": 100**2, "affine_W": 30, "rnn_Wx": D, "lstm_Wx": D, "gru_Wx": D}
    for name, param in params.items():
        assert param.dtype == np.float32
        spread = 0 if name.endswith("_b") else rows.get(name, 30) ** -0.5
        assert param.std() == pytest.approx(spread, rel=0.1)
    assert model.sizes([*params.values()]) == {"V": 50, "D": D, "H": 30}


def test_the_start_of_the_simple_model_in_the_books_own_lines() -> None:
    rn = np.random.default_rng(0).standard_normal
    embed_W = rn((V, D)) / 100
    rnn_Wx, rnn_Wh = rn((D, H)) / np.sqrt(D), rn((H, H)) / np.sqrt(H)
    affine_W = rn((H, V)) / np.sqrt(H)
    book = [embed_W, rnn_Wx, rnn_Wh, np.zeros(H), affine_W, np.zeros(V)]
    assert all(np.array_equal(a, b) for a, b in zip(SIMPLE.initial(V, D, H, "float64", 0), book, strict=True))


@pytest.mark.parametrize("model", [model for model in MODELS.values() if model.drops], ids=lambda model: model.name)
def test_a_dropout_has_new_masks_at_every_step_and_none_in_an_evaluation(model: Architecture) -> None:
    engine = Manual(model, model.initial(V, 100, 100, "float64", 0), 0.3)
    (one,), (same,), (other,) = (engine.masks(50, (7, 2, step)) for step in (1, 1, 2))
    assert one.dtype == bool
    assert one.mean() == pytest.approx(0.7, abs=0.02)
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
    assert engine.evaluating().masks(50)[0].all()
    streams = Streams(IDS, N, T)
    assert evaluate(engine, streams) == evaluate(engine, streams)
    assert evaluate(engine, streams) == pytest.approx(evaluate(Autograd(model, engine.params, 0.3), streams))


# optimisers


def test_sgd_against_a_hand_computation() -> None:
    W = np.array([1.0, -2.0])
    SGD(0.5).update([W], [np.array([4.0, 1.0])])
    assert W.tolist() == [-1.0, -2.5]


def test_adam_against_a_hand_computation() -> None:
    W, adam = np.array([1.0]), Adam(0.1)
    adam.update([W], [np.array([2.0])])
    # m̂ = 2, v̂ = 4: the first step is lr, whatever the gradient
    assert W[0] == pytest.approx(0.9, rel=1e-8)
    adam.update([W], [np.array([-1.0])])
    m = (0.9 * 0.2 + 0.1 * -1) / (1 - 0.9**2)
    v = (0.999 * 0.004 + 0.001 * 1) / (1 - 0.999**2)
    assert W[0] == pytest.approx(0.9 - 0.1 * m / math.sqrt(v), rel=1e-8)


@pytest.mark.parametrize("engine", [Manual, Autograd])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_clipping_scales_all_gradients_by_one_factor(dtype: str, engine: type[Engine]) -> None:
    grads = [np.array([3.0], dtype), np.array([0.0, 4.0], dtype)]
    assert global_norm(grads) == 5
    assert engine.clipped(grads, 5.0) is grads
    small = engine.clipped(grads, 1.0)
    np.testing.assert_allclose(np.concatenate(small), [0.6, 0, 0.8], rtol=1e-6)
    assert {grad.dtype.name for grad in small} == {dtype}


def test_the_learning_rate_decays_by_epoch() -> None:
    run = run_of(Manual)
    rates = []
    for event in train(run, Streams(IDS, N, T), None, Plan(epochs=3, lr=0.8, lr_decay=0.5)):
        if isinstance(event, Epoch):
            rates.append(run.copies[0].optimiser.lr)
    assert rates == [epoch.lr for epoch in run.epochs] == [0.8, 0.4, 0.2]


def epochs_of(*validations: float | None) -> list[Epoch]:
    return [Epoch(e, 6 * e, 1.0, held_out, None, None, 0.1, 0.0) for e, held_out in enumerate(validations, start=1)]


def test_the_learning_rate_is_quartered_after_every_epoch_that_is_not_the_best_so_far() -> None:
    epochs = epochs_of(3.0, 2.0, 2.0, 2.5, 1.0)
    assert lowered(epochs) == [True, True, False, False, True]
    plan = Plan(epochs=9, lr=16.0)
    assert [plan.rate(epochs[:e]) for e in range(6)] == [16, 16, 16, 4, 1, 1]
    assert Plan(epochs=9, lr=16.0, keep_lr=True).rate(epochs) == 16
    assert plan.rate(epochs_of(None, None)) == 16


@pytest.mark.parametrize("steps", [None, 15])
def test_the_best_parameters_are_those_of_a_whole_epoch(monkeypatch: pytest.MonkeyPatch, steps: int | None) -> None:
    losses = iter([2.0, 3.0, 1.0])
    monkeypatch.setattr("compare.training.loop.evaluate", lambda *_: next(losses))
    run, after = run_of(Manual), {}
    for event in train(run, Streams(IDS, N, T), Streams(IDS, N, T), Plan(epochs=3, lr=0.5, steps=steps)):
        after[event.step] = [param.copy() for param in run.copies[0].engine.params]
    best = after[6 if steps else 18]
    assert all(np.array_equal(a, b) for a, b in zip(run.params, best, strict=True))


# the loop


def test_the_same_run_twice_gives_the_same_bits() -> None:
    assert steps_of(Manual, Autograd) == steps_of(Manual, Autograd)


def test_without_carry_every_epoch_begins_at_the_beginning() -> None:
    reset, carried = (steps_of(Manual, lr=1e-300, epochs=2, carry=carry) for carry in (False, True))
    assert [s.losses for s in reset[:6]] == [s.losses for s in reset[6:]]
    assert reset[:6] == carried[:6]
    assert reset[6].losses != carried[6].losses


def test_it_stops_after_the_steps_asked_for() -> None:
    events = list(train(run_of(Manual), Streams(IDS, N, T), Streams(IDS, N, T), Plan(epochs=9, lr=0.1, steps=8)))
    assert [e.step for e in events if isinstance(e, Epoch)] == [6, 8]
    assert events[-1].step == 8


def test_training_lowers_the_loss() -> None:
    losses = [s.losses[0] for s in steps_of(Manual, epochs=30)]
    assert losses[-1] < losses[0] - 0.2


@pytest.mark.parametrize("planted", ["loss", "gradient", "update"])
def test_divergence_keeps_the_last_finite_parameters(planted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_of(Manual)
    engine = run.copies[0].engine
    start = [param.copy() for param in engine.params]
    bad: list[Array] = [np.full_like(param, np.inf if planted == "gradient" else 1e300) for param in start]
    monkeypatch.setattr(Manual, "step", lambda *_: (math.nan if planted == "loss" else 1.0, bad))
    if planted == "update":
        monkeypatch.setattr("compare.training.loop.global_norm", lambda _: 1.0)
    with pytest.raises(DivergedError, match=r"diverged at step 1 \(epoch 1\).*lower --lr"):
        list(train(run, Streams(IDS, N, T), None, Plan(epochs=1, lr=1e300)))
    assert all(np.array_equal(a, b) for a, b in zip(engine.params, start, strict=True))


def test_partings_name_the_first_step_below() -> None:
    steps = steps_of(Manual, Autograd, dtype="float32")
    for parting in partings(steps, "float32"):
        below = [s.step for s in steps if s.parameters and s.parameters.bits < parting.bits]
        assert parting.step == (below[0] if below else None)
    assert [p.bits for p in partings(steps, "float64")] == [40, 30, 20, 10]


def test_a_wrong_gradient_shows_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Autograd.step

    def wrong(self: Autograd, *chunk: Any) -> tuple[float, list[Array]]:
        loss, grads = right(self, *chunk)
        grads[2] = grads[2].T
        return loss, grads

    monkeypatch.setattr(Autograd, "step", wrong)
    step = steps_of(Manual, Autograd)[1]
    assert step.gradients
    assert step.parameters
    assert step.gradients.tensor == step.parameters.tensor == "rnn_Wh"
    assert step.gradients.bits < 5


def test_perplexity_of_a_hopeless_loss_is_infinite() -> None:
    assert perplexity(0) == 1
    assert perplexity(1e6) == math.inf


# checkpoints


def model_of(tokens: tuple[str, ...], kind: str = "words", dtype: str = "float64") -> Model:
    return Model(SIMPLE, kind, Vocabulary(tokens), tuple(SIMPLE.initial(len(tokens), D, H, dtype, 1)), {"lr": 0.1})


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text(min_size=1) | st.just("\0"), min_size=1, max_size=6, unique=True),
    st.sampled_from(["float64", "float32"]),
)
def test_a_saved_model_comes_back_bit_for_bit(
    tmp_path_factory: pytest.TempPathFactory, tokens: list[str], dtype: str
) -> None:
    path = tmp_path_factory.mktemp("models") / "m.npz"
    saved = model_of((*tokens,), dtype=dtype)
    checkpoint.save(path, saved)
    loaded = checkpoint.load(path)
    assert (loaded.kind, loaded.vocabulary, loaded.config) == (saved.kind, saved.vocabulary, saved.config)
    for a, b in zip(loaded.params, saved.params, strict=True):
        assert a.dtype == b.dtype
        assert np.array_equal(a, b)
    assert [p.name for p in path.parent.iterdir()] == ["m.npz"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_write_that_fails_keeps_the_last_good_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    path = tmp_path / "m.npz"
    checkpoint.save(path, model_of(("a", "b")))
    good = path.read_bytes()

    def half(file: BinaryIO, **_: Any) -> None:
        file.write(good[:100])
        raise error

    monkeypatch.setattr(np, "savez", half)
    with pytest.raises(type(error)):
        checkpoint.save(path, model_of(("c", "d")))
    assert path.read_bytes() == good
    assert [p.name for p in tmp_path.iterdir()] == ["m.npz"]


def test_a_full_disk_at_the_last_moment_keeps_the_last_good_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "m.npz"
    path.write_bytes(b"good")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        checkpoint.save(path, model_of(("c", "d")))
    assert path.read_bytes() == b"good"
    assert [p.name for p in tmp_path.iterdir()] == ["m.npz"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link.npz").symlink_to(tmp_path / "m.npz")
    checkpoint.save(tmp_path / "link.npz", model_of(("a",)))
    assert (tmp_path / "link.npz").is_symlink()
    assert checkpoint.load(tmp_path / "m.npz").vocabulary.tokens == ("a",)


class Harmful:
    def __reduce__(self) -> Any:
        return print, ("a pickle was run",)


def damaged(path: Path, fault: str) -> None:
    """A model file with one fault planted in it."""
    checkpoint.save(path, model_of(("a", "b", "c")))
    with np.load(path) as archive:
        arrays: dict[str, Any] = dict(archive)
    raw = path.read_bytes()
    if fault == "truncated":
        path.write_bytes(raw[: len(raw) // 2])
    elif fault == "flipped":
        at = raw.index(arrays["rnn_Wh"].tobytes())
        path.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
    elif fault == "empty":
        path.write_bytes(b"")
    else:
        change_arrays(arrays, fault)
        with path.open("wb") as file:
            np.savez(file, **arrays)


def change_arrays(arrays: dict[str, Any], fault: str) -> None:
    if fault == "pickle":
        arrays["rnn_b"] = np.array([Harmful()] * H, dtype=object)
    elif fault == "nan":
        arrays["affine_W"][1, 2] = np.nan
    elif fault == "shape":
        arrays["rnn_Wx"] = arrays["rnn_Wx"].T
    elif fault == "scalar":
        arrays["embed_W"] = np.array(1.0)
    elif fault == "dtype":
        arrays["affine_b"] = arrays["affine_b"].astype(np.float32)
    elif fault == "missing":
        del arrays["rnn_Wh"]
    elif fault == "other":
        del arrays["about"]
    else:
        arrays["about"] = np.frombuffer(fault.encode(), dtype=np.uint8)


def about(**said: object) -> str:
    return json.dumps({"format": checkpoint.FORMAT, "model": "simple-rnnlm", **said})


DAMAGE = {
    "truncated": "not a whole .npz file",
    "empty": "not a whole .npz file",
    "flipped": "damaged",
    "pickle": "damaged.*allow_pickle=False",
    "nan": "affine_W that is not finite",
    "shape": r"rnn_Wx of shape \(4, 3\)",
    "scalar": r"embed_W of shape \(\)",
    "dtype": "affine_b of dtype float32",
    "missing": "lacks the parameter rnn_Wh",
    "other": "no model",
    "{": "does not say what it holds",
    "[]": "does not say what it holds",
    '{"format": "tiny-autograd-rnn model 1"}': "format",
    about(model="transformer"): "holds a model 'transformer'",
    about(vocabulary=[1]): "no vocabulary",
    about(vocabulary=["a", "a"], tokens="words"): "repeated tokens",
}


@pytest.mark.parametrize(("fault", "message"), DAMAGE.items())
def test_a_damaged_model_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], fault: str, message: str
) -> None:
    path = tmp_path / "m.npz"
    damaged(path, fault)
    with pytest.raises(RefusedError, match=message) as refused:
        checkpoint.load(path)
    assert "\n" not in str(refused.value)
    assert str(path) in str(refused.value)
    assert capsys.readouterr().out == ""


def test_the_command_line_knows_every_model() -> None:
    assert tuple(MODELS) == options.MODELS


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_the_twin_takes_text_then_masks_then_states(model: Architecture) -> None:
    masks, states = ([argument.name for argument in of] for of in (model.masks, model.signature.states))
    assert [argument.name for argument in model.signature.data] == ["xs", "ts", *masks, *states]
    assert [output.name for output in model.signature.outputs] == ["loss", *model.states]


# sampling


def test_a_sample_is_the_same_for_the_same_seed_and_never_unknown() -> None:
    model = model_of(("a", UNKNOWN, "b"))
    assert sample(model, 50, 1.0, 3) == sample(model, 50, 1.0, 3)
    assert sample(model, 50, 1.0, 3) != sample(model, 50, 1.0, 4)
    assert set(sample(model, 200, 1.0, 3).split()) == {"a", "b"}


def test_a_low_temperature_draws_the_likeliest_token() -> None:
    model = model_of(("a", "b", "c"), kind="chars")
    model.params[5][...] = [0, 9, 0]
    assert sample(model, 30, 1e-300, 0) == "b" * 30


def test_a_sample_from_overflowing_scores_is_refused() -> None:
    model = model_of(("a", "b"))
    for param in model.params:
        param[...] = 1.7e308
    with pytest.raises(DivergedError, match="not finite"):
        sample(model, 2, 1.0, 0)
