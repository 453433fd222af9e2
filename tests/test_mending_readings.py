"""A text is read once, and never taken for another."""

from unittest.mock import patch

import pytest

from compare.checking.reading import read_text
from compare.mending.edit import Edit
from compare.mending.manuscript import Manuscript

TEXT = """import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


class Sigmoid:
    def __init__(self):
        self.params, self.grads = [], []

    def forward(self, x):
        self.out = sigmoid(x)
        return self.out

    def backward(self, dout):
        return dout * (1.0 - self.out) * self.out
"""
RENAMED = Edit("layers.py", 4, 4, ("def logistic(x):",))


@pytest.fixture
def manuscript() -> Manuscript:
    return Manuscript.of(TEXT, "layers.py")


def found(manuscript: Manuscript) -> list[tuple[str, str, int]]:
    return [(problem.check, problem.symbol, problem.place.line) for problem in manuscript.problems]


def test_a_text_is_read_once_however_it_came_about(manuscript: Manuscript) -> None:
    away = manuscript.edited([Edit("layers.py", 13, 13, ())])
    back = away.edited([Edit("layers.py", 13, 12, ("        self.out = sigmoid(x)",))])
    assert back.document is manuscript.document
    assert back.origins != manuscript.origins


def test_an_edit_elsewhere_that_changes_what_is_found_is_seen(manuscript: Manuscript) -> None:
    assert found(manuscript) == []
    assert found(manuscript.edited([RENAMED])) == [("missing import", "Sigmoid", 13)]
    assert found(manuscript) == []


def test_places_move_with_the_lines_above(manuscript: Manuscript) -> None:
    moved = manuscript.edited([Edit("layers.py", 2, 1, ("", "")), RENAMED])
    assert found(moved) == [("missing import", "Sigmoid", 15)]


def test_what_was_read_long_ago_is_read_again(manuscript: Manuscript) -> None:
    first = manuscript.document
    for n in range(40):
        assert manuscript.edited([Edit("layers.py", 2, 2, (f"# {n}",))]).document is not first
    with patch("compare.mending.readings.read_text", wraps=read_text) as reading:
        again = manuscript.edited([Edit("layers.py", 2, 2, ("",))])
        assert again.document is not first
        assert again.problems == manuscript.problems
    assert reading.call_count == 1
