"""The wrong array or size in a right expression: of another layer, another step, before the activation."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from benchmarks.repairs.change import Change
from benchmarks.repairs.site import SIZE, Site, is_gradient, tight
from compare.explaining.cause import Kind

ACTIVATIONS = ("tanh", "sigmoid", "sigma", "sig", "exp", "softmax")


def wrong_operand(site: Site) -> Iterator[Change]:
    """x for h_prev: another array of the same function"""
    for name in _neighbours(site):
        kinds = (*_upstream(_of(site).id, name), *_place(site), *_measured(site))
        yield site.replaced(_of(site), name, "operand", "stale", *kinds)


def other_weight(site: Site) -> Iterator[Change]:
    """Wx for Wh"""
    match site.node:
        case ast.Name(id=name, ctx=ast.Load()) if re.match(r"[Ww]", name) and not isinstance(site.parent, ast.List):
            for other in [n for n in site.names if re.match(r"[Ww]", n) and n != name][:2]:
                yield site.replaced(site.node, other, "operand", *_place(site), *_measured(site))


def before_activation(site: Site) -> Iterator[Change]:
    """a for h, where h = tanh(a)"""
    match site.node:
        case ast.Name(id=name, ctx=ast.Load()) if name in (given := _activated(site)):
            yield site.replaced(site.node, given[name], "stale", "operand", "cache", "function")


def other_step(site: Site) -> Iterator[Change]:
    """h_prev for h_next"""
    match site.node:
        case ast.Name(id=name, ctx=ast.Load()) if re.search("next|prev", name):
            swapped = re.sub("next|prev", lambda m: {"next": "prev", "prev": "next"}[m[0]], name)
            if swapped in site.names:
                yield site.replaced(site.node, swapped, "stale", "operand", "state", *_place(site), *_measured(site))
        case ast.Name(id="h" | "c" | "prev_h" | "prev_c" | "state", ctx=ast.Load()) if site.loop and "h0" in site.names:
            yield site.replaced(site.node, "h0", "stale", "operand", "state")


def wrong_size(site: Site) -> Iterator[Change]:
    """D for H"""
    match site.node:
        case ast.Name(id=name, ctx=ast.Load()) if name in site.sizes:
            also = (*_ranged(site), *(("ratio",) if _divides(site) else ()))
            for other in [n for n in site.sizes if n != name][:2]:
                yield site.replaced(site.node, other, "size", *also)


def wrong_axis_size(site: Site) -> Iterator[Change]:
    """x.shape[1] for x.shape[0]"""
    match site.node:
        case ast.Subscript(value=ast.Attribute(attr="shape"), slice=ast.Constant(value=int(axis)) as index):
            yield site.replaced(index, str(1 - axis if axis < 2 else axis - 1), "size", "index", *_ranged(site))


def sizes_exchanged(site: Site) -> Iterator[Change]:
    """D, H = Wh.shape for H, D = ..."""
    match site.node:
        case ast.Assign(targets=[ast.Tuple(elts=elts)], value=ast.Attribute(attr="shape")):
            for a, b in pairwise(elts):
                yield site.exchanged(a, b, "size", "order")


def term_missing(site: Site) -> Iterator[Change]:
    """+ b, + dh left out"""
    match site.node:
        case ast.BinOp(op=ast.Add() | ast.Sub(), left=left, right=right) if not site.counting:
            for kept, lost in ((left, right), (right, left)):
                if not isinstance(kept, ast.Constant) and not isinstance(lost, ast.Constant):
                    yield site.replaced(site.node, site.text(kept), "term", *_lost(site, lost))


def zero(site: Site) -> Iterator[Change]:
    """a gradient that is always zero"""
    match site.node:
        case ast.Assign(targets=[target], value=ast.BinOp() | ast.Call() as value) if site.backward:
            text = site.text(value)
            if is_gradient(target) and not re.search(r"\b(zeros|empty|copy|reshape|backward)\b|_backward", text):
                new = f"0 * {tight(text, value)}"
                yield site.replaced(value, new, "factor", "upstream", "term", "operand", "ratio")


def _measured(site: Site) -> tuple[Kind, ...]:
    """What else it may be called where the array's shape alone is read, or its dtype."""
    match site.parent:
        case ast.Attribute(attr="shape"):
            return ("size",)
        case ast.Attribute(attr="dtype"):
            return ("precision",)
        case ast.Call(func=ast.Attribute(attr="zeros_like" | "empty_like" | "ones_like")):
            return ("size",)
    return ("size",) if isinstance(site.node, ast.Name) and site.node.id.endswith("_size") else ()


