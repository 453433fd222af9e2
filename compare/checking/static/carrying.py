"""Sums and states over the steps: what is set to 0 again, overwritten, not sent on, or added once only."""

import ast
from collections.abc import Iterator

from compare.checking.source import Problem
from compare.checking.static.file import File
from compare.checking.static.kinds import Kinds
from compare.checking.static.numpy_paths import numpy_path
from compare.checking.static.parts import Function
from compare.checking.static.steps import cell_calls
from compare.checking.static.tree import code, constant, names_in, own
from compare.checking.static.vocabulary import is_state_gradient, is_weight_gradient

_ZEROS = (("zeros",), ("zeros_like",))


def set_to_zero_again(file: File) -> Iterator[Problem]:
    """`dW = np.zeros_like(W)` inside the loop that adds to it."""
    for function, loop in _outer_loops(file):
        added = {code(_base(each.target)) for each in own(loop.body) if isinstance(each, ast.AugAssign)}
        carried = {
            part.id
            for each in loop.body
            if isinstance(each, ast.Assign)
            and isinstance(each.value, ast.Call)
            and isinstance(each.targets[0], ast.Tuple)
            for part in names_in(each.targets[0])
        }
        for statement in loop.body:
            if not isinstance(statement, ast.Assign) or not _is_zero(function, statement.value):
                continue
            name = code(_base(statement.targets[0]))
            summed = is_weight_gradient(name) and name in added and _after(function, loop, name)
            if summed or (is_state_gradient(name) and name in carried):
                message = f"`{name}` is 0 again in every round of the loop: what the other steps gave is gone."
                yield function.problem(statement, "set to 0 again", message)


def overwritten_sums(file: File) -> Iterator[Problem]:
    """`dW = 0` and then, in the loop, `dW = np.dot(…)` in place of `+=`."""
    for function, loop in _outer_loops(file):
        for statement in loop.body:
            for target in _names_set(statement):
                name = target.id
                if not (is_weight_gradient(name) or name in ("grad", "loss")) or not _begins(function, loop, name):
                    continue
                inside = [read for read in function.reads(name) if loop.lineno <= read.lineno <= (loop.end_lineno or 0)]
                if not inside and _after(function, loop, name):
                    message = f"`{name}` is overwritten at every step: only that of the last round remains."
                    yield function.problem(target, "gradients not added up", message)


def added_behind_the_loop(file: File) -> Iterator[Problem]:
    """`db += db_t` indented less than `dWx += dWx_t`: it adds the last step only."""
    for function, loop in _outer_loops(file):
        added = {code(each.target) for each in loop.body if isinstance(each, ast.AugAssign)}
        if not any(is_weight_gradient(name) for name in added):
            continue
        for node in function.own:
            if not isinstance(node, ast.AugAssign) or not isinstance(node.value, ast.Name):
                continue
            behind = node.lineno > (loop.end_lineno or 0) and is_weight_gradient(code(node.target))
            lines = [getattr(each.node, "lineno", 0) for each in function.given(node.value.id)]
            within = lines and all(loop.lineno < line <= (loop.end_lineno or 0) for line in lines)
            if behind and within and code(node.target) not in added and is_weight_gradient(node.value.id):
                message = f"`{code(node)}` stands behind the loop, and adds what the last round left."
                yield function.problem(node, "gradients not added up", message)


def nothing_sent_on(file: File) -> Iterator[Problem]:
    """`layer.backward(dhs[:, t] + dh, dc)` in a loop that never sets `dc`: it is 0 at every step."""
    for function, loop, call, _ in cell_calls(file):
        within = {part.id for each in loop.body for part in names_in(each) if isinstance(part.ctx, ast.Store)}
        for argument in call.args:
            parts = [argument.left, argument.right] if isinstance(argument, ast.BinOp) else [argument]
            for part in parts:
                if not isinstance(part, ast.Name) or part.id in within or not is_state_gradient(part.id):
                    continue
                bindings = function.given(part.id)
                if bindings and all(_is_zero(function, each.value) for each in bindings):
                    message = f"`{part.id}` is 0 at every step: nothing in the loop sets it, and that gradient is lost."
                    yield function.problem(part, "state gradient lost", message)


def forwards_in_time(file: File) -> Iterator[Problem]:
    """`for t in range(T)` in a backward pass that hands a gradient from step to step."""
    for function, loop, call, targets in cell_calls(file):
        carried = {each.id for each in targets if isinstance(each, ast.Name) and is_state_gradient(each.id)}
        handed = {part.id for argument in call.args for part in names_in(argument)}
        plain = code(loop.iter).replace("xrange", "range")
        if not carried & handed or not plain.startswith("range(") or "," in plain or "[" in plain:
            continue
        forward = _forward_of(function)
        turned = forward is None or any(
            isinstance(each, ast.For) and ("reversed" in code(each.iter) or "-1" in code(each.iter))
            for each in forward.own
        )
        if not turned and isinstance(loop.target, ast.Name):
            counter = loop.target.id
            message = (
                f"The steps are gone through from the first to the last; a gradient comes from the step behind: "
                f"`for {counter} in reversed({plain})` was probably meant."
            )
            yield function.problem(loop.iter, "wrong direction", message)


def _outer_loops(file: File) -> Iterator[tuple[Function, ast.For]]:
    """Loops of a pass that stand in no other loop."""
    for function in file.functions:
        if function.is_pass:
            for node in function.own:
                if isinstance(node, ast.For) and not any(isinstance(each, ast.For) for each in function.around(node)):
                    yield function, node


def _base(node: ast.AST) -> ast.AST:
    while isinstance(node, ast.Subscript):
        node = node.value
    return node


def _names_set(statement: ast.stmt) -> list[ast.Name]:
    """Names that a plain assignment sets, one by one or together."""
    if not isinstance(statement, ast.Assign):
        return []
    target = statement.targets[0]
    if isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Call):
        # what a step gives back together: asked for where the steps are
        return []
    parts = target.elts if isinstance(target, ast.Tuple) else [target]
    return [part for part in parts if isinstance(part, ast.Name)]


def _is_zero(function: Function, node: ast.AST | None) -> bool:
    if isinstance(node, ast.Call):
        return numpy_path(function.file, node.func) in _ZEROS
    value = constant(node)
    return Kinds(function).of(node) in ("int", "float") and value == 0


def _begins(function: Function, loop: ast.For, name: str) -> bool:
    """Whether a name is 0 before the loop."""
    before = [each for each in function.given(name) if getattr(each.node, "lineno", 0) < loop.lineno]
    return bool(before) and all(_is_zero(function, each.value) for each in before)


def _after(function: Function, loop: ast.For, name: str) -> bool:
    return any(read.lineno > (loop.end_lineno or 0) for read in function.reads(name))


def _forward_of(function: Function) -> Function | None:
    """The forward pass that a backward pass belongs to."""
    if function.owner is not None:
        return function.owner.methods.get("forward")
    return function.file.plain.get(function.name.replace("backward", "forward"))
