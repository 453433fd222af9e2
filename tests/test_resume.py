"""A run that was stopped and resumed gives the same bits as one that was not."""

import json
import os
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
from compare.training.checkpoint import Model
from compare.training.command import train
from compare.training.engines import Autograd, Manual
from compare.training.models import MODELS
from compare.training.text import Vocabulary

TEXT = "the cat sat on the mat and the dog sat on the cat; " * 2
# 11 steps an epoch, 33 in all
SMALL = ["--batch", 2, "--time", 4, "--hidden", 5, "--seed", 3, "--limit", 100, "--val-fraction", 0.1, "--sample", 0]
MIDDLE, BORDER, STEPS = 17, 22, 33


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "text.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def run(*args: object) -> Result:
    return CliRunner().invoke(train, [str(arg) for arg in args])


def trained(path: Path, *args: object) -> dict[str, Any]:
    """The JSON of a run that ended well and saved itself, without what a clock says."""
    result = run(*args, "--save", path, "--json", "-")
    assert result.exit_code == 0, result.stderr
    return untimed(json.loads(result.stdout))


def untimed(report: dict[str, Any]) -> dict[str, Any]:
    for timed in (report, *report["epochs"]):
        del timed["seconds"]
    return report


def contents(path: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Everything in a file but the clock and how far the run was to go; arrays as their bytes."""
    about, arrays = checkpoint.contents(path)
    untimed(about["run"])
    about["config"] = {name: value for name, value in about["config"].items() if name not in ("epochs", "steps")}
    return about, {name: array.tobytes() for name, array in arrays.items() if name != checkpoint.ABOUT}


def stopped(monkeypatch: pytest.MonkeyPatch, step: int, *args: object) -> Result:
    """A run that gets a SIGTERM in its step of this number."""
    with monkeypatch.context() as patched:
        calls = iter(range(1, 1000))
        for engine in (Manual, Autograd):

            def killing(self: Any, *chunk: Any, right: Any = engine.step) -> Any:
                # both copies take the step: the second is not counted
                if (self.name == "manual" or "autograd" in args) and next(calls) == step:
                    os.kill(os.getpid(), signal.SIGTERM)
                return right(self, *chunk)

            patched.setattr(engine, "step", killing)
        result = run(*args)
    assert result.exit_code == 143, result.output
    assert f"SIGTERM after step {step};" in result.stderr
    return result


@pytest.mark.parametrize("carry", [(), ("--carry",)], ids=["anew", "carry"])
@pytest.mark.parametrize("engine", ["manual", "both"])
@pytest.mark.parametrize("optimizer", [("sgd", "--lr", 9, "--clip", 1), ("adam",)], ids=["sgd", "adam"])
@pytest.mark.parametrize("model", MODELS)
def test_an_interrupted_run_goes_on_to_the_same_bits(
    text: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    model: str,
    optimizer: tuple[object, ...],
    engine: str,
    carry: tuple[str, ...],
) -> None:
    whole, parts = tmp_path / "whole.npz", tmp_path / "parts.npz"
    args = [text, *SMALL, "--model", model, "--engine", engine, "--optimizer", *optimizer, *carry]
    at_once = trained(whole, *args)
    stopped(monkeypatch, MIDDLE, *args, "--save", parts)
    resumed = trained(parts, "--resume", parts, "--sample", 0)
    assert len(at_once["steps"]) == STEPS
    assert resumed == at_once
    assert contents(parts) == contents(whole)


@pytest.mark.parametrize("stop", [MIDDLE, BORDER])
@pytest.mark.parametrize("by", ["signal", "steps"])
def test_it_goes_on_from_wherever_it_was_stopped(
    text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: int, by: str
) -> None:
    whole, parts = tmp_path / "whole.npz", tmp_path / "parts.npz"
    # a learning rate at which the validation perplexity rises, so that it is quartered
    args = [
        text,
        *SMALL,
        "--model",
        [*MODELS][-1],
        "--lr-decay",
        0.9,
        *("--optimizer", "sgd", "--lr", 10, "--engine", "autograd"),
    ]
    at_once = trained(whole, *args)
    assert at_once["epochs"][-1]["lr"] < 10 * 0.9**2
    if by == "signal":
        stopped(monkeypatch, stop, *args, "--save", parts)
    else:
        trained(parts, *args, "--steps", stop)
    resumed = trained(parts, "--resume", parts, "--sample", 0)
    assert resumed["config"].pop("steps") is None
    assert at_once["config"].pop("steps") is None
    assert resumed == at_once
    assert contents(parts) == contents(whole)


def test_stopped_twice_and_with_epochs_added_it_is_still_the_same_run(text: Path, tmp_path: Path) -> None:
    whole, parts = tmp_path / "whole.npz", tmp_path / "parts.npz"
    trained(whole, text, *SMALL, "--epochs", 4)
    trained(parts, text, *SMALL, "--epochs", 1)
    trained(parts, "--resume", parts, "--epochs", 4, "--steps", 25)
    trained(parts, text, "--resume", parts, "--sample", 0)
    assert contents(parts) == contents(whole)


def test_another_process_goes_on_to_the_same_bits(text: Path, tmp_path: Path) -> None:
    whole, parts = tmp_path / "whole.npz", tmp_path / "parts.npz"
    program = [sys.executable, "-c", "from compare.training.command import train; train(prog_name='train')"]
    command = [*program, *map(str, [text, *SMALL, "--epochs", 1000000, "--save", parts])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        while not parts.exists():
            assert process.poll() is None, process.communicate()
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        stderr = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    found = re.match(r"Ctrl-C after step ([\d,]+); the model is saved in (.*): go on with --resume \2\n", stderr)
    assert found, stderr
    steps = int(found[1].replace(",", "")) + 15
    trained(parts, "--resume", parts, "--steps", steps, "--sample", 0)
    trained(whole, text, *SMALL, "--epochs", 1000000, "--steps", steps)
    assert contents(parts) == contents(whole)


def test_the_model_of_the_file_is_the_best_and_the_run_has_the_last(text: Path, tmp_path: Path) -> None:
    path, only = tmp_path / "m.npz", tmp_path / "only.npz"
    sgd = [text, *SMALL, "--optimizer", "sgd", "--lr", 10]
    result = run(*sgd, "--steps", 25, "--save", path, "--json", tmp_path / "r.json")
    first, second, cut = json.loads((tmp_path / "r.json").read_text())["epochs"]
    assert first["validation"] < second["validation"]
    assert (first["lr"], second["lr"], cut["lr"]) == (10, 10, 2.5)
    assert "lr quartered to 2.5: val ppl did not fall" in result.stdout
    assert "The model has the parameters after epoch 1, of the lowest validation perplexity" in result.stdout
    assert run(*sgd, "--epochs", 1, "--save", only).exit_code == 0
    model, run_of, best = checkpoint.load(path), checkpoint.contents(path)[1], checkpoint.load(only)
    for name, kept, wanted in zip(model.architecture.names, model.params, best.params, strict=True):
        assert np.array_equal(kept, wanted)
        assert not np.array_equal(run_of[f"0.{name}"], wanted)


def test_keep_lr_keeps_it(text: Path, tmp_path: Path) -> None:
    report = trained(tmp_path / "m.npz", text, *SMALL, "--optimizer", "sgd", "--lr", 10, "--keep-lr")
    assert [epoch["lr"] for epoch in report["epochs"]] == [10, 10, 10]


# refusals


def refused(*args: object) -> str:
    result = run(*args)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


CHANGES = {
    "--engine": "manual",
    "--tokens": "words",
    "--limit": 50,
    "--max-vocab": 9,
    "--batch": 3,
    "--time": 5,
    "--wordvec": 7,
    "--hidden": 6,
    "--optimizer": "sgd",
    "--lr": 0.5,
    "--lr-decay": 0.5,
    "--clip": 2,
    "--dtype": "float32",
    "--seed": 4,
    "--val-fraction": 0.2,
    "--dropout": 0.2,
}


def test_another_run_is_no_resumption(text: Path, tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    trained(path, text, *SMALL, "--steps", 3)
    for option, value in CHANGES.items():
        assert re.search(rf"{option}: got {value}(\.0)?, but .* has ", refused("--resume", path, option, value))
    for flag in ("--carry", "--keep-lr"):
        assert f"{flag}: {path} was trained without it" in refused("--resume", path, flag)
    assert run("--resume", path, "--hidden", 5, "--lr", 0.003, "--steps", 4).exit_code == 0


def test_another_text_is_refused(text: Path, tmp_path: Path) -> None:
    path, other = tmp_path / "m.npz", tmp_path / "other.txt"
    trained(path, text, *SMALL, "--steps", 3)
    other.write_text(TEXT.replace("dog", "god"))
    assert f"TEXT: {other} is not the text that {path} was trained on, 100 chars" in refused(other, "--resume", path)
    other.write_text("Zebra" * 100)
    assert "TEXT: token 0, 'Z', is not among" in refused(other, "--resume", path)
    text.unlink()
    assert f"TEXT: there is no file {text}" in refused("--resume", path)


def test_standard_input_is_given_again(tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    args = ["-", *map(str, SMALL), "--steps", "3", "--save", str(path)]
    assert CliRunner().invoke(train, args, input=TEXT).exit_code == 0
    assert "give the same text again" in refused("--resume", path)
    assert CliRunner().invoke(train, ["-", "--resume", str(path), "--sample", "0"], input=TEXT).exit_code == 0


def test_a_run_at_its_end_needs_more_to_do(text: Path, tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    trained(path, text, *SMALL)
    assert "--epochs" in refused("--resume", path)
    assert "wanted more epochs to go on, such as --epochs 6" in refused("--resume", path, "--epochs", 2)
    assert f"--steps: got 33, but {path} is after step 33" in refused("--resume", path, "--epochs", 9, "--steps", 33)
    assert "wanted one of them" in refused("--resume", path, "--load", path)
    assert "--resume: there is no file" in refused("--resume", tmp_path / "none.npz")


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("steps", "holds no whole training"),
        ("1.h", "holds no whole training"),
        ("0.m.embed_W", "lacks the parameter 0.m.embed_W"),
        ("1.rnn_b", "lacks the parameter 1.rnn_b"),
    ],
)
def test_a_model_without_its_run_can_only_be_loaded(text: Path, tmp_path: Path, fault: str, message: str) -> None:
    path = tmp_path / "m.npz"
    trained(path, text, *SMALL, "--steps", 3)
    with np.load(path) as archive:
        arrays = {name: archive[name] for name in archive.files if name != fault}
    np.savez(path, **arrays)
    assert f"--resume: {path} {message}" in refused("--resume", path)
    assert run(text, *SMALL, "--load", path, "--steps", 2).exit_code == 0


@pytest.mark.parametrize(("name", "array"), [("steps", np.zeros(3)), ("0.h", np.full((2, 5), np.nan))])
def test_a_run_with_parts_that_do_not_fit_is_refused(text: Path, tmp_path: Path, name: str, array: Any) -> None:
    path = tmp_path / "m.npz"
    trained(path, text, *SMALL, "--steps", 3)
    with np.load(path) as archive:
        arrays = {**archive, name: array}
    np.savez(path, **arrays)
    assert "not fit its" in refused("--resume", path)


def test_a_model_that_no_run_wrote_is_refused(tmp_path: Path) -> None:
    path, simple = tmp_path / "m.npz", MODELS["simple-rnnlm"]
    params = tuple(simple.initial(2, 3, 4, "float64", 0))
    checkpoint.save(path, Model(simple, "chars", Vocabulary(("a", "b")), params, {"lr": 0.1}))
    assert f"--resume: {path} lacks the option model of its training" in refused("--resume", path)


# Ctrl-C when there is nothing more to lose


@pytest.mark.parametrize("save", [True, False])
def test_ctrl_c_after_training_says_what_is_saved(
    text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, save: bool
) -> None:
    path = tmp_path / "m.npz"

    def interrupted(*_: Any) -> str:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1)
        raise AssertionError

    monkeypatch.setattr("compare.training.session.sample", interrupted)
    result = run(text, *SMALL, "--sample", 5, *(["--save", path] if save else []))
    assert result.exit_code == 130
    kept = f"the model is saved in {path}" if save else "nothing is saved: next time give --save model.npz"
    assert result.stderr == f"Ctrl-C after step 33; {kept}\n"
