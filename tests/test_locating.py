"""Handwritten backward passes beside the tape of their twins: what is right has a name, what is wrong is found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recording import Recorder, reads

import tiny_autograd_rnn as pure
from compare.agreement import Array
from compare.cases import cases, sizes
from compare.checking import specifications as spec
from compare.checking.convention import Convention
from compare.inputs import Case, Inputs, draw
from compare.locating.blame import FirstWrong
from compare.locating.first_wrong import first_wrong
from compare.locating.recognising import Index, Match, says_something
from compare.locating.recorded import Record, line_of, recognised
from compare.locating.relations import near, relation
from compare.locating.tape import Tape
from compare.pair import Pair
from compare.pairs import PAIRS
from compare.runs import run_twin

IFOG = Convention("fgio", "ifog")
PLAIN = Convention()
LEARNERS = Path(__file__).parent / "learners"


@dataclass(frozen=True)
class Learner:
    """A layer of one of the learners' files, and the twin that it is compared with."""

    file: str
    name: str
    twin: Callable[..., Any]
    convention: Convention = PLAIN
    options: tuple[tuple[str, Any], ...] = ()

    @property
    def pair(self) -> Pair:
        return Pair(lambda: None, self.twin, dict(self.options), self.name)

    @property
    def text(self) -> str:
        return (LEARNERS / f"{self.file}.py").read_text("utf-8")


LAYERS = {
    learner.name: learner
    for learner in (
        Learner("book", "RNN", pure.rnn),
        Learner("book", "TimeRNN", pure.time_rnn),
        Learner("book", "LSTM", pure.lstm),
        Learner("book", "TimeLSTM", spec.leading(pure.time_lstm)),
        Learner("book", "GRU", pure.gru, PLAIN, (("reset", "before"),)),
        Learner("book", "TimeEmbedding", pure.time_embedding),
        Learner("book", "TimeAffine", pure.time_affine),
        Learner("book", "TimeSoftmaxWithLoss", pure.time_softmax_with_loss),
        Learner("course", "rnn_step", pure.rnn),
        Learner("course", "rnn", pure.time_rnn),
        Learner("course", "lstm_step", pure.lstm, IFOG),
        Learner("course", "lstm", spec.lstm_from_zero, IFOG),
        Learner("course", "word_embedding", pure.time_embedding),
        Learner("course", "temporal_affine", pure.time_affine),
        Learner("course", "layernorm", pure.layer_norm),
    )
}


def drawn(pair: Pair, seed: int = 0) -> Inputs:
    return draw(pair.signature, Case("usual", sizes(pair.signature), seed))


@cache
def tape_of(name: str) -> Tape:
    learner = LAYERS[name]
    return Tape.of(learner.pair, drawn(learner.pair), learner.convention)


def recorded(learner: Learner, text: str) -> list[Record]:
    """The layer of a text run forwards and backwards on the tape's inputs, with every value that its variables took."""
    tape, recorder = tape_of(learner.name), Recorder(text)
    inputs, signature = tape.traced.inputs.copied(), learner.pair.signature
    arguments = dict(inputs.arguments) | {a.name: tape.theirs(inputs.arguments[a.name]) for a in signature.params}
    cotangents = [np.array(cotangent) for cotangent in inputs.cotangents.values()]
    if learner.file == "course":
        *_, cache = recorder.run(recorder.namespace[f"{learner.name}_forward"], *arguments.values())
        recorder.run(recorder.namespace[f"{learner.name}_backward"], *cotangents, cache)
        return recorder.records
    layer = recorder.namespace[learner.name](*(arguments[a.name] for a in signature.params))
    vars(layer).update({a.name[:-1]: arguments[a.name] for a in signature.states})
    recorder.run(layer.forward, *(arguments[a.name] for a in signature.data if a not in signature.states))
    recorder.run(layer.backward, *cotangents)
    return recorder.records


