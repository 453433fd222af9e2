"""Indices, slices, axes, sizes, loops and the slots of `grads`."""

import ast

from compare.checking.static.tree import whole
from compare.explaining.around import (
    called,
    in_index,
    in_target,
    is_whole_iterable,
    keyword,
    step_into,
)
from compare.explaining.cause import Cause
from compare.explaining.difference import Difference
from compare.explaining.lengths import both_lengths
from compare.explaining.matrices import untransposed
from compare.explaining.scene import Scene
from compare.explaining.texts import alike, identifier, instead, plain, written
from compare.explaining.wording import cause

_REDUCTIONS = (
    "sum",
    "mean",
    "max",
    "min",
    "argmax",
    "amax",
    "concatenate",
    "stack",
    "split",
    "argmin",
    "cumsum",
    "take",
)
_JOINS = ("hstack", "vstack", "concatenate", "stack", "append", "dstack", "column_stack")
_TURNS = ("transpose", "swapaxes", "moveaxis", "rollaxis")


def loop(difference: Difference, scene: Scene) -> Cause | None:
    """What a loop goes over, and what it calls that."""
    step = step_into(difference, (ast.For, ast.comprehension), "target")
    if step and not _sets(step.before, difference.after):
        text = f"The loop counts {written(difference.before)}, while its body reads {written(difference.after)}"
        return cause("loop", text)
    if not is_whole_iterable(difference):
        return None
    if difference.how == "permuted" or step_into(difference, (ast.Tuple, ast.List)):
        # what it goes over is written out, and one of it is another one, or stands at another place
        return None
    step = step_into(difference, (ast.For, ast.comprehension), "iter")
    assert step is not None
    assert isinstance(step.before, ast.For | ast.comprehension)
    assert isinstance(step.after, ast.For | ast.comprehension)
    given, wanted = step.before.iter, step.after.iter
    return cause("loop", f"The loop goes over {written(given)}{_fails(given, wanted)}")


def _sets(loop: ast.AST, name: ast.AST | None) -> bool:
    """Whether the body of a loop sets a name itself, so that the loop need not count it."""
    inside = [node for each in getattr(loop, "body", []) for node in ast.walk(each)]
    return any(alike(node, name) and isinstance(getattr(node, "ctx", None), ast.Store) for node in inside)


def _fails(given: ast.expr, wanted: ast.expr) -> str:
    text, right = plain(given), plain(wanted)
    if "range" in right and "range" not in text:
        return f", which is no range of numbers: {written(wanted)} is"
    if _backwards(right) and not _backwards(text):
        return ", from the first to the last: gradients go the other way, so the last one has to be the first"
    if _backwards(text) and not _backwards(right):
        return ", from the last to the first, although each one needs what the one before it gives"
    if "range" in text and "range" in right:
        return f": these are not the right rounds, {written(wanted)} are"
    return f", and not over {written(wanted)} as it should"


def _backwards(text: str) -> bool:
    return "reversed" in text or "[::-1]" in text or text.endswith(", -1)")


def axis(difference: Difference, scene: Scene) -> Cause | None:
    """Summed, joined or compared along another axis."""
    inside = keyword(difference)
    positional = called(difference) in _REDUCTIONS and _is_number(difference.either) and not in_index(difference)
    if inside not in ("axis", "axes", "keepdims") and not positional:
        joins = {_joins(difference.before), _joins(difference.after)}
        if "" in joins or len(joins) < 2:
            return None
        given, wanted = (f"`{_joins(each)}`" for each in (difference.before, difference.after))
        return cause("axis", f"{given} joins along another axis than {wanted}, which belongs here")
    if inside == "keepdims":
        return cause(
            "axis", "Without `keepdims=True` the axis is gone, and what is left is broadcast along another one"
        )
    given, wanted = written(_bare(difference.before)), written(_bare(difference.after))
    step = step_into(difference, ast.Call)
    what = f"`{identifier(step.after.func)}`" if step and isinstance(step.after, ast.Call) else "It"
    second = "What was broadcast over the rows has the sum over the rows as its gradient"
    if difference.before is None and any(f"`{each}`" == what for each in _JOINS):
        return cause("axis", f"{what} joins along the first axis if none is named, and is to join along {wanted}")
    if difference.before is None:
        return cause("axis", f"{what} goes over all axes at once, and is to go along {wanted} alone")
    if difference.after is None:
        return cause("axis", f"{what} goes along {given} alone, and is to go over all axes at once")
    bias = what == "`sum`" and scene.backward and "keepdims" not in plain(scene.change.either)
    return cause("axis", f"{what} goes along the axis {given}, but {wanted} is the one", second if bias else "")


