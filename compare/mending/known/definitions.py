"""Imports and definitions that a file takes for granted and does not have: put in, in the book's style."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from compare.checking.source import Unit
from compare.mending.edit import Edit, Proposal
from compare.mending.known.sight import Sight

_ENCODING = re.compile(r"#!|#.*coding[:=]")


def missing_import(sight: Sight) -> Iterator[Proposal]:
    """`import numpy as np` at the head of the file; or the definition of a layer that is nowhere."""
    name = next((node.id for node in sight.nodes if isinstance(node, ast.Name)), "")
    yield from _on_both_ways(sight, name)
    if name in ("np", "numpy"):
        yield imported(sight, "import numpy as np" if name == "np" else "import numpy")
    elif name:
        yield from defined(sight, name, 0.3)


def _on_both_ways(sight: Sight, name: str) -> Iterator[Proposal]:
    """`import cupy as np` behind the import in whose place `except ImportError` has `import numpy as np`."""
    for node in sight.tree.body:
        imports = [each for each in getattr(node, "body", ()) if isinstance(each, ast.Import)]
        handlers = [part for handler in getattr(node, "handlers", ()) for part in handler.body]
        late = {alias.asname for part in handlers if isinstance(part, ast.Import) for alias in part.names}
        if imports and name in late:
            last = imports[-1]
            line = f"{' ' * last.col_offset}import {last.names[-1].name} as {name}"
            edit = Edit(sight.unit.label, last.lineno + 1, last.lineno, (line,))
            yield Proposal((edit,), 0.1, "import", sight.problem.message)


def imported(sight: Sight, statement: str, cost: float = 0.1) -> Proposal:
    """The file with an import as its first line of code, behind its docstring and what comes from the future."""
    unit = next((unit for unit in sight.document.units if unit.text.strip()), sight.unit)
    at, bare = _head(unit)
    return Proposal((Edit(unit.label, at, at - 1, (statement, *[""] * bare)),), cost, "import", sight.problem.message)


def _head(unit: Unit) -> tuple[int, int]:
    """The line before which an import stands, and how many empty lines come after it."""
    lines = unit.text.split("\n")
    body = ast.parse(unit.text).body
    first = next((node for node in body if not _comes_first(node, body)), None)
    if first is None:
        last = max((node.end_lineno or 0 for node in body), default=0)
        return last + 1, 0
    at = min([first.lineno, *(each.lineno for each in getattr(first, "decorator_list", ()))])
    while at > 1 and lines[at - 2].lstrip().startswith("#") and not _ENCODING.match(lines[at - 2]):
        at -= 1
    return at, 0 if isinstance(first, ast.Import | ast.ImportFrom) else 2


def _comes_first(node: ast.stmt, body: list[ast.stmt]) -> bool:
    docstring = node is body[0] and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return docstring or (isinstance(node, ast.ImportFrom) and node.module == "__future__")


def defined(sight: Sight, name: str, cost: float) -> Iterator[Proposal]:
    """The definition of a layer or function, and those it needs itself, before the first that uses it."""
    if name not in _written():
        return
    known = set(sight.document.definitions) | set(sight.file.module.bindings)
    line = sight.problem.place.line
    top = next((node for node in sight.tree.body if node.lineno <= line <= (node.end_lineno or 0)), None)
    if top is None:
        return
    at = min([top.lineno, *(each.lineno for each in getattr(top, "decorator_list", ()))])
    while at > 1 and sight.lines[at - 2].startswith("#"):
        at -= 1
    new: list[str] = []
    for each in _needed(name, known):
        new += [*_written()[each].split("\n"), "", ""]
    edits = [Edit(sight.unit.label, at, at - 1, tuple(new))]
    yield Proposal(tuple(edits), cost, "import", sight.problem.message)


def _needed(name: str, known: set[str]) -> list[str]:
    """A definition and those that it uses, each behind what it uses itself."""
    found: list[str] = []
    used = {node.id for node in ast.walk(ast.parse(_written()[name])) if isinstance(node, ast.Name)}
    for each in sorted(used & set(_written()) - known - {name}):
        found += [inner for inner in _needed(each, known | set(found)) if inner not in found]
    return [*found, name]


@cache
def _written() -> dict[str, str]:
    """The definitions that we have, by their names."""
    text = files("compare.mending.known").joinpath("definitions.txt").read_text(encoding="utf-8")
    lines = text.split("\n")
    return {
        node.name: "\n".join(lines[node.lineno - 1 : node.end_lineno])
        for node in ast.parse(text).body
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
    }
