"""Faults that people make in gated layers and models, planted into right source: each spoils the tensors it should."""

import numpy as np
import pytest
from planted import Mistake

from compare.cases import cases, sizes
from compare.inputs import Case, draw
from compare.judge import compare_pair
from compare.pair import Pair
from compare.pairs import PAIRS
from compare.runs import run_hand, run_twin
from tiny_autograd_rnn.forms import GATES

ALL_LSTM = "dx dh_prev dWx dWh db"
STACKED = "dxs dh0 dc0 dWx1 dWh1 db1 dWx2 dWh2 db2"
BETTER = "dh0 dc0 dembed_W dlstm1_Wx dlstm1_Wh dlstm1_b dlstm2_Wx dlstm2_Wh dlstm2_b daffine_b"
# (layer, what is written, what stands instead, the rows that are wrong)
FAULTS = [
    ("LSTM", "dc = dc + dh * o * (1 - tanh_c**2)", "dc = dh * o * (1 - tanh_c**2)", "dc_prev " + ALL_LSTM),
    ("LSTM", "dc = dc + dh * o * (1 - tanh_c**2)", "dc = dc + dh * o", "dc_prev " + ALL_LSTM),
    ("LSTM", "dc = dc + dh * o * (1 - tanh_c**2)", "dc = dc + dh * (1 - tanh_c**2)", "dc_prev " + ALL_LSTM),
    ("LSTM", "dc_prev = dc * f", "dc_prev = dc", "dc_prev"),
    ("LSTM", "dc * c_prev * f * (1 - f)", "dc * f * (1 - f)", ALL_LSTM),
    ("LSTM", "dc * i * (1 - g**2)", "dc * i * g * (1 - g)", ALL_LSTM),
    ("LSTM", "dc * g * i * (1 - i)", "dc * g * i", ALL_LSTM),
    ("LSTM", "dh * tanh_c * o * (1 - o)", "dh * o * (1 - o)", ALL_LSTM),
    ("LSTM", "np.dot(da, Wx.T), np.dot(da, Wh.T), dc_prev", "np.dot(da, Wx.T), np.dot(da, Wh.T), dc", "dc_prev"),
    ("LSTM", "k = self.order.index(gate)", 'k = "fgio".index(gate)', "h c dc_prev " + ALL_LSTM),
    ("TimeLSTM", "dx, dh, dc = layer.backward", "dx, dh, _ = layer.backward", "dxs dh0 dc0 dWx dWh db"),
    ("TimeLSTM", "self.dh, self.dc = dh, dc", "self.dh, self.dc = dc, dh", "dh0 dc0"),
    ("TimeLSTM", "layer.backward(dhs[:, t, :] + dh, dc)", "layer.backward(dhs[:, t, :], dc)", "dxs dh0 dc0 dWx dWh db"),
    ("TimeStackedLSTM", "dhs[:, -1, :] += last", "pass", STACKED),
    ("TimeStackedLSTM", "zip(self.layers[::-1], dh[::-1], dc[::-1]", "zip(self.layers[::-1], dh, dc", STACKED),
    ("TimeBiLSTM", "dhs[:, ::-1, H:])[:, ::-1]", "dhs[:, ::-1, H:])", "dxs"),
    ("TimeBiLSTM", "dhs[:, ::-1, H:])[:, ::-1]", "dhs[:, :, H:])", "dxs dbwd_Wx dbwd_Wh dbwd_b"),
    ("GRU", "dh_prev = dh * (1 - z)", "dh_prev = dh * z", "dh_prev"),
    ("GRU", "dh * (h_hat - h_prev) * z", "dh * h_hat * z", "dx dh_prev dWx dWh db"),
    ("GRU", "dr, dq_h = da_h * q_h, da_h * r", "dr, dq_h = da_h * h_prev, da_h * r", "dx dh_prev dWx dWh db"),
    ("GRU", "dr, dq_h = da_h * q_h, da_h * r", "dr, dq_h = da_h * q_h, da_h", "dh_prev dWh db"),
    ("GRU", "dh_prev = dh_prev + d_read * r", "dh_prev = dh_prev + d_read", "dh_prev"),
    ("GRU", "read = r * h_prev", "read = h_prev", "dWh"),
    ("GRU", "np.stack([dp.sum(axis=0), dq.sum(axis=0)])", "np.stack([dp.sum(axis=0), dp.sum(axis=0)])", "db"),
    (
        "TimeGRU",
        "dx, dh = layer.backward(dhs[:, t, :] + dh)",
        "dx, dh = layer.backward(dhs[:, t, :])",
        "dxs dh0 dWx dWh db",
    ),
    (
        "Rnnlm",
        "self._back(*self._upstream(dout, dh), dc)",
        "self._back(*self._upstream(dout, dh))",
        "dh0 dc0 dembed_W dlstm_Wx dlstm_Wh dlstm_b",
    ),
    ("BetterRnnlm", "self.embedding.grads[0] + self.affine.grads[0].T", "self.embedding.grads[0]", "dembed_W"),
    ("BetterRnnlm", "self.embedding.grads[0] + self.affine.grads[0].T", "self.affine.grads[0].T", "dembed_W"),
    ("BetterRnnlm", "self.embedding.backward(self.drops[0].backward(dhs))", "self.embedding.backward(dhs)", "dembed_W"),
    (
        "BetterRnnlm",
        "hs = drop.forward(lstm.forward(hs), mask)",
        "hs = drop.forward(lstm.forward(hs), masks[0])",
        "loss h c " + BETTER,
    ),
]
FILES = {
    "LSTM": "lstm",
    "TimeLSTM": "lstm",
    "TimeStackedLSTM": "stacked_lstm",
    "TimeBiLSTM": "bilstm",
    "GRU": "gru",
    "TimeGRU": "gru",
    "Rnnlm": "rnnlm",
    "BetterRnnlm": "better_rnnlm",
}
GATED = [pair for pair in PAIRS if pair.layer and any(a.note == GATES for a in pair.signature.params)]
each_gated = pytest.mark.parametrize("pair", GATED, ids=lambda pair: pair.title)


