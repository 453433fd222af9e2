"""Several runs in one picture: `python -m compare.training.curves`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from compare.training.command import train
from compare.training.curves import Curve, curve, curves

pytest.importorskip("matplotlib")


@pytest.fixture
def report(tmp_path: Path) -> Path:
    text, path = tmp_path / "text.txt", tmp_path / "run.json"
    text.write_text("the cat sat on the mat; " * 20)
    small = ["--batch", "2", "--hidden", "4", "--engine", "manual", "--epochs", "2", "--sample", "0"]
    assert CliRunner().invoke(train, [str(text), *small, "--json", str(path)]).exit_code == 0
    return path


def run(*args: object) -> Result:
    return CliRunner().invoke(curves, [str(arg) for arg in args])


def refused(*args: object) -> str:
    result = run(*args)
    assert result.exit_code == 2, result.output
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


def test_a_curve_is_the_validation_of_a_run(report: Path) -> None:
    epochs = json.loads(report.read_text())["epochs"]
    perplexities = tuple(epoch["validation_perplexity"] for epoch in epochs)
    assert curve(report) == Curve("simple-rnnlm", tuple(epoch["seconds"] for epoch in epochs), perplexities)
    assert 0 < epochs[0]["seconds"] < epochs[1]["seconds"]


def test_it_draws_a_png(report: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(report.read_text().replace("simple-rnnlm", "other"))
    result = run(tmp_path / "p.png", report, report, other)
    assert result.exit_code == 0, result.output
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")


def test_what_is_no_run_is_refused(report: Path, tmp_path: Path) -> None:
    out, bad = tmp_path / "p.png", tmp_path / "bad.json"
    assert "cannot read" in refused(out, report, tmp_path / "none.json")
    for text in ("", "[]", '{"epochs": 3}', "\xff"):
        bad.write_text(text, encoding="latin-1")
        assert f"{bad} is no run" in refused(out, report, bad)
    bad.write_text(json.dumps({"epochs": [], "config": {"model": "gru"}}))
    assert "no epoch with a validation perplexity" in refused(out, bad)
    assert "does not end in .png" in refused(tmp_path / "p.jpg", report)
    assert "Missing argument" in refused(out)
    assert not out.exists()
