"""Passes that give nothing back, or give it back too early."""

import ast
from collections.abc import Iterator

from compare.checking.source import Problem
from compare.checking.static.file import File
from compare.checking.static.parts import Function
from compare.checking.static.tree import code, live, own
from compare.checking.static.vocabulary import gives_gradient, is_gradient


def returns_nothing(file: File) -> Iterator[Problem]:
    """A `forward` without an answer; a `backward` without one where the layer below waits for a gradient."""
    for function in file.functions:
        if not _is_pass(function) or _answers(function) or _unfinished(function):
            continue
        last = function.node.body[-1]
        if isinstance(last, ast.Expr) and isinstance(last.value, ast.Name | ast.Tuple | ast.BinOp):
            what = code(last.value)
            message = f"`{function.title}` ends in `{what}` and returns nothing. `return {what}` was probably meant."
            yield function.problem(last, "returns nothing", message)
        elif function.forward:
            known = gives_gradient(_role(function)) or function.owner is None
            if known or not _keeps_something(function):
                message = f"`{function.title}` returns nothing."
                yield function.problem(_end(last), "returns nothing", message, "error" if known else "warning")
        elif gives_gradient(_role(function)):
            message = f"`{function.title}` returns nothing: the layer below gets no gradient."
            yield function.problem(_end(last), "returns nothing", message)


def forgotten_gradients(file: File) -> Iterator[Problem]:
    """A `backward` without an answer that computes one: `dx = …` and no line that reads it."""
    for function in file.functions:
        if not function.backward or not _is_pass(function) or _answers(function) or gives_gradient(_role(function)):
            continue
        for target, value, _ in function.assignments:
            if not isinstance(target, ast.Name) or isinstance(value, ast.Constant):
                continue
            if target.id in ("dx", "dxs", "dh_prev", "dprev_h", "dX") and not function.reads(target.id):
                message = f"`{function.title}` computes `{target.id}` and returns nothing."
                yield function.problem(target, "returns nothing", message, "warning")


def returns_in_loop(file: File) -> Iterator[Problem]:
    """`return hs` indented into the loop over the steps: it ends in the first one."""
    for function in file.functions:
        if not (function.forward or function.backward):
            continue
        for node in function.own:
            if not isinstance(node, ast.For) or not _is_range(node.iter):
                continue
            last = node.body[-1]
            leaves = any(isinstance(each, ast.Continue) for each in own(node.body[:-1]))
            if isinstance(last, ast.Return) and last.value is not None and not leaves:
                message = (
                    f"`{code(last)}` stands inside the loop of line {node.lineno}, which ends in its first round. It "
                    "was probably meant to stand behind it, indented less."
                )
                yield function.problem(last, "return in a loop", message)


def loose_lines(file: File) -> Iterator[Problem]:
    """A loop or a `return` in the class body, right under a method: not indented as far as the method's lines."""
    for owner in file.classes.values():
        before: ast.stmt | None = None
        for statement in owner.node.body:
            if isinstance(statement, ast.FunctionDef):
                before = statement
            elif isinstance(statement, ast.Return) and isinstance(before, ast.FunctionDef):
                message = (
                    f"`{code(statement)}` stands in the class, outside of `{before.name}`: it is not indented as far "
                    f"as the lines of `{before.name}`."
                )
                yield file.problem(owner.definition, statement, "outside of the method", message)


def _is_pass(function: Function) -> bool:
    """A pass of a layer: of a class with both of them, of which the second takes a gradient."""
    if function.owner is None:
        return function.is_pass
    backward = function.owner.methods.get("backward")
    owner = {*function.owner.methods, *function.owner.definition.broken, *function.owner.definition.blank}
    takes = backward is None or any(is_gradient(name) for name in backward.parameters[:1])
    return function.is_pass and {"forward", "backward"} <= owner and takes


def _end(last: ast.stmt) -> ast.stmt:
    """The last line of a block, behind which a `return` belongs."""
    inside = getattr(last, "orelse", None) or getattr(last, "body", None)
    return _end(inside[-1]) if inside else last


def _role(function: Function) -> str:
    return function.owner.name if function.owner is not None else function.name


def _answers(function: Function) -> bool:
    """Whether there is something that it may give back."""
    for node in function.own:
        if isinstance(node, ast.Yield | ast.YieldFrom):
            return True
        if (
            isinstance(node, ast.Return)
            and node.value is not None
            and not (isinstance(node.value, ast.Constant) and node.value.value is None)
        ):
            return True
    return False


def _unfinished(function: Function) -> bool:
    """An abstract method, one that only raises, or an empty one."""
    real = [
        statement
        for statement in live(function.node.body)
        if not isinstance(statement, ast.Pass) and not (isinstance(statement, ast.Expr) and _is_text(statement.value))
    ]
    return not real or isinstance(real[-1], ast.Raise) or bool(function.decorators)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and (isinstance(node.value, str) or node.value is Ellipsis)


def _keeps_something(function: Function) -> bool:
    """Whether the answer may be an attribute, or an argument that is filled."""
    return any(
        isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store) for node in function.own
    )


def _is_range(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return False
    return node.func.id in ("range", "xrange") or (
        node.func.id == "reversed" and bool(node.args) and _is_range(node.args[0])
    )