@dataclass(frozen=True)
class Fault:
    """`old` replaced by `new` in a layer, or in the one that it is made of; `at` is a part of the line to blame.

    `wrong`: the gradients that come out wrong. `says`: a part of what is to be said about the line.
    """

    layer: str
    old: str
    new: str
    wrong: tuple[str, ...] = ("Wx",)
    at: str = ""
    says: str = ""

    @property
    def text(self) -> str:
        text = LAYERS[self.layer].text
        begins = text.index(self.old, self._begins(text))
        return text[:begins] + self.new + text[begins + len(self.old) :]

    def _begins(self, text: str) -> int:
        """Where the layer begins, or the one that it is made of."""
        own, inner = ("class {}:", "def {}_backward"), (self.layer.removeprefix("Time"), f"{self.layer}_step")
        for begin in (own[0].format(self.layer), own[1].format(self.layer), f"def {self.layer}_forward"):
            at = text.find(begin)
            end = min((i for i in (text.find("\nclass ", at + 1), text.find("\ndef ", at + 1)) if i > 0), default=-1)
            if at >= 0 and self.old in text[at:end]:
                return at
        return min(i for i in (text.find(f"class {inner[0]}:"), text.find(f"def {inner[1]}_")) if i >= 0)


DS = "ds = dc_next + (dh_next * o) * (1 - tanh_c_next**2)"
DC = "dc = dnext_c + dnext_h * o * (1 - tanh_c**2)"
CALL = "dx, dh = layer.backward(dhs[:, t, :] + dh)"
TIME = ("xs", "Wx", "Wh", "b")