def planted(layer: str, old: str, new: str) -> Mistake:
    return Mistake(layer, f"manual/{FILES[layer]}.py", ((old, new),))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("layer", "old", "new", "rows"), FAULTS)
def test_a_wrong_line_spoils_the_tensors_it_should(layer: str, old: str, new: str, rows: str) -> None:
    report = compare_pair(planted(layer, old, new).pair(), seeds=1)
    assert {row.name for row in report.tensors if not row.ok} == set(rows.split())


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("layer", "old", "new", "finding"),
    [
        (
            "TimeLSTM",
            "c = np.zeros_like(h)",
            "c = np.ones_like(h)",
            "hs does not begin from c0 = 0 when h0 is set alone",
        ),
        (
            "Rnnlm",
            "c = np.zeros_like(h)",
            "c = np.ones_like(h)",
            "loss does not begin from c0 = 0 when h0 is set alone",
        ),
        ("TimeLSTM", "dc = np.zeros((N, H)", "dc = np.ones((N, H)", "dxs is not that of dc = 0 when it is left out"),
        (
            "BetterRnnlm",
            "None if dc is None else",
            "None if dh is None else",
            "state that is left out is zero: TypeError",
        ),
        ("BetterRnnlm", "keep_all, train=False)", "keep_all[::-1] & False, train=True)", "predict gives other scores"),
        (
            "BetterRnnlm",
            "return self._scores(xs, keep",
            "self._scores(xs, keep",
            "prediction gives the scores of the loss: ",
        ),
    ],
)
def test_a_broken_contract_is_found(layer: str, old: str, new: str, finding: str) -> None:
    report = compare_pair(planted(layer, old, new).pair(), seeds=1)
    assert any(row.name.startswith(finding) for row in report.tensors if not row.ok)


@pytest.mark.parametrize(("layer", "old", "new", "rows"), FAULTS[::5])
def test_the_right_source_agrees(layer: str, old: str, new: str, rows: str) -> None:
    assert compare_pair(planted(layer, old, new).pair(right=True), seeds=1).ok


@each_gated
def test_gates_are_compared_in_between_and_saturated(pair: Pair) -> None:
    for left, sentence in (("saturated gates", "gates that saturate"), ("", "gates that do not saturate")):
        kept = [case for case in cases(pair, 1) if case.special != left and (left or case.special == "saturated gates")]
        report = compare_pair(pair, chosen=kept)
        assert any(row.name.startswith(f"not tried: {sentence}") for row in report.tensors)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@each_gated
def test_a_saturated_gate_has_gradient_exactly_0(pair: Pair, dtype: str) -> None:
    inputs = draw(pair.signature, Case("", sizes(pair.signature))).astype(dtype)
    biases = [a.name for a in pair.signature.params if a.note == GATES]
    for name in biases:
        array = inputs.arguments[name]
        array[...] = np.where(np.arange(array.size) % 2, 1e4, -1e4)
    for run in (run_hand(pair, inputs), run_twin(pair, inputs)):
        assert all(np.isfinite(tensor).all() for tensor in run.tensors.values())
        assert not any(np.any(run.grads[f"d{name}"]) for name in biases)
