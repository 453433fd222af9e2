"""How a value is stored: added or set, into the list or into what stands there."""

import ast

from compare.checking.static.tree import assigned
from compare.explaining.around import in_target, target
from compare.explaining.cause import Cause
from compare.explaining.changes import Change
from compare.explaining.difference import Difference, contains
from compare.explaining.flat import is_sum, terms
from compare.explaining.scene import Scene, base_of
from compare.explaining.texts import alike, identifier, plain, written
from compare.explaining.wording import cause

_WRITES = (ast.Assign, ast.AugAssign)
_STEPS = "What is used at every step has the sum over the steps as its gradient"


_WAYS = "Every way from a value to the loss has a summand in its gradient"


def stored(scene: Scene) -> Cause | None:
    """`=` for `+=`, a gradient bound anew, a scatter that keeps one of several gradients."""
    before, after = scene.change.before, scene.change.after
    if before is None or after is None:
        return None
    call = after.value if isinstance(after, ast.Expr) else None
    if isinstance(call, ast.Call) and identifier(call.func) == "append" and not isinstance(before, ast.Expr):
        return cause("cache", f"{written(before)} keeps the last one alone: {written(call)} keeps them all")
    return _scatter(before, after) or _rebinding(before, after) or _accumulated(before, after, scene)


def writes_elsewhere(change: Change) -> bool:
    """Whether the same is written, into a part of another array."""
    left, right = (target(each) if isinstance(each, _WRITES) else None for each in (change.before, change.after))
    if (
        not isinstance(left, ast.Subscript)
        or not isinstance(right, ast.Subscript)
        or alike(base_of(left), base_of(right))
    ):
        return False
    values = [getattr(each, "value", None) for each in (change.before, change.after)]
    return type(change.before) is type(change.after) and alike(*values) and alike(left.slice, right.slice)


def elsewhere(difference: Difference, scene: Scene) -> Cause | None:
    """What is computed goes into another array than the one that is read afterwards."""
    if not in_target(difference) or not writes_elsewhere(scene.change):
        return None
    left, right = target(scene.change.before), target(scene.change.after)
    text = f"What is computed here is written into {written(left)}, and belongs into {written(right)}"
    return cause("operand", text)


def _scatter(before: ast.stmt, after: ast.stmt) -> Cause | None:
    added = isinstance(after, ast.Expr) and plain(after.value).startswith(
        ("np.add.at(", "numpy.add.at(", "cp.add.at(", "scatter_add", "np.scatter")
    )
    was = isinstance(before, ast.Expr) and ".at(" in plain(before.value)
    rows = isinstance(before, ast.Assign | ast.AugAssign)
    second = "The gradient of a row of the embedding is the sum over all places where its id stands"
    if added and rows:
        return cause(
            "repeated ids", f"{written(before)} keeps only one of the gradients of an id that occurs twice", second
        )
    if was and isinstance(after, ast.AugAssign):
        return cause("repeated ids", f"{written(before)} adds all of them, and it does so once for every id", second)
    if isinstance(before, ast.Assign) and isinstance(after, ast.AugAssign) and _is_row(after.target):
        text = f"{written(before)} overwrites what an id that occurs twice has got already"
        return cause("repeated ids", text, second)
    if isinstance(before, ast.AugAssign | ast.Assign) and isinstance(after, ast.AugAssign | ast.Assign):
        left = before.target if isinstance(before, ast.AugAssign) else before.targets[0]
        grouped = "==" in plain(before.value) and ("[:1]" in plain(before.value) or "==" not in plain(after.value))
        if grouped and _weights(left) and type(before) is type(after):
            return cause("repeated ids", f"{written(before)} does not count every place of an id once", second)
    return None


def _weights(node: ast.AST) -> bool:
    return identifier(base_of(node)).lower().startswith(("dw", "grad", "d_w", "demb"))


def _is_row(node: ast.expr) -> bool:
    """Whether it is the row of a word's id in a gradient, and not a gradient by the number of its parameter."""
    if not isinstance(node, ast.Subscript) or not _weights(node):
        return False
    inside = node.slice
    return isinstance(inside, ast.Subscript | ast.Attribute) or len(identifier(inside)) > 1


