"""Statements that change nothing, and gradients that are computed for nobody."""

import ast
from collections.abc import Iterator

from compare.checking.source import Problem
from compare.checking.static.arrays import is_array
from compare.checking.static.file import File
from compare.checking.static.numpy_paths import MISSING, member, numpy_path
from compare.checking.static.parts import Function
from compare.checking.static.tree import code, walk, words
from compare.checking.static.vocabulary import is_gradient

_IN_PLACE = words(
    "copyto put place putmask put_along_axis fill_diagonal save savez savez_compressed savetxt seterr set_printoptions"
)
_FRESH = words("reshape transpose copy astype sum dot mean flatten ravel repeat squeeze swapaxes max min argmax")


def without_effect(file: File) -> Iterator[Problem]:
    """`dW == x`, `self.grads[0][...]` and `dx` alone on a line."""
    for function in file.functions:
        last = function.node.body[-1]
        for node in function.own:
            if not isinstance(node, ast.Expr) or function.tried(node) or not _is_idle(node.value):
                continue
            written = code(node.value)
            if isinstance(node.value, ast.Compare) and isinstance(node.value.ops[0], ast.Eq):
                message = f"`{written}` compares and drops the answer: `=` was probably meant."
            elif node is last and (function.forward or function.backward):
                message = f"`{written}` has no effect. `return {written}` was probably meant."
            else:
                message = f"`{written}` has no effect."
            yield function.problem(node, "no effect", message, "warning")


def dropped_results(file: File) -> Iterator[Problem]:
    """`np.dot(x, W)` and `x.reshape(N, -1)` as statements: the answer is thrown away."""
    for function in file.functions:
        for node in function.own:
            if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call) or function.tried(node):
                continue
            if _is_fresh(function, node.value):
                message = f"`{code(node.value)}` gives a new array and changes nothing: the answer is thrown away."
                yield function.problem(node, "no effect", message, "warning")


def unused_gradients(file: File) -> Iterator[Problem]:
    """`dh_prev = …` in a backward pass that is neither returned nor used."""
    for function in file.functions:
        if not function.backward:
            continue
        for name, bindings in function.scope.bindings.items():
            if not is_gradient(name) or any(each.how != "assign" for each in bindings) or function.reads(name):
                continue
            shared = name in function.scope.elsewhere or any(name in each.elsewhere for each in function.scope.children)
            if not shared and not all(isinstance(each.value, ast.Constant) for each in bindings):
                message = f"`{name}` is computed and never used."
                yield function.problem(bindings[0].node, "gradient never used", message, "warning")


def _is_idle(node: ast.expr) -> bool:
    """Whether an expression does nothing, whatever its parts are; an attribute may be a property."""
    if isinstance(node, ast.Compare | ast.BinOp | ast.Subscript | ast.Name | ast.Tuple | ast.List):
        calls = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)
        return not any(isinstance(part, calls) for part in walk(node))
    return False


def _is_fresh(function: Function, call: ast.Call) -> bool:
    if any(keyword.arg in ("out", None) for keyword in call.keywords):
        return False
    path = numpy_path(function.file, call.func)
    if path:
        found = member(path)
        plain = len(path) == 1 and path[0] not in _IN_PLACE and found is not MISSING and not path[0].startswith("set")
        return plain and callable(found) and not (type(found).__name__ == "ufunc" and len(call.args) > 2)
    if isinstance(call.func, ast.Attribute) and call.func.attr in _FRESH:
        return is_array(function, call.func.value)
    return False