FAULTS = (
    Fault("RNN", "dt = dh_next * (1 - h_next**2)", "dt = dh_next * (1 - h_next)", says="∂L/∂h times 1 − h"),
    Fault("RNN", "dt = dh_next * (1 - h_next**2)", "dt = dh_next * (1 + h_next**2)", says="∂L/∂h times 1 + h²"),
    Fault("RNN", "dt = dh_next * (1 - h_next**2)", "dt = 1 - h_next**2", says="1 − h² instead"),
    Fault("RNN", "dWh = np.dot(h_prev.T, dt)", "dWh = np.dot(h_next.T, dt)", ("Wh",), says="is hᵀ ∂L/∂(x Wx + h_prev"),
    Fault("RNN", "db = np.sum(dt, axis=0)", "db = np.mean(dt, axis=0)", ("b",), says="1/5 (N) times ∂L/∂b"),
    Fault("RNN", "dh_prev = np.dot(dt, Wh.T)", "dh_prev = np.dot(dt, Wh)", ("h_prev",), says="+ b) Wh"),
    Fault("TimeRNN", CALL, "dx, dh = layer.backward(dhs[:, t, :])", TIME, says="arrives from t = 2"),
    Fault("TimeRNN", "grads[i] += grad", "grads[i] = grad", TIME[1:], says="share of t = 0"),
    Fault("TimeRNN", "dh_prev = np.dot(dt, Wh.T)", "dh_prev = np.dot(dt, Wh)", TIME),
    Fault(
        "TimeRNN", "layer.forward(xs[:, t, :], self.h)", "layer.forward(xs[:, 0, :], self.h)", TIME, says="x at t = 0"
    ),
    Fault("LSTM", DS, "ds = (dh_next * o) * (1 - tanh_c_next**2)", says="part of ∂L/∂c"),
    Fault("LSTM", DS, "ds = dc_next + (dh_next * o) * (1 - tanh_c_next)"),
    Fault("LSTM", DS, "ds = dc_next + dh_next * (1 - tanh_c_next**2)"),
    Fault("LSTM", "df = ds * c_prev", "df = ds * dc_prev"),
    Fault("LSTM", "di = ds * g", "di = ds * i", says="∂L/∂g instead"),
    Fault("LSTM", "dg = ds * i", "dg = ds * g", says="∂L/∂i instead"),
    Fault("LSTM", "dg *= 1 - g**2", "dg *= g * (1 - g)", says="∂L/∂g times g ⊙ (1 − g)"),
    Fault("LSTM", "dA = np.hstack((df, dg, di, do))", "dA = np.hstack((df, di, dg, do))"),
    Fault("TimeLSTM", "dx, dh, dc = layer", "dx, dh, _ = layer", TIME, says="arrives from t = 2"),
    Fault("TimeLSTM", DS, "ds = (dh_next * o) * (1 - tanh_c_next**2)", TIME, says="arrives from t = 2"),
    Fault("TimeLSTM", "dc_prev = ds * f", "dc_prev = ds * i", TIME, says="∂L/∂g at t = 2 instead"),
    Fault("TimeLSTM", "do *= o * (1 - o)", "do *= o", TIME, says="times o at t = 2"),
    Fault("GRU", "h_hat - dh_next * h_prev", "h_hat + dh_next * h_prev"),
    Fault("GRU", "dh_prev += r * dhr", "dh_prev += dhr", ("h_prev",)),
    Fault("GRU", "dr = dhr * h_prev", "dr = dhr * h_hat", says="∂L/∂(r ⊙ h_prev) times tanh"),
    Fault("GRU", "dx += np.dot(dt, Wxr.T)", "dx = np.dot(dt, Wxr.T)", ("x",), says="part of ∂L/∂x"),
    Fault("GRU", "dWhh = np.dot((r * h_prev).T, dt)", "dWhh = np.dot(h_prev.T, dt)", ("Wh",), says="is h_prevᵀ"),
    Fault("GRU", "dh_prev = dh_next * (1 - z)", "dh_prev = dh_next * z", ("h_prev",), says="instead"),
    Fault("GRU", "h_next = (1 - z) * h_prev + z * h_hat", "h_next = z * h_prev + (1 - z) * h_hat"),
    Fault("TimeEmbedding", "np.add.at(dW, self.idx, dout)", "dW[self.idx] = dout", ("W",)),
    Fault("TimeEmbedding", "grad += layer.grads[0]", "grad = layer.grads[0]", ("W",), says="share of t = 2"),
    Fault("TimeAffine", "dW = np.dot(rx.T, dout)", "dW = np.dot(rx.T, dout) / T", ("W",), says="1/3 (T) times ∂L/∂W"),
    Fault("TimeAffine", "db = np.sum(dout, axis=0)", "db = np.sum(dout, axis=0) / N", ("b",), says="1/5 (N) times"),
    Fault("TimeSoftmaxWithLoss", "dx /= mask.sum()", "dx /= N * T", ("xs",)),
    Fault("TimeSoftmaxWithLoss", "        dx *= mask[:, np.newaxis]\n", "", ("xs",), at="dx /= mask.sum()"),
    Fault("TimeSoftmaxWithLoss", "        dx *= dout\n", "", ("xs",), at="dx *= mask[:, np.newaxis]"),
    Fault("TimeSoftmaxWithLoss", "ts] -= 1", "ts] += 1", ("xs",)),
    Fault("rnn_step", "dtanh = 1 - next_h * next_h", "dtanh = 1 - next_h", says="is 1 − h"),
    Fault("rnn_step", "dtanh = 1 - next_h * next_h", "dtanh = 1 - (x.dot(Wx) + prev_h.dot(Wh)) ** 2"),
    Fault("rnn_step", "db = da.sum(axis=0)", "db = dnext_h.sum(axis=0)", ("b",), says="∂L/∂h summed over its rows"),
    Fault("rnn", "dnext_h = dh[:, t] + dprev_h", "dnext_h = dh[:, t]", TIME, says="arrives from t = 2"),
    Fault("rnn", "dnext_h = dh[:, t] + dprev_h", "dnext_h = dh[:, t] - dprev_h", TIME),
    Fault("rnn", "dWx += dWx_t", "dWx = dWx_t", says="share of t = 0"),
    Fault("rnn", "db += db_t", "db += db_t / T", ("b",), says="1/3 (T) times the share of t = 2 in ∂L/∂b"),
    Fault("lstm_step", DC, DC.replace("tanh_c**2", "next_c**2")),
    Fault("lstm_step", "(da_i, da_f, da_o, da_g)", "(da_i, da_f, da_g, da_o)"),
    Fault("lstm_step", "df = dc * prev_c", "df = dc * next_c", says="∂L/∂c times c"),
    Fault("lstm_step", "di = dc * g", "di = dnext_c * g", says="times g"),
    Fault("lstm", "dprev_c = dc * f", "dprev_c = dnext_c * f", TIME, says="all zero"),
    Fault("lstm", "dx_t, dprev_h, dprev_c, dWx_t", "dx_t, dprev_h, _, dWx_t", TIME, says="arrives from t = 2"),
    Fault("lstm", "next_h = o * np.tanh(next_c)", "next_h = o * next_c", TIME),
    Fault("word_embedding", "np.add.at(dW, x, dout)", "dW[x] += dout", ("W",)),
    Fault(
        "temporal_affine", "db = dout.sum(axis=(0, 1))", "db = dout.sum(axis=(0, 1)) / N", ("b",), says="1/5 (N) times"
    ),
    Fault("layernorm", "dx = dcentred + dmu / D", "dx = dcentred + dmu", ("x",)),
    Fault("layernorm", "np.sum(dout * xhat, axis=0)", "np.sum(dout * centred, axis=0)", ("gamma",)),
)


