"""What can be saved of a text that does not parse: function by function, and everything that is wrong with the rest."""

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from compare.checking.reading.mending import mended
from compare.checking.reading.parsing import Check, Fault, tree_of, tree_read, uncompilable, unparsable
from compare.checking.reading.statements import Statement, statements
from compare.checking.reading.strays import strays

# a file with more of them is no Python, and they are of no use
_MOST_FAULTS = 200
_CONTINUING = ("else", "elif", "except", "finally")
_MERGE = re.compile(r"(<{7}|={7}|>{7})( |$)")
_METHOD = re.compile(r"^[ \t]+def[ \t]+(\w+)", re.MULTILINE)
_HEADER = re.compile(r"(?:[ \t]*\n|[@#].*\n)*(class|def)[ \t]+(\w+)")


@dataclass(frozen=True)
class Broken:
    """A definition at a line of which the functions named do not parse; a function has a node without its body."""

    name: str
    kind: Literal["class", "function"]
    line: int
    functions: tuple[str, ...]
    node: ast.FunctionDef | None = None


@dataclass
class Recovered:
    """A text that compiles, line by line where it was, what is wrong with the one given, and what was taken out.

    A fault comes with the name of the definition that it is in, "" for none.
    """

    lines: list[str]
    faults: list[tuple[Fault, str]] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text as one."""
        return "\n".join(self.lines)

    def blank(self, first: int, last: int, instead: str = "") -> None:
        """Put one line in the place of the lines from the first to the last."""
        self.lines[first - 1 : last] = [instead, *[""] * (last - first)]


def recovered(text: str) -> Recovered:
    """The text without the functions that do not parse."""
    found = Recovered(_inside(text.split("\n")))
    _pass(found, unparsable)
    for stray in strays(tree_read(found.text)):
        owner = stray.owner or stray.function
        found.faults.append((Fault(stray.line, None, stray.message), owner.name))
        found.blank(stray.first, stray.last)
        _take_out(found, stray.owner, stray.function)
    _pass(found, uncompilable)
    del found.faults[_MOST_FAULTS:]
    return found


def _inside(lines: list[str]) -> list[str]:
    """The marks of a merge that was not finished, indented as what they stand around: they spoil its function."""
    inside = list(lines)
    for at, line in enumerate(lines):
        if _MERGE.match(line):
            around = reversed(lines[:at]) if line.startswith(">") else lines[at + 1 :]
            near = next((each for each in around if each.strip() and not _MERGE.match(each)), "")
            inside[at] = near[: len(near) - len(near.lstrip())] + line
    return inside


def _pass(found: Recovered, check: Check) -> None:
    if check(found.text) is None:
        return
    for first, last in list(_chunks(found.text)):
        _recover(found, first, last, check)
    # such as a `from __future__` that does not come first
    if check(found.text) is not None:
        _recover(found, 1, len(found.lines), check)


def _chunks(text: str) -> Iterator[tuple[int, int]]:
    """The first and last lines of the parts that stand at the left margin."""
    starts = []
    decorated = False
    for each in statements(text):
        if not (each.indent or decorated or _continues(each)):
            starts.append(each.first)
        decorated = not each.indent and each.code.startswith("@")
    starts = [1, *starts[1:]]
    yield from zip(starts, [*(start - 1 for start in starts[1:]), text.count("\n") + 1], strict=True)


def _continues(statement: Statement) -> bool:
    return statement.word in _CONTINUING or statement.code[0] in ")]}"


def _recover(found: Recovered, first: int, last: int, check: Check) -> None:
    chunk = "\n".join(found.lines[first - 1 : last])
    if check(chunk) is None:
        return
    if len(found.faults) >= _MOST_FAULTS:
        found.blank(first, last)
        return
    # as many lines before it as in the file, so that what Python says of it has the file's line numbers
    text, faults = mended("\n" * (first - 1) + chunk, check)
    if text is None:
        _give_up(found, first, chunk, faults)
        return
    tree = tree_of(text)
    found.lines[first - 1 : last] = text.split("\n")[first - 1 :]
    found.faults += [(fault, _owner(tree, fault.line)) for fault in faults]
    at_fault = {fault.line for fault in faults}
    for owner, function in _functions(tree):
        if at_fault & set(range(_first_line(function), _last_line(function) + 1)):
            _take_out(found, owner, function)


def _give_up(found: Recovered, first: int, chunk: str, faults: list[Fault]) -> None:
    header = _HEADER.match(chunk)
    name = header[2] if header else ""
    found.faults += [(fault, name) for fault in faults]
    found.blank(first, first + chunk.count("\n"))
    if not header:
        return
    line = first + header[0].count("\n")
    if header[1] == "class":
        found.lines[line - 1] = f"class {name}: pass"
        found.broken.append(Broken(name, "class", line, tuple(dict.fromkeys(_METHOD.findall(chunk)))))
    for _, empty in _functions(tree_of("\n" * (line - 1) + f"{header[1]} {name}(): pass")):
        found.broken.append(Broken(name, "function", line, (name,), empty))


def _take_out(found: Recovered, owner: ast.ClassDef | None, function: ast.FunctionDef) -> None:
    """Put `pass` in the place of a function."""
    first = _first_line(function)
    line = found.lines[first - 1]
    found.blank(first, _last_line(function), line[: len(line) - len(line.lstrip())] + "pass")
    if owner:
        found.broken.append(Broken(owner.name, "class", owner.lineno, (function.name,)))
        return
    empty = copy.copy(function)
    empty.body, empty.decorator_list = [ast.copy_location(ast.Pass(), function)], []
    found.broken.append(Broken(function.name, "function", function.lineno, (function.name,), empty))


def _functions(tree: ast.Module) -> Iterator[tuple[ast.ClassDef | None, ast.FunctionDef]]:
    """The functions that are in no other, with the outermost class that they are in."""
    waiting: list[tuple[ast.ClassDef | None, ast.AST]] = [(None, tree)]
    while waiting:
        owner, node = waiting.pop()
        if isinstance(node, ast.FunctionDef):
            yield owner, node
            continue
        owner = owner or (node if isinstance(node, ast.ClassDef) else None)
        inner = [each for each in ast.iter_child_nodes(node) if isinstance(each, ast.stmt | ast.excepthandler)]
        waiting += [(owner, each) for each in reversed(inner)]


def _owner(tree: ast.Module, line: int) -> str:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or line):
            return node.name
    return ""


def _first_line(function: ast.FunctionDef) -> int:
    return min([function.lineno, *(each.lineno for each in function.decorator_list)])


def _last_line(function: ast.FunctionDef) -> int:
    return function.end_lineno or function.lineno
