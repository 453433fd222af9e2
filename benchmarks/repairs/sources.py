"""The right files that faults are planted in: strangers' styles from the corpus of the tests, and more of our own."""

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from compare.checking.reading import read
from compare.checking.subjects import subjects

Protocol = Literal["book", "course"]
HERE = Path(__file__).parent / "sources"
CORPUS = Path(__file__).parents[2] / "tests" / "corpus" / "correct"
HELPER = "helper"


@dataclass(frozen=True)
class Source:
    """A right file; offsets into `text` count characters, where the syntax tree counts bytes."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def protocol(self) -> Protocol:
        return "book" if self.name.startswith("book") else "course"

    @cached_property
    def text(self) -> str:
        return self.path.read_bytes().decode("utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def lines(self) -> list[str]:
        """The lines with their ends, as Python counts them."""
        return self.text.split("\n")

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        """Of every node, the one that it is part of."""
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    @cached_property
    def layers(self) -> dict[str, str]:
        """Of every definition that plays a role, the layer that it is."""
        found = subjects(read(self.path), {}, {})
        return {d.name: subject.role.name for subject in found for d in subject.definitions}

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        for line in self.lines:
            starts.append(starts[-1] + len(line) + 1)
        return starts

    def offset(self, line: int, column: int) -> int:
        """Where a place of the syntax tree is in the text."""
        before = self.lines[line - 1].encode()[:column].decode()
        return self._starts[line - 1] + len(before)

    def line_start(self, line: int) -> int:
        """Where a line begins; one past the last line is the end of the text."""
        return min(self._starts[line - 1], len(self.text))

    def span(self, node: ast.expr | ast.stmt | ast.keyword | ast.arg) -> tuple[int, int]:
        """From where to where a node's text goes."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno, node.end_col_offset)

    def segment(self, node: ast.expr | ast.stmt) -> str:
        """A node's text."""
        start, end = self.span(node)
        return self.text[start:end]


def sources() -> list[Source]:
    """All files that Python 3 parses, those of our own first."""
    return [Source(path) for path in (*sorted(HERE.glob("*.py")), *sorted(CORPUS.glob("*.py"))) if _parses(path)]


def _parses(path: Path) -> bool:
    try:
        ast.parse(path.read_bytes().decode("utf-8"))
    except (SyntaxError, UnicodeDecodeError):
        return False
    return True
