"""Other arithmetic: another operator, one summand or factor more, another number."""

import ast
from collections.abc import Iterator

from compare.mending.edits.expressions.derivatives import FORMS
from compare.mending.edits.expressions.spot import Spot, counts, is_sum, is_variable


def other_operator(spot: Spot) -> Iterator[tuple[str, float]]:
    """A sum for a difference, a product for a quotient, one operand alone."""
    node, of = spot.node, spot.page.of
    if not isinstance(node, ast.BinOp):
        return
    left, right = of(node.left), of(node.right)
    others = {ast.Add: "-*", ast.Sub: "+*", ast.Mult: "/+", ast.Div: "*", ast.MatMult: "*"}.get(type(node.op), "")
    if isinstance(spot.parent, ast.AugAssign) and isinstance(spot.parent.op, ast.Mult | ast.Div) and left == "1":
        # what is multiplied with one is not changed at all
        return
    for sign in others:
        loose = is_sum(node.left) and sign in "*/", is_sum(node.right) and sign in "*/-"
        yield f"{f'({left})' if loose[0] else left} {sign} {f'({right})' if loose[1] else right}", 1.2
    if isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div | ast.MatMult):
        yield left, 1.3
        yield (right if not isinstance(node.op, ast.Sub) else f"-{right}"), 1.4


def with_term(spot: Spot) -> Iterator[tuple[str, float]]:
    """One summand more: the bias, the gradient from the next step."""
    inside = _is_factor(spot)
    if not inside and not _can_take_more(spot):
        return
    for name in spot.around.arrays:
        if name != spot.text:
            yield f"{spot.text} + {name}", 1.7 + 0.1 * inside
            yield f"{spot.text} - {name}", 1.8 + 0.1 * inside
            yield f"{name} - {f'({spot.text})' if is_sum(spot.node) else spot.text}", 1.8 + 0.1 * inside


def with_factor(spot: Spot) -> Iterator[tuple[str, float]]:
    """One factor more: the derivative of the activation, a mask, the upstream gradient."""
    # a mask by itself is where a gradient lets through what comes from above
    mask = isinstance(spot.node, ast.Compare) and isinstance(spot.parent, ast.Assign | ast.Return | ast.Tuple)
    if not mask and not _can_take_more(spot):
        return
    text = f"({spot.text})" if mask or is_sum(spot.node) else spot.text
    for name in spot.around.arrays:
        yield f"{text} * {name}", 1.8
        for form, _ in FORMS[:2] if spot.around.backward else ():
            yield f"{text} * {form.format(name)}", 1.7
        yield f"{text} * (1 - {name})", 2.0
        if name not in spot.around.read:
            # what is computed and never used was to be used somewhere
            yield f"{text} * {name}", 1.5
            yield f"{text} / {name}", 1.5


def with_count(spot: Spot) -> Iterator[tuple[str, float]]:
    """Divided by, or multiplied with, a size; the other sign; not averaged."""
    if not _can_take_more(spot):
        return
    text = f"({spot.text})" if is_sum(spot.node) else spot.text
    yield f"-{text}", 2.0 if isinstance(spot.parent, ast.Call) else 1.4
    for size in (*spot.around.counts, *spot.around.lengths):
        if size not in spot.around.steps:
            yield f"{text} / {size}", 1.7
            yield f"{text} * {size}", 1.8
    for name in spot.around.arrays:
        if "mask" in name.lower() or "keep" in name.lower():
            yield f"{text} / {name}.sum()", 1.7


def _is_factor(spot: Spot) -> bool:
    """Whether an expression that can be a sum is multiplied or divided: `(p - t) / N` of which `p / N` is left."""
    if not isinstance(spot.parent, ast.BinOp) or not isinstance(spot.parent.op, ast.Mult | ast.Div):
        return False
    return isinstance(spot.node, ast.Call) or (is_variable(spot.node) and spot.text not in spot.around.counts)


def _can_take_more(spot: Spot) -> bool:
    """Whether something may be added to, or multiplied with, an expression: a value, or a factor of one."""
    node, parent = spot.node, spot.parent
    if not isinstance(node, ast.Name | ast.Attribute | ast.BinOp | ast.Call | ast.Subscript):
        return False
    if isinstance(getattr(node, "ctx", None), ast.Store) or spot.text in spot.around.counts:
        return False
    if counts(node) or counts(parent):
        return False
    if isinstance(node, ast.Attribute) and not is_variable(node):
        return False
    if isinstance(parent, ast.Assign | ast.AugAssign | ast.Return | ast.Tuple):
        return not isinstance(parent, ast.Tuple) or isinstance(parent.ctx, ast.Load)
    if isinstance(parent, ast.Attribute) and parent.attr in ("sum", "mean", "dot", "reshape"):
        return not (isinstance(node, ast.Name) and node.id == "np")
    return isinstance(parent, ast.Call) and node is not parent.func and not isinstance(node, ast.Attribute)


def other_constant(spot: Spot) -> Iterator[tuple[str, float]]:
    """Another small number, another axis, no number at all."""
    node = spot.node
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield spot.page.of(node.operand), 1.1
    if not isinstance(node, ast.Constant):
        return
    if isinstance(node.value, bool):
        yield str(not node.value), 1.1
    elif isinstance(node.value, int):
        factor = isinstance(spot.parent, ast.BinOp) and isinstance(spot.parent.op, ast.Mult | ast.Div)
        for value in dict.fromkeys((1 - node.value, node.value + 1, node.value - 1, -node.value, 0, 1, 2, 3)):
            # whoever means one times something leaves the one out
            if value != node.value and abs(value) <= 9 and not (factor and value in (0, 1)):
                yield str(value), 1.0 + 0.1 * abs(value - node.value)
        if spot.in_slice:
            yield from ((step, 1.2) for step in spot.around.steps)
        # a cell's or a loss's size where a number is written
        yield from ((size, 1.5) for size in spot.around.counts if isinstance(spot.parent, ast.Call | ast.Tuple))
    elif isinstance(node.value, float):
        yield from ((str(value), 1.2) for value in (1.0, 2.0, 0.5, 0.0) if value != node.value)
        yield f"-{spot.text}", 1.2
