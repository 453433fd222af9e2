"""Slips with the variable of a loop."""

import ast
from collections.abc import Iterator

from compare.checking.source import Problem
from compare.checking.static.file import File
from compare.checking.static.kinds import Kinds
from compare.checking.static.parts import Function
from compare.checking.static.tree import code, dotted, indices, names_in, own, whole


def rebound_variables(file: File) -> Iterator[Problem]:
    """An inner loop that counts in the outer loop's variable."""
    for function in file.functions:
        for node in function.own:
            if not isinstance(node, ast.For):
                continue
            outer = {
                name.id: each.lineno
                for each in function.around(node)
                if isinstance(each, ast.For) and _holds(each, node, function)
                for name in names_in(each.target)
                if _counts(each, name.id) or _read_below(each, node, name.id)
            }
            for name in names_in(node.target):
                if isinstance(name.ctx, ast.Store) and name.id in outer and not name.id.startswith("_"):
                    message = (
                        f"The loop takes `{name.id}`, in which the loop of line {outer[name.id]} counts: below it "
                        f"`{name.id}` is what this loop left."
                    )
                    yield function.problem(name, "loop variable taken twice", message, "warning")


def index_is_the_length(file: File) -> Iterator[Problem]:
    """`xs[:, T, :]` or `self.layers[T]` in a loop over `range(T)`: T is the length, one more than the last index."""
    for function in file.functions:
        sizes = shapes(function)
        for node in function.own:
            if not isinstance(node, ast.Subscript) or function.tried(node):
                continue
            axes = sizes.get(code(node.value), ())
            for axis, index in enumerate(indices(node)):
                if isinstance(index, ast.Constant) and index.value is Ellipsis:
                    break
                if isinstance(index, ast.Name) and axis < len(axes) and axes[axis] == index.id:
                    message = (
                        f"`{index.id}` is the length of this axis of `{code(node.value)}`: its indices end before."
                    )
                    yield function.problem(index, "index is the length", message)
            yield from _list_at_length(function, node)


def constant_index(file: File) -> Iterator[Problem]:
    """`grads[1] += grad` in a loop over `enumerate(…)` that never reads its counter."""
    for function in file.functions:
        for loop in function.own:
            if not isinstance(loop, ast.For):
                continue
            counter = _counter(loop)
            if counter is None or any(part.id == counter for each in loop.body for part in names_in(each)):
                continue
            for statement in loop.body:
                if not isinstance(statement, ast.AugAssign) or code(statement.value) != _element(loop):
                    continue
                target: ast.expr = statement.target
                while isinstance(target, ast.Subscript) and not isinstance(target.slice, ast.Constant):
                    target = target.value
                if isinstance(target, ast.Subscript) and whole(target.slice) is not None:
                    message = (
                        f"`{code(target)}` is the same in every round of the loop, which counts in `{counter}` and "
                        f"never reads it. `{code(target.value)}[{counter}]` was probably meant."
                    )
                    yield function.problem(target, "constant index", message, "warning")


def doubled_list(file: File) -> Iterator[Problem]:
    """`for i, grad in enumerate(grads): grads[i] += grad` adds a list to itself."""
    for function in file.functions:
        for loop in function.own:
            if not isinstance(loop, ast.For) or not isinstance(loop.iter, ast.Call):
                continue
            if dotted(loop.iter.func) != ("enumerate",) or not loop.iter.args or not isinstance(loop.target, ast.Tuple):
                continue
            listed = code(loop.iter.args[0])
            wanted = [code(each) for each in loop.target.elts]
            for node in own(loop.body):
                if not isinstance(node, ast.AugAssign) or not isinstance(node.op, ast.Add) or len(wanted) != 2:
                    continue
                if code(node.target) == f"{listed}[{wanted[0]}]" and code(node.value) == wanted[1]:
                    message = f"`{code(node)}` adds `{listed}` to itself: the loop goes through the same list."
                    yield function.problem(node, "list added to itself", message)


def shapes(function: Function) -> dict[str, tuple[str, ...]]:
    """The axes of the arrays that are unpacked or made here, by names that each have one value in the function.

    Of `N, T, D = xs.shape` it is xs, of `hs = np.empty((N, T, H))` it is hs; an axis of another kind is "".
    """

    def once(name: str) -> bool:
        return len(function.given(name)) == 1

    found: dict[str, tuple[str, ...]] = {}
    for target, value, _ in function.assignments:
        array, axes = None, None
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Attribute) and value.attr == "shape":
            array, axes = value.value, target.elts
        elif isinstance(value, ast.Call) and Kinds(function).of(value) == "array" and value.args:
            sizes = value.args[0]
            if code(value.func).rpartition(".")[2] in ("empty", "zeros", "ones") and isinstance(sizes, ast.Tuple):
                array, axes = target, sizes.elts
        if isinstance(array, ast.Name) and axes is not None and once(array.id):
            names = (axis.id if isinstance(axis, ast.Name) and once(axis.id) else "" for axis in axes)
            found[array.id] = tuple(names)
    return found


def _list_at_length(function: Function, node: ast.Subscript) -> Iterator[Problem]:
    """A list indexed by the very name that the loop around it counts up to."""
    if not isinstance(node.slice, ast.Name) or not isinstance(node.ctx, ast.Load):
        return
    length, kinds = node.slice.id, Kinds(function)
    bindings = function.scope.bindings.get(length, ())
    if kinds.of(node.value) != "list" or kinds.of(node.slice) != "int" or any(each.how == "loop" for each in bindings):
        return
    for loop in function.around(node):
        if not isinstance(loop, ast.For) or not isinstance(loop.target, ast.Name) or loop.target.id == length:
            continue
        if code(loop.iter) in (f"range({length})", f"reversed(range({length}))"):
            message = (
                f"`{code(node)}` is the same in every round, and one behind the last: the loop counts in "
                f"`{loop.target.id}`. `{code(node.value)}[{loop.target.id}]` was probably meant."
            )
            yield function.problem(node.slice, "index is the length", message)


def _counter(loop: ast.For) -> str | None:
    """The name that `for i, grad in enumerate(…)` counts in."""
    named = isinstance(loop.iter, ast.Call) and dotted(loop.iter.func) == ("enumerate",)
    target = loop.target
    if not named or not isinstance(target, ast.Tuple) or not isinstance(target.elts[0], ast.Name):
        return None
    name = target.elts[0].id
    return None if name.startswith("_") else name


def _element(loop: ast.For) -> str:
    target = loop.target
    return code(target.elts[1]) if isinstance(target, ast.Tuple) and len(target.elts) == 2 else ""


def _counts(loop: ast.For, name: str) -> bool:
    """Whether a loop counts in this name, so that it tells in which round it is."""
    text = code(loop.iter)
    return text.startswith(("range(", "reversed(range(")) or _counter(loop) == name


def _read_below(loop: ast.For, inner: ast.For, name: str) -> bool:
    """Whether a name of a loop is read in its body below a loop inside."""
    end = inner.end_lineno or inner.lineno
    return any(part.id == name and part.lineno > end for each in loop.body for part in names_in(each))


def _holds(loop: ast.For, node: ast.AST, function: Function) -> bool:
    """Whether a node stands in the body of a loop, not behind its `else`."""
    inner = node
    for outer in function.around(node):
        if outer is loop:
            return inner in loop.body
        inner = outer
    return False
