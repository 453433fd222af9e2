"""The derivatives of activations, in the forms in which they are written and mistaken for one another."""

import ast
import re
from collections.abc import Iterator

from compare.mending.edits.expressions.spot import Spot, is_variable
from compare.mending.edits.splicing import unbracketed

# derivatives by the value after the activation: tanh, σ; and what is written for them
FORMS = (
    ("(1 - {0} ** 2)", 1.0),
    ("{0} * (1 - {0})", 1.1),
    ("(1 - {0})", 1.2),
    ("({0} > 0)", 1.4),
)


def derivative_forms(spot: Spot) -> Iterator[tuple[str, float]]:
    """The derivative of an activation in another form: `1 - h` for `1 - h ** 2`, `s * (1 - s)` for `s`."""
    node, of = spot.node, spot.page.of
    if isinstance(node, ast.BinOp):
        base = _of_derivative(node)
        if base is not None:
            name = of(base)
            for form, cost in FORMS:
                text = form.format(name)
                if _squeezed(text) != _squeezed(spot.text):
                    yield text, cost
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        yield of(node.left), 1.1
    elif is_variable(node) and isinstance(spot.parent, ast.BinOp) and spot.loaded:
        for form, cost in (("{} ** 2", 1.2), ("(1 - {})", 1.2), ("{0} * (1 - {0})", 1.4), ("(1 - {} ** 2)", 1.3)):
            yield form.format(spot.text), cost


def _of_derivative(node: ast.BinOp) -> ast.expr | None:
    """What a derivative of an activation is written of: h of `1 - h ** 2`, `1 - h`, `h * (1 - h)`."""
    if isinstance(node.op, ast.Pow) and isinstance(node.left, ast.BinOp):
        # (1 - h) ** 2
        return _of_derivative(node.left)
    if isinstance(node.op, ast.Sub) and isinstance(node.left, ast.Constant):
        inner: ast.expr = node.right
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Pow | ast.Mult):
            inner = inner.left
        return inner if isinstance(inner, ast.Name | ast.Attribute | ast.Subscript) else None
    named = isinstance(node.left, ast.Name | ast.Attribute | ast.Subscript)
    if isinstance(node.op, ast.Mult) and isinstance(node.right, ast.BinOp) and named:
        known = _of_derivative(node.right) if isinstance(node.right.op, ast.Sub) else None
        return node.left if known is not None else None
    return None


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", unbracketed(text))
