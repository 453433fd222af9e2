"""What reading alone knows the right line of: every check's planted fault, the errata, and what is put in."""

import ast
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from test_static import AFFINE, COURSE, EMBEDDING, LOSS, PLANTED, SOURCES, TIME_EMBEDDING, TIME_RNN, Planted

from compare.checking.reading import read_text
from compare.checking.reading.encoding import unified
from compare.checking.run import check_text
from compare.checking.settings import Settings
from compare.checking.source import Document, Problem
from compare.checking.static import inspect
from compare.checking.static.building import read
from compare.checking.static.unchecked import UNCHECKED, unchecked
from compare.mending.edit import Proposal, applied
from compare.mending.known import proposals
from compare.mending.known.sight import Sight
from compare.mending.known.table import TABLE

ROOT = Path(__file__).parent.parent
DOCUMENTS = ROOT.parent / "shared" / "documents"
CORRECT = ROOT / "tests" / "corpus" / "correct"
DEFINITIONS = (ROOT / "compare" / "mending" / "known" / "definitions.txt").read_text()

# what cannot be told from reading: a product that is never made, a key that nobody keeps
UNKNOWN = (
    "`dW` is never computed",
    "the layer below gets no gradient",
    "the gradient of `b`, is never written",
    "has 2 values, 3 are taken",
    "has no effect",
    "takes all of them for one array",
    "'W', 'x' are kept",
)


def asked(document: Document) -> list[Problem]:
    return [*inspect(document), *unchecked(document)]


def mends(document: Document, problem: Problem) -> list[Proposal]:
    """The proposals, of functions that are called without the net that `proposals` spans."""
    mend = TABLE.get(problem.check)
    found = sorted(mend(Sight(document, problem)), key=lambda each: each.cost) if mend else []
    assert [each for each in found if each.edits] == list(proposals(document, problem))
    return found


def mended(source: str, check: str, said: str = "") -> list[str]:
    """A source after each of the proposals for a problem of it."""
    document = read_text(source, "layers.py")
    problem = next(each for each in asked(document) if each.check == check and said in each.message)
    return [applied(source, each.edits) for each in mends(document, problem)]


def same(a: str, b: str) -> bool:
    return ast.dump(ast.parse(a)) == ast.dump(ast.parse(b))


@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: f"{fault.check}: {fault.said[:40]}")
def test_a_planted_fault_is_mended_or_left_to_the_search(fault: Planted) -> None:
    document = read_text(fault.source, "layers.py")
    found = [each for each in inspect(document) if each.check == fault.check and fault.said in each.message]
    if not found:
        # what reading itself has taken out of the class
        assert "outside of" in fault.said or "stands outside" in fault.said
        return
    made = mends(document, found[0])
    known = fault.check in TABLE and not any(said in fault.said for said in UNKNOWN)
    assert bool(made) == known or fault.said in UNKNOWN
    for each in made:
        ast.parse(applied(fault.source, each.edits))
        assert each.kind
        assert each.cause
    if not made:
        return
    # the likeliest makes the problem go
    first = applied(fault.source, made[0].edits)
    after = inspect(read_text(first, "layers.py"))
    left = [each for each in after if (each.check, each.message) == (found[0].check, found[0].message)]
    assert not left
    kept = set(fault.source.split("\n")) - set(first.split("\n"))
    assert len(kept) <= 4


# faults that only one line makes right again: that line is among the proposals
@pytest.mark.parametrize(
    "fault",
    [
        fault
        for fault in PLANTED
        if any(
            fault.check == name
            for name in (
                "unknown attribute",
                "misspelt method",
                "unknown NumPy name",
                "unknown array attribute",
                "enumerate",
                "return in a loop",
                "index is the length",
                "constant index",
                "list added to itself",
                "wrong list",
                "gradients replaced",
                "unpacked in another order",
                "caller's array kept",
                "missing comma",
                "slice",
                "not transposed",
                "axis of another array",
                "repeated ids",
                "bias left out",
                "set to 0 again",
                "the same step",
                "axis of the loop",
                "step left out",
                "wrong direction",
                "cache used up",
                "lists of gradients",
            )
        )
    ],
    ids=lambda fault: f"{fault.check}: {fault.said[:40]}",
)
def test_what_was_there_before_is_among_the_proposals(fault: Planted) -> None:
    made = mended(fault.source, fault.check)
    settled = [text for text in made if not any(p.severity != "note" for p in inspect(read_text(text, "layers.py")))]
    assert settled or any(same(text, source) for text in made for source in SOURCES.values())


