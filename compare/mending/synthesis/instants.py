"""What the variables of a call held when one of its statements began."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from compare.agreement import Array
from compare.checking.sandbox import Recorded


@dataclass(frozen=True, eq=False)
class Instant:
    """The arrays of a function at one of its lines, by the text that reads them, and the sizes that have a name."""

    function: ast.FunctionDef
    line: int
    values: Mapping[str, Array]
    sizes: Mapping[str, int]


def instant(function: ast.FunctionDef, label: str, records: Sequence[Recorded], line: int, until: int) -> Instant:
    """The latest call of a function among the first `until` records, when it has come to a line.

    Attributes that other methods of the object have set before are there too.
    """
    own = [r for r in records[:until] if r.label == label and _within(r, function)]
    call = own[-1].call if own else 0
    values: dict[str, Array] = {}
    for record in records[:until]:
        ours = record.label == label and record.call == call and _within(record, function)
        kept = record.name.startswith("self.") and record.label == label
        if (ours or kept) and not record.name.startswith("return") and isinstance(record.value, np.ndarray):
            values[record.name] = record.value
    return Instant(function, line, values, dict(_sizes(function, values, line)))


def _within(record: Recorded, function: ast.FunctionDef) -> bool:
    return function.lineno <= record.line <= (function.end_lineno or function.lineno)


def _sizes(function: ast.FunctionDef, values: Mapping[str, Array], line: int) -> Iterator[tuple[str, int]]:
    """The names that are given sizes of those arrays above a line."""
    for node in ast.walk(function):
        if not isinstance(node, ast.Assign) or node.lineno >= line:
            continue
        shape = _shape(node.value, values)
        target = node.targets[0]
        if isinstance(shape, int) and isinstance(target, ast.Name):
            yield target.id, shape
        elif isinstance(shape, tuple) and isinstance(target, ast.Tuple) and len(target.elts) == len(shape):
            yield from ((e.id, n) for e, n in zip(target.elts, shape, strict=True) if isinstance(e, ast.Name))


def _shape(node: ast.expr, values: Mapping[str, Array]) -> tuple[int, ...] | int | None:
    """The value of `x.shape`, `x.shape[0]` and `len(x)`."""
    if isinstance(node, ast.Attribute) and node.attr == "shape":
        array = values.get(ast.unparse(node.value))
        return None if array is None else array.shape
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        shape, at = _shape(node.value, values), node.slice.value
        if isinstance(shape, tuple) and isinstance(at, int) and -len(shape) <= at < len(shape):
            return shape[at]
        return None
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "len" and len(node.args) == 1:
        array = values.get(ast.unparse(node.args[0]))
        return len(array) if array is not None and array.ndim else None
    return None
