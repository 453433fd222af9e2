"""A learner's file as data: its cells, what they define, and what does not parse.

Lines and columns are those of the file as given, lines from 1 and columns from 0; in a notebook a place is a cell's
index and the line in the cell.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands; `cell` is None except in a notebook."""

    cell: int | None
    line: int
    column: int | None = None

    @property
    def text(self) -> str:
        """As a person would say it: `cell 3, line 12` or `line 12`."""
        return f"line {self.line}" if self.cell is None else f"cell {self.cell}, line {self.line}"


@dataclass(frozen=True)
class Problem:
    """Something amiss that can be seen without running anything; `symbol` is "" where it belongs to no definition."""

    place: Place
    check: str
    message: str
    severity: Severity = "error"
    symbol: str = ""


@dataclass(frozen=True)
class Unit:
    """One cell, or a whole file: its text with everything blanked that is not to be run, every line where it was.

    `label` is the file name that it is compiled under, so that a traceback leads back to the cell.
    """

    label: str
    text: str
    cell: int | None = None


@dataclass(frozen=True)
class Definition:
    """The last top-level class or function of a name: `node` holds only what parses, `broken` names what does not.

    `blank` names the methods (of a function: the function itself) that are left blank as an exercise.
    """

    name: str
    kind: Literal["class", "function"]
    place: Place
    node: ast.ClassDef | ast.FunctionDef
    broken: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()

    @property
    def methods(self) -> dict[str, ast.FunctionDef]:
        """The methods of a class by name, the last of each; of a function, itself."""
        if isinstance(self.node, ast.FunctionDef):
            return {self.node.name: self.node}
        return {node.name: node for node in self.node.body if isinstance(node, ast.FunctionDef)}


@dataclass(frozen=True, eq=False)
class Document:
    """A file that was read, whatever state it is in; equal to none but itself.

    `units` are run in order; `modules` are the real neighbours that it imports, by their dotted names; `problems` say
    what does not parse, what is Python 2 and what is shadowed.
    """

    path: str
    units: tuple[Unit, ...]
    definitions: Mapping[str, Definition]
    problems: tuple[Problem, ...] = ()
    modules: Mapping[str, tuple[Unit, ...]] = field(default_factory=dict)

    def unit(self, definition: Definition) -> Unit:
        """The unit that a definition stands in."""
        return next(unit for unit in self.units if unit.cell == definition.place.cell)

    def place(self, label: str, line: int, column: int | None = None) -> Place:
        """The place of a line in the unit that was compiled under a label."""
        cells = {unit.label: unit.cell for unit in self.units}
        return Place(cells.get(label), line, column)
