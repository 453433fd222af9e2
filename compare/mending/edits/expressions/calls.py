"""Other calls: another function, another axis, an index for a call, a copy, an activation."""

import ast
from collections.abc import Iterator

import numpy as np

from compare.mending.edits.expressions.spot import CALLABLE, Spot, counts, is_variable

_LISTS = ("shape", "params", "grads", "layers", "cache")

_OF_ARRAYS = (
    "ravel",
    "copy",
    "sum",
    "mean",
    "max",
    "min",
    "flatten",
    "transpose",
    "squeeze",
    "item",
    "tolist",
    "items",
)

_FUNCTIONS = {
    "tanh": ("sigmoid", "sinh", "tan"),
    "sigmoid": ("tanh",),
    "sum": ("mean",),
    "mean": ("sum",),
    "empty": ("zeros",),
    "empty_like": ("zeros_like",),
    "max": ("sum",),
    "min": ("max",),
    "std": ("var",),
    "var": ("std",),
    "hstack": ("vstack", "concatenate"),
    "vstack": ("hstack", "concatenate"),
    "ones_like": ("zeros_like",),
    "ones": ("zeros",),
    "zeros": ("ones",),
    "zeros_like": ("ones_like",),
    "maximum": ("minimum",),
    "minimum": ("maximum",),
    "log": ("exp",),
    "argmin": ("argmax",),
    "dot": ("multiply",),
    "multiply": ("dot",),
    "exp": ("tanh",),
    "sqrt": ("square", "abs"),
    "square": ("sqrt", "abs"),
    "abs": ("square",),
}
_JOINING = ("stack", "concatenate")


def other_call(spot: Spot) -> Iterator[tuple[str, float]]:
    """Another function, the argument alone, another axis, an index for a call."""
    node, of = spot.node, spot.page.of
    if not isinstance(node, ast.Call):
        return
    name = of(node.func)
    swaps = _FUNCTIONS.get(name.rpartition(".")[2], ())
    prefix = name.rpartition(".")[0]
    for other in swaps:
        if other in spot.around.outside or prefix:
            for full in dict.fromkeys((f"{prefix}.{other}" if prefix else other, other)):
                if full.startswith(("np.", "numpy.")) and not hasattr(np, other):
                    continue
                if "." in full or other in spot.around.outside:
                    yield spot.rewritten({node.func: full}), 1.2
    if isinstance(node.func, ast.Name) and name in spot.around.arrays:
        # y (x, y): it is an index that is meant, or a comma is missing, or a sign
        inner = ", ".join(of(a) for a in node.args)
        yield f"{name}[{inner}]", 0.9
        yield f"{name}, ({inner})", 0.9
        yield f"{name} * ({inner})", 1.0
    if len(node.args) == 1:
        yield of(node.args[0]), 1.5
        if not node.keywords and isinstance(node.func, ast.Attribute | ast.Subscript):
            listed = name.rpartition(".")[2] in _LISTS
            yield f"{name}[{of(node.args[0])}]", 1.0 if listed else 1.2
    if not node.args and not node.keywords and isinstance(node.func, ast.Attribute):
        yield name, 1.0 if node.func.attr in (*_LISTS, "T") else 1.5
    if name.rpartition(".")[2] in _JOINING:
        yield from _joined_along(spot, node)
    yield from _called_here(spot, node)
    if name.rpartition(".")[2] in ("sum", "mean", "max", "argmax", "min", "var", "std", "prod", "cumsum"):
        yield from _with_axis(spot, node)
    if name == "range" and not (isinstance(spot.parent, ast.Call) and of(spot.parent.func) == "reversed"):
        yield f"reversed({spot.text})", 1.1
    if name == "reversed" and node.args:
        yield of(node.args[0]), 1.1
    if "." not in name and swaps:
        yield from ((spot.rewritten({node.func: f"np.{other}"}), 1.2) for other in swaps if hasattr(np, other))
    if name == "range" and len(node.args) > 1:
        yield f"range({of(node.args[1])})", 1.2
    if name.endswith(".pop") and isinstance(node.func, ast.Attribute):
        taken = of(node.func.value)
        for step in spot.around.steps:
            yield f"{taken}[{step}]", 1.1
            yield f"{taken}[{step} + 1]", 1.2
        yield f"{taken}[{of(node.args[0]) if node.args else '-1'}]", 1.0


