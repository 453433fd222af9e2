"""What goes wrong from step to step: gradients that are lost or overwritten, steps that are left out."""

import ast
from collections.abc import Iterator

from compare.checking.source import Problem
from compare.checking.static.file import File
from compare.checking.static.kinds import Kinds
from compare.checking.static.loops import shapes
from compare.checking.static.parts import Function
from compare.checking.static.tree import code, dotted, elements, indices, names_in, own, walk, whole
from compare.checking.static.vocabulary import is_state_gradient, is_weight_gradient


def lost_state_gradient(file: File) -> Iterator[Problem]:
    """`dx, dh = layer.backward(dhs[:, t])`: the gradient of the state is not carried to the step before."""
    for function, loop, _, targets in cell_calls(file):
        for target in targets:
            if not isinstance(target, ast.Name) or not is_state_gradient(target.id):
                continue
            if not _read_in(loop, target.id):
                message = (
                    f"`{target.id}`, which the step sends back to the step before, is not read in the loop: that "
                    "part of the gradient is lost."
                )
                yield function.problem(target, "state gradient lost", message)


def overwritten_gradients(file: File) -> Iterator[Problem]:
    """`dx, dh, dWx, dWh, db = rnn_step_backward(…)` in a loop that does not add them up."""
    for function, loop, _, targets in cell_calls(file):
        for target in targets:
            if not isinstance(target, ast.Name) or not is_weight_gradient(target.id):
                continue
            if target.id.endswith(("_", "_t", "_i")):
                # that of one step, by its name
                continue
            after = [read for read in function.reads(target.id) if read.lineno > (loop.end_lineno or 0)]
            inside = any(part.id == target.id and part is not target for each in loop.body for part in names_in(each))
            if after and not inside:
                message = f"`{target.id}` is overwritten at every step: only that of the last round remains."
                yield function.problem(target, "gradients not added up", message)


def overwritten_slots(file: File) -> Iterator[Problem]:
    """`grads[i] = grad` or `self.grads[i][...] = grad` for each layer of a loop over steps, in place of `+=`."""
    for function in file.functions:
        if not function.backward:
            continue
        for loop, inner in _nested(function):
            pair = elements(inner.target)
            over = inner.iter.args[0] if isinstance(inner.iter, ast.Call) and inner.iter.args else None
            if pair is None or len(pair) != 2 or not isinstance(over, ast.Attribute) or over.attr != "grads":
                continue
            # of a layer that is another one at each step
            if not isinstance(over.value, ast.Name) or over.value.id not in _set_in(loop):
                continue
            for statement in inner.body:
                if not isinstance(statement, ast.Assign) or code(statement.value) != code(pair[1]):
                    continue
                slot = code(statement.targets[0]).removesuffix("[...]").removesuffix("[:]")
                if slot.endswith(f"grads[{code(pair[0])}]"):
                    message = f"`{code(statement)}` overwrites what the other steps gave. `+=` was probably meant."
                    yield function.problem(statement, "gradients not added up", message)


def wrong_steps(file: File) -> Iterator[Problem]:
    """Ranges that leave out the first step, reach one behind the last, or are empty."""
    for function in file.functions:
        sizes = shapes(function)
        for loop in function.own:
            if not isinstance(loop, ast.For) or not isinstance(loop.target, ast.Name):
                continue
            args = loop.iter.args if isinstance(loop.iter, ast.Call) and dotted(loop.iter.func) == ("range",) else []
            if len(args) == 2 and whole(args[1]) == -1 and Kinds(function).of(args[0]) == "int":
                message = (
                    f"`{code(loop.iter)}` is empty: it counts up. `{code(loop.iter)[:-1]}, -1)` was probably meant."
                )
                yield function.problem(loop.iter, "wrong steps", message)
            if len(args) == 3 and whole(args[2]) == -1 and isinstance(args[0], ast.Name) and whole(args[1]) in (0, -1):
                for use in _indexed_by(loop, sizes, args[0].id, loop.target.id):
                    length, counter = args[0].id, loop.target.id
                    message = (
                        f"The loop begins at `{length}`, and `{code(use)}` ends at `{length} - 1`. "
                        f"`for {counter} in reversed(range({length}))` was probably meant."
                    )
                    yield function.problem(loop.iter, "wrong steps", message)
                    break


