"""A cell as Python 3 that compiles, with every line where it was, and all that is wrong with it."""

import re
from dataclasses import dataclass

from compare.checking.reading.cells import Cell
from compare.checking.reading.exports import without_prose
from compare.checking.reading.magics import without_magics
from compare.checking.reading.parsing import unparsable
from compare.checking.reading.python2 import as_python3
from compare.checking.reading.recovering import Broken, recovered
from compare.checking.reading.statements import masked, statements
from compare.checking.source import Place, Problem

_FENCE = re.compile(r"^[ \t]*(?:```+|~~~+)[ \t]*\{?\.?\w*\}?[ \t]*$", re.MULTILINE)
# spaces that are none to Python, and letters that nobody sees
_UNSEEN = re.compile("[\xa0\u1680\u2000-\u200f\u202f\u205f\u2060\u3000\ufeff]")


@dataclass(frozen=True)
class Clean:
    """A text that compiles; what was wrong with the one given; the definitions that lost functions."""

    text: str
    problems: tuple[Problem, ...] = ()
    broken: tuple[Broken, ...] = ()


def clean(cell: Cell) -> Clean:
    """What can be run of a cell."""
    text = without_magics(cell.text)
    problems = []
    for step in (_without_fences, _without_unseen, _at_margin, _as_python3):
        if unparsable(text) is None:
            break
        text, told = step(text, cell)
        problems += told
    found = recovered(text)
    problems += [
        Problem(Place(cell.index, fault.line, fault.column), "syntax", fault.message, symbol=name)
        for fault, name in found.faults
    ]
    return Clean(found.text, tuple(sorted(problems, key=_order)), tuple(found.broken))


_Step = tuple[str, list[Problem]]


def _without_fences(text: str, cell: Cell) -> _Step:
    code = masked(text)[0]
    fences = [found for found in _FENCE.finditer(text) if code[found.start() : found.end()].strip() == found[0].strip()]
    if not fences:
        return text, []
    lines = [text.count("\n", 0, found.start()) + 1 for found in fences]
    for found in fences:
        text = text[: found.start()] + " " * len(found[0]) + text[found.end() :]
    message = f"a Markdown fence, {fences[0][0].strip()}, is no Python: remove {_numbered(lines)}"
    return without_prose(text), [_problem(cell, lines[0], message)]


def _without_unseen(text: str, cell: Cell) -> _Step:
    found = list(_UNSEEN.finditer(masked(text)[0]))
    if not found:
        return text, []
    lines = list(dict.fromkeys(text.count("\n", 0, each.start()) + 1 for each in found))
    letters = list(text)
    for each in found:
        letters[each.start()] = " "
    message = (
        f"a letter that is not seen, U+{ord(found[0][0]):04X}, stands where a space is meant, in {_numbered(lines)}"
    )
    return "".join(letters), [_problem(cell, lines[0], f"{message}: type the spaces again")]


def _at_margin(text: str, cell: Cell) -> _Step:
    """With the first line at the margin, and all others as far to the left; IPython does so without a word."""
    first = next(iter(statements(text)), None)
    if not first or not first.indent:
        return text, []
    moved = "\n".join(line.removeprefix(first.indent) for line in text.split("\n"))
    message = f"unexpected indent: the code begins at column {first.width}; move all of it to the left margin"
    silent = cell.index is not None or cell.exported
    return moved, [] if silent else [_problem(cell, first.first, message)]


def _as_python3(text: str, cell: Cell) -> _Step:
    text, lines = as_python3(text)
    if not lines:
        return text, []
    count = (
        f"{len(lines)} lines that only Python 2 takes are" if len(lines) > 1 else "a line that only Python 2 takes is"
    )
    first = f", the first on line {lines[0]}" if len(lines) > 1 else ""
    message = f"{count} read as in Python 3{first}"
    return text, [Problem(Place(cell.index, lines[0]), "python 2", message, "note")]


def _problem(cell: Cell, line: int, message: str) -> Problem:
    return Problem(Place(cell.index, line), "syntax", message)


def _numbered(lines: list[int]) -> str:
    if len(lines) == 1:
        return f"line {lines[0]}"
    if len(lines) > 4:
        return f"{len(lines)} lines, the first of them line {lines[0]}"
    return f"lines {', '.join(map(str, lines[:-1]))} and {lines[-1]}"


def _order(problem: Problem) -> tuple[int, int]:
    return problem.place.line, problem.place.column or 0
