"""Products of two matrices, in whatever way they are written."""

import ast
import re
from dataclasses import dataclass

from compare.explaining.texts import alike, identifier, plain

_PRODUCTS = ("dot", "matmul", "mm")
_TWO_TERMS = re.compile(r"\s*(\w+)\s*,\s*(\w+)\s*->\s*(\w*)\s*")


@dataclass(frozen=True, eq=False)
class Operand:
    """One of the two: what it is without its transposition, whether it is transposed, and as it is written."""

    bare: ast.expr
    turned: bool
    node: ast.expr


@dataclass(frozen=True, eq=False)
class Product:
    """`left` times `right`."""

    left: Operand
    right: Operand


def product(node: ast.AST | None) -> Product | None:
    """What `np.dot(a, b)`, `a.dot(b)`, `a @ b`, `np.matmul(a, b)` or an einsum of two matrices multiplies."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        return Product(operand(node.left), operand(node.right))
    if not isinstance(node, ast.Call):
        return None
    if isinstance(node.func, ast.Attribute) and node.func.attr in _PRODUCTS and len(node.args) == 1:
        return Product(operand(node.func.value), operand(node.args[0]))
    if identifier(node.func) in _PRODUCTS and len(node.args) >= 2:
        return Product(operand(node.args[0]), operand(node.args[1]))
    return _einsum(node)


def operand(node: ast.expr) -> Operand:
    """A factor of a product, `W.T`, `np.transpose(W)` and `W.transpose()` being `W` transposed."""
    inner = untransposed(node)
    if inner is None:
        return Operand(node, False, node)
    deeper = operand(inner)
    return Operand(deeper.bare, not deeper.turned, node)


def untransposed(node: ast.AST | None) -> ast.expr | None:
    """What stands under a transposition of two axes; None where there is none."""
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return node.value
    if isinstance(node, ast.Call) and identifier(node.func) == "transpose":
        if isinstance(node.func, ast.Attribute) and not node.args and not node.keywords:
            return node.func.value
        if len(node.args) == 1 and isinstance(node.func, ast.Attribute) and plain(node.func.value) in ("np", "numpy"):
            return node.args[0]
    return None


def same_factors(a: Product, b: Product) -> bool:
    """Whether the same two are multiplied, in whatever order and however transposed."""
    straight = alike(a.left.bare, b.left.bare) and alike(a.right.bare, b.right.bare)
    return straight or (alike(a.left.bare, b.right.bare) and alike(a.right.bare, b.left.bare))


def _einsum(node: ast.Call) -> Product | None:
    if identifier(node.func) != "einsum" or len(node.args) != 3 or not isinstance(node.args[0], ast.Constant):
        return None
    found = _TWO_TERMS.fullmatch(str(node.args[0].value))
    if found is None:
        return None
    first, second, result = found.groups()
    shared = [letter for letter in first if letter in second and letter not in result]
    if not shared:
        return None
    # the letters that are summed over stand at the end of the left factor, and at the start of the right one
    left, right = node.args[1:]
    return Product(
        Operand(left, not first.endswith(shared[-1]), left), Operand(right, not second.startswith(shared[0]), right)
    )
