"""The command `generate` as a person meets it."""

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from compare.training import checkpoint
from compare.training.checkpoint import Model
from compare.training.generate import generate
from compare.training.models import MODELS
from compare.training.sample import sample
from compare.training.text import UNKNOWN, Vocabulary

D = H = 4


def model_of(name: str, tokens: tuple[str, ...], kind: str = "chars") -> Model:
    architecture = MODELS[name]
    params = architecture.initial(len(tokens), D, H, "float64", 1)
    # scores far enough apart for a temperature to matter
    params[-1][...] = np.linspace(0, 2, len(tokens))
    return Model(architecture, kind, Vocabulary(tokens), tuple(params), {})


@pytest.fixture(params=MODELS)
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "m.npz"
    checkpoint.save(path, model_of(request.param, tuple("abcdef")))
    return path


@pytest.fixture
def words(tmp_path: Path) -> Path:
    path = tmp_path / "words.npz"
    checkpoint.save(path, model_of("simple-rnnlm", ("one", "two", UNKNOWN, "three"), "words"))
    return path


def run(*args: object) -> Result:
    return CliRunner().invoke(generate, [str(arg) for arg in args])


def written(*args: object) -> str:
    result = run(*args)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return result.stdout.removesuffix("\n")


def refused(*args: object) -> str:
    result = run(*args)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


def test_the_same_seed_writes_the_same_text(path: Path) -> None:
    text = written(path)
    assert len(text) == 300
    assert set(text) <= set("abcdef")
    assert written(path) == text == written(path, "--seed", 0)
    assert written(path, "--seed", 1) != text


def test_it_writes_what_the_training_would(path: Path) -> None:
    text = sample(checkpoint.load(path), 50, 0.7, 3)
    assert written(path, "--length", 50, "--seed", 3) == text


def test_it_goes_on_from_the_prompt(path: Path) -> None:
    texts = {prompt: written(path, "--length", 40, "--prompt", prompt, "--temperature", 1) for prompt in ("ba", "fa")}
    assert all(text.startswith(prompt) and len(text) == 42 for prompt, text in texts.items())


def test_the_prompt_warms_up_the_state() -> None:
    model = model_of("simple-rnnlm", tuple("abcdef"))
    for param in model.params[:5]:
        param *= 30
    # the same last token, after others
    texts = {sample(model, 40, 1.0, 0, prompt) for prompt in ([0, 1], [5, 1], [3, 4, 1])}
    assert len(texts) > 1


def test_top_k_draws_from_the_likeliest_only(path: Path) -> None:
    assert set(written(path, "--top-k", 1, "--length", 30)) == {"f"}
    assert set(written(path, "--top-k", 2, "--length", 100)) == set("ef")
    assert written(path, "--top-k", 6) == written(path, "--top-k", 99) == written(path)


def test_of_equally_likely_tokens_no_more_than_k_are_drawn() -> None:
    model = model_of("simple-rnnlm", tuple("abcdef"))
    for param in model.params:
        param[...] = 0
    assert set(sample(model, 100, 1.0, 0, top_k=2)) == set("ab")


def test_the_temperature_flattens(path: Path) -> None:
    cold, hot = (written(path, "--temperature", t).count("f") for t in (0.3, 30))
    assert cold > hot


def test_words_are_cut_as_in_training(words: Path) -> None:
    text = written(words, "--prompt", " two\n unheard one ", "--length", 7)
    assert text.startswith("two unheard one ")
    assert len(text.split()) == 10
    assert set(text.split()[3:]) <= {"one", "two", "three"}
    assert len(written(words).split()) == 60


def test_json_stands_alone_on_standard_output(path: Path, tmp_path: Path) -> None:
    args = (path, "--length", 5, "--top-k", 3, "--prompt", "ab", "--json")
    result = run(*args, "-")
    report = json.loads(result.stdout)
    assert result.stderr == "ab" + report.pop("text") + "\n"
    model = checkpoint.load(path).architecture.name
    about = {"ok": True, "model": model, "tokens": "chars", "prompt": "ab", "length": 5}
    assert report == {**about, "temperature": 0.7, "top_k": 3, "seed": 0}
    written(*args, tmp_path / "r.json")
    assert json.loads((tmp_path / "r.json").read_text())["seed"] == 0


def test_a_control_character_does_not_reach_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "m.npz"
    checkpoint.save(path, model_of("simple-rnnlm", ("\x1b", "\0", "a")))
    assert not {"\x1b", "\0"} & set(written(path, "--prompt", "\x1b"))


def test_what_cannot_be_read_is_refused(path: Path, tmp_path: Path) -> None:
    assert "MODEL: there is no file none.npz" in refused("none.npz")
    assert "MODEL: cannot read" in refused(tmp_path)
    (tmp_path / "x.npz").write_bytes(path.read_bytes()[:100])
    assert "is not a whole .npz file" in refused(tmp_path / "x.npz")
    assert "Missing argument 'MODEL' (generate --help lists what there is)" in refused()


def test_a_prompt_that_the_model_cannot_read_is_refused(path: Path, words: Path) -> None:
    assert "--prompt: token 1, 'z', is not among the model's 6" in refused(path, "--prompt", "az")
    assert "--prompt: got '', which holds no chars" in refused(path, "--prompt", "")
    assert "--prompt: got ' ', which holds no words" in refused(words, "--prompt", " ")


@pytest.mark.parametrize("option", ["--length", "--temperature", "--top-k"])
@pytest.mark.parametrize("value", ["0", "-1", "nan", "many"])
def test_a_number_out_of_range_is_refused(path: Path, option: str, value: str) -> None:
    assert f"{option}: got {value}; wanted a" in refused(path, f"{option}={value}")


def test_an_output_that_cannot_be_written_is_refused(path: Path, tmp_path: Path) -> None:
    assert "--json: there is no folder" in refused(path, "--json", tmp_path / "no" / "r.json")
    assert f"--json: {path} is also MODEL" in refused(path, "--json", path)


def test_scores_that_are_not_finite_end_in_a_sentence(tmp_path: Path) -> None:
    path, model = tmp_path / "m.npz", model_of("simple-rnnlm", tuple("ab"))
    for param in model.params:
        param[...] = 1.7e308
    checkpoint.save(path, model)
    result = run(path)
    assert result.exit_code == 1
    assert "scores are not finite" in result.stderr
    assert result.stderr.count("\n") == 1


def test_ctrl_c_is_heard(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> str:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1)
        raise AssertionError

    monkeypatch.setattr("compare.training.writing.sample", interrupted)
    result = run(path)
    assert result.exit_code == 130
    assert result.stderr == "Ctrl-C before the text was written\n"