def _rebinding(before: ast.stmt, after: ast.stmt) -> Cause | None:
    if not isinstance(before, ast.Assign) or not isinstance(after, ast.Assign):
        return None
    left, right = before.targets[0], after.targets[0]
    if _fills(right) and not _fills(left) and alike(_inner(right), left):
        text = f"{written(before)} puts a new array there; whoever holds the old one sees no change"
        return cause("rebinding", text, f"{written(right)} fills the array that stands there")
    whole = identifier(left) == "grads" and isinstance(before.value, ast.List | ast.Tuple)
    if whole and _fills(right) and identifier(base_of(right)) == "grads":
        text = f"{written(before)} makes a new list; whoever holds the old one, as the optimiser does, sees no change"
        return cause("rebinding", text, f"{written(right)} fills the array that stands there")
    if _fills(left) and not _fills(right) and alike(_inner(left), right):
        return cause("rebinding", f"{written(left)} fills what stands there, where {written(right)} is to be a new one")
    return None


def _fills(node: ast.AST) -> bool:
    if not isinstance(node, ast.Subscript):
        return False
    return plain(node.slice) in ("...", ":", "Ellipsis")


def _inner(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Subscript) else node


def _accumulated(before: ast.stmt, after: ast.stmt, scene: Scene) -> Cause | None:
    now, then = _sums(after), _sums(before)
    adds = next((each for each in now if not any(alike(each, other) for other in then)), None)
    added = next((each for each in then if not any(alike(each, other) for other in now)), None)
    lost = adds is not None and added is None and _same_place(before, adds) and not _is_read(before, adds)
    if adds is not None and lost and not _as_long(before, after, adds):
        if not scene.loops:
            text = f"{written(before)} overwrites what {written(adds)} was before: it is to be added to"
            return cause("accumulate", text, _WAYS if scene.backward else "")
        text = f"{written(before)} keeps the {_what(scene)} of the last round alone: {written(adds)} is to be added to"
        return cause("accumulate", text, _second(scene))
    if added is not None and adds is None and not isinstance(after, ast.AugAssign) and _same_place(after, added):
        text = f"{written(before)} adds to what the last call left behind: {written(added)} is to be set here"
        return cause("accumulate", text, "A second backward pass gives the same gradients as the first")
    return None


def _is_read(node: ast.stmt, target: ast.expr) -> bool:
    """Whether what a name is set to has the name's own last value in it, so that none of that is lost."""
    values = [value for each, value in assigned(node) if value is not None and alike(each, target)]
    return any(alike(each, target) for value in values for each in ast.walk(value))


def _as_long(before: ast.stmt, after: ast.stmt, target: ast.expr) -> bool:
    """Whether a name is set to a sum of as many terms, so that another term stands in its own place."""
    mine, other = (_terms_of(each, target) for each in (before, after))
    return mine == other > 0


def _terms_of(node: ast.stmt, target: ast.expr) -> int:
    values = [value for each, value in assigned(node) if value is not None and alike(each, target)]
    return len(terms(values[0])) if values and isinstance(node, ast.Assign) else 0


def _what(scene: Scene) -> str:
    return "gradient" if scene.backward else "value"


def _second(scene: Scene) -> str:
    return _STEPS if scene.backward else "Each round of the loop adds to what the ones before it gave"


def _sums(node: ast.stmt) -> list[ast.expr]:
    """What a statement adds to: `x += …`, `x = x + …`, one of `x, y = x + …, y + …`."""
    if isinstance(node, ast.AugAssign):
        return [node.target] if isinstance(node.op, ast.Add | ast.Sub) else []
    return [target for target, value in assigned(node) if value is not None and _adds(value, target)]


def _adds(value: ast.expr, target: ast.expr) -> bool:
    if isinstance(value, ast.ListComp):
        return is_sum(value.elt) and _goes_over(value, target)
    return is_sum(value) and any(alike(each.node, target) for each in terms(value))


def _goes_over(value: ast.ListComp, target: ast.expr) -> bool:
    return any(alike(node, target) for each in value.generators for node in ast.walk(each.iter))


def _same_place(node: ast.stmt, target: ast.expr) -> bool:
    """Whether a statement sets what another adds to, or computes the sum and drops it."""
    if isinstance(node, ast.Expr):
        return contains(node.value, target)
    if not isinstance(node, ast.Assign):
        return False
    places = [each for left in node.targets for each in (left.elts if isinstance(left, ast.Tuple) else [left])]
    return any(
        alike(each, target) or (_fills(each) and alike(_inner(each), target)) or _same_array(each, target)
        for each in places
    )


def _same_array(a: ast.expr, b: ast.expr) -> bool:
    """`self.grads[i][...]` for `grads[i]`."""
    inner = _inner(a) if _fills(a) else a
    if not isinstance(inner, ast.Subscript) or not isinstance(b, ast.Subscript) or not alike(inner.slice, b.slice):
        return False
    return identifier(inner.value) == identifier(b.value) != ""
