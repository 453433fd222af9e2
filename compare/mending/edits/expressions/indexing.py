"""Other steps, ranges, axes and blocks of columns."""

import ast
import re
from collections.abc import Iterator

from compare.mending.edits.expressions.spot import CALLABLE, Spot, is_variable
from compare.mending.edits.surroundings import Surroundings


def other_step(spot: Spot) -> Iterator[tuple[str, float]]:
    """Another step or another bound: `t - 1`, `t + 1`, `T - 1 - t`, `T - 1`."""
    node, around = spot.node, spot.around
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in around.counts:
        yield f"{node.id} - 1", 1.2
        yield f"{node.id} + 1", 1.3
        if node.id in around.steps:
            yield from ((f"{size} - 1 - {node.id}", 1.6) for size in around.counts if size not in around.steps)
    elif isinstance(node, ast.BinOp) and spot.in_slice:
        yield from ((step, 1.2) for step in around.steps)


def counted(spot: Spot) -> Iterator[tuple[str, float]]:
    """`range(T)` where a loop goes over a number."""
    node, parent = spot.node, spot.parent
    if isinstance(parent, ast.For | ast.comprehension) and node is parent.iter:
        if isinstance(node, ast.Name | ast.Constant | ast.Attribute | ast.Subscript | ast.BinOp):
            yield f"range({spot.text})", 1.0
            yield f"reversed(range({spot.text}))", 1.2
        if isinstance(node, ast.Name | ast.Attribute):
            yield f"reversed({spot.text})", 1.1
        if isinstance(node, ast.Subscript) and spot.page.of(node.value) in spot.around.counts:
            # T[::-1]
            yield f"range({spot.page.of(node.value)})[{spot.page.of(node.slice)}]", 0.9
        if isinstance(node, ast.Call) and spot.page.of(node.func) == "reversed" and len(node.args) == 1:
            yield f"reversed(range({spot.page.of(node.args[0])}))", 1.0


def with_axis(spot: Spot) -> Iterator[tuple[str, float]]:
    """An axis more, where an array is multiplied with one of more axes: `mask[:, None]`."""
    node, parent = spot.node, spot.parent
    if not is_variable(node) or not spot.loaded or spot.text not in spot.around.arrays:
        return
    if isinstance(parent, ast.BinOp | ast.AugAssign | ast.Assign | ast.Call) and spot.text not in spot.around.counts:
        new = "np.newaxis" if any("newaxis" in line for line in spot.page.lines) else "None"
        yield f"{spot.text}[:, {new}]", 1.3
        yield f"{spot.text}[..., {new}]", 1.3
        yield f"{spot.text}[{new}]", 1.6


def other_slice(spot: Spot) -> Iterator[tuple[str, float]]:
    """Another index: a missing axis, the whole for a part, the wrong axis, a block of columns beside this one."""
    node, of = spot.node, spot.page.of
    if not isinstance(node, ast.Subscript):
        return
    base, index = of(node.value), of(node.slice)
    if isinstance(node.ctx, ast.Load):
        yield base, 1.5
        if not isinstance(node.value, ast.Subscript):
            yield f"{base}({index})", 1.1 if base in CALLABLE or base in spot.around.outside else 1.6
    parts = [of(e) for e in node.slice.elts] if isinstance(node.slice, ast.Tuple) else [index]
    steps = [p for p in parts if p in spot.around.steps]
    if steps and isinstance(node.slice, ast.Tuple):
        yield f"{base}[{', '.join([*parts[1:2], parts[0], *parts[2:]])}]", 1.3
        yield f"{base}[{steps[0]}]", 1.4
    if len(parts) == 1 and parts[0] in spot.around.steps:
        yield f"{base}[:, {index}]", 1.2
        yield f"{base}[:, {index}, :]", 1.2
    if len(parts) == 3 and parts[0] == ":" and not any(re.fullmatch(r"\w*:\w*", p) for p in parts[1:]):
        # A[:, 3*H, 4*H]: a comma for a colon
        yield f"{base}[:, {parts[1]}:{parts[2]}]", 1.0
    yield from _blocks(base, parts, spot.around)


def _blocks(base: str, parts: list[str], around: Surroundings) -> Iterator[tuple[str, float]]:
    """The other blocks of columns: `a[:, H:2*H]` for `a[:, :H]`."""
    last = parts[-1]
    if ":" not in last or last == ":":
        return
    size = next((name for name in re.findall(r"[A-Za-z_]\w*", last) if name in around.counts), "")
    for k in range(4) if size else ():
        first = "" if k == 0 else size if k == 1 else f"{k} * {size}"
        end = size if k == 0 else f"{k + 1} * {size}"
        yield f"{base}[{', '.join([*parts[:-1], f'{first}:{end}'])}]", 1.4
        if k:
            yield f"{base}[{', '.join([*parts[:-1], f'{first}:'])}]", 1.5
            yield f"{base}[{', '.join([*parts[:-1], f':{end}'])}]", 1.6
            yield f"{base}[{', '.join([*parts[:-1], f'{size}:{end}'])}]", 1.6
