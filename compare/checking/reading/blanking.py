"""A text in which only some statements are left, every one of them where it was."""

import ast
from collections.abc import Iterable, Iterator, Sequence, Set

from compare.checking.reading.needed import Compound, blocks
from compare.checking.reading.parsing import uncompilable


def only(text: str, tree: ast.Module, kept: Set[ast.stmt]) -> str:
    """The text with spaces in the place of all statements that are not kept."""
    given = text.split("\n")
    lines = given.copy()
    for group in _sharing_lines(tree.body):
        if kept.isdisjoint(group):
            first, last = _first_line(group[0]), _last_line(group[-1])
            lines[first - 1 : last] = [""] * (last - first + 1)
        else:
            for node in _unkept(group, kept, given):
                _replace(lines, given, node)
    result = "\n".join(lines)
    return result if uncompilable(result) is None else _by_lines(text, tree.body, kept)


def _unkept(body: Iterable[ast.stmt], kept: Set[ast.stmt], lines: Sequence[str]) -> Iterator[ast.stmt]:
    """The outermost statements that are to go, of those in compound statements that stay."""
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, Compound) and (node in kept or _is_elif(node, lines)):
            waiting += [inner for block in blocks(node) for inner in block]
        elif node not in kept:
            yield node


def _is_elif(node: Compound, lines: Sequence[str]) -> bool:
    return lines[node.lineno - 1].lstrip().startswith("elif")


def _replace(lines: list[str], given: Sequence[str], node: ast.stmt) -> None:
    """Put `pass` in the place of a statement that others share their line or their block with."""
    first, last = _first_line(node) - 1, _last_line(node) - 1
    start, end = _column(given[first], node.col_offset), _column(given[last], node.end_col_offset or 0)
    if first == last:
        instead = "pass" if end - start >= 4 else "0"
        lines[first] = lines[first][:start] + instead.ljust(end - start) + lines[first][end:]
    else:
        blank = [""] * (last - first - 1)
        lines[first : last + 1] = [f"{lines[first][:start]}pass", *blank, " " * end + lines[last][end:]]


def _by_lines(text: str, body: Sequence[ast.stmt], kept: Set[ast.stmt]) -> str:
    """As a last resort: the statements that are kept whole and have their lines for themselves."""
    lines = text.split("\n")
    result = [""] * len(lines)
    for group in _sharing_lines(body):
        if len(group) == 1 and group[0] in kept and not isinstance(group[0], Compound):
            first, last = _first_line(group[0]), _last_line(group[0])
            result[first - 1 : last] = lines[first - 1 : last]
    joined = "\n".join(result)
    return joined if uncompilable(joined) is None else "\n" * text.count("\n")


def _sharing_lines(body: Sequence[ast.stmt]) -> Iterator[list[ast.stmt]]:
    group: list[ast.stmt] = []
    for node in body:
        if group and _first_line(node) > _last_line(group[-1]):
            yield group
            group = []
        group.append(node)
    if group:
        yield group


def _first_line(node: ast.stmt) -> int:
    return min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])


def _last_line(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _column(line: str, offset: int) -> int:
    """The parser counts bytes."""
    return len(line.encode()[:offset].decode(errors="ignore"))
