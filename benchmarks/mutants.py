"""Every one-place change that can be made in a module, by its syntax tree.

Not changed: annotations, docstrings, imports, and the texts of messages; of strings, only those that a layer acts on
(the axes of an argument, the rule for its values).
"""

import ast
import copy
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from benchmarks.changes import Scope, expressions, statements

Path = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class Mutant:
    """A module with one change: the statement it is in, before and after, and the whole source after."""

    file: str
    line: int
    before: str
    after: str
    source: str = field(repr=False)


@dataclass(frozen=True)
class _Site:
    """A node that may be changed: the way to it from the module, and from there to its statement."""

    node: ast.AST
    path: Path
    statement: Path
    scope: Scope


def mutants(file: str, source: str, order: random.Random | None = None) -> Iterator[Mutant]:
    """All mutants of a module, in the order of the source or by chance; no two with the same source, none the same as
    the module.
    """
    tree = ast.parse(source)
    seen = {ast.unparse(tree)}
    changes = [(site, new) for site in _sites(tree) for new in _changes(site)]
    if order:
        order.shuffle(changes)
    for site, new in changes:
        mutated = _replaced(tree, site.path, new)
        text = ast.unparse(mutated)
        if text not in seen:
            seen.add(text)
            before, after = (_header(_at(t, site.statement)) for t in (tree, mutated))
            yield Mutant(file, getattr(site.node, "lineno", 0), before, after, text)


def _changes(site: _Site) -> Iterator[ast.AST]:
    return statements(site.node) if isinstance(site.node, ast.stmt) else expressions(site.node, site.scope)


def _sites(tree: ast.Module) -> Iterator[_Site]:
    yield from _walk(tree, (), (), Scope())


def _walk(node: ast.AST, path: Path, statement: Path, scope: Scope) -> Iterator[_Site]:
    if _is_left_alone(node, bool(scope.function)):
        return
    if isinstance(node, ast.ClassDef):
        scope = Scope(node)
    elif isinstance(node, ast.FunctionDef):
        scope = Scope(scope.cls, node)
    if isinstance(node, ast.stmt | ast.ExceptHandler):
        statement = path
    yield _Site(node, path, statement, scope)
    if isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant):
        return
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns"):
            continue
        children = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        for i, child in children:
            if isinstance(child, ast.AST):
                yield from _walk(child, (*path, (name, i)), statement, scope)


def _is_left_alone(node: ast.AST, inside: bool) -> bool:
    match node:
        case ast.Expr(value=ast.Constant(value=str())) | ast.Import() | ast.ImportFrom():
            return True
        case ast.AnnAssign():
            # outside of functions: the name of a type
            return not inside
        case ast.JoinedStr():
            # a rule for values is acted on, a message is not
            return not re.search(r"id ==", ast.unparse(node))
    return False


def _at(tree: ast.AST, path: Path) -> Any:
    node: Any = tree
    for name, i in path:
        node = getattr(node, name) if i is None else getattr(node, name)[i]
    return node


def _replaced(tree: ast.Module, path: Path, new: ast.AST) -> ast.Module:
    changed = copy.deepcopy(tree)
    *way, (name, i) = path
    parent = _at(changed, tuple(way))
    if i is None:
        setattr(parent, name, copy.deepcopy(new))
    else:
        getattr(parent, name)[i] = copy.deepcopy(new)
    return ast.fix_missing_locations(changed)


def _header(statement: ast.stmt) -> str:
    """A statement on one line; of one with a body, all before the body."""
    if not hasattr(statement, "body"):
        return ast.unparse(statement)
    head: Any = copy.copy(statement)
    cut_short = " … break" if isinstance(head.body[-1], ast.Break) else ""
    head.body, last = [ast.Pass()], ast.unparse(ast.Pass())
    if hasattr(head, "orelse"):
        head.orelse = []
    return " ".join(ast.unparse(head).removesuffix(last).split()) + cut_short
