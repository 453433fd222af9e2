"""What does not parse, or parses into another block: colons, commas, brackets, indentation."""

import ast
import re
from collections.abc import Iterator

from benchmarks.repairs.change import Change, Span
from benchmarks.repairs.site import Site
from compare.explaining.cause import Kind


def colon(site: Site) -> Iterator[Change]:
    """for t in range(T) without its colon"""
    match site.node:
        case ast.For() | ast.If() | ast.FunctionDef() | ast.ClassDef() as node:
            yield from _without(site, node.lineno, r":\s*(#.*)?$", ":")


def comma(site: Site) -> Iterator[Change]:
    """x h_prev for x, h_prev"""
    match site.node:
        case ast.Tuple(elts=[first, *rest]) | ast.Call(args=[first, *rest]) if rest:
            _, end = site.source.span(first)
            text = site.source.text
            if text[end : end + 2] == ", ":
                # x[: t] for x[:, t] is an index all the same
                indexed = isinstance(site.parent, ast.Subscript) and site.node is site.parent.slice
                kinds: frozenset[Kind] = frozenset({"syntax", "order", "call", *(("index",) if indexed else ())})
                yield Change((Span(end, end + 1, ""),), kinds, (first.lineno,))


def bracket(site: Site) -> Iterator[Change]:
    """a bracket that is never closed, or one too many"""
    match site.node:
        case ast.Call() | ast.Subscript() as node:
            start, end = site.source.span(node)
            if site.source.text[end - 1] in ")]" and site.function:
                yield Change((Span(end - 1, end, ""),), frozenset({"syntax", "call"}), (node.lineno,))
                yield Change(
                    (Span(end, end, site.source.text[end - 1]),), frozenset({"syntax", "call"}), (node.lineno,)
                )


def indented(site: Site) -> Iterator[Change]:
    """a line one space too far in, or out"""
    match site.node:
        case ast.Assign() | ast.AugAssign() | ast.Return() | ast.Expr() as node if site.function and site.alone(node):
            start = site.source.line_start(node.lineno)
            space = site.indent(node)[:1] or " "
            yield Change((Span(start, start, space),), frozenset({"indentation", "syntax"}))
            if node.col_offset:
                yield Change((Span(start, start + 1, ""),), frozenset({"indentation", "syntax"}))


def moved_out(site: Site) -> Iterator[Change]:
    """the last line of a loop after the loop"""
    match site.node:
        case ast.For(body=[_, *_, last]) | ast.If(body=[_, *_, last], orelse=[]) if site.alone(last):
            assert isinstance(site.node, ast.stmt)
            outer, inner = site.indent(site.node), site.indent(last)
            yield from _shifted(site, last, inner, outer)


def moved_in(site: Site) -> Iterator[Change]:
    """the line after a loop inside the loop"""
    match site.node:
        case ast.For(body=[*_, last]) as loop if site.function:
            block = site.block(loop)
            after = block[block.index(loop) + 1 :][:1]
            for statement in after:
                if site.alone(statement) and not isinstance(statement, ast.For | ast.If):
                    yield from _shifted(site, statement, site.indent(loop), site.indent(last))


def fence(site: Site) -> Iterator[Change]:
    """``` of Markdown left in the file"""
    match site.node:
        case ast.ClassDef() | ast.FunctionDef() as node if site.ancestors == []:
            start = site.source.line_start(node.lineno)
            yield Change((Span(start, start, "```\n"),), frozenset({"syntax", "extra"}))


def _without(site: Site, line: int, pattern: str, gone: str) -> Iterator[Change]:
    found = re.search(pattern, site.source.lines[line - 1])
    if found and site.source.lines[line - 1][found.start()] == gone:
        start = site.source.line_start(line) + found.start()
        yield Change((Span(start, start + 1, ""),), frozenset({"syntax"}))


def _shifted(site: Site, statement: ast.stmt, old: str, new: str) -> Iterator[Change]:
    first, last = site.whole_lines(statement)
    text = site.source.text[first:last]
    if text.startswith(old):
        moved = re.sub(f"(?m)^{re.escape(old)}", new, text)
        kinds = {"misplaced", "indentation", *(["return"] if isinstance(statement, ast.Return) else [])}
        yield Change((Span(first, last, moved),), frozenset(kinds))  # type: ignore[arg-type]
