"""Small questions about a syntax tree: what stands inside what, and how a person would write it."""

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
LOOPS = (ast.For, ast.AsyncFor, ast.While)
TRIES: tuple[type[ast.AST], ...] = (ast.Try, *([ast.TryStar] if hasattr(ast, "TryStar") else []))


def words(text: str) -> frozenset[str]:
    """The names in a line of text."""
    return frozenset(text.split())


@lru_cache(maxsize=1 << 15)
def children(node: ast.AST) -> tuple[ast.AST, ...]:
    """The nodes right below a node of a tree that does not change any more."""
    return tuple(ast.iter_child_nodes(node))


@lru_cache(maxsize=1 << 12)
def walk(root: ast.AST) -> tuple[ast.AST, ...]:
    """A node of a tree that does not change any more and all nodes below it, in the order of `ast.walk`."""
    found = [root]
    for node in found:
        found += children(node)
    return tuple(found)


def own(statements: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """All nodes of some statements, top to bottom, without the insides of functions and classes among them."""
    stack = list(statements)[::-1]
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, INNER):
            stack.extend(children(node)[::-1])


def live(statements: list[ast.stmt]) -> list[ast.stmt]:
    """The statements of a block up to the first that always leaves it."""
    for i, statement in enumerate(statements):
        if isinstance(statement, ast.Return | ast.Raise | ast.Continue | ast.Break):
            return statements[: i + 1]
    return statements


@lru_cache(maxsize=1 << 10)
def parents(root: ast.AST) -> dict[ast.AST, ast.AST]:
    """The node that each node stands in."""
    return {child: node for node in walk(root) for child in children(node)}


def code(node: ast.AST, longest: int = 60) -> str:
    """A node as a line of Python, cut where it is long."""
    try:
        text = ast.unparse(node).splitlines()[0]
    except (RecursionError, ValueError, IndexError, AttributeError):
        return "…"
    return text if len(text) <= longest else text[: longest - 1] + "…"


def dotted(node: ast.AST) -> tuple[str, ...]:
    """The names of `a.b.c`; nothing where it is no such chain."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return (node.id, *names[::-1]) if isinstance(node, ast.Name) else ()


def constant(node: ast.AST | None) -> Any:
    """The value of a literal, a negative number too; Ellipsis stands for itself, None also for what is no literal."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        value = node.operand.value
        return -value if isinstance(value, int | float) else None
    return node.value if isinstance(node, ast.Constant) else None


def whole(node: ast.AST | None) -> int | None:
    """The value of a literal integer."""
    value = constant(node)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def indices(node: ast.Subscript) -> list[ast.expr]:
    """What stands between the brackets, axis by axis."""
    return node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]


def same(a: ast.AST, b: ast.AST) -> bool:
    """Whether two expressions are written with the same words; whether one is read or written is left aside."""
    return code(a, 10_000) == code(b, 10_000) != "…"


def names_in(node: ast.AST) -> Iterator[ast.Name]:
    """All plain names in an expression or statement."""
    return (part for part in walk(node) if isinstance(part, ast.Name))


def elements(node: ast.AST | None) -> list[ast.expr] | None:
    """The elements of a literal list or tuple without a star; None where it is no such thing."""
    if isinstance(node, ast.List | ast.Tuple) and not any(isinstance(part, ast.Starred) for part in node.elts):
        return node.elts
    return None


def counted_in(loop: ast.While) -> list[str]:
    """What a `while` loop counts in: the names that it adds a number to, or takes one from."""
    steps = [node for node in walk(loop) if isinstance(node, ast.AugAssign) and isinstance(node.value, ast.Constant)]
    return [step.target.id for step in steps if isinstance(step.target, ast.Name)]


def assigned(statement: ast.AST) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """Each target of an assignment with what it gets; `a, b = 1, 2` is two of them."""
    if isinstance(statement, ast.Assign):
        for target in statement.targets:
            yield from _pairs(target, statement.value)
    elif (isinstance(statement, ast.AnnAssign) and statement.value is not None) or isinstance(statement, ast.NamedExpr):
        yield statement.target, statement.value


def _pairs(target: ast.expr, value: ast.expr | None) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    if not isinstance(target, ast.Tuple | ast.List):
        yield target, value
        return
    targets, values = elements(target), elements(value)
    if targets is None or values is None or len(targets) != len(values):
        yield target, value
        for part in target.elts:
            yield from _pairs(part.value if isinstance(part, ast.Starred) else part, None)
        return
    for part, given in zip(targets, values, strict=True):
        yield from _pairs(part, given)


def in_order(nodes: Iterable[ast.AST]) -> list[Any]:
    """Nodes by where they stand in the text."""
    return sorted(nodes, key=lambda node: (getattr(node, "lineno", 0), getattr(node, "col_offset", 0)))
