"""A few facts of calculus, recognised by what is computed and said with the learner's names."""

import ast
import re
from collections.abc import Iterator

from compare.explaining.around import target
from compare.explaining.difference import Difference
from compare.explaining.flat import factors, is_product, is_sum, terms
from compare.explaining.matrices import Operand, Product, product
from compare.explaining.scene import Scene
from compare.explaining.texts import alike, identifier, plain, written


def of_product(right: Product, scene: Scene) -> str:
    """Which factor's gradient a product is: dA = dC Bᵀ and dB = Aᵀ dC for C = A B of the forward pass."""
    for forward in products(scene):
        a, b = forward.left, forward.right
        if right.right.turned and _same(right.right, b) and not right.left.turned:
            return (
                f"{written(a.bare)} is multiplied by {written(b.bare)} in the forward pass, so its gradient is "
                f"{written(right.left.bare)} times {written(b.bare)} transposed"
            )
        if right.left.turned and _same(right.left, a) and not right.right.turned:
            return (
                f"{written(a.bare)} is multiplied by {written(b.bare)} in the forward pass, so the gradient of "
                f"{written(b.bare)} is {written(a.bare)} transposed times {written(right.right.bare)}"
            )
    if right.right.turned != right.left.turned:
        return "For C = A B the gradients are dA = dC Bᵀ and dB = Aᵀ dC: it is the other factor that is transposed"
    return ""


def role_of_product(wrong: Product, scene: Scene) -> str:
    """What the product that was written would be the gradient of."""
    for forward in products(scene):
        if wrong.left.turned and _same(wrong.left, forward.left) and not wrong.right.turned:
            return f"{_times(wrong)} is the gradient of {written(forward.right.bare)}"
        if wrong.right.turned and _same(wrong.right, forward.right) and not wrong.left.turned:
            return f"{_times(wrong)} is the gradient of {written(forward.left.bare)}"
    return ""


def _times(of: Product) -> str:
    turned = [f"{plain(each.bare)}{'.T' if each.turned else ''}" for each in (of.left, of.right)]
    return " times ".join(f"`{each}`" if len(each) < 40 else "it" for each in turned)


def products(scene: Scene) -> Iterator[Product]:
    """The products of matrices in the forward pass."""
    if scene.backward:
        for node in scene.statements(*scene.forward):
            found = product(node)
            if found and not found.left.turned:
                yield found


def _same(a: Operand, b: Operand) -> bool:
    return identifier(a.bare) == identifier(b.bare) != "" or alike(a.bare, b.bare)


def slope(node: ast.AST | None, scene: Scene) -> str:
    """The derivative of an activation that an expression is, or has as a factor; "" for none."""
    if not isinstance(node, ast.expr):
        return ""
    parts = [each.node for each in factors(node)]
    for each in parts:
        inner = _one_minus(each)
        if inner is None:
            continue
        square = squared(inner)
        if square is not None:
            return _of_activation(square, "tanh", "1 − {0}²", scene)
        if any(alike(inner, other) for other in parts) or isinstance(inner, ast.Name | ast.Attribute | ast.Subscript):
            return _of_activation(inner, "σ", "{0} (1 − {0})", scene)
    return ""


def squared(node: ast.AST) -> ast.expr | None:
    """What is squared: `h ** 2`, `h * h`, `np.square(h)`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and plain(node.right) in ("2", "2.0"):
        return node.left
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and alike(node.left, node.right):
        return node.left
    if isinstance(node, ast.Call) and identifier(node.func) == "square" and len(node.args) == 1:
        return node.args[0]
    return None


def _one_minus(node: ast.expr) -> ast.expr | None:
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and plain(node.left) in ("1", "1.0")):
        return None
    return node.right


def _of_activation(node: ast.expr, name: str, formula: str, scene: Scene) -> str:
    called = _short(node)
    made = (
        next((plain(v) for v in scene.values(identifier(node)) if isinstance(v, ast.Call)), "")
        if identifier(node)
        else ""
    )
    through = f"`{called} = {made}`" if made and len(made) < 50 and ("tanh" in made or "sigm" in made) else ""
    formula = formula.format(called)
    return f"The way back through {through or name} has its derivative {formula} as a factor"


def _short(node: ast.expr) -> str:
    text = plain(node)
    return text if len(text) <= 30 else "h"


def forward_line(names: set[str], scene: Scene) -> str:
    """The statement of the forward pass in which one of some names is a factor or a summand, as it is written."""
    if not scene.backward:
        return ""
    for node in scene.statements(*scene.forward):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.expr):
            continue
        for part in ast.walk(node.value):
            if (is_sum(part) or is_product(part)) and isinstance(part, ast.expr):
                leaves = {identifier(f.node) for term in terms(part) for f in factors(term.node)}
                if names <= leaves and len(plain(node)) <= 60:
                    return written(node, 60)
    return ""


def is_upstream(node: ast.AST | None, scene: Scene) -> bool:
    """Whether it is the gradient that the backward pass was given, or one made of it: a bare name, or a step of it."""
    while isinstance(node, ast.Subscript):
        node = node.value
    if not scene.backward or not isinstance(node, ast.Name):
        return False
    given = node.id in scene.parameters and node.id not in scene.cached and "cache" not in node.id
    return given or (node.id.startswith("d") and len(node.id) < 9 and any(True for _ in scene.values(node.id)))


def unbroadcast(node: ast.AST | None) -> str:
    """What a sum over an axis undoes."""
    if isinstance(node, ast.Call) and identifier(node.func) == "sum":
        return "What was added to every row has the sum over the rows as its gradient"
    return ""


def surrounding(difference: Difference) -> ast.AST | None:
    """The right product or sum that the difference stands in, as far out as there is arithmetic."""
    found = difference.after
    for step in reversed(difference.above):
        if not isinstance(step.after, ast.BinOp | ast.UnaryOp):
            break
        found = step.after
    return found


def relevant_slope(difference: Difference, scene: Scene) -> str:
    """The derivative of the activation that what differs is a part of; "" where another factor differs."""
    found = slope(surrounding(difference), scene) if scene.backward else ""
    part = difference.after or difference.before
    names = {plain(node) for node in ast.walk(part) if isinstance(node, ast.Name | ast.Attribute)} if part else set()
    formula = found.partition("derivative")[2]
    return found if any(re.search(rf"(?<![\w.]){re.escape(name)}(?![A-Za-z0-9_])", formula) for name in names) else ""


def gate(difference: Difference, scene: Scene) -> str:
    """The statement of the forward pass in which what differs is a factor, and what follows from it."""
    names = {identifier(node) for node in ast.walk(difference.either)} - {""}
    line = forward_line({next(iter(names))} if len(names) == 1 else names, scene) if names else ""
    return f"In the forward pass {line}: the gradient of one factor has the other one as its factor" if line else ""


def named(scene: Scene) -> str:
    """What the statement gives, and what that is known to be, as the beginning of a sentence."""
    left = target(scene.change.after)
    meaning = scene.known.get(identifier(left), "") if left is not None else ""
    if left is None or isinstance(left, ast.Tuple):
        return ""
    return f"In {written(left)}, {f'which is {meaning}, ' if meaning and len(meaning) < 60 else ''}"