@pytest.mark.parametrize("name", sorted(TABLE))
def test_every_mending_function_answers_a_check_that_there_is(name: str) -> None:
    planted = {fault.check for fault in PLANTED}
    noted = {"values unchecked", "ids unchecked", "backward before forward", "batch of the state", "steps unchecked"}
    noted |= {"weights kept twice", "one-hot unchecked", "labels unchecked", "0 times infinity"}
    assert name in planted | noted | {"ignored label as an index"}


# by the number in docs/errata.md: the check, a part of its message, and the line that was meant
ERRATA = {
    2: ("missing import", "`import numpy", "import numpy as np"),
    3: ("wrong factor", "`dh_prev`", "dh_prev = np.dot(dt ,Wh.T)"),
    4: ("unknown attribute", "`self.grad`", "self.grads[2][...] = db"),
    5: ("values unchecked", "`x`", "if not np.isfinite(x).all():"),
    6: ("backward before forward", "`self.cache`", 'raise RuntimeError("call forward before backward")'),
    7: ("float32", "what `hs` holds", "hs = np.empty((N, T, H), dtype=Wx.dtype)"),
    8: ("float32", "what `self.h` holds", "self.h = np.zeros((N, H), dtype=Wx.dtype)"),
    10: ("unknown attribute", "`self.layer` is", "self.layers.append(layer)"),
    11: ("float32", "what `dxs` holds", "dxs = np.empty((N, T, D), dtype=Wx.dtype)"),
    12: ("undefined name", "counts in `i`, its body reads `t`. (Also", "for t in reversed(range(T)):"),
    13: ("call of no function", "`self.layers`", "layer = self.layers[t]"),
    14: ("enumerate", "", "for i, grad in enumerate(layer.grads):"),
    15: ("loop variable taken twice", "", "for j, grad in enumerate(layer, grads):"),
    16: ("caller's array kept", "", "self.h = h.copy()"),
    17: ("batch of the state", "", "if len(self.h) != N:"),
    18: ("steps unchecked", "`dhs`", "if T != len(self.layers):"),
    21: ("undefined name", "its body reads `t`.", "for t in range(T):"),
    22: ("float32", "what `out` holds", "out = np.empty((N, T, D), dtype=self.W.dtype)"),
    23: ("missing import", "`Embedding`", "class Embedding:"),
    24: ("ids unchecked", "", "if xs.min() < 0 or xs.max() >= len(self.params[0]):"),
    25: ("steps unchecked", "`dout`", "if T != len(self.layers):"),
    26: ("weights kept twice", "", "(W,) = self.params"),
    27: ("undefined name", "`rs`", "rx = xs.reshape(N*T, -1)"),
    28: ("same shape", "", "rx = xs.reshape(N * T, -1)"),
    32: ("unknown array attribute", "", "if ts.ndim == 3:"),
    33: ("unknown NumPy name", "", "ls = np.log(ys[np.arange(N*T), ts])"),
    34: ("missing import", "`softmax`", "def softmax(x):"),
    35: ("logarithm of 0", "", "log_ys = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))"),
    36: ("0 times infinity", "", "ls = np.where(mask, ls, 0)"),
    37: ("division by 0", "", "loss /= max(int(mask.sum()), 1)"),
    39: ("ignored label as an index", "", "ts = np.where(mask, ts, 0)"),
    40: ("one-hot unchecked", "", 'raise ValueError("a row of ts is not one-hot")'),
    41: ("labels unchecked", "", "if np.any(mask & ((ts < 0) | (ts >= V))):"),
    42: ("cache changed", "", "dx = ys.copy()"),
    43: ("unknown NumPy name", "", "dx[np.arange(N*T), ts] -= 1"),
    44: ("division by 0", "", "dx /= max(int(mask.sum()), 1)"),
}


