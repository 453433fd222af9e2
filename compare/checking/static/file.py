"""A document as the checks see it: its scopes, its functions and classes, and places in it."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from compare.checking.source import Definition, Document, Place, Problem, Severity
from compare.checking.static.parts import Class, Function
from compare.checking.static.scopes import Scope


@dataclass(frozen=True, eq=False)
class File:
    """The document, with its scopes; `cells` are the trees of its units.

    `foreign` are attributes that are set on something other than `self`; `known` says whether all names that the file
    binds are seen: no star import hides any.
    """

    document: Document
    module: Scope
    scopes: Mapping[ast.AST, Scope]
    cells: tuple[tuple[int | None, ast.Module], ...]
    foreign: frozenset[str]
    known: bool
    classes: dict[str, Class]
    functions: list[Function]

    @cached_property
    def plain(self) -> dict[str, Function]:
        """The functions that are no methods."""
        return {function.name: function for function in self.functions if function.owner is None}

    @cached_property
    def lines(self) -> dict[int | None, list[str]]:
        return {unit.cell: unit.text.split("\n") for unit in self.document.units}

    def problem(
        self, where: Definition | int | None, node: ast.AST, check: str, message: str, severity: Severity = "error"
    ) -> Problem:
        """A problem in a definition, or outside of all in a cell."""
        symbol = "" if isinstance(where, int | None) else where.name
        cell = where if isinstance(where, int | None) else where.place.cell
        return Problem(self.place(cell, node), check, message, severity, symbol)

    def place(self, cell: int | None, node: ast.AST) -> Place:
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        lines = self.lines.get(cell, [])
        if 0 < line <= len(lines):
            # ast counts bytes, a reader letters
            column = len(lines[line - 1].encode(errors="surrogatepass")[:column].decode(errors="ignore"))
        return Place(cell, line, column)
