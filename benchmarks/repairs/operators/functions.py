"""One function for another, and conditions the wrong way round."""

import ast
from collections.abc import Iterator

from benchmarks.repairs.change import Change
from benchmarks.repairs.site import Site
from compare.explaining.cause import Kind

# of NumPy, the one that is written for the other
OTHER = {
    "tanh": "exp",
    "exp": "log",
    "maximum": "minimum",
    "zeros": "ones",
    "zeros_like": "ones_like",
    "hstack": "vstack",
    "argmax": "argmin",
    "log": "exp",
    "max": "sum",
    "sqrt": "square",
    "log1p": "log",
    "dot": "multiply",
}
OPPOSITE: dict[type[ast.cmpop], str] = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Gt: "<",
    ast.Lt: ">",
    ast.GtE: "<",
    ast.LtE: ">",
    ast.Is: "is not",
}


def other_function(site: Site) -> Iterator[Change]:
    """np.exp for np.tanh"""
    match site.node:
        case ast.Attribute(attr=name, value=owner) if name in OTHER and isinstance(site.parent, ast.Call):
            if ast.unparse(owner) == "np" or name in ("argmax", "max"):
                # these two differ in nothing but the axis that they join along
                kinds: tuple[Kind, ...] = ("axis",) if name == "hstack" else ()
                yield site.replaced(site.node, f"{site.text(owner)}.{OTHER[name]}", "function", *kinds)


def other_activation(site: Site) -> Iterator[Change]:
    """tanh for sigmoid, sigmoid for tanh"""
    match site.node:
        case ast.Call(func=ast.Name(id="sigmoid" | "sigma" | "sig") as function):
            yield site.replaced(function, "np.tanh", "function")
        case ast.Call(func=ast.Attribute(attr="tanh") as function):
            for name in _sigmoids(site):
                yield site.replaced(function, name, "function")


def condition(site: Site) -> Iterator[Change]:
    """!= for =="""
    match site.node:
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in OPPOSITE:
            new = f"{site.text(left)} {OPPOSITE[type(op)]} {site.text(right)}"
            inside: tuple[Kind, ...] = ("index",) if isinstance(site.parent, ast.Subscript) else ()
            yield site.replaced(site.node, new, "sign", "function", "operand", "state", *inside)


def part_of_condition(site: Site) -> Iterator[Change]:
    """if h is None for if not stateful or h is None"""
    match site.node:
        case ast.BoolOp(values=[first, second]):
            for kept in (first, second):
                yield site.replaced(site.node, site.text(kept), "state", "term", "operand")


def _sigmoids(site: Site) -> list[str]:
    names = {n.id for n in ast.walk(site.source.tree) if isinstance(n, ast.Name)}
    return [name for name in ("sigmoid", "sigma", "sig") if name in names]
