"""A fault planted in our own layers: `compare` says the line, the cause and the right line; of right layers nothing."""

import ast
import importlib
import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from compare import command
from compare.cli import main
from compare.pairs import PAIRS

MANUAL = Path(__file__).parents[1] / "manual"

# the layer that is compared, the file, the line as it stands there, and the same with a fault
FAULTS = [
    ("RNN", "rnn", "da = dh * (1 - h**2)", "da = dh * (1 - h)"),
    ("TimeRNN", "rnn", "dx, dh = layer.backward(dhs[:, t, :] + dh)", "dx, dh = layer.backward(dhs[:, t, :])"),
    ("SimpleRnnlm", "rnn", "dWx = np.dot(x.T, da)", "dWx = np.dot(x.T, dh)"),
    ("LSTM", "lstm", "dc_prev = dc * f", "dc_prev = dc * i"),
    ("TimeLSTM", "lstm", "grads[i] += grad", "grads[i] = grad"),
    ("TimeStackedLSTM", "stacked_lstm", "dhs[:, -1, :] += last", "dhs[:, 0, :] += last"),
    (
        "TimeBiLSTM",
        "bilstm",
        "return self.forwards.backward(dhs[:, :, :H]) + self.backwards.backward(dhs[:, ::-1, H:])[:, ::-1]",
        "return self.forwards.backward(dhs[:, :, :H]) + self.backwards.backward(dhs[:, :, H:])[:, ::-1]",
    ),
    ("GRU", "gru", "da_h = dh * z * (1 - h_hat**2)", "da_h = dh * z * (1 - h_hat)"),
    # right with the reset gate after the product
    ("GRU", "gru", "dr, dq_h = d_read * h_prev, da_h", "dr, dq_h = d_read * r, da_h"),
    ("TimeGRU", "gru", "self.dh = dh", "self.dh = dx"),
    ("Embedding", "embedding", "np.add.at(dW, self.ids, dout)", "dW[self.ids] += dout"),
    ("TimeAffine", "affine", "dxs: Array = np.dot(dout, W.T)", "dxs: Array = np.dot(dout, W)"),
    ("Sigmoid", "activation", "dx: Array = dy * self.y * (1 - self.y)", "dx: Array = dy * (1 - self.y)"),
    ("TimeSoftmaxWithLoss", "softmax", "dx[np.arange(N * T), ts] -= 1", "dx[np.arange(N * T), ts] += 1"),
    ("SigmoidWithLoss", "sigmoid_loss", "return loss", "return los"),
    ("Dropout", "dropout", "return dout * kept / keep", "return dout * kept"),
    (
        "LayerNorm",
        "layer_norm",
        "dx: Array = r * (dx_hat - mean - x_hat * along)",
        "dx: Array = r * (dx_hat - mean + x_hat * along)",
    ),
    ("ClipGrads", "clip", "s = max_norm / rho / m", "s = max_norm / rho"),
    (
        "BetterRnnlm",
        "better_rnnlm",
        "self.grads[0][...] = self.embedding.grads[0] + self.affine.grads[0].T",
        "self.grads[0][...] = self.embedding.grads[0]",
    ),
]


def plant(folder: Path, monkeypatch: pytest.MonkeyPatch, file: str, right: str, wrong: str) -> int:
    """A copy of our layers with one line changed is imported in their place; the number of the line."""
    shutil.copytree(MANUAL, folder / "manual", ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / "manual" / f"{file}.py"
    before, found, after = path.read_text(encoding="utf-8").partition(right)
    assert found
    path.write_text(before + wrong + after, encoding="utf-8")
    for name in [name for name in sys.modules if name.partition(".")[0] == "manual"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.syspath_prepend(folder)
    changed = importlib.import_module("manual")
    pairs = [replace(p, hand=getattr(changed, p.hand.__name__)) if p.layer else p for p in PAIRS]
    monkeypatch.setattr(command, "PAIRS", pairs)
    monkeypatch.setattr(command, "HESSIANS", ())
    return before.count("\n") + 1


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["compare", *arguments, "--seeds", "1"])


def explanation(layer: str) -> list[dict[str, Any]]:
    """What the JSON of a comparison tells of the layer."""
    pairs = json.loads(invoke(layer, "--json", "-").stdout)["pairs"]
    found: list[dict[str, Any]] = next(pair["explanation"] for pair in pairs if pair["name"] == layer)
    return found


def same(line: str, other: str) -> bool:
    return ast.dump(ast.parse(line.strip())) == ast.dump(ast.parse(other.strip()))


@pytest.mark.parametrize(("layer", "file", "right", "wrong"), FAULTS)
def test_the_line_the_cause_and_the_right_line_are_said(
    layer: str, file: str, right: str, wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = plant(tmp_path, monkeypatch, file, right, wrong)
    (found,) = explanation(layer)
    assert (Path(found["path"]).name, found["line"]) == (f"{file}.py", line)
    assert found["cause"]
    assert found["kind"]
    assert same(found["fix"]["before"], wrong)
    assert same(found["fix"]["after"], right)