def _is_number(node: ast.AST) -> bool:
    parts = node.elts if isinstance(node, ast.Tuple) else [node]
    return all(isinstance(whole(part), int) for part in parts)


def _joins(node: ast.AST | None) -> str:
    name = identifier(node.func) if isinstance(node, ast.Call) else identifier(node)
    return name if name in _JOINS else ""


def _bare(node: ast.AST | None) -> ast.AST | None:
    return node.value if isinstance(node, ast.keyword) else node


def turned(difference: Difference, scene: Scene) -> Cause | None:
    """A transposition that is missing or too many."""
    before, after = difference.before, difference.after
    if difference.how == "wrapped" and (alike(untransposed(after), before) or _turns(after)):
        return cause("transpose", f"{written(before)} has to be transposed here: {_shape_says(scene)}")
    if difference.how == "unwrapped" and (alike(untransposed(before), after) or _turns(before)):
        return cause("transpose", f"{written(before)} is transposed, or has its axes exchanged, and should not be")
    strings = [each.value for each in (before, after) if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    if len(strings) == 2 and called(difference) == "einsum":
        text = (
            f"The letters of `einsum` name the axes: {written(before)} takes them in another order than the arrays have"
        )
        return cause("transpose", text, "The letter that is summed over has to stand at the same axis in both")
    return None


def _turns(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Call) and identifier(node.func) in _TURNS


def _shape_says(scene: Scene) -> str:
    return (
        "the gradient of a product needs the other factor turned round"
        if scene.backward
        else "its axes stand the other way"
    )


def index(difference: Difference, scene: Scene) -> Cause | None:
    """A wrong index, slice, gate or column."""
    before, after = difference.before, difference.after
    indexed = in_index(difference)
    if indexed is not None and both_lengths(difference, scene):
        return None
    if indexed is None:
        both = isinstance(before, ast.Subscript) and isinstance(after, ast.Subscript)
        whole = difference.how in ("wrapped", "unwrapped") and any(_indexes(each) for each in (before, after))
        if not both and not whole and not _same_array(before, after):
            return None
        text = f"{instead(before, after)}"
        return cause("index", text, _step(difference, scene))
    given = step_into(difference, ast.Subscript, "slice")
    assert given is not None
    if "mask" in plain(difference.either) and difference.how != "replaced":
        return None
    text = f"{instead(given.before, indexed)}"
    return cause("index", text, _step(difference, scene))


def _indexes(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Subscript)


def _same_array(before: ast.AST | None, after: ast.AST | None) -> bool:
    """Whether parts of one array are meant, once transposed: `W[:, i].T` and `W[i]`."""
    parts = [untransposed(each) or _under(each) for each in (before, after) if each]
    arrays = [each for each in parts if isinstance(each, ast.Subscript)]
    return len(arrays) == 2 and alike(arrays[0].value, arrays[1].value)


def _under(node: ast.AST) -> ast.AST:
    """What a method that turns the axes is called on."""
    if isinstance(node, ast.Call) and _turns(node) and isinstance(node.func, ast.Attribute):
        return node.func.value
    return node


def _step(difference: Difference, scene: Scene) -> str:
    sides = [node for node in (difference.before, difference.after) if node]
    words = {plain(each) for node in sides for each in ast.walk(node)}
    counted = [plain(each.target) for each in scene.loops if isinstance(each, ast.For)]
    letter = next((each for each in reversed(counted) if each in words), "")
    if letter:
        return f"In each round of the loop the element of step or row `{letter}` is the one that is meant"
    if _is_new_axis(difference):
        return "Without the new axis it is spread along another axis than the one that is meant"
    if sides and ":" in plain(difference.either):
        sliced = any(isinstance(each, ast.Slice) for each in ast.walk(sides[0]))
        return "Each part has its own columns" + ("" if sliced else ", and a slice is written with a colon")
    return ""


def _is_new_axis(difference: Difference) -> bool:
    """Whether nothing but an axis of length 1 is missing."""
    after = difference.after
    inside = after.slice if difference.how == "wrapped" and isinstance(after, ast.Subscript) else None
    return inside is not None and any(plain(each) in ("None", "np.newaxis") for each in ast.walk(inside))


def store(difference: Difference, scene: Scene) -> Cause | None:
    """What is computed goes to another name than the one that is read."""
    if not in_target(difference):
        return None
    before, after = difference.before, difference.after
    if isinstance(before, ast.Name) and isinstance(after, ast.Subscript):
        text = f"The result is kept as {written(before)}, and {written(after)} is never filled"
        return cause("cache" if "cache" in plain(after) else "missing", text)
    return None
