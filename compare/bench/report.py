"""What was measured, as data: the terminal's tables, the picture, the README and the JSON are views of it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from compare.bench.machine import Machine
from compare.bench.problem import Shape
from compare.bench.statistics import Ratio

OURS = "fused"


@dataclass(frozen=True)
class Timing:
    """One contender's steps: the median of each round, in seconds, and its process's memory in bytes.

    `baseline` is what the process held before there was a model, with all that it imports; `peak` the most after it.
    """

    name: str
    seconds: tuple[float, ...]
    baseline: int
    peak: int

    @property
    def grown(self) -> int:
        """The most that the model and its steps take."""
        return self.peak - self.baseline


@dataclass(frozen=True)
class Cell:
    """One model at one shape with so many threads: all contenders in turn. `along` is the axis of a sweep, if any."""

    model: str
    shape: Shape
    threads: int
    along: str
    timings: tuple[Timing, ...]

    @property
    def key(self) -> tuple[object, ...]:
        return self.model, self.shape, self.threads, self.along

    def timing(self, name: str) -> Timing | None:
        """A contender's, if it took part."""
        return next((timing for timing in self.timings if timing.name == name), None)

    def ratio(self, name: str) -> Ratio | None:
        """How many times ours a contender takes, by the rounds; of the floor, how many times the floor ours takes."""
        ours, other = self.timing(OURS), self.timing(name)
        if ours is None or other is None or name == OURS:
            return None
        return Ratio.of(ours.seconds, other.seconds) if name == "floor" else Ratio.of(other.seconds, ours.seconds)


@dataclass(frozen=True)
class Figure:
    """One figure of the comparison itself, of each round, and the bound that it is wanted to keep."""

    name: str
    what: str
    unit: str
    values: tuple[float, ...]
    at_most: float | None = None
    at_least: float | None = None

    @property
    def middle(self) -> Ratio:
        """The median and the quartiles."""
        return Ratio.among(self.values)

    @property
    def kept(self) -> bool:
        """Whether the median keeps the bound."""
        median = self.middle.median
        return (self.at_most is None or median <= self.at_most) and (self.at_least is None or median >= self.at_least)


@dataclass(frozen=True)
class Report:
    """All that was measured on one machine."""

    date: str
    machine: Machine
    cells: tuple[Cell, ...] = ()
    figures: tuple[Figure, ...] = ()

    def having(self, measured: Cell | Figure) -> "Report":
        """With one more, in the place of an earlier one of the same."""
        if isinstance(measured, Cell):
            return replace(self, cells=(*(c for c in self.cells if c.key != measured.key), measured))
        return replace(self, figures=(*(f for f in self.figures if f.name != measured.name), measured))


def wanted(cell: Cell, name: str) -> tuple[str, float] | None:
    """The bound of a ratio at the shapes of the tables, as `at most` or `at least` and a number."""
    if name == "floor":
        return "at most", 1.15 if cell.shape.V == 10000 else 1.5
    bounds = {"torch": 1.0, "jax": 1.0, "book": 3.0, "autograd": 5.0}
    return ("at least", bounds[name]) if name in bounds else None


def keeps(cell: Cell, name: str) -> bool | None:
    """Whether a ratio keeps its bound; None where none is wanted, or the ratio is unclear."""
    bound, ratio = wanted(cell, name), cell.ratio(name)
    if bound is None or ratio is None or not ratio.clear:
        return None
    return ratio.median <= bound[1] if bound[0] == "at most" else ratio.median >= bound[1]


def lean(cell: Cell) -> bool | None:
    """Whether our memory is at most a third of torch's, where the vocabulary is large; None where it is not asked."""
    ours, other = cell.timing(OURS), cell.timing("torch")
    if ours is None or other is None or cell.shape.V < 10000:
        return None
    return 3 * ours.grown <= other.grown


def growth(report: Report, model: str, name: str = OURS) -> float | None:
    """By how many times the hidden states of a step a contender's memory grows with each step in T, over the sweep."""
    cells = [cell for cell in report.cells if (cell.model, cell.along) == (model, "T")]
    peaks = {cell.shape.T: timing.grown for cell in cells if (timing := cell.timing(name))}
    if len(peaks) < 2:
        return None
    first, last = min(peaks), max(peaks)
    states = 4 * cells[0].shape.N * cells[0].shape.H
    return (peaks[last] - peaks[first]) / (last - first) / states


def to_json(report: Report) -> str:
    """The report as JSON text, with every round."""
    cells = [{**asdict(cell), "shape": cell.shape._asdict()} for cell in report.cells]
    return json.dumps({**asdict(report), "cells": cells}, indent=1, allow_nan=False)


def from_json(text: str) -> Report:
    """What `to_json` wrote.

    Raises ValueError, KeyError or TypeError for anything else.
    """
    data: Mapping[str, Any] = json.loads(text)
    cells = tuple(
        Cell(
            cell["model"],
            Shape(**cell["shape"]),
            cell["threads"],
            cell["along"],
            tuple(Timing(**{**timing, "seconds": tuple(timing["seconds"])}) for timing in cell["timings"]),
        )
        for cell in data["cells"]
    )
    figures = tuple(Figure(**{**figure, "values": tuple(figure["values"])}) for figure in data["figures"])
    return Report(data["date"], Machine(**data["machine"]), cells, figures)
