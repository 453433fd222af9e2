"""What else may be done with a statement: another assignment, another place, none at all."""

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from compare.checking.static.nearest import slips_of
from compare.mending.edit import Edit
from compare.mending.edits.splicing import Page, unbracketed
from compare.mending.edits.surroundings import Surroundings

_SIGNS = {ast.Add: "+=", ast.Sub: "-=", ast.Mult: "*=", ast.Div: "/="}


@dataclass(frozen=True, eq=False)
class Spot:
    """A statement, the block that it is in, and the compound statement around that block."""

    page: Page
    node: ast.stmt
    block: Sequence[ast.stmt]
    outer: ast.stmt
    around: Surroundings

    @property
    def at(self) -> int:
        return self.block.index(self.node)


# other edits for a statement, each with its distance
Rule = Callable[[Spot], Iterator[tuple[tuple[Edit, ...], float]]]


def other_assignment(spot: Spot) -> Iterator[tuple[tuple[Edit, ...], float]]:
    """`+=` for `=`, `=` for `+=`, `x = x + …` for `x += …`, `-=` for `+=`."""
    node, page = spot.node, spot.page
    if isinstance(node, ast.AugAssign):
        target, value = page.of(node.target), page.of(node.value)
        sign = _SIGNS.get(type(node.op), "+=")
        # a slot is set, unless a loop adds to it
        slot = target.startswith("self.grads[") and target.endswith("[...]")
        yield (page.replaced(node, f"{target} = {value}"),), 0.4 if slot else 1.1
        whole = f"({value})" if isinstance(node.value, ast.BinOp) and sign != "+=" else value
        yield (page.replaced(node, f"{target} = {target} {sign[0]} {whole}"),), 1.2
        for other in ("+=", "-=", "*=", "/="):
            if other != sign:
                yield (page.replaced(node, f"{target} {other} {value}"),), 1.3
        if isinstance(node.target, ast.Subscript):
            base, index = page.of(node.target.value), page.of(node.target.slice)
            yield (page.replaced(node, f"np.add.at({base}, {index}, {value})"),), 1.2
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target, value = page.of(node.targets[0]), page.of(node.value)
        if not isinstance(node.targets[0], ast.Tuple) and value != "0":
            yield (page.replaced(node, f"{target} += {value}"),), 1.1
        if isinstance(node.targets[0], ast.Subscript):
            base, index = page.of(node.targets[0].value), page.of(node.targets[0].slice)
            yield (page.replaced(node, f"np.add.at({base}, {index}, {value})"),), 1.2


def in_place(spot: Spot) -> Iterator[tuple[tuple[Edit, ...], float]]:
    """Filled in place for bound anew, and the other way round; another slot."""
    node, page = spot.node, spot.page
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return
    target = node.targets[0]
    if isinstance(target, ast.Tuple):
        return
    name = page.of(target)
    if name.endswith("[...]"):
        yield (page.replaced(target, name.removesuffix("[...]")),), 1.3
    elif isinstance(target, ast.Subscript | ast.Attribute):
        yield (page.replaced(target, f"{name}[...]"),), 1.1
    if isinstance(target, ast.Name):
        step = spot.around.steps
        if spot.around.shapes.get(name):
            yield (page.replaced(target, f"{name}[...]"),), 0.9 if isinstance(node.value, ast.Constant) else 1.3
        yield from (((page.replaced(target, f"{name}[:, {t}]"),), 1.3) for t in step)
        yield from (((page.replaced(target, f"{name}[{t}]"),), 1.4) for t in step)


def other_target(spot: Spot) -> Iterator[tuple[tuple[Edit, ...], float]]:
    """Another variable that is given the value."""
    node, page = spot.node, spot.page
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
    for target in targets:
        parts = target.elts if isinstance(target, ast.Tuple) else [target]
        unbound = sorted(spot.around.read - set(spot.around.arrays) - set(spot.around.counts))
        for part in parts:
            name = page.of(part)
            if name in spot.around.unused:
                # nothing reads it, and what is read is written nearly like it
                for other in slips_of(name, (n for n in spot.around.arrays if n not in spot.around.unused)):
                    yield (page.replaced(part, other),), 0.7
            for other in (*spot.around.arrays, *unbound):
                if isinstance(part, ast.Name | ast.Attribute) and other != name and other not in ("np", "range"):
                    yield (page.replaced(part, other),), 1.4 if other in unbound else 2.0


