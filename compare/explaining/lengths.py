"""Lengths of axes, and the slots of `grads`."""

import ast

from compare.explaining.around import in_index, in_iterable, in_target, step_into, target
from compare.explaining.cause import Cause
from compare.explaining.difference import Difference
from compare.explaining.scene import Scene
from compare.explaining.texts import identifier, instead, plain, written
from compare.explaining.wording import cause

_SHAPED = ("reshape", "zeros", "empty", "ones", "full", "randn", "rand", "zeros_like", "normal", "resize", "eye")


_PLACE = "Which length goes where is told by its place alone"


def slot(difference: Difference, scene: Scene) -> Cause | None:
    """The wrong element of the list of gradients, or the wrong gradient in it."""
    indexed = in_index(difference)
    if indexed is not None and _is_grads(indexed.value):
        given = written(difference.before)
        text = f"The gradients stand in the order of the parameters, and slot {given} is another one's"
        return cause("slot", text, f"{written(_value(scene))} belongs into {written(indexed)}")
    left = target(scene.change.after)
    if isinstance(left, ast.Subscript) and isinstance(left.value, ast.Subscript):
        left = left.value
    bare = isinstance(difference.before, ast.Name) and len(difference.above) == 1
    if isinstance(left, ast.Subscript) and _is_grads(left.value) and bare and isinstance(difference.after, ast.Name):
        text = f"{written(difference.before)} is put where {written(difference.after)} belongs"
        return cause("slot", text, f"{written(left)} is the gradient of the parameter that stands there in `params`")
    function = bool(difference.above) and difference.above[-1].field == "func"
    listed = left is not None and identifier(left) == "grads" and isinstance(_value(scene), ast.List | ast.Tuple)
    if listed and not function:
        text = f"{written(difference.before)} stands in `grads` where {written(difference.after)} belongs"
        return cause("slot", text, "The gradients stand in the order of the parameters, each as large as its own")
    return None


def _is_grads(node: ast.AST) -> bool:
    return "grad" in identifier(node)


def _value(scene: Scene) -> ast.AST | None:
    return getattr(scene.change.after, "value", None)


def size(difference: Difference, scene: Scene) -> Cause | None:
    """An axis for another one, where lengths are read or asked for."""
    if difference.how in ("sign", "operator"):
        return None
    tuples = isinstance(difference.before, ast.Tuple) != isinstance(difference.after, ast.Tuple)
    if in_iterable(difference) or (in_target(difference) and tuples):
        return None
    indexed = in_index(difference)
    left = target(scene.change.after)
    of_shape = indexed is not None and identifier(indexed.value) == "shape"
    sizes = scene.is_size(left) or (isinstance(left, ast.Tuple) and any(map(scene.is_size, left.elts)))
    reads = sizes and any(
        "shape" in plain(each) or "size" in plain(each) for each in (scene.change.before, _value(scene)) if each
    )
    shaped = step_into(difference, ast.Call, "args") is not None and _asks(difference)
    if not (of_shape or shaped or reads or _exchanged(difference, scene)):
        return None
    if identifier(difference.before) == identifier(difference.after) != "":
        # `self.W` and `W` have the same axes
        return None
    given, wanted = _lengths(difference)
    step = step_into(difference, ast.Call, "args")
    if step and _likened(step.after) and isinstance(difference.after, ast.expr) and left is not None:
        text = f"{written(left)} is made as large as {given}, and has to be as large as {wanted}"
        return cause("size", text, "It goes unnoticed as long as the two are equally large")
    if difference.how == "permuted" and isinstance(difference.before, ast.Call):
        return cause("order", f"{given} takes its sizes in another order than the axes have, which is {wanted}", _PLACE)
    if difference.how == "permuted":
        text = f"The sizes {given} stand in another order than the axes do: {wanted}"
        if isinstance(_value(scene), ast.Tuple) and not shaped:
            return cause("order", f"{given} stands in another order than {wanted}", _PLACE)
    elif difference.before is None or difference.after is None:
        how = "is missing in" if difference.missing else "is too much in"
        text = f"{written(difference.either)} {how} the size of an axis"
    else:
        text = f"{given} is the length of another axis: {wanted} belongs there"
    return cause("size", text, "It goes unnoticed as long as the two axes are equally long")


def _lengths(difference: Difference) -> tuple[str, str]:
    """The two lengths as they are written: `x.shape[0]` and not the `0` or `x` in it."""
    for step in difference.above:
        indexed = step.before.value if isinstance(step.before, ast.Subscript) else step.before
        if identifier(indexed) == "shape":
            return written(step.before), written(step.after)
    return written(difference.before), written(difference.after)


def _likened(node: ast.AST) -> bool:
    """Whether it is `np.zeros_like`, which takes the axes of another array."""
    return isinstance(node, ast.Call) and identifier(node.func).endswith("_like")


def _exchanged(difference: Difference, scene: Scene) -> bool:
    """Whether the lengths that something is called with stand in another order."""
    arguments = difference.before.args if isinstance(difference.before, ast.Call) else []
    return difference.how == "permuted" and bool(arguments) and all(map(scene.is_size, arguments))


def length(difference: Difference, scene: Scene) -> Cause | None:
    """One name of a length for another, wherever they stand."""
    if not both_lengths(difference, scene):
        return None
    step = step_into(difference, ast.Subscript, "slice")
    where = f"In {written(step.before)}, " if step else ""
    text = f"{where}{instead(difference.before, difference.after)}: it is the length of another axis"
    return cause("size", text, "It goes unnoticed as long as the two axes are equally long")


def both_lengths(difference: Difference, scene: Scene) -> bool:
    """Whether one length stands for another."""
    return all(map(scene.is_size, (difference.before, difference.after)))


def _asks(difference: Difference) -> bool:
    """Whether it stands among the lengths that an array is made with."""
    for step in reversed(difference.above):
        if isinstance(step.after, ast.Call):
            array = identifier(step.after.func) == "reshape" and _is_first(difference, step.after)
            return step.field == "args" and identifier(step.after.func) in _SHAPED and not array
        if isinstance(step.after, ast.Subscript):
            return False
    return False


def _is_first(difference: Difference, call: ast.Call) -> bool:
    """Whether it stands in the array that `np.reshape` is given, and not in the lengths."""
    array = isinstance(call.func, ast.Attribute) and plain(call.func.value) in ("np", "numpy")
    return array and any(node is difference.after for node in ast.walk(call.args[0]))
