"""A fault planted in our own layers: `compare` says the line, the cause and the right line; of right layers nothing."""

import ast
import importlib
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import compare.explanation
import manual
from compare import command
from compare.cli import main
from compare.pairs import FAMILIES, TAUGHT

MANUAL = Path(__file__).parents[1] / "manual"

# the layer that is compared, the file, the line as it stands there, and the same with a fault
FAULTS = [
    ("RNN", "rnn", "da = dh * (1 - h**2)", "da = dh * (1 - h)"),
    ("TimeRNN", "rnn", "dx, dh = layer.backward(dhs[:, t, :] + dh)", "dx, dh = layer.backward(dhs[:, t, :])"),
    # what is compared is built on what is wrong
    ("SimpleRnnlm", "rnn", "dWx = np.dot(x.T, da)", "dWx = np.dot(x.T, dh)"),
    ("LSTM", "lstm", "dc_prev = dc * f", "dc_prev = dc * i"),
    ("TimeLSTM", "lstm", "grads[i] += grad", "grads[i] = grad"),
    ("TimeStackedLSTM", "stacked_lstm", "dhs[:, -1, :] += last", "dhs[:, 0, :] += last"),
    ("GRU", "gru", "da_h = dh * z * (1 - h_hat**2)", "da_h = dh * z * (1 - h_hat)"),
    # of an option alone
    ("GRU", "gru", "dh_prev = dh_prev + d_read * r", "dh_prev = dh_prev - d_read * r"),
    ("TimeGRU", "gru", "self.dh = dh", "self.dh = dx"),
    ("Embedding", "embedding", "np.add.at(dW, self.ids, dout)", "dW[self.ids] += dout"),
    ("TimeAffine", "affine", "dxs: Array = np.dot(dout, W.T)", "dxs: Array = np.dot(dout, W)"),
    ("Tanh", "activation", "dx: Array = dy * (1 - self.y**2)", "dx: Array = dy * (1 + self.y**2)"),
    (
        "TimeSoftmaxWithLoss",
        "softmax",
        "dx *= (dout / self._count(mask)).astype(dx.dtype)",
        "dx *= (dout * self._count(mask)).astype(dx.dtype)",
    ),
    ("SigmoidWithLoss", "sigmoid_loss", "return loss", "return los"),
    ("Dropout", "dropout", "return dout * kept / keep", "return dout * kept * keep"),
    (
        "LayerNorm",
        "layer_norm",
        "dx: Array = r * (dx_hat - mean - x_hat * along)",
        "dx: Array = r * (dx_hat - mean + x_hat * along)",
    ),
    (
        "ClipGrads",
        "clip",
        "return s * (ddW - a * uW), s * (ddb - a * ub)",
        "return s * (ddW - a * uW), s * (ddb + a * ub)",
    ),
    # a name that is none of those that are likely
    ("TimeEmbedding", "embedding", "layer.backward(dout[:, t, :])", "t.backward(dout[:, t, :])"),
    (
        "Softmax",
        "softmax",
        "dx: Array = self.p * (dp - np.sum(dp * self.p, axis=1, keepdims=True))",
        "dx: Array = self.p * (dp - np.min(dp * self.p, axis=1, keepdims=True))",
    ),
    # what only our own layers owe: the order of the parameters
    ("LayerNorm", "layer_norm", "self.params = [gamma, beta]", "self.params = [beta, gamma]"),
    # in a base class of another file, which is no layer itself
    ("GruRnnlm", "_language_model", "dhs[:, -1, :] += dh", "dhs[:, 1, :] += dh"),
    # right numbers, and a broken contract
    ("TimeRNN", "rnn", "self.grads[i][...] = grad", "self.grads[i] = grad"),
]


