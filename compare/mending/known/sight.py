"""A problem as the mending functions see it: the file around it, and how to change what stands there."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from compare.checking.source import Document, Problem, Unit
from compare.checking.static.building import read
from compare.checking.static.file import File
from compare.checking.static.parts import Function
from compare.checking.static.tree import LOOPS, counted_in
from compare.mending.edit import Edit, Proposal

# the last documents that were asked about: each of their problems is asked about by itself
# from a line and a column to another, and what is put there
Piece = tuple[tuple[int, int], tuple[int, int], str]


@dataclass(frozen=True, eq=False)
class Sight:
    """One problem in its document."""

    document: Document
    problem: Problem

    @cached_property
    def file(self) -> File:
        return read(self.document)

    @cached_property
    def unit(self) -> Unit:
        return next(unit for unit in self.document.units if unit.cell == self.problem.place.cell)

    @cached_property
    def lines(self) -> list[str]:
        return self.unit.text.split("\n")

    @cached_property
    def tree(self) -> ast.Module:
        """The tree that the checks have seen: its nodes are those of the functions."""
        return next(tree for cell, tree in self.file.cells if cell == self.unit.cell)

    @cached_property
    def function(self) -> Function | None:
        """The function or method that the problem is in."""
        line, cell = self.problem.place.line, self.unit.cell
        around = [
            each
            for each in self.file.functions
            if each.definition.place.cell == cell and each.node.lineno <= line <= (each.node.end_lineno or 0)
        ]
        return min(around, key=lambda each: (each.node.end_lineno or 0) - each.node.lineno, default=None)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All nodes that begin where the problem is, the outermost first."""
        root: ast.AST | None = self.function.node if self.function else self._definition
        place = self.problem.place
        found = [node for node in ast.walk(root or self.tree) if hasattr(node, "lineno")]
        return [node for node in found if self.file.place(self.unit.cell, node) == place]

    @property
    def _definition(self) -> ast.AST | None:
        """The class whose body the problem is in."""
        definition = self.document.definitions.get(self.problem.symbol)
        return definition.node if definition and definition.place.cell == self.unit.cell else None

    @property
    def meant(self) -> str:
        """What the message says was meant; "" where it does not."""
        said = re.findall(r"`([^`]+)` was probably meant", self.problem.message)
        return said[-1] if said else ""

    @property
    def named(self) -> list[str]:
        """All code that the message names."""
        return re.findall(r"`([^`]+)`", self.problem.message)

    def text(self, node: ast.AST) -> str:
        """What stands in the file for a node."""
        (first, start), (last, end) = self.span(node)
        rows = self.lines[first - 1 : last]
        if len(rows) == 1:
            return rows[0][start:end]
        return "\n".join([rows[0][start:], *rows[1:-1], rows[-1][:end]])

    def span(self, node: ast.AST) -> tuple[tuple[int, int], tuple[int, int]]:
        """From where to where a node stands; columns in letters."""
        first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", 1)
        start = self._letters(first, getattr(node, "col_offset", 0))
        return (first, start), (last, self._letters(last, getattr(node, "end_col_offset", 0)))

    def _letters(self, line: int, column: int) -> int:
        return len(self.lines[line - 1].encode(errors="surrogatepass")[:column].decode(errors="ignore"))

    def instead(self, node: ast.AST, new: str) -> Piece:
        """A piece: new text in the place of a node."""
        start, end = self.span(node)
        return start, end, new

    def before(self, node: ast.AST, new: str) -> Piece:
        start = self.span(node)[0]
        return start, start, new

    def behind(self, node: ast.AST, new: str) -> Piece:
        end = self.span(node)[1]
        return end, end, new

    def attribute(self, node: ast.Attribute, new: str) -> Piece:
        """A piece: another name behind the dot."""
        line, end = self.span(node)[1]
        return (line, end - len(node.attr)), (line, end), new

    def edits(self, *pieces: Piece) -> tuple[Edit, ...]:
        """The lines in which pieces are changed."""
        lines: dict[int, str] = dict(enumerate(self.lines, 1))
        changed: dict[int, int] = {}
        for (first, start), (last, end), new in sorted(set(pieces), reverse=True):
            lines[first] = lines[first][:start] + new + lines[last][end:]
            for gone in range(first + 1, last + 1):
                lines[gone] = ""
            changed[first] = max(last, changed.get(first, first))
        # a piece that goes over several lines may end in one where another begins
        found: list[Edit] = []
        for first in sorted(changed):
            if not found or first > found[-1].last:
                found.append(Edit(self.unit.label, first, changed[first], tuple(lines[first].split("\n"))))
        return tuple(found)

    def change(self, cost: float, kind: str, *pieces: Piece) -> Proposal:
        """A proposal to change some pieces, for the reason that the check gave."""
        return Proposal(self.edits(*pieces), cost, kind, self.problem.message)

    def lines_in(self, at: int, new: list[str], cost: float, kind: str, *pieces: Piece) -> Proposal:
        """A proposal to put lines in before a line, and to change some pieces."""
        edit = Edit(self.unit.label, at, at - 1, tuple(new))
        return Proposal((edit, *self.edits(*pieces)), cost, kind, self.problem.message)

    def moved(self, first: int, last: int, old: str, new: str, cost: float, kind: str) -> Proposal:
        """A proposal to indent lines otherwise."""
        rows = [new + row.removeprefix(old) if row.strip() else row for row in self.lines[first - 1 : last]]
        return Proposal((Edit(self.unit.label, first, last, tuple(rows)),), cost, kind, self.problem.message)

    def indent(self, node: ast.AST) -> str:
        """What stands before a statement."""
        line = self.lines[getattr(node, "lineno", 1) - 1]
        return line[: len(line) - len(line.lstrip())]

    def statement(self, node: ast.AST) -> ast.stmt | None:
        """The statement that a node is in."""
        if isinstance(node, ast.stmt) or self.function is None:
            return node if isinstance(node, ast.stmt) else None
        return next((each for each in self.function.around(node) if isinstance(each, ast.stmt)), None)

    def loops(self, node: ast.AST) -> Iterator[ast.For]:
        """The loops around a node, the innermost first."""
        for each in self.function.around(node) if self.function else ():
            if isinstance(each, ast.For):
                yield each

    def counters(self, node: ast.AST) -> Iterator[str]:
        """What the loops around a node count in, the innermost first."""
        for each in self.function.around(node) if self.function else ():
            if isinstance(each, ast.For) and isinstance(each.target, ast.Name):
                yield each.target.id
            elif isinstance(each, ast.While):
                yield from counted_in(each)

    def top(self, node: ast.AST) -> ast.stmt | None:
        """The outermost statement of the function's own body that a node is in."""
        body = set(self.function.node.body) if self.function else set()
        around = [node, *self.function.around(node)] if self.function else [node]
        return next((each for each in around if isinstance(each, ast.stmt) and each in body), None)

    def above_loops(self, node: ast.AST) -> ast.stmt | None:
        """The outermost loop that a node is in, or else its statement."""
        loops = [each for each in (self.function.around(node) if self.function else ()) if isinstance(each, LOOPS)]
        return loops[-1] if loops else self.statement(node)