def _place(site: Site) -> tuple[Kind, ...]:
    """What else a wrong array may be called by where it stands: in what is kept, among the gradients, in an index."""
    statement, kinds = site.statement, list[Kind]()
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        left = site.text(statement.targets[0] if isinstance(statement, ast.Assign) else statement.target)
        kinds += ["cache"] if "cache" in left and site.node.col_offset > statement.col_offset else []  # type: ignore[attr-defined]
        kinds += ["slot"] if re.match(r"self\.grads\b", left) and _is_whole(site, statement) else []
    if isinstance(statement, ast.Return) and "forward" in site.definition and _is_kept(site, statement):
        kinds += ["cache"]
    for inner, outer in zip((site.node, *site.ancestors), site.ancestors, strict=False):
        kinds += ["index"] if isinstance(outer, ast.Subscript) and inner is outer.slice else []
        kinds += ["loop"] if isinstance(outer, ast.For) and inner is outer.iter else []
        kinds += ["function"] if isinstance(outer, ast.Call) and site.node is outer.func else []
    return tuple(kinds)


def _is_whole(site: Site, statement: ast.Assign | ast.AnnAssign) -> bool:
    """Whether it is a gradient as a whole that is put there, or the whole of what one is made like."""
    listed = isinstance(statement.value, ast.List | ast.Tuple)
    return site.node is statement.value or listed


def _is_kept(site: Site, statement: ast.Return) -> bool:
    """Whether it stands in what a forward function returns last, which its backward function is given."""
    kept = statement.value.elts[-1] if isinstance(statement.value, ast.Tuple) else None
    return kept is not None and kept in (site.node, *site.ancestors)


def _ranged(site: Site) -> tuple[Kind, ...]:
    """What else a wrong length may be called where it says how often a loop goes round."""
    calls = [ast.unparse(each.func) for each in site.ancestors if isinstance(each, ast.Call)]
    return ("loop",) if "range" in calls else ()


def _divides(site: Site) -> bool:
    match site.parent:
        case ast.BinOp(op=ast.Div(), right=right) | ast.AugAssign(op=ast.Div(), value=right):
            return right is site.node
    return False


def _of(site: Site) -> ast.Name:
    assert isinstance(site.node, ast.Name)
    return site.node


def _neighbours(site: Site) -> list[str]:
    """The arrays that were named just before and just after one."""
    match site.node:
        case ast.Name(id=name, ctx=ast.Load()) if name in site.arrays and not SIZE.fullmatch(name):
            arrays = site.arrays
            at = arrays.index(name)
            near = [*arrays[max(at - 1, 0) : at], *arrays[at + 1 : at + 2]]
            return [] if isinstance(site.parent, ast.Attribute) and site.parent.attr == "shape" else near
    return []


def _upstream(*names: str) -> tuple[Kind, ...]:
    return ("upstream",) if any(re.fullmatch(r"d[a-z]\w*", name) for name in names) else ()


def _activated(site: Site) -> dict[str, str]:
    """Of every value of an activation, what it was given; only if both are names."""
    found = {}
    here = site.statement
    for node in ast.walk(site.function) if site.function and here else ():
        match node:
            case ast.Assign(targets=[ast.Name(id=y)], value=ast.Call(func=func, args=[ast.Name(id=x)])):
                if ast.unparse(func).split(".")[-1] in ACTIVATIONS and here and node.lineno < here.lineno:
                    found[y] = x
    return found


def _lost(site: Site, lost: ast.expr) -> tuple[Kind, ...]:
    """What else a missing summand may be called."""
    statement, text = site.statement, site.text(lost)
    kinds: list[Kind] = []
    if isinstance(statement, ast.Assign) and text in map(site.text, _elements(statement.targets[0])):
        kinds += ["accumulate"]
    if text in _multiplied(site) or _left(site) in _multiplied(site):
        # x - x * y is x * (1 - y), whichever of the two is left out
        kinds += ["factor"]
    if site.backward and re.match(r"d[a-z]|carried", text):
        kinds += ["upstream", "state"]
    return tuple(kinds)


def _left(site: Site) -> str:
    return site.text(site.node.left) if isinstance(site.node, ast.BinOp) else ""


def _multiplied(site: Site) -> list[str]:
    """The factors of the summand that is kept."""
    match site.node:
        case ast.BinOp(right=ast.BinOp(op=ast.Mult(), left=left, right=right)):
            return [site.text(left), site.text(right)]
    return []


def _elements(target: ast.expr) -> list[ast.expr]:
    return target.elts if isinstance(target, ast.Tuple) else [target]
