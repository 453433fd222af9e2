"""Which statements of a file are run: its imports and definitions, and the values that these need."""

import ast
import dis
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from types import CodeType
from typing import Any

from compare.checking.reading.parsing import Fault, compiled

Compound = ast.If | ast.Try | ast.With
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_ALWAYS = (ast.Import, ast.ImportFrom, *_DEFINITIONS)
_LOOKED_UP = {"LOAD_NAME", "LOAD_GLOBAL", "LOAD_CLASSDEREF", "LOAD_FROM_DICT_OR_GLOBALS", "LOAD_FROM_DICT_OR_DEREF"}


def needed(cells: Iterable[tuple[str, ast.Module]], wanted: Iterable[str] = (), module: bool = False) -> set[ast.stmt]:
    """The statements to keep of the cells of a file, texts with their trees, and those that they stand in.

    `wanted` names what others import from it; of a `module` all values are kept that come without a call.
    """
    placed, lines = [], dict[ast.stmt, list[str]]()
    for text, tree in cells:
        here = list(_placed(tree.body))
        placed += here
        lines |= dict.fromkeys((node for node, _ in here), text.split("\n"))
    kept: set[ast.stmt] = set()
    names = set(wanted)
    waiting = [pair for pair in placed if isinstance(pair[0], _ALWAYS) or (module and _is_plain(pair[0]))]
    values = [(pair, _bound(pair[0])) for pair in placed]
    classes = {node.name for node, _ in waiting if isinstance(node, ast.ClassDef)}
    while waiting:
        for node, around in waiting:
            names |= _looked_up(node, lines[node])
            names |= {name for outer in around if outer not in kept for name in _of_header(outer)}
            kept |= {node, *around}
        waiting = [pair for pair, bound in values if pair[0] not in kept and _is_needed(pair[0], bound, names, classes)]
    return kept


_Placed = tuple[ast.stmt, tuple[Compound, ...]]


def _placed(body: Sequence[ast.stmt], around: tuple[Compound, ...] = ()) -> Iterator[_Placed]:
    """The statements at the top level and in its if, try and with, each with those that it stands in."""
    waiting = [(node, around) for node in reversed(body)]
    while waiting:
        node, around = waiting.pop()
        if not isinstance(node, Compound):
            yield node, around
        elif not is_main(node):
            waiting += [(inner, (*around, node)) for block in reversed(blocks(node)) for inner in reversed(block)]


def blocks(node: Compound) -> list[list[ast.stmt]]:
    """The blocks of a compound statement, in their order."""
    if isinstance(node, ast.Try):
        return [node.body, *(handler.body for handler in node.handlers), node.orelse, node.finalbody]
    return [node.body, node.orelse if isinstance(node, ast.If) else []]


def is_main(node: ast.stmt) -> bool:
    """Whether a statement is for scripts only: `if __name__ == "__main__":`."""
    return isinstance(node, ast.If) and any(
        isinstance(each, ast.Name) and each.id == "__name__" for each in ast.walk(node.test)
    )


def _is_needed(node: ast.stmt, bound: set[str], names: set[str], classes: set[str]) -> bool:
    return bool(bound & names) or _sets_attribute_of(node, classes)


def _sets_attribute_of(node: ast.stmt, classes: set[str]) -> bool:
    """Whether a method is given to a class after the fact: `RNN.forward = forward`."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    owners = [each.value for each in targets if isinstance(each, ast.Attribute)]
    return bool(owners) and all(isinstance(owner, ast.Name) and owner.id in classes for owner in owners)


def _bound(node: ast.stmt) -> set[str]:
    """The simple names that an assignment binds, alone or in a tuple."""
    if isinstance(node, ast.Assign):
        targets: list[ast.AST] = list(node.targets)
    elif isinstance(node, ast.AugAssign) or (isinstance(node, ast.AnnAssign) and node.value):
        targets = [node.target]
    else:
        # `type A = …` came with Python 3.12
        targets = [node.name] if type(node).__name__ == "TypeAlias" else []  # type: ignore[attr-defined]
    inner = [part for each in targets for part in (each.elts if isinstance(each, ast.Tuple | ast.List) else [each])]
    return {each.id for each in inner if isinstance(each, ast.Name)}


def _is_plain(node: ast.stmt) -> bool:
    """Whether a value is bound without a call being made; a lambda may well hold one."""
    if not _bound(node):
        return False
    waiting: list[ast.AST] = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, ast.Call | ast.Await):
            return False
        waiting += [] if isinstance(each, ast.Lambda) else ast.iter_child_nodes(each)
    return True


def _of_header(node: Compound) -> set[str]:
    expressions: list[Any] = []
    if isinstance(node, ast.If):
        expressions = [node.test]
    elif isinstance(node, ast.With):
        expressions = [item.context_expr for item in node.items]
    else:
        expressions = [handler.type for handler in node.handlers if handler.type]
    return {name for each in expressions for name in _looked_up(ast.copy_location(ast.Expr(each), node))}


def _looked_up(node: ast.stmt, lines: Sequence[str] = ()) -> frozenset[str]:
    """The names that a statement, or what it defines, looks for among those of the file when it runs."""
    alone = _alone(node, lines)
    return _looked_up_in(alone) if alone else _names(ast.Module([node], []))


def _alone(node: ast.stmt, lines: Sequence[str]) -> str:
    """The lines of a definition at the margin that has them for itself; "" of anything else."""
    if not isinstance(node, _DEFINITIONS) or not lines or node.col_offset or not node.end_lineno:
        return ""
    rest = lines[node.end_lineno - 1].encode()[node.end_col_offset or 0 :].strip()
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    return "" if rest and not rest.startswith(b"#") else "\n".join(lines[first - 1 : node.end_lineno])


@lru_cache(maxsize=1 << 9)
def _looked_up_in(source: str) -> frozenset[str]:
    # of a file that is edited again and again most definitions stay as they are
    return _names(source)


def _names(source: str | ast.Module) -> frozenset[str]:
    whole = compiled(source)
    waiting = [] if isinstance(whole, Fault) else [whole]
    found = set()
    while waiting:
        code = waiting.pop()
        found |= {each.argval for each in dis.get_instructions(code) if each.opname in _LOOKED_UP}
        waiting += [each for each in code.co_consts if isinstance(each, CodeType)]
    return frozenset(found)