def as_packed(spot: Spot) -> Iterator[tuple[tuple[Edit, ...], float]]:
    """A cache unpacked in the order in which it is packed, or packed in the order in which it is unpacked."""
    node, page = spot.node, spot.page
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return
    target, value = node.targets[0], node.value
    for part, other in ((target, value), (value, target)):
        if isinstance(other, ast.Name | ast.Attribute | ast.Subscript):
            for text in _elsewhere(spot, page.of(other)):
                old = page.of(part)
                if isinstance(part, ast.List):
                    text = f"[{text}]"
                elif old != unbracketed(old):
                    text = f"({text})"
                if unbracketed(text) != unbracketed(old):
                    yield (page.replaced(part, text),), 1.0


def _elsewhere(spot: Spot, name: str) -> Iterator[str]:
    """The tuples that are packed into, or unpacked from, a name elsewhere in the layer."""
    for related in spot.around.related:
        for each in ast.walk(related):
            if isinstance(each, ast.Assign) and each is not spot.node:
                for part, other in ((each.targets[0], each.value), (each.value, each.targets[0])):
                    if isinstance(part, ast.Tuple) and ast.unparse(other) == name:
                        yield unbracketed(ast.unparse(part))


def together(spot: Spot) -> Iterator[tuple[tuple[Edit, ...], float]]:
    """`a = b = x, y` as `a, b = x, y`; `a = x.shape` as `a, b = x.shape` is for who knows the names."""
    node, page = spot.node, spot.page
    if isinstance(node, ast.Assign) and len(node.targets) > 1:
        names = ", ".join(page.of(target) for target in node.targets)
        yield (page.replaced(node, f"{names} = {page.of(node.value)}"),), 1.0
    if not isinstance(node, ast.Assign):
        return
    target = node.targets[0]
    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.List | ast.Constant):
        # a, b = []: one for each
        yield (page.replaced(node.value, ", ".join([page.of(node.value)] * len(target.elts))),), 0.9
    if len(node.targets) == 1 and isinstance(target, ast.Name):
        yield (page.replaced(node.targets[0], f"{page.of(node.targets[0])},"),), 1.4


def folded(spot: Spot) -> Iterator[tuple[tuple[Edit, ...], float]]:
    """`dh *= o` taken out, and `dh * o` in the place of dh in the statement that follows."""
    node, page = spot.node, spot.page
    if not isinstance(node, ast.AugAssign) or not isinstance(node.target, ast.Name) or spot.at + 1 == len(spot.block):
        return
    sign = _SIGNS.get(type(node.op), "+=")[0]
    after = spot.block[spot.at + 1]
    reads = [n for n in ast.walk(after) if isinstance(n, ast.Name) and n.id == node.target.id]
    if len(reads) == 1 and isinstance(reads[0].ctx, ast.Load):
        value = f"({page.of(node.value)})" if isinstance(node.value, ast.BinOp) else page.of(node.value)
        new = f"{node.target.id} {sign} {value}"
        # what the caller gave is not changed
        cost = 0.6 if node.target.id in spot.around.arguments else 1.5
        yield (page.deleted(node), page.replaced(reads[0], new if sign == "*" else f"({new})")), cost


def left_out(spot: Spot) -> Iterator[tuple[tuple[Edit, ...], float]]:
    """The statement taken out: most likely where it stands there twice."""
    if isinstance(spot.node, ast.Assign | ast.AugAssign | ast.Expr) and len(spot.block) > 1:
        before = spot.block[spot.at - 1] if spot.at else None
        twice = before is not None and spot.page.of(before) == spot.page.of(spot.node)
        yield (spot.page.deleted(spot.node),), 0.3 if twice else 1.5


def elsewhere(spot: Spot) -> Iterator[tuple[tuple[Edit, ...], float]]:
    """The statement at another place of its block, and in the blocks around and before it."""
    if not _movable(spot):
        return
    yield from _within_block(spot)
    yield from _out_of_block(spot)
    yield from _into_block(spot)


