"""One file of code, cleaned; its own or a neighbour's."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from compare.checking.reading.blanking import only
from compare.checking.reading.cells import Cell, cells
from compare.checking.reading.cleaning import Clean, clean
from compare.checking.reading.needed import needed
from compare.checking.reading.parsing import tree_read
from compare.checking.source import Problem, Unit


@dataclass(frozen=True)
class Source:
    """The cells of a file as they stand in it, what compiles of each, and the trees of that."""

    label: str
    cells: tuple[Cell, ...]
    cleaned: tuple[Clean, ...]
    trees: tuple[ast.Module, ...]

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with any of the cells."""
        return [problem for each in self.cleaned for problem in each.problems]

    def units(self, wanted: Iterable[str] = (), module: bool = False) -> tuple[Unit, ...]:
        """The cells with only those statements that are to be run; see `needed`."""
        texts = [each.text for each in self.cleaned]
        kept = needed(zip(texts, self.trees, strict=True), wanted, module)
        parts = zip(self.cells, self.cleaned, self.trees, strict=True)
        return tuple(Unit(self._label(cell), only(each.text, tree, kept), cell.index) for cell, each, tree in parts)

    def _label(self, cell: Cell) -> str:
        return self.label if cell.index is None else f"<cell {cell.index}>"


def source_of(text: str, name: str, label: str) -> Source:
    """A file's text, cleaned.

    Raises UnreadableError for what is no text of a program.
    """
    given = cells(text, name)
    cleaned = tuple(clean(cell) for cell in given)
    return Source(label, given, cleaned, tuple(tree_read(each.text) for each in cleaned))
