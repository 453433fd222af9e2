"""Names that are there for names that are not: attributes, methods, NumPy's functions, keywords."""

import ast
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

import numpy as np

from compare.mending.edits.expressions import Rule, Spot

_OF_ARRAYS = [name for name in dir(np.ndarray) if not name.startswith("_")]
_KEYWORDS = ("axis", "keepdims", "dtype", "ddof", "out", "shape", "order")
OF_LAYERS = ("forward", "backward", "params", "grads", "layers", "cache", "set_state", "reset_state")


def near_attribute(spot: Spot) -> Iterator[tuple[str, float]]:
    """Of what is read from `self`, from numpy or from an array, the nearest names."""
    node = spot.node
    if not isinstance(node, ast.Attribute):
        return
    base = spot.page.of(node.value)
    if base in ("np", "numpy", "cupy", "cp"):
        if not hasattr(np, node.attr):
            yield from _near(base, node.attr, dir(np))
    elif base == "self":
        if node.attr in OF_LAYERS:
            # one list of the layer's for another
            yield from ((f"self.{name}", 1.3) for name in ("params", "grads", "layers") if name != node.attr)
        yield from _near(base, node.attr, [*_own(spot), *OF_LAYERS])
        yield from ((name, 1.5) for name in spot.around.attributes if name != f"self.{node.attr}")
    elif not hasattr(np.ndarray, node.attr) or node.attr in ("min", "dot", "sum"):
        yield from _near(base, node.attr, [*_fields(spot, base), *_OF_ARRAYS, *OF_LAYERS, *_own(spot)])
    else:
        yield from _near(base, node.attr, ("sum", "mean", "max", "argmax", "T"))


def near_name(spot: Spot) -> Iterator[tuple[str, float]]:
    """For a function that there is not the nearest one that there is; for what is called, an attribute of `self`."""
    node = spot.node
    if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
        return
    known = [*spot.around.outside, *spot.around.arrays, *spot.around.counts]
    # T for t, and Wx for wx
    yield from ((name, 0.8) for name in known if name != node.id and name.lower() == node.id.lower())
    for name in get_close_matches(node.id, [k for k in known if k != node.id], n=3, cutoff=0.5):
        yield name, 1.0
    if f"self.{node.id}" in spot.around.attributes or node.id in OF_LAYERS:
        yield f"self.{node.id}", 1.1


def near_keyword(spot: Spot) -> Iterator[tuple[str, float]]:
    """The nearest keyword of NumPy's in a call."""
    node = spot.node
    if not isinstance(node, ast.Call):
        return
    for keyword in node.keywords:
        near = get_close_matches(keyword.arg or "", _KEYWORDS, n=1, cutoff=0.5)
        if near and near[0] != keyword.arg:
            text = spot.page.of(keyword)
            yield spot.text.replace(text, text.replace(keyword.arg or "", near[0], 1), 1), 1.0


def _near(base: str, name: str, known: Sequence[str]) -> Iterator[tuple[str, float]]:
    others = [k for k in dict.fromkeys(known) if k != name]
    exchanged = [k for k in others if sorted(k) == sorted(name)]
    for i, other in enumerate(dict.fromkeys([*exchanged, *get_close_matches(name, others, n=3, cutoff=0.5)])):
        yield f"{base}.{other}", 1.0 + 0.05 * i


def _fields(spot: Spot, base: str) -> Iterator[str]:
    """What else is read of the same, and what the layer names or gives a name where it makes such a thing."""
    for node in spot.around.nodes:
        if isinstance(node, ast.Attribute) and spot.page.of(node.value) == base:
            yield node.attr
    for node in (n for related in spot.around.related for n in ast.walk(related)):
        if isinstance(node, ast.keyword | ast.arg) and node.arg:
            yield node.arg


def _own(spot: Spot) -> list[str]:
    """The methods and attributes of the class."""
    node = spot.around.definition.node
    methods = [n.name for n in node.body if isinstance(n, ast.FunctionDef)]
    stored = [n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)]
    return [*methods, *stored]


RULES: tuple[Rule, ...] = (near_attribute, near_name, near_keyword)
