"""The command `compare`: what it prints, writes and returns, for people and for programs."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import manual
from compare import command
from compare.cli import main
from compare.pairs import PAIRS

TENSOR_KEYS = {"name", "shape", "bits", "identical", "error_u", "allowed_u", "ok", "blame"}


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["compare", *arguments])


class MissingSquare(manual.RNN):
    """tanh′ = 1 − h² written without the square."""

    def backward(self, dh: Any) -> Any:
        assert self.cache is not None
        x, h_prev, h = self.cache
        self.cache = (x, h_prev, abs(h) ** 0.5)
        try:
            return super().backward(dh)
        finally:
            self.cache = (x, h_prev, h)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = tuple(replace(p, hand=MissingSquare, name="RNN") if p.hand is manual.RNN else p for p in PAIRS)
    monkeypatch.setattr(command, "PAIRS", pairs)


def test_all_agree_with_status_0_and_say_so_in_one_line() -> None:
    result = invoke("RNN", "softmax")
    assert result.exit_code == 0
    assert "Both derivations agree: all 2 comparisons agree" in result.stdout
    assert "dh_prev" in result.stdout


def test_a_wrong_hand_gives_status_1_and_is_named(broken: None) -> None:
    result = invoke("RNN")
    assert result.exit_code == 1
    assert "1 of 1 comparisons do not agree: RNN (dx, dh_prev, dWx, dWh, db)." in result.stdout
    assert "hand wrong" in result.stdout


def test_json_to_standard_output_is_alone_and_keeps_the_contract() -> None:
    result = invoke("RNN", "SimpleRnnlm", "--json", "-", "--seeds", "1", "--dtype", "float32")
    report = json.loads(result.stdout)
    assert set(report) == {"ok", "dtype", "seeds", "seconds", "pairs"}
    assert (report["ok"], report["dtype"], report["seeds"]) == (True, "float32", 1)
    models = [f"SimpleRnnlm{kind}" for kind in ("", ", stopped", ", flowing", ", Hessian")]
    assert [p["name"] for p in report["pairs"]] == ["RNN", *models]
    for pair in report["pairs"]:
        assert set(pair) == {"name", "twin", "hand", "ok", "tensors", "explanation"}
        assert pair["explanation"] == []
        assert all(set(tensor) == TENSOR_KEYS for tensor in pair["tensors"])
    assert [t["name"] for t in report["pairs"][0]["tensors"]] == ["h", "dx", "dh_prev", "dWx", "dWh", "db"]


def test_json_of_a_disagreement_says_who_is_wrong(broken: None) -> None:
    report = json.loads(invoke("RNN", "--json", "-").stdout)
    blame = {t["name"]: t["blame"] for t in report["pairs"][0]["tensors"]}
    assert not report["ok"]
    assert blame == {"h": None, "dx": "hand", "dh_prev": "hand", "dWx": "hand", "dWh": "hand", "db": "hand"}


def test_json_to_a_file_comes_with_the_table(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("an earlier report")
    result = invoke("affine", "--json", str(path))
    assert "Affine agrees" in result.stdout
    assert json.loads(path.read_text())["ok"] is True
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["TimeRNM"], "LAYER: there is no 'TimeRNM'; did you mean TimeRNN?"),
        (["xyz"], "LAYER: there is no 'xyz'; choose from RNN, TimeRNN"),
        (["RNN", "--seeds", "0"], "0 is not in the range x>=1"),
        (["RNN", "--dtype", "float16"], "'float16' is not one of 'float64', 'float32'"),
        (["RNN", "--json", "no/such/folder.json"], "--json: there is no folder no/such"),
        (["RNN", "--json", "."], "--json: . is a folder"),
    ],
)
def test_what_cannot_run_is_one_sentence_and_status_2(arguments: Sequence[str], sentence: str) -> None:
    result = invoke(*arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stdout == ""


def test_a_full_disk_leaves_the_earlier_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "report.json"
    path.write_text("an earlier report")
    monkeypatch.setattr(os, "fsync", full)
    result = invoke("RNN", "--json", str(path))
    assert result.exit_code == 2
    assert "no space left on device" in result.stderr.lower()
    assert path.read_text() == "an earlier report"
    assert list(tmp_path.iterdir()) == [path]


def test_ctrl_c_is_one_sentence_and_status_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "compare_pair", interrupted)
    result = invoke("RNN")
    assert result.exit_code == 130
    assert "interrupted" in result.stderr


def test_rows_fit_60_columns_and_carry_no_colour_without_a_terminal() -> None:
    environment = {**os.environ, "COLUMNS": "60"}
    shown = subprocess.run(
        [sys.executable, "-m", "compare", "TimeRNN"], env=environment, capture_output=True, text=True, check=True
    ).stdout
    table = shown.split("Both derivations")[0]
    assert max(map(len, table.splitlines())) <= 60
    assert "dWx " in table
    assert "\x1b" not in shown


def test_a_file_that_hides_a_package_is_named_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "manual.py").write_text("raise SystemExit('imported')")
    result = subprocess.run(
        [sys.executable, "-m", "compare", "RNN"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert "manual.py hides our package 'manual'" in result.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("arguments", [["RNN"], ["RNN", "--json", "-"], ["RNN", "--json", "/dev/full"]])
def test_output_that_cannot_be_written_is_one_sentence_and_status_2(arguments: Sequence[str]) -> None:
    with Path("/dev/full").open("w") as full:
        out = subprocess.DEVNULL if "/dev/full" in arguments else full
        result = subprocess.run(
            [sys.executable, "-m", "compare", *arguments], stdout=out, stderr=subprocess.PIPE, text=True, check=False
        )
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert "cannot write" in result.stderr
