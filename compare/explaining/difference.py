"""The smallest parts in which two expressions differ."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from compare.explaining.texts import alike

How = Literal[
    "replaced",  # one stands for the other
    "term",  # a summand on one side only
    "factor",  # a factor on one side only
    "divisor",  # a divisor on one side only
    "sign",  # the same with the other sign
    "inverse",  # multiplied by on one side, divided by on the other
    "complement",  # x for 1 - x
    "wrapped",  # something was put around `before`
    "unwrapped",  # something around `after` was taken away
    "product",  # a product of matrices with other factors, or in another order
    "permuted",  # the same elements in another order
    "element",  # an element, an argument or a keyword on one side only
    "operator",  # another operator between the same
]


@dataclass(frozen=True, eq=False)
class Step:
    """A node that a difference stands in, on either side, and the field of it that leads there."""

    before: ast.AST
    after: ast.AST
    field: str


@dataclass(frozen=True, eq=False)
class Difference:
    """Two parts that differ, None where nothing stands there, and what they stand in, from the statement inwards."""

    how: How
    before: ast.AST | None
    after: ast.AST | None
    above: tuple[Step, ...] = ()

    @property
    def either(self) -> ast.AST:
        """The part that there is: the right one of two."""
        node = self.after or self.before
        assert node is not None
        return node

    @property
    def missing(self) -> bool:
        """Whether it has to be added."""
        return self.before is None


Found = Iterator[Difference]
Above = tuple[Step, ...]


def contains(outer: ast.AST, inner: ast.AST, depth: int = 2) -> bool:
    """Whether one part is a little more than the other, which stands in it unchanged."""
    if isinstance(inner, ast.Constant) or depth == 0:
        return False
    inside = [each for each in ast.iter_child_nodes(outer) if isinstance(each, ast.expr | ast.keyword)]
    return any(alike(each, inner) or contains(each, inner, depth - 1) for each in inside)