def found_in(learner: Learner, text: str, wrong: Sequence[str]) -> FirstWrong | None:
    return first_wrong(recorded(learner, text), tape_of(learner.name), reads(text, "learner.py"), wrong)


def said_of(wrong: FirstWrong, tape: Tape) -> str:
    """All that is found out about the value of a wrong line."""
    told = [near(wrong.record.value, tape)]
    if wrong.wanted_array is not None:
        told.append(relation(wrong.record.value, wrong.wanted_array, tape))
    return " | ".join([wrong.is_instead, wrong.missing, *(each.text for each in told if each)])


@pytest.mark.parametrize("name", LAYERS)
def test_every_intermediate_of_a_right_derivation_is_known(name: str) -> None:
    learner = LAYERS[name]
    seen = recognised(recorded(learner, learner.text), tape_of(name), reads(learner.text, "learner.py"))
    of_layer = [each for each in seen if each.record.function != "sigmoid"]
    assert sum(each.match is not None for each in of_layer) >= 5
    # memory that np.empty finds may look like numbers
    unknown = [line_of(each) for each in of_layer if each.unknown and each.inputs]
    assert not unknown


@pytest.mark.parametrize("name", LAYERS)
def test_nothing_is_blamed_in_a_right_derivation(name: str) -> None:
    learner = LAYERS[name]
    assert found_in(learner, learner.text, ()) is None


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.layer}: {fault.new.strip() or fault.old.strip()}")
def test_the_first_wrong_line_is_the_planted_one(fault: Fault) -> None:
    learner = LAYERS[fault.layer]
    wrong = found_in(learner, fault.text, fault.wrong)
    assert wrong is not None
    assert (fault.at or fault.new) in fault.text.splitlines()[wrong.record.line - 1]
    assert fault.says in said_of(wrong, tape_of(fault.layer))


def test_it_says_since_which_step_a_line_is_wrong() -> None:
    fault = next(f for f in FAULTS if f.layer == "rnn" and f.new == "dnext_h = dh[:, t] - dprev_h")
    wrong = found_in(LAYERS["rnn"], fault.text, fault.wrong)
    assert wrong is not None
    assert (wrong.passes, wrong.step) == (1, 1)
    assert wrong.since == "right once, wrong from t = 1 on"
    assert wrong.inputs["dprev_h"].said == "∂L/∂h at t = 1, as far as it arrives from t = 2"