def _movable(spot: Spot) -> bool:
    return isinstance(spot.node, ast.Assign | ast.AugAssign | ast.Expr | ast.Return | ast.For)


def _within_block(spot: Spot) -> Iterator[tuple[tuple[Edit, ...], float]]:
    lines, at = spot.page.block(spot.node), spot.at
    if isinstance(spot.node, ast.Return):
        return
    for i, other in enumerate(spot.block):
        if i in (at, at + 1):
            continue
        yield (spot.page.deleted(spot.node), _before(spot.page, other, lines)), 1.6 + 0.05 * abs(i - at)
    if at + 1 < len(spot.block):
        yield (spot.page.deleted(spot.node), _after(spot.page, spot.block[-1], lines)), 1.8


def _out_of_block(spot: Spot) -> Iterator[tuple[tuple[Edit, ...], float]]:
    """Behind the loop that the statement is the last of, or before it, with what follows it in the loop."""
    outer, page = spot.outer, spot.page
    if not isinstance(outer, ast.For | ast.If | ast.While) or len(spot.block) < 2 or not spot.at:
        return
    tail = spot.block[spot.at :]
    moved = [line for each in tail for line in page.block(each)]
    first, last = tail[0].lineno, tail[-1].end_lineno or tail[-1].lineno
    indented = _indented(moved, page.indent(spot.node), page.indent(outer))
    if last == (outer.end_lineno or last):
        # what lies between, comments too, keeps its place
        whole = page.lines[first - 1 : last]
        yield (Edit(page.label, first, last, tuple(_indented(whole, page.indent(spot.node), page.indent(outer)))),), 1.3
    elif spot.at + 1 == len(spot.block):
        yield (page.deleted(spot.node), _after(page, outer, indented)), 1.4
    alone = _indented(page.block(spot.node), page.indent(spot.node), page.indent(outer))
    yield (page.deleted(spot.node), _before(page, outer, alone)), 1.5
    if len(tail) > 1:
        yield (page.deleted(spot.node), _after(page, outer, alone)), 1.6


def _into_block(spot: Spot) -> Iterator[tuple[tuple[Edit, ...], float]]:
    """Into the loop that stands right before the statement, at its end; of one that stands behind, at its beginning."""
    page, at = spot.page, spot.at
    before = next((s for s in reversed(spot.block[:at]) if isinstance(s, ast.For | ast.If)), None)
    for block in (before.body, before.orelse) if before else ():
        if block:
            indent = page.indent(block[-1])
            lines = _indented(page.block(spot.node), page.indent(spot.node), indent)
            direct = spot.block[at - 1] is before and (block[-1].end_lineno or 0) == (
                before.end_lineno if before else 0
            )
            if direct:
                first = (block[-1].end_lineno or block[-1].lineno) + 1
                last = spot.node.end_lineno or spot.node.lineno
                whole = page.lines[first - 1 : last]
                yield (Edit(page.label, first, last, tuple(_indented(whole, page.indent(spot.node), indent))),), 1.3
            else:
                yield (page.deleted(spot.node), _after(page, block[-1], lines)), 1.5
    after = next((s for s in spot.block[at + 1 :] if isinstance(s, ast.For)), None)
    if after is not None:
        lines = _indented(page.block(spot.node), page.indent(spot.node), page.indent(after.body[0]))
        yield (page.deleted(spot.node), _before(page, after.body[0], lines)), 1.6


def _indented(lines: Sequence[str], old: str, new: str) -> list[str]:
    return [new + line.removeprefix(old) if line.strip() else line for line in lines]


def _before(page: Page, node: ast.stmt, lines: Sequence[str]) -> Edit:
    return Edit(page.label, node.lineno, node.lineno - 1, tuple(lines))


def _after(page: Page, node: ast.stmt, lines: Sequence[str]) -> Edit:
    end = node.end_lineno or node.lineno
    return Edit(page.label, end + 1, end, tuple(lines))


RULES: tuple[Rule, ...] = (other_assignment, in_place, other_target, as_packed, together, folded, left_out, elsewhere)
