"""Past the first failure: a name that is not there is read as the nearest one that is, to see what it hid.

Nothing of this is advice by itself: the layer's verdict stays that of the code as it stands, and what is found after a
name was read otherwise says so.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

import numpy as np

from compare.checking.sandbox import StrangerError
from compare.checking.source import Document, Place, Unit

_NAME = re.compile(r"name '(\w+)' is not defined|local variable '(\w+)'")
_ATTRIBUTE = re.compile(r"(?:'([\w.]+)' object|module '([\w.]+)'|type object '(\w+)') has no attribute '(\w+)'")


@dataclass(frozen=True)
class Reading:
    """A name, as it was written and as it was read."""

    place: Place
    written: str
    read: str

    @property
    def text(self) -> str:
        return f"`{self.written}` in {self.place.text} is read as `{self.read}`"


def readings(document: Document, error: StrangerError) -> Iterator[tuple[Document, Reading]]:
    """The document with the missing name read as another one, nearest first; nothing where the error names none."""
    frames = [frame for frame in error.frames if any(frame.label == unit.label for unit in document.units)]
    if not frames:
        return
    label, line = frames[-1].label, frames[-1].line
    unit = next(unit for unit in document.units if unit.label == label)
    attribute = error.type == "AttributeError"
    name, others = _attributes(document, error) if attribute else _names(unit, line, error)
    first, last = _scope(unit, line, whole_class=attribute)
    for other in others:
        text = _renamed(unit.text, name, other, range(first, last + 1), attribute)
        if text != unit.text:
            units = tuple(replace(u, text=text) if u is unit else u for u in document.units)
            yield replace(document, units=units), Reading(document.place(label, line), name, other)


def _attributes(document: Document, error: StrangerError) -> tuple[str, list[str]]:
    """The attribute that is missing, and those near it of the thing that misses it."""
    missing = _ATTRIBUTE.search(error.message)
    if not missing:
        return "", []
    owner, module, _, name = missing.groups()
    if module == "numpy":
        return name, _near(name, dir(np))
    if owner in ("numpy.ndarray", "ndarray"):
        return name, _near(name, [a for a in dir(np.ndarray) if not a.startswith("_")])
    definition = document.definitions.get(owner or "")
    nodes = ast.walk(definition.node) if definition else ()
    own = [n.attr for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)]
    return name, _near(name, [*own, *(definition.methods if definition else ())])


def _names(unit: Unit, line: int, error: StrangerError) -> tuple[str, list[str]]:
    """The name that is missing, those near it in the function around a line, and what the loops there count in."""
    found = _NAME.search(error.message)
    function = next((n for n in _around(unit, line) if isinstance(n, ast.FunctionDef)), None)
    if function is None or not found:
        return "", []
    missing = found[1] or found[2]
    bound = [a.arg for a in ast.walk(function) if isinstance(a, ast.arg)]
    bound += [n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    loops = [n.target.id for n in _around(unit, line) if isinstance(n, ast.For) and isinstance(n.target, ast.Name)]
    return missing, list(dict.fromkeys([*_near(missing, bound), *loops]))


def _near(name: str, known: Sequence[str]) -> list[str]:
    # a gradient is not what it is the gradient of, however near their names
    others = [k for k in dict.fromkeys(known) if k != name and name != f"d{k}" and k != f"d{name}"]
    # two letters exchanged are the likeliest slip
    exchanged = [other for other in others if sorted(other) == sorted(name)]
    return list(dict.fromkeys([*exchanged, *get_close_matches(name, others, n=3, cutoff=0.5)]))


def _around(unit: Unit, line: int) -> list[ast.stmt]:
    """The statements around a line, innermost first."""
    nodes = [n for n in ast.walk(ast.parse(unit.text)) if isinstance(n, ast.stmt)]
    around = [n for n in nodes if n.lineno <= line <= (n.end_lineno or n.lineno)]
    return sorted(around, key=lambda n: (n.end_lineno or n.lineno) - n.lineno)


def _scope(unit: Unit, line: int, whole_class: bool) -> tuple[int, int]:
    wanted = ast.ClassDef if whole_class else ast.FunctionDef
    node = next((n for n in _around(unit, line) if isinstance(n, wanted)), None)
    return (node.lineno, node.end_lineno or node.lineno) if node else (line, line)


def _renamed(text: str, name: str, other: str, lines: range, attribute: bool) -> str:
    """The text with a name, or an attribute, renamed in some lines; nothing else moves but what stands behind it."""
    rows = text.splitlines(keepends=True)
    before = ""
    at: list[tuple[int, int]] = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        here = token.type == tokenize.NAME and token.string == name and token.start[0] in lines
        if here and (before == ".") == attribute:
            at.append(token.start)
        before = token.string
    for row, column in reversed(at):
        line = rows[row - 1]
        rows[row - 1] = line[:column] + other + line[column + len(name) :]
    return "".join(rows)
