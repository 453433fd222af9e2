"""Statements that were meant for a function and stand outside of it, indented too little."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Stray:
    """The lines from `first` to `last` that belong to a function; `line` is the one to blame."""

    first: int
    last: int
    line: int
    message: str
    owner: ast.ClassDef | None
    function: ast.FunctionDef


def strays(tree: ast.Module) -> Iterator[Stray]:
    """The statements after each function that end it with a `return`, or after each method that read its `self`.

    Python takes them for a part of the class, or of the module, and the function for complete.
    """
    yield from _after_functions(tree.body, None)
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield from _after_functions(node.body, node)


def _after_functions(body: Sequence[ast.stmt], owner: ast.ClassDef | None) -> Iterator[Stray]:
    function: ast.FunctionDef | None = None
    run: list[ast.stmt] = []
    for node in [*body, ast.Pass()]:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) or not hasattr(node, "lineno"):
            if function and run:
                yield from _stray(run, function, owner)
            function, run = (node if isinstance(node, ast.FunctionDef) else None), []
        else:
            run.append(node)


def _stray(run: list[ast.stmt], function: ast.FunctionDef, owner: ast.ClassDef | None) -> Iterator[Stray]:
    bound = _bound(function)
    self = function.args.args[0].arg if owner and function.args.args else ""
    telling = [i for i, node in enumerate(run) if _returns(node) or self in _read(node)]
    if not telling:
        return
    group = run[: telling[-1] + 1]
    while not (_read(group[0]) & bound or _returns(group[0])):
        group.pop(0)
    returned = next((node for node in group if _returns(node)), None)
    first, last = group[0].lineno, group[-1].end_lineno or group[-1].lineno
    lines = f"line {first} stands" if first == last else f"lines {first} to {last} stand"
    message = f"{lines} outside of {function.name}: indent as the lines of {function.name} that come before"
    if returned:
        message = f"'return' outside function; {message}"
    yield Stray(first, last, (returned or group[0]).lineno, message, owner, function)


def _returns(node: ast.stmt) -> bool:
    return any(isinstance(each, ast.Return) for each in _outside_functions(node))


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    waiting = [node]
    while waiting:
        each = waiting.pop()
        yield each
        inner = ast.iter_child_nodes(each)
        waiting += [n for n in inner if not isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)]


def _bound(function: ast.FunctionDef) -> set[str]:
    arguments = {each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)}
    return arguments | _names(ast.walk(function), ast.Store)


def _read(node: ast.stmt) -> set[str]:
    return _names(_outside_functions(node), ast.Load)


def _names(nodes: Iterator[ast.AST], context: type[ast.expr_context]) -> set[str]:
    return {each.id for each in nodes if isinstance(each, ast.Name) and isinstance(each.ctx, context)}