def test_what_a_variable_is_is_said_with_its_bits() -> None:
    learner = LAYERS["rnn_step"]
    seen = recognised(recorded(learner, learner.text), tape_of("rnn_step"))
    da = next(each for each in seen if each.record.name == "da")
    assert line_of(da).startswith("`da` is ∂L/∂(x Wx + h_prev Wh + b), ")


SAYINGS = {
    "RNN": ("x Wx + h_prev Wh + b", "∂L/∂(x Wx + h_prev Wh + b)", "h", "∂L/∂h_prev", "1 − h²"),
    "TimeRNN": ("x Wx + h_prev Wh + b at t = 2", "∂L/∂h at t = 1", "the share of t = 0 in ∂L/∂Wx", "∂L/∂hs[:, 1]"),
    "TimeLSTM": ("f ⊙ c_prev at t = 1", "tanh(c) at t = 0", "∂L/∂(x Wx + h_prev Wh + b) at t = 2, gate f"),
    "GRU": ("(1 − z) ⊙ h_prev", "∂L/∂(r ⊙ h_prev)", "∂L/∂z"),
    "TimeSoftmaxWithLoss": ("p = softmax", "p − one-hot times dout", "log p"),
}


@pytest.mark.parametrize("name", SAYINGS)
def test_entries_are_named_as_a_person_writes_them(name: str) -> None:
    assert set(SAYINGS[name]) <= {entry.said for entry in tape_of(name).entries}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.title)
def test_a_tape_holds_the_gradients_of_autograd_and_short_names(pair: Pair) -> None:
    inputs = drawn(pair)
    tape, run = Tape.of(pair, inputs), run_twin(pair, inputs)
    for name, grad in run.grads.items():
        ours = tape.gradient(name[1:])
        assert ours is not None
        np.testing.assert_allclose(ours, grad, rtol=1e-12, atol=1e-14)
    assert all(entry.array.dtype == np.float64 for entry in tape.entries)
    assert max(len(tape.names.name(node)) for node in tape.traced.nodes) <= 60


@pytest.mark.parametrize("title", ["RNN", "TimeLSTM", "GRU", "TimeSoftmaxWithLoss", "SigmoidWithLoss", "Rnnlm"])
def test_a_tape_is_made_of_every_case(title: str) -> None:
    pair = next(pair for pair in PAIRS if pair.title == title)
    for case in cases(pair, seeds=1):
        if case.sizes.get("T", 0) <= 3:
            tape = Tape.of(pair, draw(pair.signature, case))
            known = [tape.gradient(name) for name in tape.traced.arguments]
            assert all(tape.recognise(array) for array in known if array is not None and says_something(array))


def gradient(name: str, argument: str) -> Array:
    array = tape_of(name).gradient(argument)
    assert array is not None
    return array


@pytest.mark.parametrize(
    ("changed", "how"),
    [
        (lambda a: a, "same"),
        (lambda a: a * (1 + 1e-13), "same"),
        (lambda a: a.reshape(-1, a.shape[-1]), "reshaped"),
        (lambda a: a.transpose(1, 0, 2), "transposed"),
        (lambda a: -a, "negated"),
        (lambda a: a[:, ::-1], "reversed"),
        (lambda a: a.astype(np.float32), "same"),
    ],
)
def test_an_array_is_known_however_it_stands(changed: Callable[[Array], Array], how: str) -> None:
    match = tape_of("TimeRNN").recognise(changed(gradient("TimeRNN", "xs")))
    assert isinstance(match, Match)
    assert (match.entry.said, match.how) == ("∂L/∂xs", how)


@pytest.mark.parametrize(
    "changed", [lambda a: a * (1 + 1e-6), lambda a: a + 1e-6, lambda a: 2 * a, lambda a: np.roll(a, 1), lambda a: a[:1]]
)
def test_what_is_not_on_the_tape_is_not_known(changed: Callable[[Array], Array]) -> None:
    assert tape_of("TimeRNN").recognise(changed(gradient("TimeRNN", "Wh"))) is None


