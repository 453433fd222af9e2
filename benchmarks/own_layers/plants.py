"""Mistakes in our own layers: one-place changes of a file in `manual/`, which stands otherwise as it was written."""

import ast
import copy
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.mutants import Mutant, mutants
from compare.pair import Pair
from compare.pairs import PAIRS

MANUAL = Path(__file__).parents[2] / "manual"
# what an argument may be is asked there: no number is computed
_ASKING = "axes"


@dataclass(frozen=True)
class Plant:
    """A file of `manual/`, by its path there, with one statement changed; `lines` are where that stands."""

    file: str
    mutant: Mutant
    text: str
    lines: range

    @property
    def title(self) -> str:
        return f"{self.file}:{self.lines.start}  {self.mutant.before}  ->  {self.mutant.after}"

    @property
    def layers(self) -> tuple[str, ...]:
        """What somebody compares who changed the file."""
        return layers(self.file)


def files() -> list[str]:
    """The files that layers are in, or inherit from."""
    every = (path.relative_to(MANUAL).as_posix() for path in sorted(MANUAL.rglob("*.py")))
    return [file for file in every if layers(file)]


def layers(file: str) -> tuple[str, ...]:
    """The layers of a file; of one that has none, those that inherit from what it has."""
    module = ".".join(("manual", *Path(file).with_suffix("").parts))
    # whoever changes what the documents teach compares that, and not what is built on it besides
    fused = file.startswith("fused/")
    every = [pair for pair in PAIRS if pair.layer and (pair.family == "fused") == fused]
    own = [pair.title for pair in every if pair.hand.__module__ == module]
    return tuple(own or [pair.title for pair in every if module in _modules(pair)])


def drawn(chosen: Sequence[str], seed: int) -> Iterator[Plant]:
    """Plants of the files by turns, each in a random order, until there are no more."""
    waiting = {file: _shuffled(file, seed) for file in chosen}
    while waiting:
        for file, plants in list(waiting.items()):
            plant = next(plants, None)
            if plant is None:
                del waiting[file]
            else:
                yield plant


def _shuffled(file: str, seed: int) -> Iterator[Plant]:
    source = (MANUAL / file).read_text(encoding="utf-8")
    for mutant in mutants(file, source, random.Random(f"{seed} {file}")):
        planted = _planted(source, mutant.source) if _ASKING not in mutant.before.lower() else None
        if planted:
            yield Plant(file, mutant, *planted)


def _planted(source: str, mutated: str) -> tuple[str, range] | None:
    """A source with the one statement changed in which it differs; None where that is no single one."""
    old, new = _apart(ast.parse(source).body, ast.parse(mutated).body)
    if old is None or new is None:
        return None
    lines = source.split("\n")
    first, last = old.lineno, _end(old)
    indent = " " * old.col_offset
    if len(_body(old)) != len(_body(new)):
        return None
    written = [indent + line for line in _head(new)]
    text = "\n".join([*lines[: first - 1], *written, *lines[last:]])
    same = ast.unparse(ast.parse(text)) == ast.unparse(ast.parse(mutated))
    return (text, range(first, first + len(written))) if same else None


def _apart(old: Sequence[ast.stmt], new: Sequence[ast.stmt]) -> tuple[ast.stmt | None, ast.stmt | None]:
    """The innermost statements that differ."""
    for one, other in zip(old, new, strict=True):
        if ast.unparse(one) == ast.unparse(other):
            continue
        if not _body(one) or len(_body(one)) != len(_body(other)) or _head(one) != _head(other):
            return one, other
        return _apart(_body(one), _body(other))
    return None, None


def _body(statement: ast.stmt) -> list[ast.stmt]:
    return [*getattr(statement, "body", []), *getattr(statement, "orelse", [])]


def _head(statement: ast.stmt) -> list[str]:
    """A statement as text; of one with a body, what comes before that."""
    if not _body(statement):
        return ast.unparse(statement).split("\n")
    head: Any = copy.copy(statement)
    head.body = [ast.Pass()]
    if hasattr(head, "orelse"):
        head.orelse = []
    return ast.unparse(head).split("\n")[:-1]


def _end(statement: ast.stmt) -> int:
    """The last line of a statement, or of its head."""
    body = _body(statement)
    if not body:
        return statement.end_lineno or statement.lineno
    head = [node for node in ast.iter_child_nodes(statement) if node not in body]
    return max((getattr(node, "end_lineno", 0) for node in head), default=statement.lineno)


def _modules(pair: Pair) -> set[str]:
    """The modules of a hand's class and of those that it inherits from."""
    return {base.__module__ for base in pair.hand.__mro__} if isinstance(pair.hand, type) else set()
