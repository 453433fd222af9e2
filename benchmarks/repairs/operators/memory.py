"""Whose memory it is, what stands in it and how precise it is: copies, caches, np.empty, float32."""

import ast
import re
from collections.abc import Iterator

from benchmarks.repairs.change import Change, Span
from benchmarks.repairs.site import Site, is_gradient


def uninitialised(site: Site) -> Iterator[Change]:
    """np.empty for np.zeros"""
    match site.node:
        case ast.Attribute(value=ast.Name(id="np"), attr="zeros" | "zeros_like" as name):
            yield site.replaced(site.node, f"np.{name.replace('zeros', 'empty')}", "memory", "function")


def float32(site: Site) -> Iterator[Change]:
    """dtype='f', .astype('f')"""
    match site.node:
        case ast.keyword(arg="dtype", value=ast.Attribute() as value):
            yield site.replaced(value, "'f'", "precision")
        case ast.Call(func=ast.Attribute(attr="zeros" | "empty"), args=[shape], keywords=[]) if site.function:
            yield site.replaced(shape, f"{site.text(shape)}, dtype=np.float32", "precision")
        case ast.Assign(targets=[target], value=ast.BinOp() | ast.Call() as value) if site.backward:
            if is_gradient(target) and re.search(r"[*@]|\.dot|sum", site.text(value)):
                yield site.replaced(value, f"{_bracketed(site, value)}.astype(np.float32)", "precision")


def copy_left_out(site: Site) -> Iterator[Change]:
    """dx = y for dx = y.copy()"""
    match site.node:
        case ast.Call(func=ast.Attribute(attr="copy", value=value), args=[]):
            yield site.replaced(site.node, site.text(value), "in place", "cache", "state")


def caller_changed(site: Site) -> Iterator[Change]:
    """dh[:, t] += dnext, in the caller's array"""
    match site.node:
        case ast.BinOp(op=ast.Add(), left=left, right=right) if site.backward and site.function:
            given = {a.arg for a in site.function.args.args} - {"self"}
            statement = site.statement
            for one, other in ((left, right), (right, left)):
                if statement and _base(one) in given and site.alone(statement) and isinstance(statement, ast.Assign):
                    first, _ = site.whole_lines(statement)
                    text = f"{site.indent(statement)}{site.text(one)} += {site.text(other)}\n"
                    inner = site.replaced(site.node, site.text(one), "in place")
                    yield inner.with_other(Change((Span(first, first, text),), frozenset({"in place"})))


def gradient_changed(site: Site) -> Iterator[Change]:
    """dout *= mask for dx = dout * mask: the caller's array, or one in the cache"""
    match site.node:
        case ast.Assign(targets=[target], value=ast.BinOp(left=ast.Name(id=name) as left, op=op, right=right)):
            if site.backward and site.alone(site.node) and isinstance(target, ast.Name) and target.id != name:
                sign = {ast.Add: "+=", ast.Mult: "*=", ast.Sub: "-="}.get(type(op))
                if sign and site.function:
                    indent = site.indent(site.node)
                    new = f"{site.text(left)} {sign} {site.text(right)}\n{indent}{target.id} = {name}"
                    yield site.replaced(site.node, new, "in place")


def popped(site: Site) -> Iterator[Change]:
    """self.layers.pop() for self.layers[t]"""
    match site.node:
        case ast.Subscript(value=kept, slice=ast.Name(id="t"), ctx=ast.Load()) if site.backward and site.loop:
            if re.search("layers|steps|cells|cache", site.text(kept)):
                yield site.replaced(site.node, f"{site.text(kept)}.pop()", "cache", "in place")


def _base(node: ast.expr) -> str:
    while isinstance(node, ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _bracketed(site: Site, node: ast.expr) -> str:
    return f"({site.text(node)})" if isinstance(node, ast.BinOp) else site.text(node)