@pytest.mark.parametrize(
    "trivial",
    [np.zeros((5, 6)), np.ones((5, 6)), np.eye(5), np.array([0.3]), np.full(6, 0.1), np.arange(30), np.full(6, np.nan)],
    ids=["zeros", "ones", "one-hot", "one element", "constant", "integers", "nan"],
)
def test_what_says_nothing_is_not_looked_up(trivial: Array) -> None:
    floats = trivial.astype(np.float64)
    entries = [replace(entry, array=floats) for entry in tape_of("RNN").entries[:1]]
    assert Index.of(entries).recognise(trivial) is None


def test_only_the_asked_kind_is_found() -> None:
    tape = tape_of("RNN")
    assert tape.recognise(gradient("RNN", "Wx"), "value") is None
    assert tape.recognise(gradient("RNN", "Wx"), "gradient") is not None


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.sampled_from(sorted(LAYERS)))
def test_no_relation_is_seen_where_there_is_none(seed: int, name: str) -> None:
    rng, tape = np.random.default_rng(seed), tape_of(name)
    for argument in tape.traced.arguments:
        wanted = gradient(name, argument)
        found = rng.normal(size=wanted.shape)
        assert relation(found, wanted, tape, argument) is None
        assert near(found, tape) is None
        assert tape.recognise(found) is None


def _rows_overwritten(layer: str) -> Array:
    run = tape_of(layer).traced
    found = np.zeros_like(gradient(layer, "W"))
    found[run.inputs.arguments["xs"]] = run.inputs.cotangents["out"]
    return found


def _blocks(array: Array, order: Sequence[int]) -> Array:
    return np.concatenate([np.split(array, len(order), axis=-1)[k] for k in order], axis=-1)


RELATIONS: tuple[tuple[str, str, Callable[[Array], Array], str, str], ...] = (
    ("RNN", "Wx", lambda a: a / 5, "ratio", "1/5 (N) times"),
    ("RNN", "Wx", lambda a: 2 * a, "ratio", "twice"),
    ("TimeRNN", "Wx", lambda a: 2 * a, "accumulate", "kept from a call before"),
    ("TimeRNN", "Wx", lambda a: a / 15, "ratio", "1/15 (N·T) times"),
    ("RNN", "Wx", lambda a: -a, "sign", "opposite sign"),
    ("RNN", "Wx", lambda a: 0 * a, "missing", "all zero"),
    ("RNN", "Wx", lambda a: a.T, "transpose", "transposed"),
    ("RNN", "Wh", lambda a: a.T, "transpose", "transposed"),
    ("RNN", "Wx", lambda a: gradient("RNN", "Wh"), "slot", "gradient of Wh"),
    ("RNN", "Wx", lambda a: a.astype(np.float32), "precision", "float32"),
    ("RNN", "Wx", lambda a: np.where(a > 0, a, np.nan), "memory", "before it is written"),
    ("RNN", "h_prev", lambda a: a[::-1], "index", "rows in another order"),
    ("TimeRNN", "Wx", lambda a: tape_of("TimeRNN").shares("Wx")[2], "accumulate", "share of t = 2 alone"),
    ("TimeRNN", "Wx", lambda a: a - tape_of("TimeRNN").shares("Wx")[0], "loop", "lacks the share of t = 0"),
    ("TimeRNN", "Wx", lambda a: a + tape_of("TimeRNN").shares("Wx")[1], "loop", "share of t = 1 twice"),
    ("TimeRNN", "Wh", lambda a: tape_of("TimeRNN").cut["h"]["Wh"], "term", "∂L/∂h of t + 1 never arrives at t"),
    ("TimeRNN", "xs", lambda a: a[:, ::-1], "loop", "reversed order"),
    ("TimeRNN", "xs", lambda a: np.roll(a, 1, axis=1), "index", "shifted by one step"),
    ("TimeRNN", "xs", lambda a: a * np.array([0, 1, 1])[:, None], "loop", "t = 0 only and zero there"),
    ("TimeRNN", "xs", lambda a: a + np.array([0.1, 0.2, 0])[:, None], "", "right at the last step"),
    ("TimeRNN", "xs", lambda a: a + np.array([0, 0.1, 0.2])[:, None], "", "right at the first step"),
    ("LSTM", "Wx", lambda a: _blocks(a, (0, 2, 1, 3)), "index", "figo in place of fgio"),
    ("LSTM", "Wx", lambda a: a * np.repeat([1, 1, -1, 1], 6), "sign", "gate i only, which has the opposite sign"),
    ("lstm_step", "Wx", lambda a: a * np.repeat([1, 2, 1, 1], 6), "ratio", "gate f only, which is twice"),
    ("TimeEmbedding", "W", lambda a: _rows_overwritten("TimeEmbedding"), "repeated ids", "one overwrites another"),
    ("TimeAffine", "W", lambda a: a - tape_of("TimeAffine").shares("W")[1], "loop", "lacks the share of t = 1"),
    ("LSTM", "c_prev", lambda a: a / gate("g"), "factor", "lacks the factor g"),
    ("LSTM", "c_prev", lambda a: a * gate("i"), "factor", "has the factor i too many"),
    ("LSTM", "c_prev", lambda a: entry("∂L/∂c") * gate("o"), "factor", "is ∂L/∂c times o"),
    ("LSTM", "c_prev", lambda a: a - entry("∂L/∂f"), "term", "lacks the summand ∂L/∂f"),
    ("LSTM", "c_prev", lambda a: entry("∂L/∂i"), "operand", "is ∂L/∂i instead"),
)


