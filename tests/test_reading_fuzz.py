"""The reader takes anything: it refuses with a sentence, or gives what compiles, every line where it was."""

import ast
import json
import string
import warnings
from contextlib import suppress

from hypothesis import example, given, settings
from hypothesis import strategies as st

from compare.checking.reading import UnreadableError, read_text

some = settings(max_examples=80, deadline=None, derandomize=True, database=None)

SCRIPT = '''# -*- coding: utf-8 -*-
import sys; sys.path.append("..")
import numpy as np
GPU, eps = False, 1e-7
if GPU:
    import cupy as np
else:
    from common.np import *  # 설명


class TimeRNN:
    """Steps
    over time."""

    def __init__(self, Wx, Wh, b, stateful=False):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh),
                      np.zeros_like(b)]

    def forward(self, xs):
        hs = np.empty((2, 3, 4), dtype='f')
        for t in range(3):
            try:
                hs[:, t, :] = self.step(xs[:, t, :]) + eps
            except ValueError:
                raise
        return hs

\tdef step(self, x):
\t\tprint "x", x
\t\treturn x


@staticmethod
def softmax(x): return np.exp(x) / np.exp(x).sum(); y = 1
model = TimeRNN(1, 2, 3); print(model)
for i in range(10):
    if i % 2 == 0: print("%d" % i)
if __name__ == "__main__":
    main()
'''
MAGIC = "%%time\n%matplotlib inline\n!pip install (x\nfiles = !ls\nnp.dot?\n```python\nx = 1\n```\n"
MAGIC += "In [3]:\nOut[3]: 2\nsome words of prose\n"
NOTEBOOK = json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": text} for text in (SCRIPT, MAGIC)]})
PIECES = [
    *"()[]{}:,;=\"'#@\\%!?`\n\t\f\xa0",
    '"""',
    "'''",
    "    ",
    "  ",
    "\r\n",
    "\\\n",
    "def f(x):",
    "class A:",
    "return",
]
PIECES += [
    "if",
    "else:",
    "try:",
    "except:",
    "lambda",
    "print x",
    "0777",
    "async",
    "await",
    "yield",
    "*",
    "In [1]:",
    "```",
    "é순",
]


def read_and_look(text: str | bytes, name: str) -> None:
    """Read, and hold what is found against what is promised."""
    with suppress(UnreadableError):
        document = read_text(text, name)
        sizes = {unit.cell: unit.text.count("\n") + 1 for unit in document.units}
        for unit in document.units:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compile(unit.text, unit.label, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        if isinstance(text, str) and None in sizes:
            assert sizes[None] == text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
        for problem in document.problems:
            assert 1 <= problem.place.line <= sizes[problem.place.cell]
            assert problem.message
        for one in document.definitions.values():
            assert 1 <= one.place.line <= sizes[one.place.cell]
            assert not set(one.broken) & (set(one.methods) if one.kind == "class" else set())
            ast.unparse(one.node)


@some
@given(st.binary(max_size=300), st.sampled_from(["a.py", "a.ipynb", "-"]))
@example(b"\xff\xfe", "-")
@example(b"\xff\xfe\x00", "-")
@example(b"\xff\xfe\x00\xd8\x0a\x00", "-")
@example(b"# coding: unicode_escape\n\\ud800", "-")
def test_any_bytes(raw: bytes, name: str) -> None:
    read_and_look(raw, name)


@some
@given(st.text(max_size=100))
def test_any_text(text: str) -> None:
    read_and_look(text, "a.py")


@some
@given(st.lists(st.sampled_from([*PIECES, *string.ascii_lowercase[:4], " "]), max_size=60).map("".join))
def test_any_pieces_of_code(text: str) -> None:
    read_and_look(text, "a.py")


@some
@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=9),
        lambda part: (
            st.lists(part)
            | st.dictionaries(
                st.sampled_from(["cells", "worksheets", "cell_type", "source", "input", "code", "nbformat"]), part
            )
        ),
        max_leaves=12,
    )
)
def test_any_json(value: object) -> None:
    read_and_look(json.dumps(value), "a.ipynb")
    read_and_look(json.dumps({"cells": [{"cell_type": "code", "source": value}, value]}), "a.ipynb")
    read_and_look(json.dumps({"cells": value, "worksheets": [value]}), "a.ipynb")


mutations = st.lists(
    st.tuples(
        st.sampled_from(["delete", "double", "insert", "indent", "dedent", "cut", "swap"]),
        st.integers(0, 10_000),
        st.integers(0, 80),
        st.sampled_from(PIECES),
    ),
    min_size=1,
    max_size=6,
)


def mutated(text: str, changes: list[tuple[str, int, int, str]]) -> str:
    """The text with lines deleted, doubled, exchanged, indented or cut off, and pieces put in."""
    lines = text.split("\n")
    for kind, number, column, piece in changes:
        at = number % len(lines)
        line = lines[at]
        if kind in ("delete", "double"):
            lines[at : at + 1] = [line] * (2 if kind == "double" else 0) or [""]
        elif kind == "cut":
            lines[at:] = [line[:column]]
        elif kind == "swap":
            lines[at], lines[column % len(lines)] = lines[column % len(lines)], line
        elif kind == "insert":
            lines[at] = line[:column] + piece + line[column:]
        else:
            lines[at] = " " * (column % 9) + line if kind == "indent" else line[column % 9 :]
    return "\n".join(lines)


@some
@given(mutations)
def test_any_change_of_a_script(changes: list[tuple[str, int, int, str]]) -> None:
    read_and_look(mutated(SCRIPT, changes), "a.py")
    read_and_look(mutated(MAGIC + SCRIPT.replace("\tprint", "\tpass #"), changes), "a.txt")


@some
@given(mutations, st.integers(0, len(NOTEBOOK)))
def test_any_change_of_a_notebook(changes: list[tuple[str, int, int, str]], end: int) -> None:
    cells = [{"cell_type": "code", "source": mutated(text, changes)} for text in (SCRIPT, MAGIC)]
    read_and_look(json.dumps({"cells": cells}), "a.ipynb")
    read_and_look(NOTEBOOK[:end], "-")
    read_and_look(NOTEBOOK[:end].encode() + b"\xed", "a.ipynb")
