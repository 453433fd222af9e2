"""At which line of a learner's code a tensor is made: the last statement that writes it, or else the definition."""

import ast
from collections.abc import Iterator

from compare.checking.source import Definition, Place


def place_of(definition: Definition, method: str, name: str, index: int | None = None) -> Place:
    """The last line of the method that assigns the name, or `grads[index]`; the method's own line where none does."""
    function = definition.methods.get(method)
    if function is None:
        return definition.place
    lines = [node for node in ast.walk(function) if isinstance(node, ast.Assign | ast.AugAssign)]
    named = [node for node in lines if any(_is(target, name) for target in _targets(node))]
    slots = [node for node in lines if index is not None and any(_is_slot(t, index) for t in _targets(node))]
    at: ast.stmt = max(named or slots, key=lambda node: node.lineno) if named or slots else function
    return Place(definition.place.cell, at.lineno, at.col_offset)


def _targets(node: ast.Assign | ast.AugAssign) -> Iterator[ast.expr]:
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        yield from target.elts if isinstance(target, ast.Tuple | ast.List) else [target]


def _is(target: ast.expr, name: str) -> bool:
    while isinstance(target, ast.Subscript):
        target = target.value
    found = target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""
    return _plain(found) == _plain(name)


def _plain(name: str) -> str:
    return name.replace("_", "").lower().replace("next", "").replace("prev", "p")


def _is_slot(target: ast.expr, index: int) -> bool:
    """Whether the target is `self.grads[index]`, whole or in place."""
    while isinstance(target, ast.Subscript):
        inner = target.value
        if isinstance(inner, ast.Attribute) and inner.attr == "grads":
            return isinstance(target.slice, ast.Constant) and target.slice.value == index
        target = inner
    return False
