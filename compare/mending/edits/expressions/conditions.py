"""Other conditions."""

import ast
from collections.abc import Iterator

from compare.mending.edits.expressions.spot import Spot

# the nearest first: the other way round, what denies it, with the border or without
_SIGNS: dict[type[ast.cmpop], tuple[str, ...]] = {
    ast.Eq: ("!=",),
    ast.NotEq: ("==",),
    ast.Lt: (">", ">=", "<="),
    ast.Gt: ("<", "<=", ">="),
    ast.LtE: (">=", ">", "<"),
    ast.GtE: ("<=", "<", ">"),
}


def other_comparison(spot: Spot) -> Iterator[tuple[str, float]]:
    """The other way round: `!=` for `==`, `>` for `<`; a condition denied."""
    node = spot.node
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for number, sign in enumerate(_SIGNS.get(type(node.ops[0]), ())):
            yield f"{spot.page.of(node.left)} {sign} {spot.page.of(node.comparators[0])}", 1.1 + 0.02 * number
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield spot.page.of(node.operand), 1.1
    elif isinstance(spot.parent, ast.If | ast.BoolOp) and not isinstance(node, ast.BoolOp):
        yield f"not {spot.text}", 1.5
    if isinstance(node, ast.BoolOp) and len(node.values) == 2:
        sign = " and " if isinstance(node.op, ast.Or) else " or "
        first, second = (spot.page.of(value) for value in node.values)
        yield f"{first}{sign}{second}", 1.3
        yield first, 1.5
        yield second, 1.5
    if isinstance(spot.parent, ast.While) and node is spot.parent.test:
        yield from ((f"{spot.text} and {count} > 0", 1.4) for count in spot.around.counts)
