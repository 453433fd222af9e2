"""What has another form than it should: a condition cut short, a derivative left out, a shape without brackets."""

import ast
import re
from collections.abc import Iterator

from compare.mending.edits.expressions import Rule, Spot

_DERIVATIVE = re.compile(r"d_|_d(?=_|$)|deriv|grad|prime")
_OF_SHAPES = ("zeros", "ones", "empty", "full", "random.rand", "reshape", "transpose", "sum", "concatenate", "stack")


def longer_condition(spot: Spot) -> Iterator[tuple[str, float]]:
    """`self.h is None or not self.stateful` for `not self.stateful`: as the other conditions here are made."""
    parent = spot.parent
    if not isinstance(parent, ast.If) or spot.node is not parent.test:
        return
    targets = [spot.page.of(t) for s in parent.body if isinstance(s, ast.Assign) for t in s.targets]
    parts = [f"{target} is None" for target in targets if target.startswith("self.")]
    conditions = [n.test for n in spot.around.nodes if isinstance(n, ast.If) and n is not parent]
    for condition in conditions:
        parts += [spot.page.of(v) for v in (condition.values if isinstance(condition, ast.BoolOp) else [condition])]
    own = [spot.page.of(v) for v in (spot.node.values if isinstance(spot.node, ast.BoolOp) else [])] or [spot.text]
    # `and` binds more tightly
    text = f"({spot.text})" if isinstance(spot.node, ast.BoolOp) else spot.text
    for part in dict.fromkeys(parts):
        if part not in own:
            yield f"{part} or {spot.text}", 1.0
            yield f"{spot.text} or {part}", 1.05
            yield f"{text} and {part}", 1.2


def through_activation(spot: Spot) -> Iterator[tuple[str, float]]:
    """`dout * d_sigmoid(y)` for `dout`: times a derivative that the file has as a function."""
    whole = isinstance(spot.parent, ast.Assign | ast.Return | ast.Lambda | ast.BinOp | ast.Tuple)
    if not whole or not spot.loaded or not isinstance(spot.node, ast.Name | ast.Attribute | ast.Call | ast.BinOp):
        return
    if spot.text in ("np", "self") or spot.text in spot.around.counts:
        return
    for function in spot.around.outside:
        if function in spot.around.idle or _DERIVATIVE.search(function.lower()):
            for name in spot.around.arrays:
                yield f"{spot.text} * {function}({name})", 1.3 + 0.3 * name.startswith("self.")


def one_tuple(spot: Spot) -> Iterator[tuple[str, float]]:
    """`np.zeros((V, D))` for `np.zeros(V, D)`, and the other way round."""
    node, of = spot.node, spot.page.of
    if not isinstance(node, ast.Call) or not node.args:
        return
    name, keywords = of(node.func), [of(keyword) for keyword in node.keywords]
    positional = [of(argument) for argument in node.args]
    if len(node.args) > 1 and name.endswith(_OF_SHAPES):
        for several in range(len(node.args), 1, -1):
            shape = f"({', '.join(positional[:several])})"
            yield f"{name}({', '.join([shape, *positional[several:], *keywords])})", 0.9
    elif isinstance(node.args[0], ast.Tuple) and len(node.args) == 1:
        yield f"{name}({', '.join([*map(of, node.args[0].elts), *keywords])})", 1.3


def sliced_apart(spot: Spot) -> Iterator[tuple[str, float]]:
    """`dout[:, t, :]` for `dout[: t, :]`, `a[:, :H]` for `a[: :H]`: a comma is missing behind a colon."""
    node, of = spot.node, spot.page.of
    if not isinstance(node, ast.Subscript):
        return
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    texts = [of(part) for part in parts]
    for i, part in enumerate(parts):
        if isinstance(part, ast.Slice):
            bounds = (of(bound) if bound else "" for bound in (part.lower, part.upper))
            lower, upper = bounds
            new = [lower or ":", upper or ":"] if not (lower and upper) else [lower, upper]
            yield f"{of(node.value)}[{', '.join([*texts[:i], *new, *texts[i + 1 :]])}]", 1.1


def bracketed_first(spot: Spot) -> Iterator[tuple[str, float]]:
    """`(a * b).sum()` for `a * b.sum()`: a method of all that stands before it."""
    node, of = spot.node, spot.page.of
    if not isinstance(node, ast.BinOp):
        return
    call = node.right
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
        start = spot.text.rindex(of(call))
        behind = of(call)[len(of(call.func.value)) :]
        yield f"({spot.text[:start]}{of(call.func.value)}){behind}", 1.2


RULES: tuple[Rule, ...] = (longer_condition, through_activation, one_tuple, sliced_apart, bracketed_first)
