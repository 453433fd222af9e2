"""The command `check`: what it takes, what it writes, its exit statuses, and the doors from Python and a notebook."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from strangers import BOTH, RNN, RNN_STEP, edited, line_of

from compare.checking.command import check

WRONG = edited(RNN, "np.dot(dt, Wx.T)", "-np.dot(dt, Wx.T)")


def run(*arguments: object, text: str | None = None) -> Result:
    return CliRunner().invoke(check, [str(argument) for argument in arguments], input=text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "b_right.py").write_text(BOTH)
    (tmp_path / "a_wrong.py").write_text(WRONG)
    (tmp_path / "c_broken.ipynb").write_text("{not json")
    (tmp_path / "notes.txt").write_text("Buy milk.\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "steps.py").write_text(RNN_STEP)
    (tmp_path / "sub" / "loop").symlink_to(tmp_path, target_is_directory=True)
    return tmp_path


def test_a_right_file_is_status_0(tmp_path: Path) -> None:
    path = tmp_path / "right.py"
    path.write_text(RNN)
    result = run(path)
    assert result.exit_code == 0
    assert "correct" in result.output
    assert "All 1 symbols are right." in result.output
    assert result.output.isascii()


def test_a_wrong_file_is_status_1_and_says_where(tmp_path: Path) -> None:
    path = tmp_path / "wrong.py"
    path.write_text(WRONG)
    result = run(path)
    assert result.exit_code == 1
    assert f"line {line_of(WRONG, '-np.dot')} · RNN · gradient" in result.output
    assert "1 of 1 symbols are not right: RNN." in result.output


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.py", None, "missing.py"),
        ("binary.py", b"\x00\x01\x02" * 100, "binary.py"),
        ("broken.ipynb", b"{", "broken.ipynb"),
    ],
)
def test_what_cannot_be_read_is_status_2_with_one_sentence(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    result = run(path)
    assert result.exit_code == 2
    assert said in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_a_file_without_layers_is_status_2_and_says_how_to_name_one(tmp_path: Path) -> None:
    path = tmp_path / "empty.py"
    path.write_text("")
    result = run(path)
    assert result.exit_code == 2
    assert "--like" in result.output


def test_standard_input_is_read() -> None:
    assert run("-", text=RNN).exit_code == 0
    assert run("-", text=WRONG).exit_code == 1
    cells = [{"cell_type": "code", "source": WRONG, "metadata": {}, "outputs": []}]
    notebook = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
    result = run("-", "--json", "-", text=notebook)
    assert json.loads(result.output)["findings"][0]["cell"] == 0


def test_json_alone_on_standard_output() -> None:
    data = json.loads(run("-", "--json", "-", text=WRONG).output)
    assert data["ok"] is False
    assert data["path"] == "-"
    assert data["symbols"][0]["name"] == "RNN"
    assert data["symbols"][0]["verdict"] == "wrong"
    assert {f["gradient"] for f in data["findings"]} == {"dx"}


def test_a_folder_is_checked_file_by_file_and_a_bad_one_stops_none(folder: Path, tmp_path: Path) -> None:
    report, junit = tmp_path / "report.json", tmp_path / "report.xml"
    result = run(folder, "--json", report, "--junit", junit, "--jobs", 2)
    assert result.exit_code == 1
    data = json.loads(report.read_text())
    names = [Path(file["path"]).name for file in data["files"]]
    assert names == ["a_wrong.py", "b_right.py", "c_broken.ipynb", "steps.py"]
    assert [file["ok"] for file in data["files"]] == [False, True, False, True]
    assert "JSON" in data["files"][2]["error"]
    assert "could not be read" in result.output
    suites = ElementTree.fromstring(junit.read_text())
    assert [suite.get("failures") for suite in suites] == ["1", "0", "0", "0"]
    assert [suite.get("errors") for suite in suites] == ["0", "0", "1", "0"]


def test_a_twin_that_there_is_not_is_refused() -> None:
    result = run("-", "--like", "Nonsense", text=RNN)
    assert result.exit_code == 2
    assert "TimeRNN" in result.output


def test_a_layer_of_another_name_is_judged_like_a_twin() -> None:
    text = RNN.replace("class RNN", "class Elman")
    assert run("-", "--like", "RNN", text=text).exit_code == 0
    assert run("-", "--like", "Elman=RNN", text=text).exit_code == 0
    functions = RNN_STEP.replace("rnn_step_", "cell_")
    assert run("-", "--like", "cell=rnn_step", text=functions).exit_code == 0


def test_strict_fails_what_is_fragile() -> None:
    text = edited(RNN, "self.grads[0][...] = ", "self.grads[0] = ")
    assert run("-", text=text).exit_code == 0
    assert run("-", "--strict", text=text).exit_code == 1


def test_an_output_that_cannot_be_written_is_refused_before_anything_runs(tmp_path: Path) -> None:
    result = run("-", "--json", tmp_path / "no" / "report.json", text=RNN)
    assert result.exit_code == 2
    path = tmp_path / "layers.py"
    path.write_text(RNN)
    result = run(path, "--json", path)
    assert result.exit_code == 2
    assert path.read_text() == RNN


def test_a_narrow_terminal_loses_no_word(tmp_path: Path) -> None:
    path = tmp_path / "wrong.py"
    path.write_text(WRONG)
    result = CliRunner(env={"COLUMNS": "60"}).invoke(check, [str(path)])
    assert "wanted" in result.output
    assert "RNN" in result.output


def test_the_command_stands_beside_the_others() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tiny_autograd_rnn", "check", "-"],
        input=RNN,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "correct" in done.stdout


def import_layers(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    (folder / "learners_layers.py").write_text(BOTH + RNN_STEP)
    monkeypatch.syspath_prepend(folder)
    return __import__("learners_layers")


def test_a_class_is_judged_from_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import compare

    layers = import_layers(tmp_path, monkeypatch)
    report = compare.check(layers.TimeRNN)
    assert report.ok
    assert report
    assert "TimeRNN" in str(report)
    assert "<table>" in report._repr_html_()
    assert json.loads(report.to_json())["symbols"][0]["verdict"] == "correct"
    pair = compare.check(forward=layers.rnn_step_forward, backward=layers.rnn_step_backward, like="rnn_step")
    assert pair.ok
    assert not compare.check(layers.RNN, like="GRU").ok
    sys.modules.pop("learners_layers")


@pytest.mark.parametrize("bad", [{"layer": 3}, {}, {"layer": int}, {"layer": dict, "like": "Nonsense"}])
def test_what_cannot_be_judged_from_python_is_refused_in_one_sentence(bad: dict[str, Any]) -> None:
    from compare.checking.api import check

    with pytest.raises((TypeError, ValueError), match="check: "):
        check(**bad)


def test_html_shows_markup_as_text() -> None:
    from compare.checking.page import page
    from compare.checking.run import check_text
    from compare.checking.settings import Settings

    report = check_text(
        edited(RNN, "dt = dh_next", "raise ValueError('<script>')\n        dt = dh_next"), "<b>", Settings({})
    )
    assert "<script>" not in page(report)
    assert "&lt;script&gt;" in page(report)


def test_layers_are_parametrized_with_readable_names(tmp_path: Path) -> None:
    (tmp_path / "learners.py").write_text(BOTH + edited(RNN_STEP, "da.sum(axis=0)", "da.mean(axis=0)"))
    (tmp_path / "test_them.py").write_text(
        "import learners\n"
        "from compare.testing import parametrize, xfail\n\n"
        "STEP = {'forward': learners.rnn_step_forward, 'backward': learners.rnn_step_backward}\n\n"
        "@parametrize([learners.RNN, learners.TimeRNN, xfail(STEP, 'db is a mean')])\n"
        "def test_layer(report):\n"
        "    assert report.ok, report\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert "2 passed, 1 xfailed" in done.stdout, done.stdout
    for name in ("test_layer[RNN]", "test_layer[TimeRNN]", "test_layer[rnn_step_forward] - db is a mean"):
        assert name in done.stdout


def test_a_notebook_has_both_magics() -> None:
    pytest.importorskip("IPython")
    script = (
        "from IPython.core.interactiveshell import InteractiveShell\n"
        f"WRONG = {WRONG!r}\n"
        "shell = InteractiveShell.instance()\n"
        "run = lambda cell: shell.run_cell(cell, store_history=True, silent=False)\n"
        "run('%load_ext compare')\n"
        "found = run('%%check\\n' + WRONG).result\n"
        "assert not found.ok and 'cell 2' in str(found), str(found)\n"
        "found = run('%check RNN').result\n"
        "assert found.verdict == 'wrong', str(found)\n"
        "found = run('import compare; compare.check(RNN)').result\n"
        "assert found.verdict == 'wrong', str(found)\n"
        "print('done')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "done" in done.stdout, done.stderr[-2000:]
