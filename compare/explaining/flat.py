"""Sums as their terms and products as their factors, in the order of the text."""

import ast
from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class Part:
    """A term, with its sign, or a factor: `positive` is False for what is subtracted or divided by."""

    node: ast.expr
    positive: bool = True


def is_sum(node: ast.AST | None) -> bool:
    """`a + b`, `a - b`, `-a`; a negative number is a number."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return True
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)


def is_product(node: ast.AST | None) -> bool:
    """`a * b`, `a / b`, `a // b`: element by element, not of matrices."""
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div | ast.FloorDiv)


def terms(node: ast.expr, positive: bool = True) -> list[Part]:
    """The terms of a sum; what is no sum is the only term."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return terms(node.operand, not positive)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        right = positive if isinstance(node.op, ast.Add) else not positive
        return [*terms(node.left, positive), *terms(node.right, right)]
    sign, bare = _unsigned(node)
    return [Part(bare, positive if sign else not positive)]


def factors(node: ast.expr, positive: bool = True) -> list[Part]:
    """The factors of a product, `positive` where they multiply; what is no product is the only factor."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div | ast.FloorDiv):
        right = positive if isinstance(node.op, ast.Mult) else not positive
        return [*factors(node.left, positive), *factors(node.right, right)]
    return [Part(node, positive)]


def _unsigned(node: ast.expr) -> tuple[bool, ast.expr]:
    """A product whose first factor has a minus, without it: `-a * b` is `a * b` subtracted."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
        if isinstance(node.left, ast.UnaryOp) and isinstance(node.left.op, ast.USub):
            return False, ast.BinOp(node.left.operand, node.op, node.right)
        sign, left = _unsigned(node.left)
        return sign, node if sign else ast.BinOp(left, node.op, node.right)
    return True, node
