"""Numbers that come out wrong now and then: a logarithm of 0, 0 / 0, a sum over too many axes, a comparison."""

import ast
from collections.abc import Iterator

from compare.checking.source import Problem
from compare.checking.static.file import File
from compare.checking.static.numpy_paths import numpy_path
from compare.checking.static.parts import Function
from compare.checking.static.tree import code, dotted, walk, whole


def logarithm_of_zero(file: File) -> Iterator[Problem]:
    """`np.log(ys[…])` where `ys` is a softmax or a sigmoid."""
    for function in file.functions:
        for node in function.own:
            if not isinstance(node, ast.Call) or numpy_path(file, node.func) != ("log",) or not node.args:
                continue
            inner = node.args[0]
            while isinstance(inner, ast.Subscript):
                inner = inner.value
            if _is_probability(function, inner):
                message = f"`{code(node)}` is -inf where a probability is so small that it is rounded to 0."
                yield function.problem(node, "logarithm of 0", message, "note")


def division_by_zero(file: File) -> Iterator[Problem]:
    """`loss /= mask.sum()`: 0 / 0 where every label is ignored."""
    for function in file.functions:
        for node in function.own:
            divisor: ast.AST | None = None
            if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Div):
                divisor = node.value
            elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
                divisor = node.right
            if isinstance(divisor, ast.Call) and "mask" in code(divisor) and _is_sum(function, divisor):
                message = f"`{code(divisor)}` is 0 where every label is ignored, and the quotient NaN."
                yield function.problem(node, "division by 0", message, "note")


def compared_with_none(file: File) -> Iterator[Problem]:
    """`if self.h == None`: of an array, that is an array of truth values."""
    for function in file.functions:
        for node in function.own:
            if (
                not isinstance(node, ast.Compare)
                or len(node.ops) != 1
                or not isinstance(node.ops[0], ast.Eq | ast.NotEq)
            ):
                continue
            right = node.comparators[0]
            if isinstance(right, ast.Constant) and right.value is None:
                equal = isinstance(node.ops[0], ast.Eq)
                message = (
                    f"`{code(node)}` compares element by element where `{code(node.left)}` is an array. "
                    f"`{code(node.left)} is {'' if equal else 'not '}None` was probably meant."
                )
                yield function.problem(node, "compared with None", message, "note")


def wrong_axis(file: File) -> Iterator[Problem]:
    """`if ts.ndim == 3: ts = ts.argmax(axis=1)`: the classes stand along the last axis."""
    for function in file.functions:
        for node in function.own:
            axes = _axes_asked_for(node) if isinstance(node, ast.If) else None
            if axes is None or not isinstance(node, ast.If):
                continue
            for part in (each for statement in node.body for each in walk(statement)):
                if not isinstance(part, ast.Call) or not isinstance(part.func, ast.Attribute):
                    continue
                given = [each.value for each in part.keywords if each.arg == "axis"] or part.args[:1]
                axis = whole(given[0]) if given else None
                mine = part.func.attr == "argmax" and code(part.func.value) == axes[0]
                if mine and axis is not None and axis not in (-1, axes[1] - 1):
                    message = (
                        f"One-hot labels of {axes[1]} axes have their classes along the last one: "
                        f"`axis={axes[1] - 1}`, not {axis}."
                    )
                    yield function.problem(part, "wrong axis", message)


def sum_of_everything(file: File) -> Iterator[Problem]:
    """`db = np.sum(dout)`: one number for all of the bias."""
    for function in file.functions:
        if not function.backward:
            continue
        for target, value, _ in function.assignments:
            if not isinstance(target, ast.Name) or target.id not in ("db", "dbeta", "dgamma", "dbx", "dbh"):
                continue
            if not isinstance(value, ast.Call) or not _is_sum(function, value) or _has_axis(function, value):
                continue
            message = f"`{code(value)}` is one number, the same for every entry. `axis=0` is probably missing."
            yield function.problem(target, "sum of everything", message, "warning")


def _is_probability(function: Function, node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return dotted(node.func)[-1:] in (("softmax",), ("sigmoid",))
    if isinstance(node, ast.Name):
        bindings = function.scope.bindings.get(node.id, ())
        values = [each.value for each in bindings]
        return bool(values) and all(isinstance(each, ast.Call) and _is_probability(function, each) for each in values)
    return False


def _is_sum(function: Function, call: ast.Call) -> bool:
    path = numpy_path(function.file, call.func)
    return path == ("sum",) or (path is None and isinstance(call.func, ast.Attribute) and call.func.attr == "sum")


def _has_axis(function: Function, call: ast.Call) -> bool:
    many = 1 if numpy_path(function.file, call.func) == ("sum",) else 0
    return len(call.args) > many or bool(call.keywords)


def _axes_asked_for(node: ast.If) -> tuple[str, int] | None:
    """("ts", 3) of `if ts.ndim == 3`."""
    test = node.test
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.ops[0], ast.Eq):
        return None
    many = whole(test.comparators[0])
    asked = test.left
    if many is None or many < 2 or not isinstance(asked, ast.Attribute) or asked.attr != "ndim":
        return None
    return code(asked.value), many
