"""Which lines a line calls: those of a helper, of another method, of a function that was kept in an attribute."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from compare.checking.source import Definition, Document

# what somebody else calls
_PASSES = ("forward", "backward", "__init__")


@dataclass(frozen=True)
class Call:
    """A place, as a unit's label and a line, and the lines of what is called there."""

    place: tuple[str, int]
    label: str
    lines: range


def callees(document: Document, definitions: Sequence[Definition]) -> Iterator[Call]:
    """Every call of what stands in the definitions, from the first line to the last."""
    labels = {definition.name: document.unit(definition).label for definition in definitions}
    known = {d.name: Call(("", 0), labels[d.name], _lines(d.node)) for d in definitions}
    for definition in definitions:
        label = labels[definition.name]
        own = {name: Call(("", 0), label, lines) for name, lines in _kept(definition)}
        for node in ast.walk(definition.node):
            name = ast.unparse(node) if isinstance(node, ast.Name | ast.Attribute) else ""
            called = own.get(name) or (known.get(name) if name != definition.name else None)
            if called and isinstance(node, ast.expr) and node.lineno not in called.lines:
                yield Call((label, node.lineno), called.label, called.lines)


def _kept(definition: Definition) -> Iterator[tuple[str, range]]:
    """The methods by their names, and the functions within methods that `self.back = back` or a lambda keeps."""
    for method in definition.methods.values() if isinstance(definition.node, ast.ClassDef) else ():
        if method.name not in _PASSES:
            yield f"self.{method.name}", _lines(method)
        inner = {n.name: _lines(n) for n in ast.walk(method) if isinstance(n, ast.FunctionDef) and n is not method}
        for node in ast.walk(method):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
                value = node.value
                if isinstance(value, ast.Lambda):
                    yield ast.unparse(node.targets[0]), _lines(value)
                elif isinstance(value, ast.Name) and value.id in inner:
                    yield ast.unparse(node.targets[0]), inner[value.id]


def _lines(node: ast.expr | ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)