@pytest.fixture(autouse=True)
def enough_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found does not depend on how busy the machine is."""
    monkeypatch.setattr(compare.explanation, "_EACH", 120.0)
    monkeypatch.setattr(compare.explanation, "_MOST", 120.0)


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
    pairs = [replace(p, hand=getattr(changed, p.hand.__name__)) if p.layer else p for p in TAUGHT]
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


def test_the_terminal_shows_it_below_the_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = plant(tmp_path, monkeypatch, "rnn", "dh_prev = np.dot(da, Wh.T)", "dh_prev = np.dot(da, Wx.T)")
    result = invoke("RNN", "TimeRNN")
    assert result.exit_code == 1
    table, _, told = result.stdout.partition(f"rnn.py:{line} · RNN\n")
    assert "hand wrong" in table
    assert f"{line} -         dh_prev = np.dot(da, Wx.T)\n" in told
    assert f"{line} +         dh_prev = np.dot(da, Wh.T)\n" in told
    assert "2 of 2 comparisons do not agree" in told
    # once, though both layers are wrong by it
    assert "why:" in told
    assert "rnn.py:" not in told


def test_what_only_strangers_are_allowed_is_no_right_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What may be given to a stranger's backward pass is not asked; here a fix that refuses less is none."""
    line = plant(tmp_path, monkeypatch, "softmax", 'backward(dp=(dp, "N V"))', 'backward(dp=(dp, "V N"))')
    for found in explanation("Softmax"):
        assert found["line"] == line
        assert found["fix"] is None or '"N V"' in found["fix"]["after"]


def test_where_nothing_is_found_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, monkeypatch, "embedding", '"N", "0 <= id < V"', '"N", "0 <= id < V or id == -1"')
    result = invoke("Embedding")
    assert result.exit_code == 1
    assert "id" in result.stdout
    assert "why:" not in result.stdout


def test_a_hand_without_a_file_is_compared_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    made = type("Made", (manual.RNN,), {"__module__": "nowhere", "backward": lambda self, dh: (dh, dh)})
    monkeypatch.setattr(command, "PAIRS", [replace(p, hand=made, name="RNN") for p in TAUGHT if p.hand is manual.RNN])
    assert explanation("RNN") == []


def test_without_time_nothing_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, monkeypatch, "rnn", "da = dh * (1 - h**2)", "da = dh * (1 - h)")
    monkeypatch.setattr(compare.explanation, "_MOST", 0.0)
    assert explanation("RNN") == []


def test_a_run_in_which_all_agree_pays_nothing_for_it() -> None:
    said = (
        "import atexit, sys; atexit.register(lambda: print(*(name for name in sys.modules if name[:7] == 'compare')));"
    )
    run = "from compare.cli import main; main(['compare', 'RNN', 'TimeRNN'])"
    result = subprocess.run([sys.executable, "-c", said + run], capture_output=True, text=True, check=True)
    assert "all 2 comparisons agree" in result.stdout
    modules = set(result.stdout.split())
    assert "compare.judge" in modules
    assert not {"compare.explanation", "compare.mending", "compare.checking"} & modules


def test_a_right_layer_that_writes_anew_what_it_inherits_is_no_excuse_for_the_base(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    right_line = "self.embedding.backward(self.recurrent.backward(dhs, *dc))"
    wrong_line = "self.embedding.backward(self.axes.backward(dhs, *dc))"
    line = plant(tmp_path, monkeypatch, "_language_model", right_line, wrong_line)
    fused = importlib.import_module("manual.fused")
    right = [replace(pair, hand=getattr(fused, pair.hand.__name__)) for pair in FAMILIES["fused"]]
    monkeypatch.setattr(command, "PAIRS", [*vars(command)["PAIRS"], *right])
    pairs = json.loads(invoke("Rnnlm", "--json", "-").stdout)["pairs"]
    assert {pair["name"]: pair["ok"] for pair in pairs}["fused.Rnnlm"]
    (found,) = next(pair["explanation"] for pair in pairs if pair["name"] == "Rnnlm")
    assert (Path(found["path"]).name, found["line"]) == ("_language_model.py", line)
