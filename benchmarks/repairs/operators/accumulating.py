"""Sums over steps, words and calls: not added up, added up too often, kept from the last call."""

import ast
from collections.abc import Iterator

from benchmarks.repairs.change import Change
from benchmarks.repairs.site import Site


def set_for_added(site: Site) -> Iterator[Change]:
    """= for +="""
    match site.node:
        case ast.AugAssign(op=ast.Add(), target=target, value=value):
            new = f"{site.text(target)} = {site.text(value)}"
            ids = isinstance(target, ast.Subscript) and site.layer in ("Embedding", "TimeEmbedding", "word_embedding")
            yield site.replaced(site.node, new, "accumulate", *(("repeated ids",) if ids else ()))


def added_for_set(site: Site) -> Iterator[Change]:
    """+= for =: the gradients of all calls"""
    match site.node:
        case ast.Assign(targets=[ast.Subscript(value=array) as target], value=value) if "grad" in site.text(array):
            if not isinstance(value, ast.Constant):
                yield site.replaced(site.node, f"{site.text(target)} += {site.text(value)}", "accumulate")


def not_set_to_zero(site: Site) -> Iterator[Change]:
    """dW[...] = 0 left out"""
    match site.node:
        case ast.Assign(targets=[ast.Subscript()], value=ast.Constant(value=0)) as statement:
            gone = site.parent if isinstance(site.parent, ast.For) and len(site.parent.body) == 1 else statement
            assert isinstance(gone, ast.stmt)
            if site.backward and len(site.block(gone)) > 1:
                yield site.removed(gone, "accumulate", "missing")


def repeated_ids_overwritten(site: Site) -> Iterator[Change]:
    """dW[ids] = dout for np.add.at(dW, ids, dout)"""
    match site.node:
        case ast.Call(func=ast.Attribute(attr="at"), args=[array, ids, values]):
            for between in (" = ", " += "):
                new = f"{site.text(array)}[{site.text(ids)}]{between}{site.text(values)}"
                yield site.replaced(site.node, new, "repeated ids", "accumulate")


def added_twice(site: Site) -> Iterator[Change]:
    """a statement that adds, twice"""
    match site.node:
        case ast.AugAssign() | ast.Expr(value=ast.Call()) as statement if site.function and site.alone(statement):
            first, last = site.whole_lines(statement)
            text = site.source.text[first:last]
            if text.endswith("\n"):
                start, _ = site.source.span(statement)
                yield site.replaced(
                    statement, f"{site.text(statement)}\n{site.source.text[first:start]}{site.text(statement)}",
                    "extra", "accumulate", "ratio", "factor",
                )  # fmt: skip


def not_in_place(site: Site) -> Iterator[Change]:
    """grads[0] = dW for grads[0][...] = dW"""
    match site.node:
        case ast.Subscript(slice=ast.Constant(value=value), ctx=ast.Store(), value=array) if value is Ellipsis:
            yield site.replaced(site.node, site.text(array), "rebinding")