@pytest.fixture(scope="module")
def parsed() -> str:
    """The documents with only their grammar right."""
    if not DOCUMENTS.exists():
        pytest.skip("the documents are not here")
    text = unified((DOCUMENTS / "000_49152c1557d352b8.txt").read_text())
    text = text.replace("In [None]:", "").replace("xs(:, t, :)", "xs[:, t, :]")
    stray = text[text.index("    for i in range(T):\n      layer = Emb") : text.index("    def backward(self, dout):")]
    return text.replace(stray, "".join(f"  {line}" for line in stray.splitlines(keepends=True)))


@pytest.mark.parametrize("number", ERRATA)
def test_an_erratum_is_mended_to_the_right_line(number: int, parsed: str) -> None:
    check, said, line = ERRATA[number]
    document = read_text(parsed, "layers.py")
    found = [each for each in asked(document) if each.check == check and said in each.message]
    firsts = [mends(document, each)[0] for each in found]
    new = [row.strip() for each in firsts for edit in each.edits for row in edit.new]
    assert line in new


@pytest.mark.parametrize(
    ("source", "check", "wrong", "right"),
    [
        (AFFINE, "undefined name", ("np.dot(x, W) + b", "np.dot(x, w) + b"), "np.dot(x, W) + b"),
        (TIME_RNN, "unknown attribute", ("self.layers = []", "self.layers = []\n        self.layrs"), "self.layers"),
        (COURSE, "unknown NumPy name", ("np.tanh(x @ Wx", "np.tahn(x @ Wx"), "np.tanh(x @ Wx"),
        (TIME_RNN, "caller's array kept", ("set_state(self, h)", "set_state(self, h=None)"), "None if h is None else"),
        (AFFINE, "gradients replaced", ("self.grads[1][...] =", "self.grads[1] ="), "self.grads[1][...] = dout"),
        (TIME_EMBEDDING, "float32", ("dtype=W.dtype", "dtype=np.float32"), "dtype=W.dtype"),
        (TIME_RNN, "float32", ("dtype=dhs.dtype", "dtype='f'"), "dtype=Wx.dtype"),
        (COURSE, "set to 0 again", ("dWh += dWh_t", "dWh = np.zeros((H, H))\n        dWh += dWh_t"), "dWh += dWh_t"),
        (TIME_RNN, "call of no function", ("self.layers[t]", "self.layers(t)"), "self.layers[t]"),
        (LOSS, "unknown array attribute", ("t.ndim", "t.nidm"), "t.ndim"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 40 else "",
)
def test_the_same_kind_of_mistake_elsewhere(source: str, check: str, wrong: tuple[str, str], right: str) -> None:
    text = source if "self.h = h.copy()" not in source or "kept" not in check else source.replace("h.copy()", "h")
    slipped = text.replace(*wrong)
    assert slipped != text
    made = mended(slipped, check)
    assert right in made[0]


def test_an_import_comes_after_the_docstring_and_the_future_and_before_all_else() -> None:
    bare = AFFINE.replace("import numpy as np\n", "").lstrip()
    head = '#!/usr/bin/env python\n# coding: utf-8\n"""A layer.\n\nOf mine.\n"""\nfrom __future__ import division\n'
    head += "import os\n"
    lines = mended(head + bare, "missing import")[0].split("\n")
    assert lines[6:9] == ["from __future__ import division", "import numpy as np", "import os"]
    alone = mended("# my layer\n" + bare, "missing import")[0]
    assert alone.startswith("import numpy as np\n\n\n# my layer\nclass Affine")


def test_in_a_notebook_the_import_stands_in_the_first_cell_of_code() -> None:
    bare = AFFINE.replace("import numpy as np\n", "")
    cells = [
        ("markdown", "# Layers"),
        ("code", "%matplotlib inline"),
        ("code", "def f(x):\n    return x"),
        ("code", bare),
    ]
    listed = [{"cell_type": kind, "source": text, "metadata": {}} for kind, text in cells]
    document = read_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": listed}), "a.ipynb")
    problem = next(each for each in inspect(document) if each.check == "missing import")
    (proposal,) = mends(document, problem)
    (edit,) = proposal.edits
    assert edit.label in ("<cell 1>", "<cell 2>")
    assert edit.first == 1
    assert edit.new[0] == "import numpy as np"


def test_a_definition_comes_with_what_it_needs_itself_and_what_is_there_is_not_repeated() -> None:
    model = "import numpy as np\nclass Model:\n    def forward(self, x, t):\n        return "
    model += "SoftmaxWithLoss().forward(x, t)\n"
    text = mended(model + "    def backward(self):\n        pass\n", "missing import")[0]
    assert text.index("def log_softmax") < text.index("class SoftmaxWithLoss") < text.index("class Model")
    assert "def softmax" not in text
    again = text.replace("class SoftmaxWithLoss", "class Other")
    assert mended(again, "missing import")[0].count("def log_softmax") == 1


def test_what_we_write_is_right() -> None:
    """Every definition that is put in passes the whole battery, and reading finds nothing in it."""
    text = f"import numpy as np\n\n\n{DEFINITIONS}"
    assert inspect(read_text(text, "layers.py")) == ()
    report = check_text(text, "layers.py", Settings({}, strict=True), None)
    assert len(report.symbols) > 20
    assert {symbol.name: symbol.verdict for symbol in report.symbols if symbol.verdict != "correct"} == {}


def notes(text: str) -> Sequence[Problem]:
    document = read_text(text, "layers.py")
    file = read(document)
    found = [problem for check in UNCHECKED for problem in check(file)]
    assert {each.check for each in found} == {each.check for each in unchecked(document)}
    assert {each.severity for each in found} <= {"note"}
    return found


@pytest.mark.parametrize("path", sorted(CORRECT.glob("*.py")), ids=lambda path: path.stem)
def test_what_is_unchecked_is_a_note_at_most_once_a_method_and_not_of_functions(path: Path) -> None:
    document = read_text(path.read_bytes(), path.name)
    found = unchecked(document)
    assert {each.severity for each in found} <= {"note"}
    assert all(document.definitions[each.symbol].kind == "class" for each in found)
    assert len({(each.check, each.place) for each in found}) == len(found)


def test_every_refusal_is_put_in_once_and_then_asked_no_more() -> None:
    text = EMBEDDING + TIME_EMBEDDING + TIME_RNN + AFFINE + LOSS
    for _ in range(40):
        found = notes(text)
        if not found:
            break
        document = read_text(text, "layers.py")
        (first,) = mends(document, found[0])[:1]
        text = applied(text, first.edits)
    assert notes(text) == []
    assert text.count("raise ") > 8
    # and what is right stays right
    report = check_text(text, "layers.py", Settings({}), None)
    assert {symbol.verdict for symbol in report.symbols} <= {"correct", "fragile"}


def test_weights_that_are_kept_twice_are_read_from_the_parameters() -> None:
    twice = EMBEDDING.replace("self.idx = None", "self.idx = None\n        self.W = W")
    twice = twice.replace("        W, = self.params\n", "").replace("return W[idx]", "return self.W[idx]")
    (text,) = mended(twice, "weights kept twice")
    assert same(text, EMBEDDING)


def test_functions_of_the_course_are_asked_nothing() -> None:
    assert notes(COURSE) == []


@pytest.mark.parametrize("path", sorted(CORRECT.glob("*.py")), ids=lambda path: path.stem)
def test_nothing_in_a_file_makes_a_mending_function_raise(path: Path) -> None:
    document = read_text(path.read_bytes(), path.name)
    for problem in asked(document):
        mends(document, problem)
