"""Whole statements: missing, exchanged with the next one, or hidden by a blank definition further down."""

import ast
import re
from collections.abc import Iterator

from benchmarks.repairs.change import Change, Span
from benchmarks.repairs.site import SIMPLE, Site
from compare.explaining.cause import Kind

# what a lacking *= or /= may be called
_OF_ADDING: dict[type[ast.operator], tuple[Kind, ...]] = {ast.Mult: ("factor",), ast.Div: ("ratio", "factor")}


def missing(site: Site) -> Iterator[Change]:
    """a statement left out"""
    match site.node:
        case ast.Assign() | ast.AugAssign() | ast.Expr() as node if site.function and site.alone(node):
            docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            if len(site.block(node)) > 1 and not docstring:
                yield site.removed(node, "missing", *_also(site, node))


def not_returned(site: Site) -> Iterator[Change]:
    """return left out"""
    match site.node:
        case ast.Return(value=ast.expr() as value) as node if len(site.block(node)) > 1 and site.alone(node):
            if not isinstance(value, ast.Constant):
                yield site.removed(node, "return", "missing")


def exchanged(site: Site) -> Iterator[Change]:
    """two neighbouring statements in the wrong order"""
    match site.node:
        case ast.Assign() | ast.AugAssign() | ast.Expr() as node if site.function and site.alone(node):
            block = site.block(node)
            after = block[block.index(node) + 1 :][:1]
            for other in after:
                if isinstance(other, SIMPLE) and not isinstance(other, ast.Return) and site.alone(other):
                    start, end = site.whole_lines(node)
                    begin, stop = site.whole_lines(other)
                    if end == begin and site.source.text[start:stop].endswith("\n"):
                        new = site.source.text[begin:stop] + site.source.text[start:end]
                        yield Change((Span(start, stop, new),), frozenset({"misplaced", "order", "stale"}))


def shadowed(site: Site) -> Iterator[Change]:
    """a second, blank definition further down"""
    match site.node:
        case ast.FunctionDef(lineno=line) as node if not site.function and site.definition in site.source.layers:
            assert node.end_lineno is not None
            indent = " " * node.col_offset
            head = site.source.lines[line - 1]
            if head.rstrip().endswith(":") and node.name != "__init__":
                at = site.source.line_start(node.end_lineno + 1)
                text = f"\n{head}\n{indent}    pass\n"
                if site.source.text[:at].endswith("\n"):
                    lines: frozenset[Kind] = frozenset({"extra", "return", "missing"})
                    yield Change((Span(at, at, text),), lines, (line,))


def _also(site: Site, node: ast.stmt) -> tuple[Kind, ...]:
    """What else the lack of a statement may be called."""
    text = site.text(node)
    kinds: list[Kind] = []
    if isinstance(node, ast.AugAssign):
        kinds += _OF_ADDING.get(type(node.op), ("term", "accumulate"))
    if re.search(r"cache|append|self\.\w+ =", text):
        kinds += ["cache", "state"]
    if re.match(r"[a-z_]*(h|c|state|prev\w*) =|self\.(h|c|dh)\b", text):
        kinds += ["state", "stale"]
    if "grads[" in text:
        kinds += ["slot"]
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp):
        # x = x * mask is x *= mask
        again = site.text(node.targets[0]) == site.text(node.value.left)
        kinds += _OF_ADDING.get(type(node.value.op), ()) if again else ()
    if re.search(r"\b(at)\(|self\.\w+ = \[\]$", text) or re.match(r".*= 0$", text):
        kinds += ["accumulate"]
    # what it binds is a name that is nowhere defined
    return (*kinds, "name") if isinstance(node, ast.Assign) else tuple(kinds)
