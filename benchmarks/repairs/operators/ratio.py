"""Gradients and losses that are a constant multiple of the right ones."""

import ast
import re
from collections.abc import Iterator

from benchmarks.repairs.change import Change
from benchmarks.repairs.site import Site, is_gradient, tight
from compare.explaining.cause import Kind

BATCH = ("N", "batch", "batch_size")
STEPS = ("T", "length")


def averaged_over_batch(site: Site) -> Iterator[Change]:
    """dW / N"""
    yield from _scaled(site, BATCH)


def averaged_over_time(site: Site) -> Iterator[Change]:
    """dW / T"""
    yield from _scaled(site, STEPS)


def doubled(site: Site) -> Iterator[Change]:
    """2 * dW"""
    value = _gradient(site)
    if value is not None:
        yield site.replaced(value, f"2 * {tight(site.text(value), value)}", "ratio", "factor")


def negated(site: Site) -> Iterator[Change]:
    """-dW"""
    value = _gradient(site)
    if value is not None:
        yield site.replaced(value, f"-{tight(site.text(value), value)}", "sign")


def not_averaged(site: Site) -> Iterator[Change]:
    """/ N left out"""
    match site.node:
        case ast.BinOp(op=ast.Div(), left=left, right=right) if _counts(right) and not site.counting:
            mean: tuple[Kind, ...] = ("function",) if re.search(r"\bsum\(", site.text(left)) else ()
            yield site.replaced(site.node, site.text(left), "ratio", "factor", *mean)
        case ast.AugAssign(op=ast.Div()) as statement if site.alone(statement):
            yield from [site.removed(statement, "ratio", "missing", "factor")]


def wrong_count(site: Site) -> Iterator[Change]:
    """/ T for / N, or / N for the count of the mask"""
    match site.node:
        case ast.BinOp(op=ast.Div(), right=right) | ast.AugAssign(op=ast.Div(), value=right) if _counts(right):
            for other in ("N", "T", "N * T"):
                known = set(re.findall(r"\w+", other)) <= set(site.names)
                if known and other != site.text(right).strip("()"):
                    new = f"({other})" if "*" in other and isinstance(site.node, ast.BinOp) else other
                    yield site.replaced(right, new, "ratio", "size", "factor")


def mean_for_sum(site: Site) -> Iterator[Change]:
    """mean for sum, or the other way round"""
    match site.node:
        case ast.Attribute(attr="sum" | "mean" as name) if isinstance(site.parent, ast.Call):
            other = {"sum": "mean", "mean": "sum"}[name]
            new = site.text(site.node)[: -len(name)] + other
            yield site.replaced(site.node, new, "ratio", "function")


def sign(site: Site) -> Iterator[Change]:
    """+ for -, or a minus left out"""
    match site.node:
        case ast.BinOp(op=ast.Sub() | ast.Add() as op, left=left, right=right) if not site.counting:
            between = " - " if isinstance(op, ast.Add) else " + "
            yield site.replaced(site.node, f"{site.text(left)}{between}{site.text(right)}", "sign")
        case ast.UnaryOp(op=ast.USub(), operand=operand) if not isinstance(operand, ast.Constant):
            yield site.replaced(site.node, site.text(operand), "sign")
        case ast.AugAssign(op=ast.Sub() | ast.Add() as op, target=target, value=value):
            between = "-=" if isinstance(op, ast.Add) else "+="
            new = f"{site.text(target)} {between} {site.text(value)}"
            yield site.replaced(site.node, new, "sign")


def _gradient(site: Site) -> ast.expr | None:
    """The value of an assignment that sets one gradient."""
    match site.node:
        case ast.Assign(targets=[target], value=value) | ast.AugAssign(target=target, value=value):
            started = re.search(r"\b(zeros|empty|copy|reshape|grads|shape)\b", site.text(value))
            simple = not isinstance(value, ast.Tuple | ast.List | ast.Constant | ast.Lambda)
            if site.backward and simple and is_gradient(target) and not started:
                return value
    return None


def _scaled(site: Site, counts: tuple[str, ...]) -> Iterator[Change]:
    value = _gradient(site)
    if value is not None:
        for name in [name for name in counts if name in site.names][:1]:
            yield site.replaced(value, f"{tight(site.text(value), value)} / {name}", "ratio", "factor")


def _counts(divisor: ast.expr) -> bool:
    text = ast.unparse(divisor)
    return bool(re.fullmatch(r"[NTDMV]( \* [NTDMV])?|batch_size|count|mask\.sum\(\)|len\(.*\)|keep|.*ratio\)?", text))
