"""What is gone through in the other direction."""

import ast
from collections.abc import Iterator

from compare.mending.edits.expressions.spot import Spot, name_of

# calls that go through what they are given, in its order
_ORDERED = ("zip", "enumerate", "list", "tuple", "stack", "array", "concatenate", "hstack", "vstack")


def turned_round(spot: Spot) -> Iterator[tuple[str, float]]:
    """`steps[::-1]` for `steps`, and the other way round, where it is gone through one by one."""
    node, parent = spot.node, spot.parent
    looped = isinstance(parent, ast.For | ast.comprehension) and node is parent.iter
    given = isinstance(parent, ast.Call) and node in parent.args and name_of(parent.func) in _ORDERED
    if not (looped or given) or not spot.loaded:
        return
    if isinstance(node, ast.Subscript) and spot.page.of(node.slice).replace(" ", "") == "::-1":
        yield spot.page.of(node.value), 1.1
    elif isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.ListComp):
        yield f"{spot.text}[::-1]", 1.3
    elif isinstance(node, ast.Call) and looped and name_of(node.func) in ("list", "sorted"):
        yield f"reversed({spot.text})", 1.2
    elif isinstance(node, ast.Call) and looped and name_of(node.func) in ("zip", "enumerate"):
        yield f"reversed(list({spot.text}))", 1.3
    elif isinstance(node, ast.Call) and not looped and name_of(node.func) in ("transpose", "swapaxes"):
        yield f"{spot.text}[::-1]", 1.4
