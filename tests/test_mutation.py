"""The mutation benchmark, on a few mutants: it yields what it says, and tells wrong lines from others."""

import ast
from dataclasses import replace

import numpy as np
import pytest

from benchmarks import trial
from benchmarks.mutants import Mutant, mutants
from benchmarks.mutation import Verdict, page, survivors
from benchmarks.survivors import REASONS
from benchmarks.trial import SOURCES, caught_by, reached
from compare.cases import cases
from compare.judge import compare_pair
from compare.pairs import PAIRS

TOY = '''
"""A toy."""

class Toy:
    """Its text."""

    def __init__(self, W: int = 0) -> None:
        self.W = W
        self.g = W

    def forward(self, x, y):
        """Its text."""
        a = np.dot(x, y.T) - x
        for t in range(3):
            self.W[t] += a
        if not a < 1:
            raise ValueError(f"{x} is wrong")
        self.g[...] = np.sum(a, axis=0, keepdims=True)
        np.add.at(a, x, y)
        return a, np.zeros(2, dtype=int)
'''


def changes(line: str) -> set[str]:
    """What the mutants make of the statement that begins with this."""
    return {mutant.after for mutant in mutants("toy.py", TOY) if mutant.before.startswith(line)}


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("a = ", ["a = np.dot(x, y.T) + x", "a = x - np.dot(x, y.T)", "a = np.dot(x, y.T)", "pass"]),
        ("a = ", ["a = np.dot(x, y) - x", "a = np.dot(x.T, y.T) - x", "a = np.dot(y.T, x) - x"]),
        ("a = ", ["a = np.dot(y, y.T) - x", "a = np.dot(x, y.T) - y"]),
        (
            "for t",
            [
                "for t in reversed(range(3)):",
                "for t in range(1, 3):",
                "for t in range(3 - 1):",
                "for t in range(3): … break",
            ],
        ),
        ("self.W[t]", ["self.W[t - 1] += a", "self.W[t] = a", "self.W[0] += a", "self.W[t] -= a", "self.g[t] += a"]),
        ("if", ["if a < 1:", "if True:", "if False:", "if not a >= 1:", "if not a < 0:"]),
        ("self.g", ["self.g = np.sum(a, axis=0, keepdims=True)", "self.g[...] += np.sum(a, axis=0, keepdims=True)"]),
        ("self.g", ["self.g[...] = np.sum(a, axis=0)", "self.g[...] = np.sum(a, axis=0, keepdims=False)"]),
        ("self.g", ["self.g[...] = np.sum(a, axis=1, keepdims=True)"]),
        ("self.g", ["self.g[...] = np.max(a, axis=0, keepdims=True)"]),
        ("np.add", ["a[x] += y", "np.add.at(x, a, y)"]),
        ("return", ["return (np.zeros(2, dtype=int), a)", "return (a,)", "return (a, np.empty(2, dtype=int))", "pass"]),
        ("return", ["return (a, np.zeros(2))", "return (a, np.zeros(2, dtype=np.float32))"]),
        ("def __init__", ["def __init__(self, W: int=1) -> None:"]),
    ],
)
def test_every_kind_of_change_is_made(line: str, wanted: list[str]) -> None:
    assert set(wanted) <= changes(line)


def test_each_mutant_is_another_program_with_the_same_texts() -> None:
    found = list(mutants("toy.py", TOY))
    assert len({mutant.source for mutant in found} | {ast.unparse(ast.parse(TOY))}) == len(found) + 1
    for mutant in found:
        assert mutant.source.count("Its text.") == 2
        assert mutant.before != mutant.after
        assert "{y} is wrong" not in mutant.source


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two quick pairs stand for all."""
    monkeypatch.setattr(trial, "PAIRS", [pair for pair in PAIRS if pair.title in ("Affine", "Embedding")])


def verdict(file: str, before: str, after: str) -> str:
    assert before in SOURCES[file]
    return caught_by(Mutant(file, 0, before, after, SOURCES[file].replace(before, after)))


@pytest.mark.usefixtures("quick")
def test_wrong_lines_are_caught() -> None:
    assert verdict("affine.py", "db = np.sum(dout, axis=0)", "db = np.max(dout, axis=0)").startswith("Affine: db")
    assert verdict("affine.py", "dx = np.dot(dout, W.T)", "pass")
    assert verdict("embedding.py", "np.add.at(dW, self.ids, dout)", "dW[self.ids] += dout").startswith("Embedding: dW")


@pytest.mark.usefixtures("quick")
def test_an_equivalent_line_survives() -> None:
    assert verdict("affine.py", "self.grads[1][...] = db", "self.grads[-1][...] = db") == ""


def test_a_mutant_that_never_ends_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "SECONDS", 1)
    assert caught_by(Mutant("affine.py", 1, "", "", "while True: pass")) == "no end within 1 s"


def test_a_mutant_that_kills_itself_is_caught() -> None:
    source = "import os\nos.kill(os.getpid(), 9)"
    assert caught_by(Mutant("affine.py", 1, "", "", source)) == "killed by signal 9"


def test_a_mutant_leaves_no_trace_here() -> None:
    pair = next(pair for pair in PAIRS if pair.title == "Affine")
    caught_by(Mutant("affine.py", 1, "", "", "raise ValueError"))
    assert compare_pair(pair, np.float64, chosen=cases(pair, 1)).ok


def test_every_file_is_reached_by_the_pairs_made_of_it() -> None:
    assert {pair.title for pair in reached("_axes.py")} == {pair.title for pair in PAIRS}
    assert [pair.title for pair in reached("embedding.py")][:2] == ["Embedding", "TimeEmbedding"]
    assert "Softmax" not in {pair.title for pair in reached("rnn.py")}


def test_survivors_are_told_with_their_reasons() -> None:
    (file, before, after), reason = next(iter(REASONS.items()))
    known = Mutant(file, 7, before, after, "")
    verdicts = [Verdict(known, ""), Verdict(replace(known, after="nothing like it"), "Affine: dW")]
    assert survivors(verdicts) == verdicts[:1]
    assert verdicts[0].reason == reason
    assert f"**{reason}**" in page(verdicts)
    assert f"- `{file}:7` `{before}` → `{after}`" in page(verdicts)
