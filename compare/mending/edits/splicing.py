"""Other words put into a learner's line, with everything around them left as it is."""

import ast
from collections.abc import Sequence

from compare.mending.edit import Edit

_CALLED = tuple("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_)]")


class Page:
    """A unit's text, in which nodes of its tree are found again."""

    def __init__(self, label: str, text: str) -> None:
        self.label = label
        self.lines = text.split("\n")

    def of(self, node: ast.AST) -> str:
        """The text of a node as it stands."""
        first, start, last, end = self._span(node)
        if first == last:
            return self.lines[first - 1][start:end]
        between = self.lines[first : last - 1]
        return "\n".join([self.lines[first - 1][start:], *between, self.lines[last - 1][:end]])

    def replaced(self, node: ast.AST, new: str) -> Edit:
        """The edit that puts a text in the place of a node."""
        first, start, last, end = self._span(node)
        before, after = self.lines[first - 1][:start], self.lines[last - 1][end:]
        inner = before.endswith("(") and after.startswith(")") and not before[:-1].endswith(_CALLED)
        if inner and _bracketed(new):
            new = unbracketed(new)
        elif inner and new.isidentifier():
            before, after = before[:-1], after[1:]
        text = before + new + after
        return Edit(self.label, first, last, tuple(text.split("\n")))

    def indent(self, node: ast.stmt) -> str:
        """What stands before a statement on its line."""
        line = self.lines[node.lineno - 1]
        return line[: len(line) - len(line.lstrip())]

    def block(self, node: ast.stmt) -> list[str]:
        """The lines of a statement, whole."""
        return self.lines[node.lineno - 1 : node.end_lineno or node.lineno]

    def deleted(self, node: ast.stmt) -> Edit:
        """The edit that takes a statement's lines out."""
        return Edit(self.label, node.lineno, node.end_lineno or node.lineno, ())

    def inserted(self, before: int, indent: str, lines: Sequence[str]) -> Edit:
        """The edit that puts lines before a line."""
        return Edit(self.label, before, before - 1, tuple(indent + line if line else line for line in lines))

    def _span(self, node: ast.AST) -> tuple[int, int, int, int]:
        first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", 1)
        start = self._column(first, getattr(node, "col_offset", 0))
        return first, start, last, self._column(last, getattr(node, "end_col_offset", 0))

    def _column(self, line: int, offset: int) -> int:
        # ast counts bytes
        text = self.lines[line - 1]
        return offset if text.isascii() else len(text.encode()[:offset].decode(errors="ignore"))


def _bracketed(text: str) -> bool:
    """Whether a text is one expression in brackets."""
    if not (text.startswith("(") and text.endswith(")")):
        return False
    depth = 0
    for i, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return i == len(text) - 1
    return False


def unbracketed(text: str) -> str:
    """A text without the brackets around all of it."""
    return text[1:-1] if _bracketed(text) else text


def wrapped(new: str, parent: ast.AST, node: ast.AST) -> str:
    """A text in brackets where it would be torn apart by what it stands in."""
    inside = isinstance(parent, ast.BinOp | ast.Attribute | ast.UnaryOp | ast.Compare | ast.BoolOp) or (
        isinstance(parent, ast.Call | ast.Subscript) and node is getattr(parent, "func", getattr(parent, "value", None))
    )
    # most texts are put where nothing can tear them apart, and need not be parsed
    if not inside or new.isidentifier() or _bracketed(new):
        return new
    tree = _expression(new)
    if not isinstance(tree, ast.BinOp | ast.UnaryOp | ast.Compare | ast.BoolOp | ast.IfExp | ast.Lambda):
        return new
    if isinstance(parent, ast.BinOp):
        outer, inner = _strength(parent), _strength(tree)
        torn = inner < outer or (inner == outer and (node is parent.right or isinstance(parent.op, ast.Pow)))
        return f"({new})" if torn else new
    return f"({new})"


def _strength(node: ast.AST | None) -> int:
    if isinstance(node, ast.BinOp):
        if isinstance(node.op, ast.Add | ast.Sub):
            return 1
        return 4 if isinstance(node.op, ast.Pow) else 2
    return 3 if isinstance(node, ast.UnaryOp) else 0


def _expression(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError:
        return None
