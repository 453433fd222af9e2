"""Memory that is read before anything is written into it, and one array under two names."""

import ast
from collections.abc import Iterator

from compare.checking.source import Problem
from compare.checking.static.file import File
from compare.checking.static.kinds import Kinds
from compare.checking.static.numpy_paths import numpy_path
from compare.checking.static.parts import Function
from compare.checking.static.scopes import Binding
from compare.checking.static.tree import COMPREHENSIONS, TRIES, code, elements, in_order

_EMPTY = (("empty",), ("empty_like",))


def never_written(file: File) -> Iterator[Problem]:
    """`hs = np.empty(…)` that is returned or computed with, and written nowhere."""
    for function in file.functions:
        for name, made in _empty(function):
            uses = [_use(function, read) for read in function.reads(name)]
            reads = [read for read, use in zip(function.reads(name), uses, strict=True) if use == "read"]
            if reads and "write" not in uses and "unknown" not in uses:
                message = (
                    f"`{name}` is `{code(made)}`, and nothing is ever written into it: what is read is whatever was in "
                    "memory."
                )
                yield function.problem(reads[0], "never written", message)


def read_before_written(file: File) -> Iterator[Problem]:
    """`dW = np.empty_like(W)` and then `dW += …`; `dh = np.empty(…)` and then `dhs[:, t] + dh`."""
    for function in file.functions:
        for name, binding in _made_empty(function):
            first = _first_use(function, name, binding.node)
            use = _use(function, first) if first is not None else "unknown"
            alone = len(function.given(name)) == 1 and "write" not in {
                _use(function, each) for each in function.reads(name)
            }
            if first is None or use not in ("read", "add") or (use == "read" and alone):
                continue
            what = "adds to" if use == "add" else "reads"
            message = f"`{name}` is memory from `np.empty`: this {what} whatever was in it. `np.zeros` begins with 0."
            yield function.problem(first, "unwritten memory", message)


def only_zeros(file: File) -> Iterator[Problem]:
    """`hs = np.zeros(…)` that a forward pass returns and never fills."""
    for function in file.functions:
        for name, bindings in function.scope.bindings.items():
            value = bindings[0].value if len(bindings) == 1 and bindings[0].how == "assign" else None
            made = isinstance(value, ast.Call) and numpy_path(function.file, value.func) in (
                ("zeros",),
                ("zeros_like",),
            )
            if not made or not function.is_pass or not function.forward or name not in ("h", "hs", "out", "y", "ys"):
                continue
            uses = {_use(function, read) for read in function.reads(name)}
            if uses in ({"read"}, {"read", "shape"}):
                message = f"`{name}` is all zeros, and nothing is ever written into it."
                yield function.problem(bindings[0].node, "never written", message, "warning")


def shared_arrays(file: File) -> Iterator[Problem]:
    """`dWx = dWh = np.zeros(…)` and `[np.zeros(…)] * 3`: one array under several names."""
    for function in file.functions:
        kinds = Kinds(function)
        for node in function.own:
            if isinstance(node, ast.Assign) and len(node.targets) > 1 and kinds.of(node.value) == "array":
                names = [each.id for each in node.targets if isinstance(each, ast.Name)]
                alone = [name for name in names if _once(function, name, node.targets)]
                changed = next((name for name in alone if _changed(function, name)), None)
                if len(names) > 1 and len(alone) == len(names) and changed:
                    others = " and ".join(f"`{name}`" for name in names if name != changed)
                    message = f"{others} and `{changed}` are one array: what is written into one is in the other too."
                    yield function.problem(node, "one array, two names", message)
            repeated = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)
            listed = elements(node.left) if repeated and isinstance(node.left, ast.List) else None
            made = isinstance(listed[0], ast.Call) and kinds.of(listed[0]) == "array" if listed else False
            if listed and made and len(listed) == 1 and (function.backward or function.name == "__init__"):
                message = f"`{code(node)}` is a list of one array, several times over: all entries change together."
                yield function.problem(node, "one array, many times", message, "warning")


def _empty(function: Function) -> Iterator[tuple[str, ast.Call]]:
    """Each name that is memory from `np.empty` and nothing else."""
    for name, bindings in function.scope.bindings.items():
        plain = [each for each in bindings if each.how != "augmented"]
        value = plain[0].value if len(plain) == 1 and plain[0].how == "assign" else None
        if isinstance(value, ast.Call) and numpy_path(function.file, value.func) in _EMPTY:
            yield name, value


def _made_empty(function: Function) -> Iterator[tuple[str, Binding]]:
    """Each place where a name is given memory from `np.empty`."""
    for name, bindings in function.scope.bindings.items():
        for each in bindings:
            called = each.value.func if isinstance(each.value, ast.Call) and each.how == "assign" else None
            if called is not None and numpy_path(function.file, called) in _EMPTY:
                yield name, each


def _first_use(function: Function, name: str, made: ast.AST) -> ast.Name | None:
    """The first line below that does something with a name, if it is sure to be reached and to find that memory."""
    start = getattr(made, "end_lineno", 0)
    uses = [read for read in in_order(function.reads(name)) if read.lineno > start and _use(function, read) != "shape"]
    if not uses:
        return None
    # the names on the left of an assignment get their values after the right was read
    lines = [line for each in function.scope.bindings[name] if (line := getattr(each.node, "lineno", 0)) > start]
    conditions = (ast.If, ast.IfExp, ast.While, ast.BoolOp, *TRIES, *COMPREHENSIONS)
    around = [outer for outer in function.around(uses[0]) if isinstance(outer, conditions)]
    shared = [outer for outer in around if outer in set(function.around(made))]
    if len(shared) < len(around) or any(line < uses[0].lineno for line in lines):
        return None
    return uses[0]


def _use(function: Function, read: ast.Name) -> str:
    """What is done with an array: "read", "write", "add" to it, ask for its "shape", or "unknown"."""
    node: ast.AST = read
    outer = function.parents.get(node)
    taken = False
    while isinstance(outer, ast.Subscript) and outer.value is node:
        node, outer, taken = outer, function.parents.get(outer), True
    if isinstance(getattr(node, "ctx", None), ast.Store) and taken:
        return "add" if isinstance(outer, ast.AugAssign) else "write"
    if isinstance(outer, ast.AugAssign) and outer.target is node:
        return "add"
    if isinstance(outer, ast.Attribute):
        return "shape" if outer.attr in ("shape", "ndim", "dtype", "size") else "unknown"
    returned = isinstance(outer, ast.Return) or (
        isinstance(outer, ast.Tuple) and isinstance(function.parents.get(outer), ast.Return)
    )
    if returned and not taken:
        return "read"
    return "read" if isinstance(outer, ast.BinOp | ast.AugAssign) and not taken else "unknown"


def _once(function: Function, name: str, targets: list[ast.expr]) -> bool:
    """Whether a name is given an array here and nowhere else."""
    bindings = function.scope.bindings.get(name, ())
    return all(each.how == "augmented" or each.node in targets for each in bindings)


def _changed(function: Function, name: str) -> bool:
    """Whether an array is written into under this name."""
    for node in function.own:
        if isinstance(node, ast.AugAssign) and code(node.target).partition("[")[0] == name:
            return True
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Subscript) and code(target.value) == name:
                    return True
    return False
