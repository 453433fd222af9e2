"""The command `train` as a person meets it: its output, its refusals, its signals."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from compare.training import checkpoint
from compare.training.command import train
from compare.training.course import Agreement, Parting, Step
from compare.training.engines import Autograd, Manual
from compare.training.models import MODELS
from compare.training.view import parting_lines

SMALL = ["--batch", "2", "--time", "4", "--wordvec", "3", "--hidden", "5", "--seed", "3", "--sample", "0"]
TEXT = "the cat sat on the mat and the dog sat on the cat; " * 8
PROGRAM = [sys.executable, "-c", "from compare.training.command import train; train(prog_name='train')"]


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "text.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def run(*args: object, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(train, [*SMALL, *map(str, args)], input=stdin)


def run_without_sizes(*args: object) -> Result:
    return CliRunner().invoke(train, [*map(str, args)])


def refused(*args: object, stdin: bytes | None = None) -> str:
    """The one sentence on stderr with which the run was refused."""
    result = run(*args, stdin=stdin)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert isinstance(result.exception, SystemExit)
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


def saved(tmp_path: Path, text: Path, *args: object) -> Path:
    path = tmp_path / "model.npz"
    assert run(text, "--save", path, *args).exit_code == 0
    return path


# what it writes


@pytest.mark.parametrize("engine", ["manual", "autograd", "both"])
@pytest.mark.parametrize("tokens", ["chars", "words"])
def test_it_writes_aligned_lines_without_control_codes(text: Path, engine: str, tokens: str) -> None:
    result = run(text, "--engine", engine, "--tokens", tokens, "--sample", 7)
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    assert "\x1b" not in result.stdout
    assert "\r" not in result.stdout
    heading, *rows = [line for line in result.stdout.splitlines() if re.match(r"epoch|    \d ", line)]
    assert heading.split()[:3] == ["epoch", "step", "loss"]
    assert ("par bits" in heading) is (engine == "both")
    assert len(rows) == 3
    assert {len(row) for row in rows} == {len(heading)}
    assert len(heading) < 60
    assert "Sample of 7" in result.stdout


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("model", MODELS)
def test_every_model_trains_in_lockstep(text: Path, tmp_path: Path, model: str, dtype: str) -> None:
    path = tmp_path / "m.npz"
    sizes = ["--batch", 2, "--time", 4, "--hidden", 5, "--epochs", 2]
    result = run_without_sizes(text, "--model", model, *sizes, "--dtype", dtype, "--save", path, "--json", "-")
    report = json.loads(result.stdout)
    assert report["config"]["model"] == model
    assert report["steps"][0]["gradients"]["bits"] > (45 if dtype == "float64" else 17)
    assert report["epochs"][1]["perplexity"] < report["epochs"][0]["perplexity"]
    assert checkpoint.load(path).architecture.name == model


def test_an_option_of_another_model_is_refused(text: Path, tmp_path: Path) -> None:
    assert "--dropout: rnnlm has none; leave it out or train --model better-rnnlm" in refused(
        text, "--model", "rnnlm", "--dropout", 0.3
    )
    assert "--wordvec: got 3, but the embedding of better-rnnlm" in refused(text, "--model", "better-rnnlm")
    assert "'--model': 'transformer' is not one of" in refused(text, "--model", "transformer")
    path = saved(tmp_path, text)
    assert f"--model: got gru, but {path} has simple-rnnlm" in refused(text, "--load", path, "--model", "gru")


@pytest.mark.parametrize(
    ("steps", "sentences"),
    [
        ((None, None), ["Parameters never fell below 40 bits."]),
        ((7, None), ["Parameters fell below 40 bits after step 7.", "They never fell below 30 bits."]),
        ((7, 1200), ["Parameters fell below 40 bits after step 7 and 30 bits after step 1,200."]),
    ],
)
def test_the_parting_is_told_in_sentences(steps: tuple[int | None, int | None], sentences: list[str]) -> None:
    last = Step(1900, 1, (1.0, 1.0), Agreement(4, "rnn_b"), Agreement(4, "rnn_Wh"))
    apart = [Parting(bits, step) for bits, step in zip((40, 30), steps, strict=True)]
    end = "After step 1,900 they agree on 4.0 bits: apart by 0.06 of the largest element of rnn_Wh, the tensor that "
    assert parting_lines(apart, last) == [*sentences, end + "agrees least."]


def test_without_text_it_reads_the_documentation() -> None:
    pytest.importorskip("pydoc_data.topics")
    result = run("--steps", 1, "--limit", 500, "--val-fraction", 0)
    assert result.exit_code == 0
    assert result.stdout.startswith("CPython's documentation topics: 500 chars\n")


def test_it_reads_standard_input(text: Path) -> None:
    assert run("-", "--steps", 1, stdin=TEXT.encode()).stdout.startswith("standard input: ")


def test_json_is_the_only_thing_on_standard_output(text: Path) -> None:
    result = run(text, "--json", "-", "--clip", 1, "--lr-decay", 0.5)
    report = json.loads(result.stdout)
    assert report["ok"] is True
    assert report["ended"] == "finished"
    assert report["V"] == len(set(TEXT))
    assert [e["epoch"] for e in report["epochs"]] == [1, 2, 3]
    assert len(report["steps"]) == report["epochs"][-1]["step"]
    assert all(s["gradients"]["bits"] > 40 and s["parameters"]["bits"] > 40 for s in report["steps"])
    assert report["parted"][0] == {"bits": 40, "step": None}
    assert "epoch" in result.stderr


def test_the_same_command_twice_gives_the_same_bits(text: Path, tmp_path: Path) -> None:
    reports = [json.loads(run(text, "--json", "-", "--sample", 20).stdout) for _ in range(2)]
    for timed in [*reports, *(epoch for report in reports for epoch in report["epochs"])]:
        del timed["seconds"]
    assert reports[0] == reports[1]
    one, two = (checkpoint.load(saved(tmp_path, text)) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one.params, two.params, strict=True))


def test_the_picture_is_a_png(text: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    result = run(text, "--plot", tmp_path / "p.png")
    assert result.exit_code == 0, result.output
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["p.png", "text.txt"]


def test_a_control_character_in_the_text_does_not_reach_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "escape.txt"
    path.write_text("\x1b\x00" * 200)
    result = run(path, "--sample", 50)
    assert result.exit_code == 0
    assert not {"\x1b", "\x00"} & set(result.stdout)


def test_an_ascii_terminal_gets_question_marks(tmp_path: Path) -> None:
    path = tmp_path / "greek.txt"
    path.write_text("αβγδ " * 50, encoding="utf-8")
    done = subprocess.run(
        [*PROGRAM, *SMALL, "--steps", "2", "--sample", "9", path],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"?" in done.stdout


@pytest.mark.parametrize("columns", [60, 100])
def test_on_a_terminal_the_bar_fits_its_width(text: Path, columns: int) -> None:
    leader, follower = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    with subprocess.Popen([*PROGRAM, *SMALL, str(text)], stdout=follower, stderr=follower, env=environment) as process:
        os.close(follower)
        shown = b""
        # a terminal that nobody writes to any more is an error on Linux, and an end elsewhere
        try:
            while chunk := os.read(leader, 65536):
                shown += chunk
        except OSError:
            pass
    os.close(leader)
    assert process.returncode == 0
    assert b"\x1b[" in shown
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())
    assert re.search(r"bits", plain)
    assert max(len(line) for line in re.split(r"[\r\n]+", plain)) <= columns


# going on


def test_a_saved_model_goes_on_from_where_it_was(text: Path, tmp_path: Path) -> None:
    sgd = ["--optimizer", "sgd", "--lr", 0.5]
    path = saved(tmp_path, text, "--epochs", 2, *sgd)
    assert run(text, "--load", path, "--save", path, "--epochs", 1, *sgd).exit_code == 0
    going_on = checkpoint.load(path)
    path.unlink()
    at_once = checkpoint.load(saved(tmp_path, text, "--epochs", 3, *sgd))
    assert all(np.array_equal(a, b) for a, b in zip(going_on.params, at_once.params, strict=True))


MISMATCHES = [("--hidden", "6", "5"), ("--wordvec", "4", "3"), ("--dtype", "float32", "float64")]


@pytest.mark.parametrize(("option", "given", "has"), [*MISMATCHES, ("--tokens", "words", "chars")])
def test_an_option_that_does_not_match_the_loaded_model_is_refused(
    text: Path, tmp_path: Path, option: str, given: str, has: str
) -> None:
    path = saved(tmp_path, text)
    assert f"{option}: got {given}, but {path} has {has}" in refused(text, "--load", path, option, given)


def test_a_loaded_model_has_its_own_vocabulary(text: Path, tmp_path: Path) -> None:
    path = saved(tmp_path, text)
    assert "--max-vocab: got 9, but" in refused(text, "--load", path, "--max-vocab", 9)
    assert "TEXT: token 0, 'Z', is not among" in refused("-", "--load", path, stdin=b"Z" * 400)


# refusals


def test_what_is_no_text_is_refused(text: Path, tmp_path: Path) -> None:
    assert "no file nowhere.txt" in refused("nowhere.txt")
    assert "is a folder" in refused(tmp_path)
    (tmp_path / "binary").write_bytes(b"abc\xff\x00")
    assert "not UTF-8 text (byte 0xff at offset 3)" in refused(tmp_path / "binary")
    (tmp_path / "empty").write_bytes(b"")
    assert "holds no chars" in refused(tmp_path / "empty")
    assert "holds no words" in refused("-", "--tokens", "words", stdin=b" \n ")
    assert "TEXT: 8 tokens; wanted at least 9" in refused(text, "--limit", 8, "--val-fraction", 0)


NUMBERS = ["--limit", "--max-vocab", "--batch", "--time", "--wordvec", "--hidden", "--epochs", "--steps", "--lr"]


@pytest.mark.parametrize("option", [*NUMBERS, "--lr-decay", "--clip", "--temperature"])
@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "many", ""])
def test_a_number_that_is_not_positive_is_refused(option: str, value: str) -> None:
    assert f"{option}: got {value}; wanted a" in refused(f"{option}={value}")


def test_other_options_are_refused_in_a_sentence_too() -> None:
    assert "--seed: got -1" in refused("--seed", -1)
    assert "--dropout: got 1; wanted a number of at least 0 and at most 0.9" in refused("--dropout", 1)
    assert "--val-fraction: got 1.0; wanted" in refused("--val-fraction", "1.0")
    assert "'--engine': 'torch' is not one of" in refused("--engine", "torch")
    assert "No such option" in refused("--bath", 3)
    assert "extra argument" in refused("a", "b")


@pytest.mark.parametrize(("option", "suffix"), [("--save", ".npz"), ("--plot", ".png"), ("--json", "")])
def test_an_output_that_cannot_be_written_is_refused_before_training(
    text: Path, tmp_path: Path, option: str, suffix: str
) -> None:
    assert f"{option}: there is no folder" in refused(text, option, tmp_path / "no" / f"x{suffix}")
    assert f"{option}: there is no folder" in refused(text, option, text / f"x{suffix}")
    (tmp_path / f"folder{suffix}").mkdir()
    assert f"{option}: {tmp_path}/folder{suffix} is a folder" in refused(text, option, tmp_path / f"folder{suffix}")
    if suffix:
        pipe = tmp_path / f"pipe{suffix}"
        os.mkfifo(pipe)
        assert f"{option}: {pipe} is a device or a pipe" in refused(text, option, pipe)
        assert f"{option}: run.txt does not end in {suffix}" in refused(text, option, "run.txt")
    if Path("/proc/self").is_dir():
        assert f"{option}: cannot write /proc/x{suffix}" in refused(text, option, f"/proc/x{suffix}")


def test_one_file_for_two_purposes_is_refused(text: Path, tmp_path: Path) -> None:
    assert f"--json: {text} is also TEXT" in refused(text, "--json", text)
    path = saved(tmp_path, text)
    assert f"--json: {path} is also --load" in refused(text, "--load", path, "--json", path)


def test_a_file_that_is_no_model_is_not_replaced(text: Path, tmp_path: Path) -> None:
    path = tmp_path / "thesis.npz"
    for content in (b"", b"my thesis"):
        path.write_bytes(content)
        assert "exists and is no model of ours" in refused(text, "--save", path)
        assert path.read_bytes() == content
    np.savez(path, about=np.zeros(3))
    assert "exists and is no model of ours" in refused(text, "--save", path)


def test_a_plot_without_matplotlib_is_refused_before_training(text: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert "pip install 'tiny-autograd-rnn[plot]'" in refused(text, "--plot", text.parent / "p.png")


def test_a_model_that_is_none_is_refused(text: Path, tmp_path: Path) -> None:
    assert "--load: there is no file nowhere.npz" in refused(text, "--load", "nowhere.npz")
    assert "--load: cannot read" in refused(text, "--load", tmp_path)
    assert "is not a whole .npz file" in refused(text, "--load", text)


def test_a_model_too_large_for_memory_is_refused(text: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise MemoryError

    monkeypatch.setattr("compare.training.models.Architecture.initial", full)
    assert "does not fit into memory" in refused(text)


def test_a_disk_that_fills_up_keeps_the_last_good_model(
    text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path, text)
    good = path.read_bytes()

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    result = run(text, "--save", path)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: --save: cannot write {path} (no space left on device)")
    assert path.read_bytes() == good
    assert sorted(p.name for p in tmp_path.iterdir()) == ["model.npz", "text.txt"]


@pytest.mark.parametrize("engine", [Manual, Autograd])
def test_divergence_ends_the_run_and_keeps_the_last_good_model(
    text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: type[Manual] | type[Autograd]
) -> None:
    right, calls = engine.step, iter(range(1000))
    path = tmp_path / "m.npz"

    def wrong(self: Any, *chunk: Any) -> Any:
        loss, grads = right(self, *chunk)
        return (float("nan") if next(calls) == 60 else loss), grads

    monkeypatch.setattr(engine, "step", wrong)
    result = run(text, "--save", path, "--json", tmp_path / "r.json")
    assert result.exit_code == 1
    assert f"diverged at step 61 (epoch 2): the loss is nan in the {engine.name} engine" in result.stderr
    assert f"{path} holds the model after step 48" in result.stderr
    assert result.stderr.count("\n") == 1
    assert checkpoint.load(path).kind == "chars"
    assert json.loads((tmp_path / "r.json").read_text())["ended"] == "diverged"


@pytest.mark.parametrize("lr", [1e200, 1e308])
def test_a_learning_rate_beyond_all_bounds_ends_in_a_sentence(text: Path, lr: float) -> None:
    result = run(text, "--lr", lr, "--optimizer", "sgd")
    assert result.exit_code in (0, 1), result.stderr
    assert result.stderr.count("\n") <= 1


# signals


@pytest.mark.parametrize(
    ("number", "status", "name"), [(signal.SIGINT, 130, "Ctrl-C"), (signal.SIGTERM, 143, "SIGTERM")]
)
def test_an_interrupted_run_saves_and_says_how_to_go_on(
    text: Path, tmp_path: Path, number: signal.Signals, status: int, name: str
) -> None:
    path = tmp_path / "m.npz"
    command = [*PROGRAM, *SMALL, str(text), "--epochs", "1000000", "--save", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        until(path.exists, process)
        process.send_signal(number)
        _, stderr = process.communicate(timeout=60)
    assert process.returncode == status
    assert re.fullmatch(rf"{name} after step [\d,]+; the model is saved in .*: go on with --resume .*\n", stderr)
    assert checkpoint.load(path).H == 5
    assert sorted(p.name for p in tmp_path.iterdir()) == ["m.npz", "text.txt"]


def test_ctrl_c_while_reading_leaves_nothing_behind() -> None:
    # standard input stays open and silent, so the run waits for its text
    with subprocess.Popen(
        [*PROGRAM, *SMALL, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        assert process.stderr
        assert process.stderr.read() == "Ctrl-C before training began: nothing was left to save\n"
    assert process.returncode == 130


def until(condition: Any, process: subprocess.Popen[str]) -> None:
    while not condition():
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
