"""What a gradient is mostly computed by."""

import ast
from collections.abc import Iterator
from itertools import permutations

from compare.mending.edits.splicing import Page
from compare.mending.edits.surroundings import Surroundings


def expressions(around: Surroundings, page: Page) -> Iterator[tuple[str, float]]:
    """What a gradient is mostly computed by, of the variables at hand: nearest first."""
    arrays = around.arrays
    shape = _unpacked_shape(around, page)
    for one in arrays:
        yield one, 1.5 if "cache" in one else 2.2
        yield f"np.sum({one}, axis=0)", 1.9
        yield f"{one}.T", 2.6
        yield f"np.sum({one}, axis=(0, 1))", 2.4
    for one, other in permutations(arrays, 2):
        yield f"np.dot({one}.T, {other})", 2.0
        yield f"np.dot({one}, {other}.T)", 2.0
        yield f"np.dot({one}, {other})", 2.2
        yield f"{one} * {other}", 2.3
        yield f"{one} * (1 - {other} ** 2)", 2.2
        yield f"{one} * {other} * (1 - {other})", 2.4
        if one < other:
            yield f"{one} + {other}", 2.4
        if shape:
            yield f"np.dot({one}, {other}.T).reshape({shape})", 2.3
    for one in arrays if shape else ():
        yield f"{one}.reshape({shape})", 2.4


def _unpacked_shape(around: Surroundings, page: Page) -> str:
    """`N, T, D` where the sizes of three axes are unpacked."""
    for node in around.nodes:
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Attribute) or node.value.attr != "shape":
            continue
        target = node.targets[0]
        if isinstance(target, ast.Tuple) and len(target.elts) == 3:
            return ", ".join(page.of(e) for e in target.elts)
    return ""
