"""An expression as the rules look at it: its text, what it stands in, and what it is."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from compare.mending.edits.splicing import Page
from compare.mending.edits.surroundings import Surroundings

CALLABLE = (
    "range",
    "enumerate",
    "zip",
    "len",
    "reversed",
    "list",
    "tuple",
    "sum",
    "max",
    "min",
    "abs",
    "int",
    "float",
)


@dataclass(frozen=True, eq=False)
class Spot:
    """An expression, what it stands in, and what is at hand there."""

    page: Page
    node: ast.expr
    parent: ast.AST
    around: Surroundings

    @cached_property
    def text(self) -> str:
        return self.page.of(self.node)

    @property
    def loaded(self) -> bool:
        """Whether the expression is read, not written to."""
        return isinstance(getattr(self.node, "ctx", ast.Load()), ast.Load)

    @property
    def in_slice(self) -> bool:
        """Whether the expression is, or is part of, what an array is indexed by."""
        return isinstance(self.parent, ast.Slice) or (
            isinstance(self.parent, ast.Subscript) and self.node is self.parent.slice
        )

    def rewritten(self, new: dict[ast.expr, str]) -> str:
        """The text of the expression with some of its parts written otherwise."""
        text = self.text
        parts = sorted(new, key=lambda part: (part.lineno, part.col_offset), reverse=True)
        lines = text.split("\n")
        first = self.node.lineno
        start = len(self.page.lines[first - 1].encode()[: self.node.col_offset].decode(errors="ignore"))
        for part in parts:
            old = self.page.of(part)
            row = part.lineno - first
            line = self.page.lines[part.lineno - 1]
            at = len(line.encode()[: part.col_offset].decode(errors="ignore")) - (start if row == 0 else 0)
            if "\n" in old:
                return text
            lines[row] = lines[row][:at] + new[part] + lines[row][at + len(old) :]
        return "\n".join(lines)


# other texts for an expression, each with its distance
Rule = Callable[[Spot], Iterator[tuple[str, float]]]


def is_variable(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return isinstance(node.value, ast.Name) and node.value.id == "self"
    return isinstance(node, ast.Name)


def is_sum(node: ast.AST) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)


def counts(node: ast.AST) -> bool:
    """Whether something is a call that gives no array."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLABLE


def name_of(function: ast.expr) -> str:
    """The name that a function goes by: `dot` of `np.dot`."""
    return function.attr if isinstance(function, ast.Attribute) else ast.unparse(function)


def atom(node: ast.expr, text: str) -> str:
    """A text that any operator leaves whole."""
    loose = isinstance(node, ast.BinOp | ast.UnaryOp | ast.Compare | ast.IfExp | ast.BoolOp | ast.Lambda)
    return f"({text})" if loose else text
