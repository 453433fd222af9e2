"""Where a statement may be put in: at the end of a function's body, or of a loop's."""

import ast
from collections.abc import Iterator

from compare.mending.edit import Edit
from compare.mending.edits.splicing import Page

Inserted = Iterator[tuple[tuple[Edit, ...], float]]


def at_end(page: Page, last: ast.stmt, line: str) -> Edit:
    """A line at the end of a block, before what returns."""
    end = (last.end_lineno or last.lineno) + 1
    at = last.lineno if isinstance(last, ast.Return) else end
    return page.inserted(at, page.indent(last), [line])


def blocks(function: ast.FunctionDef) -> Iterator[list[ast.stmt]]:
    yield function.body
    for node in ast.walk(function):
        if isinstance(node, ast.For):
            yield node.body
