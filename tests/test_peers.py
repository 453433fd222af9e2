"""An independent voice: torch on the same inputs, forwards and backwards, against both sides of every pair.

Both of our sides could be wrong alike; torch's layers are written by others, in another layout: weights transposed,
two biases added, the batch first on request.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compare.agreement import Array, precision, relative_error
from compare.cases import sizes
from compare.inputs import Case, Inputs
from compare.pairs import PAIRS, Pair
from compare.reference import reference
from compare.rounding import PROMISE
from compare.runs import run_hand
from tiny_autograd_rnn.signature import LABELS, LOGITS, ONE_HOT

torch: Any = pytest.importorskip("torch", reason="torch, the independent voice, is an extra: pip install -e '.[peers]'")
torch.set_num_threads(1)
F = torch.nn.functional

Values = Mapping[str, Any]
DTYPES = ("float64", "float32")
SIZES = st.fixed_dictionaries({axis: st.integers(1, 9) for axis in "NTDHV"} | {"K": st.integers(1, 3)})


def _rnn(v: Values) -> list[Any]:
    cell = torch.nn.RNNCell(*v["Wx"].shape, dtype=v["Wx"].dtype)
    weights = {"weight_ih": v["Wx"].T, "weight_hh": v["Wh"].T, "bias_ih": v["b"] / 4, "bias_hh": v["b"] * 3 / 4}
    return [torch.func.functional_call(cell, weights, (v["x"], v["h_prev"]))]


def _states(xs: Any, h0: Any, Wx: Any, Wh: Any, b: Any) -> Any:
    layer = torch.nn.RNN(*Wx.shape, nonlinearity="tanh", batch_first=True, dtype=Wx.dtype)
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    weights = dict(zip(names, (Wx.T.contiguous(), Wh.T.contiguous(), b / 4, b * 3 / 4), strict=True))
    return torch.func.functional_call(layer, weights, (xs, h0[None]))[0]


def _cross_entropy(scores: Any, ts: Any, label: int) -> Any:
    if ts.ndim == 3:
        return F.cross_entropy(scores.reshape(-1, scores.shape[-1]), ts.reshape(-1, ts.shape[-1]).to(scores.dtype))
    return F.cross_entropy(scores.reshape(-1, scores.shape[-1]), ts.reshape(-1), ignore_index=label)


def _language_model(v: Values, xs: Any, ts: Any, h0: Any) -> tuple[Any, Any]:
    hs = _states(F.embedding(xs, v["embed_W"]), h0, v["rnn_Wx"], v["rnn_Wh"], v["rnn_b"])
    scores = F.linear(hs, v["affine_W"].T, v["affine_b"])
    return _cross_entropy(scores, ts, v["ignore_label"]), hs[:, -1]


def _chunks(v: Values) -> list[Any]:
    loss, h = 0, v["h0"]
    for xs, ts in zip(v["xs"], v["ts"], strict=True):
        chunk_loss, h = _language_model(v, xs, ts, h)
        loss, h = loss + chunk_loss, h.detach() if v["truncated"] else h
    return [loss]


VOICES: Mapping[str, Callable[[Values], list[Any]]] = {
    "rnn": _rnn,
    "time_rnn": lambda v: [_states(v["xs"], v["h0"], v["Wx"], v["Wh"], v["b"])],
    "embedding": lambda v: [F.embedding(v["ids"], v["W"])],
    "time_embedding": lambda v: [F.embedding(v["xs"], v["W"])],
    "affine": lambda v: [F.linear(v["x"], v["W"].T, v["b"])],
    "time_affine": lambda v: [F.linear(v["xs"], v["W"].T, v["b"])],
    "softmax": lambda v: [torch.softmax(v["x"], -1)],
    "time_softmax_with_loss": lambda v: [_cross_entropy(v["xs"], v["ts"], v["ignore_label"])],
    "simple_rnnlm": lambda v: list(_language_model(v, v["xs"], v["ts"], v["h0"])),
    "chunked_rnnlm": _chunks,
}


def by_torch(pair: Pair, inputs: Inputs) -> dict[str, Array]:
    """Outputs and gradients by torch, under the names that the pair has for them."""
    tensors = {name: torch.tensor(array) for name, array in inputs.arguments.items()}
    floats = [a.name for a in pair.signature.arguments if a.floats]
    for name in floats:
        tensors[name].requires_grad_()
    options = {**pair.signature.options, **pair.options, **inputs.case.options}
    outputs = VOICES[pair.twin.__name__]({**tensors, **options})
    upstream = [torch.tensor(inputs.cotangents[o.name]) for o in pair.signature.outputs]
    grads = torch.autograd.grad(outputs, [tensors[name] for name in floats], upstream)
    found = dict(zip((o.name for o in pair.signature.outputs), outputs, strict=True))
    found |= dict(zip((f"d{name}" for name in floats), grads, strict=True))
    return {name: tensor.detach().numpy() for name, tensor in found.items()}


def agree(pair: Pair, case: Case, dtype: str) -> None:
    """Within what the comparison promises to catch, as torch's rounding is not ours."""
    ref = reference(pair, case, dtype)
    hand, peer = run_hand(pair, ref.inputs).tensors, by_torch(pair, ref.inputs)
    for name, twin in ref.run.tensors.items():
        allowed = PROMISE[precision(dtype)]
        assert relative_error(twin, peer[name]) <= allowed, f"the twin's {name} is not torch's"
        assert relative_error(np.asarray(hand[name]), peer[name]) <= allowed, f"the hand's {name} is not torch's"


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.title)
def test_forward_and_backward(pair: Pair, dtype: str) -> None:
    @settings(max_examples=12, deadline=None, derandomize=True, database=None)
    @given(SIZES, st.integers(0, 999))
    def agrees(drawn: dict[str, int], seed: int) -> None:
        agree(pair, Case("", {axis: drawn[axis] for axis in pair.signature.axes}, seed), dtype)

    agrees()


SPECIAL = {ONE_HOT: ONE_HOT, "extreme logits": LOGITS, "another ignored label": LABELS}


def noted(pair: Pair, note: str) -> bool:
    return any(note == form.note for argument in pair.signature.arguments for form in argument.forms)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("pair", "special"),
    [(pair, special) for pair in PAIRS for special, note in SPECIAL.items() if noted(pair, note)],
    ids=lambda value: getattr(value, "title", value),
)
def test_special_values(pair: Pair, special: str, dtype: str) -> None:
    options = {"ignore_label": 2} if special == "another ignored label" else {}
    for seed in range(3):
        agree(pair, Case("", sizes(pair.signature), seed, special, options), dtype)


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if noted(pair, LABELS)], ids=lambda pair: pair.title)
def test_with_every_label_ignored_torch_has_no_number_and_we_have_zero(pair: Pair) -> None:
    ref = reference(pair, Case("", sizes(pair.signature), special="all ignored"), "float64")
    assert np.isnan(by_torch(pair, ref.inputs)["loss"])
    assert ref.run.outputs["loss"] == 0 == run_hand(pair, ref.inputs).outputs["loss"]


def test_every_twin_has_a_voice() -> None:
    assert VOICES.keys() == {pair.twin.__name__ for pair in PAIRS}