def entry(said: str, layer: str = "LSTM") -> Array:
    return next(each.array for each in tape_of(layer).entries if each.said == said)


def gate(letter: str) -> Array:
    return entry(letter)


@pytest.mark.parametrize("row", RELATIONS, ids=lambda row: f"{row[0]} {row[1]}: {row[4]}")
def test_a_relation_is_seen(row: tuple[str, str, Callable[[Array], Array], str, str]) -> None:
    layer, argument, changed, kind, says = row
    wanted = gradient(layer, argument)
    found = relation(changed(wanted), wanted, tape_of(layer), argument)
    assert found is not None
    assert found.kind == kind
    assert says in found.text
    assert relation(wanted, wanted, tape_of(layer), argument) is None


def test_an_upstream_gradient_that_is_ignored_is_seen() -> None:
    for name, argument in (("LSTM", "Wx"), ("TimeSoftmaxWithLoss", "xs")):
        run = tape_of(name).traced
        ones = {key: np.ones_like(array) for key, array in run.inputs.cotangents.items()}
        found = run_twin(run.pair, replace(run.inputs, cotangents=ones)).grads[f"d{argument}"]
        seen = relation(found, gradient(name, argument), tape_of(name), argument)
        assert seen is not None
        assert seen.kind == "upstream"


def test_a_mask_that_is_missing_is_seen() -> None:
    name = "TimeSoftmaxWithLoss"
    found = entry("p − one-hot times both", name)
    seen = relation(found, gradient(name, "xs"), tape_of(name), "xs")
    assert seen is not None
    assert (seen.kind, "only where the mask drops" in seen.text) == ("factor", True)


def test_a_mean_over_the_wrong_count_is_seen_in_the_loss_too() -> None:
    tape = tape_of("TimeSoftmaxWithLoss")
    loss = np.asarray(tape.traced.outputs["loss"].value)
    kept = float((tape.traced.inputs.arguments["ts"] != -1).sum())
    seen = relation(loss * kept / 15, loss, tape)
    assert seen is not None
    assert "the number of kept labels over N·T" in seen.text
    assert relation(loss * 0.7312, loss, tape) is None
