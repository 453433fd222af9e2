"""Loops over the steps that go too far, not far enough, the wrong way or over the wrong thing; axes."""

import ast
from collections.abc import Iterator

from benchmarks.repairs.change import Change
from benchmarks.repairs.site import Site


def bounds(site: Site) -> Iterator[Change]:
    """range(T - 1), range(1, T): one step left out"""
    match site.node:
        case ast.Call(func=ast.Name(id="range"), args=[end]):
            yield site.replaced(end, f"{site.text(end)} - 1", "loop")
            yield site.replaced(end, f"1, {site.text(end)}", "loop")
        case ast.Call(func=ast.Name(id="range"), args=[start, stop, _]):
            yield site.replaced(stop, "0", "loop")
            yield site.replaced(start, site.text(start).split(" - ")[0], "loop")


def direction(site: Site) -> Iterator[Change]:
    """from the first step to the last for from the last to the first, or the other way round"""
    match site.node:
        case ast.For(iter=ast.Call(func=ast.Name(id="reversed"), args=[inner]) as turned):
            yield site.replaced(turned, site.text(inner), "loop")
        case ast.For(iter=ast.Call(func=ast.Name(id="range"), args=[_]) as steps):
            yield site.replaced(steps, f"reversed({site.text(steps)})", "loop")
        case ast.Subscript(value=value, slice=ast.Slice(lower=None, upper=None, step=ast.UnaryOp())):
            yield site.replaced(site.node, site.text(value), "loop", "index", "order")


def not_a_range(site: Site) -> Iterator[Change]:
    """reversed(T) for reversed(range(T))"""
    match site.node:
        case ast.Call(func=ast.Name(id="range"), args=[end]):
            yield site.replaced(site.node, site.text(end), "loop", "call")


def step(site: Site) -> Iterator[Change]:
    """xs[:, t - 1], xs[:, 0] or xs[:, T] for xs[:, t]"""
    match site.node:
        case ast.Name(id="t", ctx=ast.Load()) if site.loop and site.counting:
            yield site.replaced(site.node, "t - 1", "index", "loop", "stale")
            yield site.replaced(site.node, "0", "index", "loop")
            if "T" in site.names:
                yield site.replaced(site.node, "T", "index", "loop", "name")
        case ast.BinOp(left=ast.Name(id="t") as left, right=ast.Constant()) if site.counting:
            yield site.replaced(site.node, site.text(left), "index", "stale", "loop")


def other_list(site: Site) -> Iterator[Change]:
    """self.grads for layer.grads"""
    match site.node:
        case ast.Attribute(value=ast.Name(id=owner), attr="grads", ctx=ast.Load()) if site.loop:
            for other in {"self": ("layer", "step", "cell")}.get(owner, ("self",)):
                if other in (*site.names, "self"):
                    yield site.replaced(site.node, f"{other}.grads", "loop", "operand", "slot")


def axis(site: Site) -> Iterator[Change]:
    """axis=1 for axis=0"""
    match site.node:
        case ast.keyword(arg="axis", value=ast.Constant(value=int(axis)) as value):
            yield site.replaced(value, str({0: 1, 1: 0, 2: 1}.get(axis, 0)), "axis")
        case ast.keyword(arg="axis", value=ast.UnaryOp() | ast.Tuple() as value):
            yield site.replaced(value, "0", "axis")


def axis_left_out(site: Site) -> Iterator[Change]:
    """np.sum(x) for np.sum(x, axis=0); keepdims left out"""
    match site.node:
        case ast.Call(func=func, args=args, keywords=keywords):
            for gone in keywords:
                if gone.arg in ("axis", "keepdims"):
                    rest = [site.source.text[slice(*site.source.span(k))] for k in keywords if k is not gone]
                    inner = ", ".join([*map(site.text, args), *rest])
                    # the axis may as well be put back where the result is read: `var[:, None]`
                    yield site.replaced(site.node, f"{site.text(func)}({inner})", "axis", "call", "index")


def new_axis_left_out(site: Site) -> Iterator[Change]:
    """mask for mask[:, None]"""
    match site.node:
        case ast.Subscript(value=value) if site.text(site.node).replace(" ", "").endswith((",None]", "np.newaxis]")):
            yield site.replaced(site.node, site.text(value), "axis", "index")


def reshaped(site: Site) -> Iterator[Change]:
    """reshape(T, N, V) for reshape(N, T, V)"""
    match site.node:
        case ast.Call(func=ast.Attribute(attr="reshape"), args=[ast.Name() as a, ast.Name() as b, *_]):
            yield site.exchanged(a, b, "order", "size", "axis")