def _joined_along(spot: Spot, node: ast.Call) -> Iterator[tuple[str, float]]:
    """Joined along another axis than the one named, or than the first."""
    of = spot.page.of
    axis = next((of(k.value) for k in node.keywords if k.arg == "axis"), of(node.args[1]) if node.args[1:] else "")
    for value in ("0", "1", "2", "-1") if node.args else ():
        if value != (axis or "0"):
            yield f"{of(node.func)}({of(node.args[0])}, axis={value})", 1.2


def _called_here(spot: Spot, node: ast.Call) -> Iterator[tuple[str, float]]:
    """Another function of one argument that is called in the same function: `sigma(x)` for `np.tanh(x)`."""
    if len(node.args) != 1 or node.keywords or spot.page.of(node.func) in CALLABLE:
        return
    for other in spot.around.functions:
        if other != spot.page.of(node.func):
            yield spot.rewritten({node.func: other}), 1.25


def _with_axis(spot: Spot, node: ast.Call) -> Iterator[tuple[str, float]]:
    of = spot.page.of
    axis = next((k for k in node.keywords if k.arg == "axis"), None)
    args = [of(a) for a in node.args]
    rest = [of(k) for k in node.keywords if k.arg != "axis"]
    for value in ("0", "1", "(0, 1)", "-1", ""):
        given = [f"axis={value}"] if value else []
        text = f"{of(node.func)}({', '.join([*args, *given, *rest])})"
        if not (axis and of(axis.value) == value):
            yield text, 1.2
    if not rest and axis is not None:
        # what is combined with the array that it was taken of mostly needs its axis
        cost = 1.1 if isinstance(spot.parent, ast.BinOp) else 1.3
        yield f"{of(node.func)}({', '.join([*args, of(axis), 'keepdims=True'])})", cost


def without_keyword(spot: Spot) -> Iterator[tuple[str, float]]:
    """A call with one keyword less."""
    node, of = spot.node, spot.page.of
    if not isinstance(node, ast.Call):
        return
    for keyword in node.keywords:
        others = [of(a) for a in node.args] + [of(k) for k in node.keywords if k is not keyword]
        yield f"{of(node.func)}({', '.join(others)})", 1.2


def called(spot: Spot) -> Iterator[tuple[str, float]]:
    """A call of a method that is only named."""
    node, parent = spot.node, spot.parent
    if not isinstance(node, ast.Attribute) or not spot.loaded or getattr(parent, "func", None) is node:
        return
    if node.attr in _OF_ARRAYS or node.attr in spot.around.methods:
        yield f"{spot.text}()", 1.0


def copied(spot: Spot) -> Iterator[tuple[str, float]]:
    """A copy of an array, so that it is not changed for others too."""
    if is_variable(spot.node) and isinstance(spot.parent, ast.Assign) and spot.node is spot.parent.value:
        yield f"{spot.text}.copy()", 1.4


def activated(spot: Spot) -> Iterator[tuple[str, float]]:
    """An activation around the expression, where there is none."""
    whole = isinstance(spot.parent, ast.Assign | ast.Return | ast.BinOp | ast.Call)
    if not whole or isinstance(spot.node, ast.Constant | ast.Tuple | ast.Starred | ast.List):
        return
    if counts(spot.node) or counts(spot.parent) or spot.text in CALLABLE:
        return
    if spot.around.backward or isinstance(getattr(spot.node, "ctx", None), ast.Store):
        return
    yield f"np.tanh({spot.text})", 1.7
    for name in spot.around.outside:
        if "sigm" in name.lower() or "tanh" in name.lower() or "softmax" in name.lower():
            yield f"{name}({spot.text})", 1.7
