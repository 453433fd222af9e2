"""The modules of a hand as one text: a base class is mended like the class that inherits from it, as if beside it."""

import ast
import inspect
import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

from compare.checking.findings import Fix
from compare.checking.mistakes import Mistake
from compare.explanation.wrong import WrongLine


@dataclass(frozen=True)
class Joined:
    """The texts of modules one below the other; of what they take from each other nothing is imported."""

    names: tuple[str, ...]
    paths: tuple[Path, ...]
    texts: tuple[str, ...]

    @classmethod
    def of(cls, modules: Sequence[ModuleType]) -> "Joined":
        """The modules in this order, each after those that it takes something from."""
        names = tuple(module.__name__ for module in modules)
        paths = tuple(Path(inspect.getsourcefile(module) or "") for module in modules)
        texts = tuple(_without(path.read_text(encoding="utf-8"), names) for path in paths)
        return cls(names, paths, texts)

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    def told(self, wrong: WrongLine) -> WrongLine:
        """What was said of a line of the text, as said of the file that it stands in."""
        mistake = wrong.mistake
        if mistake.place is None:
            return wrong
        part, before = self._part(mistake.place.line)
        place, fix = replace(mistake.place, line=mistake.place.line - before), mistake.fix
        if fix:
            # what is to be changed in two files is not shown as if it were in one
            whole = all(self._part(each.line)[0] == part for each in (fix, *fix.also))
            fix = _moved(fix, before) if whole else None
        told: Mistake = replace(mistake, place=place, fix=fix)
        return replace(wrong, path=os.path.relpath(self.paths[part]), mistake=told)

    def module_of(self, wrong: WrongLine) -> str:
        """The name of the module that a wrong line, as it was told, stands in."""
        return next(n for n, path in zip(self.names, self.paths, strict=True) if os.path.relpath(path) == wrong.path)

    def _part(self, line: int) -> tuple[int, int]:
        """Which of the texts a line is in, and how many lines come before that."""
        before = 0
        for part, text in enumerate(self.texts):
            length = text.count("\n") + 1
            if line <= before + length or part == len(self.texts) - 1:
                return part, before
            before += length
        raise AssertionError


def _moved(fix: Fix, by: int) -> Fix:
    return replace(fix, line=fix.line - by, also=tuple(_moved(each, by) for each in fix.also))


def _without(text: str, names: Collection[str]) -> str:
    """A text without the lines that import from some modules; the others keep their places."""
    lines = text.split("\n")
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom) and node.module in names:
            first, last = node.lineno - 1, node.end_lineno or node.lineno
            lines[first:last] = [""] * (last - first)
    return "\n".join(lines)
