"""Numbers that are rounded to float32, whatever the dtype of the weights."""

import ast
from collections.abc import Iterator

from compare.checking.source import Problem
from compare.checking.static.file import File
from compare.checking.static.numpy_paths import numpy_path
from compare.checking.static.parts import Function
from compare.checking.static.tree import code, whole

_SINGLE = ("f", "f4", "<f4", "=f4", "float32", "single")
_LAYER = ("forward", "backward", "step", "loss")


def single_precision(file: File) -> Iterator[Problem]:
    """`np.empty(…, dtype="f")`, `.astype("f")`, `np.float32(…)` in a layer's passes: each where it stands."""
    for function in file.functions:
        if not _is_layer(function):
            continue
        for node in function.own:
            what = _rounded(function, node) if isinstance(node, ast.Call) else None
            if what:
                yield function.problem(node, "float32", what, "warning")


def _is_layer(function: Function) -> bool:
    """A method other than the constructor of a class with a forward or a backward pass, or such a pass itself."""
    if function.owner is None:
        return any(part in function.name for part in _LAYER)
    passes = {"forward", "backward"} & {*function.owner.methods, *function.owner.definition.broken}
    return bool(passes) and not function.name.startswith(("__", "init", "load", "save"))


def _rounded(function: Function, node: ast.Call) -> str | None:
    for keyword in node.keywords:
        if keyword.arg == "dtype" and _single(function, keyword.value) and numpy_path(function.file, node.func):
            kept = _target(function, node)
            return f"`{code(node)}` rounds {kept} to float32, whatever the dtype of the weights."
    if isinstance(node.func, ast.Attribute) and node.func.attr == "astype" and node.args:
        single = _single(function, node.args[0]) and not _is_truth(function, node.func.value)
        return f"`{code(node)}` rounds to float32, whatever the dtype of the weights." if single else None
    if (
        numpy_path(function.file, node.func) in (("float32",), ("single",))
        and node.args
        and whole(node.args[0]) is None
    ):
        return f"`{code(node)}` rounds to float32, whatever the dtype of the weights."
    path = numpy_path(function.file, node.func)
    if path in (("zeros",), ("ones",), ("empty",)) and len(node.args) > 1 and _single(function, node.args[1]):
        return f"`{code(node)}` rounds {_target(function, node)} to float32, whatever the dtype of the weights."
    return None


def _is_truth(function: Function, node: ast.AST) -> bool:
    """Whether these are truth values, which float32 holds as well: the answer of a comparison."""
    if isinstance(node, ast.Name):
        values = [each.value for each in function.scope.bindings.get(node.id, ())]
        return bool(values) and all(isinstance(each, ast.Compare) for each in values)
    return isinstance(node, ast.Compare | ast.BoolOp)


def _target(function: Function, node: ast.Call) -> str:
    """What an array is called, where it gets a name at once."""
    outer = function.parents.get(node)
    return f"what `{code(outer.targets[0])}` holds" if isinstance(outer, ast.Assign) else "what it holds"


def _single(function: Function, node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return node.value in _SINGLE
    return numpy_path(function.file, node) in (("float32",), ("single",))
