"""Things in the wrong order or the wrong place: results, caches, arguments, gradients' slots, gates' columns."""

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from benchmarks.repairs.change import Change
from benchmarks.repairs.site import Site
from compare.explaining.cause import Kind

JOINS = ("hstack", "concatenate", "stack", "vstack")


def slot(site: Site) -> Iterator[Change]:
    """grads[1] for grads[0]"""
    match site.node:
        case ast.Subscript(value=array, slice=ast.Constant(value=int(index)) as at) if "grads" in site.text(array):
            for other in {0: (1,), 1: (0, 2), 2: (1, 0)}.get(index, ()):
                yield site.replaced(at, str(other), "slot", "index")


def own_buffer(site: Site) -> Iterator[Change]:
    """b for np.zeros_like(b) among the gradients"""
    match site.node:
        case ast.Call(func=ast.Attribute(attr="zeros_like"), args=[inner]) if isinstance(site.parent, ast.List):
            yield site.replaced(site.node, site.text(inner), "slot", "operand", "in place")


def returned(site: Site) -> Iterator[Change]:
    """return dh, dx for return dx, dh"""
    match site.node:
        case ast.Return(value=ast.Tuple(elts=elts)):
            yield from _neighbours(site, elts, "order", "return")


def one_not_returned(site: Site) -> Iterator[Change]:
    """return dx for return dx, dh"""
    match site.node:
        case ast.Return(value=ast.Tuple(elts=elts) as value):
            for i in (0, len(elts) - 1):
                rest = [site.text(e) for e in elts if e is not elts[i]]
                yield site.replaced(value, ", ".join(rest), "return")


def packed(site: Site) -> Iterator[Change]:
    """cache = h, x for cache = x, h"""
    match site.node:
        case ast.Assign(targets=[target], value=ast.Tuple(elts=elts)) if _keeps(site, target):
            yield from _neighbours(site, elts, "cache", "order", also=_unpacking(site, len(elts)))


def unpacked(site: Site) -> Iterator[Change]:
    """h, x = cache for x, h = cache"""
    match site.node:
        case ast.Assign(targets=[ast.Tuple(elts=elts)], value=value) if not site.text(value).endswith("shape"):
            kept = _keeps(site, value)
            also = _packing(site, len(elts)) if kept else ()
            # whatever it is called, what the forward pass kept on `self` is a cache
            own = re.fullmatch(r"self\.\w+", site.text(value)) and not re.search("params|grads", site.text(value))
            kinds: tuple[Kind, ...] = ("cache",) if kept else ("operand", "cache") if own else ("operand",)
            yield from _neighbours(site, elts, "order", *kinds, also=also)


def arguments(site: Site) -> Iterator[Change]:
    """f(b, a) for f(a, b)"""
    match site.node:
        case ast.Call(func=func, args=[_, _, *_] as args) if not site.counting:
            last = ast.unparse(func).split(".")[-1]
            if last not in ("dot", "range", "maximum", "logaddexp", "einsum", "matmul"):
                yield from _neighbours(site, args, "order", "operand", "call")


def joined(site: Site) -> Iterator[Change]:
    """hstack((dg, df)) for hstack((df, dg))"""
    match site.node:
        case ast.Call(func=ast.Attribute(attr=name), args=[ast.Tuple(elts=elts) | ast.List(elts=elts), *_]):
            if name in JOINS:
                yield from _neighbours(site, elts, "order", "index", "operand")


def gate(site: Site) -> Iterator[Change]:
    """A[:, H:2 * H] for A[:, :H]: another gate's columns"""
    match site.node:
        case ast.Slice() as node if site.function and "H" in ast.unparse(node):
            slices = [n for n in ast.walk(site.function) if isinstance(n, ast.Slice) and "H" in ast.unparse(n)]
            texts = list(dict.fromkeys(site.text(n) for n in slices))
            mine = site.text(node)
            for other in [text for text in texts if text != mine][:2]:
                yield site.replaced(node, other, "index")


def slice_comma(site: Site) -> Iterator[Change]:
    """A[:, H, 2 * H] for A[:, H:2 * H]"""
    match site.node:
        case ast.Slice(lower=ast.expr() as lower, upper=ast.expr() as upper) as node:
            new = f"{site.text(lower)}, {site.text(upper)}"
            yield site.replaced(node, new, "index", "syntax")


def unpacking_comma(site: Site) -> Iterator[Change]:
    """W = self.params for W, = self.params; h, dh = None for h, dh = None, None"""
    match site.node:
        case ast.Assign(targets=[ast.Tuple(elts=[one]) as target]):
            yield site.replaced(target, site.text(one), "order", "syntax", "index", "operand", "slot")
        case ast.Assign(targets=[ast.Tuple()], value=ast.Tuple(elts=elts) as value):
            if len({ast.unparse(e) for e in elts}) == 1:
                yield site.replaced(value, site.text(elts[0]), "order", "syntax", "call", "operand")


def join_without_tuple(site: Site) -> Iterator[Change]:
    """hstack(df, dg) for hstack((df, dg))"""
    match site.node:
        case ast.Tuple() | ast.List() as node if isinstance(site.parent, ast.Call):
            name = ast.unparse(site.parent.func).split(".")[-1]
            text = site.text(node)
            if name in (*JOINS, "zeros", "empty") and len(node.elts) > 1 and text[0] in "([":
                yield site.replaced(node, text[1:-1], "call")


def _neighbours(site: Site, elts: Sequence[ast.expr], *kinds: Kind, also: tuple[int, ...] = ()) -> Iterator[Change]:
    """Two neighbours exchanged."""
    for a, b in pairwise(elts):
        if ast.unparse(a) != ast.unparse(b) and not isinstance(a, ast.Starred) and not isinstance(b, ast.Starred):
            yield site.exchanged(a, b, *kinds, also=also)


def _keeps(site: Site, node: ast.expr) -> bool:
    return bool(re.search("cache|seen", site.text(node)))


def _packing(site: Site, count: int) -> tuple[int, ...]:
    """The lines at which the same definition, or its forward function, packs as many values."""
    return _lines(site, count, store=False)


def _unpacking(site: Site, count: int) -> tuple[int, ...]:
    return _lines(site, count, store=True)


def _lines(site: Site, count: int, store: bool) -> tuple[int, ...]:
    stem = re.sub("_(for|back)ward", "", site.definition)
    found = []
    for node in ast.walk(site.source.tree):
        if isinstance(node, ast.Assign) and re.sub("_(for|back)ward", "", site.at(node).definition) == stem:
            match node:
                case ast.Assign(targets=[ast.Tuple(elts=elts)], value=value) if store and _keeps(site, value):
                    found += [node.lineno] if len(elts) == count else []
                case ast.Assign(targets=[target], value=ast.Tuple(elts=elts)) if not store and _keeps(site, target):
                    found += [node.lineno] if len(elts) == count else []
    return tuple(found)
