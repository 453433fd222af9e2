"""Terms and factors of two sides set against each other."""

import ast
from difflib import SequenceMatcher
from functools import reduce
from typing import Literal

from compare.explaining.difference import Above, Difference, How
from compare.explaining.flat import Part
from compare.explaining.texts import alike, plain

# how alike two terms are that are taken for one and the same, written wrongly
_ALIKE = 0.6


def shares(a: list[Part], b: list[Part]) -> bool:
    return any(alike(mine.node, other.node) for mine in a for other in b)


def is_complement(a: ast.expr, b: ast.expr) -> bool:
    """Whether b is 1 - a."""
    if not (isinstance(b, ast.BinOp) and isinstance(b.op, ast.Sub) and isinstance(b.left, ast.Constant)):
        return False
    return b.left.value == 1 and alike(a, b.right)


def is_all(of: list[Part], left: list[Part]) -> bool:
    """Whether the terms of a sum in brackets are those that are left of a sum without them."""
    return len(of) == len(left) and not without_equals(of, left)[0]


def are_one(left: list[Part], right: list[Part]) -> bool:
    """Whether several factors are left of a product, all on one side, or all of them divisors, or none."""
    rest = (*left, *right)
    return len(rest) > 1 and (len({each.positive for each in rest}) == 1 or not (left and right))


def together(left: list[Part], right: list[Part], above: Above) -> Difference:
    """Several factors as one: `s * (1 - s)` is missing as a whole."""
    before, after = (_times(side) if side else None for side in (left, right))
    if before and after:
        return Difference("replaced", before, after, above)
    return Difference("factor" if any(each.positive for each in (*left, *right)) else "divisor", before, after, above)


def _times(parts: list[Part]) -> ast.expr:
    """The product of some factors; of divisors alone what they divide by."""
    ordered = sorted(parts, key=lambda each: not each.positive)
    mixed = ordered[0].positive
    first, rest = ordered[0].node, ordered[1:]
    return reduce(lambda x, y: ast.BinOp(x, ast.Mult() if y.positive or not mixed else ast.Div(), y.node), rest, first)


def only(how: Literal["term", "factor"], part: Part) -> How:
    return "divisor" if how == "factor" and not part.positive else how


def without_equals(a: list[Part], b: list[Part]) -> tuple[list[Part], list[Part], int]:
    left, right = list(a), list(b)
    for mine in a:
        equal = next((each for each in right if alike(each.node, mine.node) and each.positive == mine.positive), None)
        if equal:
            left.remove(mine)
            right.remove(equal)
    return left, right, len(a) - len(left)


def pairs(left: list[Part], right: list[Part], sure: bool) -> list[tuple[Part, Part]]:
    """Parts that are probably the same, written wrongly; where the rest agrees, a single one for a single one."""
    if sure and len(left) == len(right) == 1:
        return [(left[0], right[0])]
    scored = sorted(
        ((_likeness(mine.node, other.node), i, j) for i, mine in enumerate(left) for j, other in enumerate(right)),
        key=lambda each: (-each[0], each[1], each[2]),
    )
    found: list[tuple[int, int]] = []
    for score, i, j in scored:
        if score >= _ALIKE and all(i != mine and j != other for mine, other in found):
            found.append((i, j))
    return [(left[i], right[j]) for i, j in found]


def _likeness(a: ast.AST, b: ast.AST) -> float:
    if isinstance(a, ast.Constant) != isinstance(b, ast.Constant):
        return 0
    return SequenceMatcher(None, plain(a), plain(b), autojunk=False).ratio()
