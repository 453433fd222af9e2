"""Products with the wrong factors, or with factors missing: transposes, upstream gradients, derivatives."""

import ast
import re
from collections.abc import Iterator

from benchmarks.repairs.change import Change
from benchmarks.repairs.site import Site, tight

UPSTREAM = re.compile(r"d[a-zA-Z_]\w*|dout.*|carried|total|delta")


def transpose_missing(site: Site) -> Iterator[Change]:
    """W for W.T"""
    match site.node:
        case ast.Attribute(attr="T", value=value):
            yield site.replaced(site.node, site.text(value), "transpose")


def transpose_added(site: Site) -> Iterator[Change]:
    """W.T for W"""
    for factor in _factors(site.node) or ():
        text = site.text(factor)
        plain = isinstance(factor, ast.Name | ast.Subscript) or text.startswith("self.")
        if plain and not text.endswith(".T"):
            yield site.replaced(factor, f"{text}.T", "transpose")


def factors_exchanged(site: Site) -> Iterator[Change]:
    """np.dot(da, x.T) for np.dot(x.T, da)"""
    factors = _factors(site.node)
    if factors:
        yield site.exchanged(*factors, "transpose", "order", "operand")


def upstream_ignored(site: Site) -> Iterator[Change]:
    """1 - h ** 2 for dh * (1 - h ** 2)"""
    if site.backward:
        for factor, rest, both in _halves(site):
            if UPSTREAM.fullmatch(_name(factor)) and not UPSTREAM.fullmatch(_name(rest)):
                yield site.replaced(both, _kept(site, rest), "upstream", "factor")


def factor_missing(site: Site) -> Iterator[Change]:
    """dh for dh * (1 - h ** 2): the slope of an activation, a gate, a mask"""
    for factor, rest, both in _halves(site):
        if not (site.backward and UPSTREAM.fullmatch(_name(factor))):
            divided = isinstance(both, ast.BinOp) and isinstance(both.op, ast.Div)
            yield site.replaced(both, _kept(site, rest), "factor", *(("ratio",) if divided or _divides(site) else ()))


def factor_twice(site: Site) -> Iterator[Change]:
    """dh * slope * slope"""
    match site.node:
        case ast.BinOp(op=ast.Mult(), right=right) if not site.counting and not isinstance(right, ast.Constant):
            new = f"{site.text(site.node)} * {_kept(site, right)}"
            # a size that stands there twice multiplies by that size
            measures = _divides(site) or site.text(right) in ("N", "T", "D", "H", "V")
            yield site.replaced(site.node, new, "factor", "extra", "upstream", *(("ratio",) if measures else ()))


def square_missing(site: Site) -> Iterator[Change]:
    """1 - h for 1 - h ** 2"""
    match site.node:
        case ast.BinOp(op=ast.Pow(), left=left, right=ast.Constant(value=2)):
            yield site.replaced(site.node, site.text(left), "factor")
        case ast.Call(func=ast.Attribute(attr="square"), args=[inner]):
            yield site.replaced(site.node, site.text(inner), "factor", "function")
        case ast.BinOp(op=ast.Mult(), left=left, right=right) if ast.unparse(left) == ast.unparse(right):
            yield site.replaced(site.node, site.text(left), "factor")


def other_slope(site: Site) -> Iterator[Change]:
    """h * (1 - h) for 1 - h ** 2: the slope of the other activation"""
    match site.node:
        case ast.BinOp(op=ast.Sub(), left=ast.Constant(value=1), right=ast.BinOp(op=ast.Pow(), left=y)):
            text = site.text(y)
            inside = isinstance(site.parent, ast.BinOp)
            new = f"{text} * (1 - {text})"
            yield site.replaced(site.node, new if inside else f"({new})", "factor", "function")


def complement(site: Site) -> Iterator[Change]:
    """z for 1 - z"""
    match site.node:
        case ast.BinOp(op=ast.Sub(), left=ast.Constant(value=1 | 1.0), right=ast.Name() as right):
            yield site.replaced(site.node, site.text(right), "factor", "operand", "term")


def _factors(node: ast.AST) -> tuple[ast.expr, ast.expr] | None:
    """The two factors of a matrix product."""
    match node:
        case ast.BinOp(op=ast.MatMult(), left=left, right=right):
            return left, right
        case ast.Call(func=ast.Attribute(attr="dot", value=ast.Name(id="np")), args=[left, right]):
            return left, right
        case ast.Call(func=ast.Attribute(attr="dot", value=left), args=[right]):
            return left, right
    return None


def _halves(site: Site) -> Iterator[tuple[ast.expr, ast.expr, ast.expr]]:
    """Of a product of arrays, each factor, what stays without it, and the product itself."""
    match site.node:
        case ast.BinOp(op=ast.Mult(), left=left, right=right) as both if not site.counting:
            if not isinstance(left, ast.Constant) and not isinstance(right, ast.Constant) and not _sizes(site):
                yield left, right, both
                yield right, left, both
        case ast.BinOp(op=ast.Div(), left=left, right=right) as both if "std" in ast.unparse(right):
            yield right, left, both


def _divides(site: Site) -> bool:
    """Whether it is what something is divided by."""
    match site.parent:
        case ast.BinOp(op=ast.Div(), right=right):
            return right is site.node
    return False


def _sizes(site: Site) -> bool:
    return bool(re.fullmatch(r"[\dNTDHVM* ]+", site.text(site.node)))  # type: ignore[arg-type]


def _kept(site: Site, factor: ast.expr) -> str:
    text = site.text(factor)
    return tight(text, factor)


def _name(node: ast.expr) -> str:
    while isinstance(node, ast.Subscript | ast.BinOp):
        node = node.value if isinstance(node, ast.Subscript) else node.left
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