def steps_of_parameters(file: File) -> Iterator[Problem]:
    """`self.params[t]` in a loop over steps: there are as many as parameters, not as steps."""
    for function in file.functions:
        for loop in function.own:
            if not isinstance(loop, ast.For) or not isinstance(loop.target, ast.Name) or function.owner is None:
                continue
            counter, inner = loop.target.id, loop.iter
            if isinstance(inner, ast.Call) and dotted(inner.func) == ("reversed",) and inner.args:
                inner = inner.args[0]
            steps = isinstance(inner, ast.Call) and dotted(inner.func) == ("range",) and len(inner.args) == 1
            if not steps or not isinstance(inner, ast.Call) or not _is_axis(function, inner.args[0]):
                continue
            for node in own(loop.body):
                name = function.attribute(node.value) if isinstance(node, ast.Subscript) else None
                listed = function.owner.lists(name) if name in ("params", "grads") else None
                if listed and isinstance(node, ast.Subscript) and code(node.slice) == counter:
                    message = (
                        f"`{code(node.value)}` has {len(listed)} entries, one for each parameter, and is read at each "
                        "step here."
                    )
                    if "layers" in function.owner.settings:
                        message += f" `self.layers[{counter}]` was probably meant."
                    yield function.problem(node, "wrong list", message)


def cell_calls(file: File) -> Iterator[tuple[Function, ast.For, ast.Call, list[ast.expr]]]:
    """Each unpacked call of a cell's backward pass in a loop of a backward pass."""
    for function in file.functions:
        if not function.backward:
            continue
        for loop in function.own:
            if not isinstance(loop, ast.For):
                continue
            for node in loop.body:
                targets = elements(node.targets[0]) if isinstance(node, ast.Assign) else None
                if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call) or targets is None:
                    continue
                called = code(node.value.func).rpartition(".")[2]
                cell = called == "backward" or called.endswith("_step_backward")
                if cell and _takes_step(function, node.value, loop):
                    yield function, loop, node.value, targets


def _takes_step(function: Function, call: ast.Call, loop: ast.For) -> bool:
    """Whether one step of an argument of the function is passed on: `dhs[:, t, :]`."""
    counted = {part.id for part in names_in(loop.target)}
    return any(
        isinstance(part, ast.Subscript)
        and code(part.value) in function.parameters
        and counted & {name.id for name in names_in(part.slice)}
        for argument in call.args
        for part in walk(argument)
    )


def _is_axis(function: Function, node: ast.expr) -> bool:
    """Whether a name is only ever the length of an axis."""
    bindings = function.scope.bindings.get(node.id, ()) if isinstance(node, ast.Name) else ()
    values = [each.value.value if isinstance(each.value, ast.Subscript) else each.value for each in bindings]
    return bool(values) and all(isinstance(each, ast.Attribute) and each.attr == "shape" for each in values)


def _read_in(loop: ast.For, name: str) -> bool:
    return any(
        part.id == name and isinstance(part.ctx, ast.Load) for each in loop.body for part in names_in(each)
    ) or any(isinstance(each, ast.AugAssign) and code(each.target) == name for each in own(loop.body))


def _nested(function: Function) -> Iterator[tuple[ast.For, ast.For]]:
    for inner in function.own:
        for loop in function.around(inner) if isinstance(inner, ast.For) else ():
            if isinstance(loop, ast.For):
                yield loop, inner


def _set_in(loop: ast.For) -> set[str]:
    names = {part.id for each in own(loop.body) if isinstance(each, ast.Assign) for part in names_in(each.targets[0])}
    return names | {part.id for part in names_in(loop.target)}


def _indexed_by(loop: ast.For, sizes: dict[str, tuple[str, ...]], length: str, counter: str) -> Iterator[ast.Subscript]:
    """Arrays whose axis of that length is indexed by the very counter."""
    for node in own(loop.body):
        if isinstance(node, ast.Subscript):
            axes = sizes.get(code(node.value), ())
            for axis, index in zip(axes, indices(node), strict=False):
                if isinstance(index, ast.Constant) and index.value is Ellipsis:
                    break
                if axis == length and isinstance(index, ast.Name) and index.id == counter:
                    yield node
