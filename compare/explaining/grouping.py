"""Tuples: what the cache is packed and unpacked as, what is returned, what is unpacked from what."""

import ast

from compare.explaining.around import in_index, in_target, keyword, step_into
from compare.explaining.cause import Cause
from compare.explaining.difference import Difference
from compare.explaining.lengths import both_lengths
from compare.explaining.scene import Scene, is_cache
from compare.explaining.texts import alike, identifier, instead, plain, written
from compare.explaining.wording import cause

_BY_PLACE = "What belongs together is told by its place alone"
_SAME_ORDER = "The backward pass takes them out in the order in which the forward pass put them in"


def blank(difference: Difference, scene: Scene) -> Cause | None:
    """`dx = None`, where something was to be computed."""
    before, statement = difference.before, scene.change.after
    empty = isinstance(before, ast.Constant) and before.value in (None, ...)
    computes = isinstance(difference.after, ast.BinOp | ast.Call)
    if not empty or not computes or len(difference.above) != 1 or not isinstance(statement, ast.Assign):
        return None
    return cause("missing", f"{written(statement.targets[0])} is left blank: it is {written(difference.after)}")


def cache(difference: Difference, scene: Scene) -> Cause | None:
    """Packed and unpacked in different order, never stored, popped."""
    popped = _popped(difference)
    if popped:
        text = f"{popped} takes what it needs away from what the forward pass kept"
        return cause(
            "cache", text, "A second backward pass finds nothing there any more: it should be read, not removed"
        )
    if not packs(difference, scene) or (difference.how == "replaced" and not step_into(difference, ast.Tuple)):
        return None
    if both_lengths(difference, scene):
        return None
    if difference.how == "permuted":
        text = f"{written(difference.before)} is not the order of the other pass, which is {written(difference.after)}"
        return cause("cache", text, _SAME_ORDER)
    if difference.before is None or difference.after is None:
        how = "is missing" if difference.missing else "is one too many"
        text = f"{written(difference.either)} {how} in what is kept for the backward pass"
        return cause("cache", text, _SAME_ORDER)
    text = f"{instead(difference.before, difference.after)} in what is kept for the backward pass"
    return cause("cache", text, "So the backward pass works with the one in the place of the other")


def packs(difference: Difference, scene: Scene) -> bool:
    """Whether the statement packs the cache, or unpacks it."""
    statement = scene.change.after
    if isinstance(statement, ast.Return):
        # beside an output the second value of a forward function is what its backward function gets
        outer = statement.value
        kept = outer.elts[-1] if isinstance(outer, ast.Tuple) and outer.elts else None
        forward = scene.function is not None and "forward" in scene.function.name and scene.owner is None
        whole = difference.either is kept and difference.how != "element"
        return forward and (whole or any(step.after is kept for step in difference.above))
    if not isinstance(statement, ast.Assign):
        return False
    if in_target(difference):
        return is_cache(statement.value, scene) and not _is_sized(statement.value)
    return identifier(statement.targets[0]) != "" and "cache" in identifier(statement.targets[0])


def _is_sized(node: ast.AST) -> bool:
    return "shape" in plain(node)


def _popped(difference: Difference) -> str:
    before = difference.before
    for node in (before, difference.above[-1].before if difference.above else None):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in ("pop", "popitem", "popleft", "clear") and not alike(node, difference.after):
                return written(node)
            if node.func.attr == "setdefault":
                return written(node)
    return ""


def order(difference: Difference, scene: Scene) -> Cause | None:
    """The elements of a tuple in the wrong order, or not unpacked as many as there are."""
    statement = scene.change.after
    if in_index(difference):
        return None
    if difference.how == "permuted":
        text = f"{written(difference.before)} stands in another order than {written(difference.after)}"
        exchanged = _exchanged(difference)
        if exchanged and "…" in text:
            text = f"{exchanged[0]} and {exchanged[1]} stand in each other's place"
        if isinstance(difference.before, ast.Call):
            given, wanted = written(difference.before), written(difference.after)
            return cause("order", f"The arguments of {given} stand in another order than in {wanted}", _BY_PLACE)
        if isinstance(statement, ast.Return):
            return cause("order", text, "Whoever calls this takes what is returned by its place")
        return cause("order", text, _BY_PLACE)
    before, after = difference.before, difference.after
    unpacks = in_target(difference) and (isinstance(before, ast.Tuple) or isinstance(after, ast.Tuple))
    if unpacks or (in_target(difference) and difference.how == "element"):
        value = getattr(statement, "value", None)
        text = f"{written(value)} is {_as_many(after, statement)}, and is unpacked as such"
        return cause("order", text, "One name takes the whole; with a comma, each name takes one of it")
    if isinstance(after, ast.Tuple) and not isinstance(before, ast.Tuple) and isinstance(statement, ast.Assign):
        return cause(
            "order", f"{written(before)} is one value, where {written(after)} is one for each name on the left"
        )
    if isinstance(before, ast.Tuple) and len(before.elts) == 1 and alike(before.elts[0], after):
        return cause("order", f"The comma after {written(after)} makes a tuple of one element of it")
    if (
        isinstance(statement, ast.Assign)
        and isinstance(statement.targets[0], ast.Tuple)
        and difference.how == "element"
    ):
        return cause("order", f"There are not as many values in {written(statement)} as there are names on the left")
    return None


def _exchanged(difference: Difference) -> list[str]:
    """The two elements that have changed places; none where it is more than two."""
    sides = [_elements(each) for each in (difference.before, difference.after)]
    moved = [written(a) for a, b in zip(*sides, strict=False) if not alike(a, b)]
    return moved if len(moved) == 2 else []


def _elements(node: ast.AST | None) -> list[ast.expr]:
    if isinstance(node, ast.Call):
        return node.args
    return node.elts if isinstance(node, ast.Tuple | ast.List) else []


def _as_many(after: ast.AST | None, statement: ast.stmt | None) -> str:
    targets = getattr(statement, "targets", [])
    wanted = targets[0] if targets else after
    if isinstance(wanted, ast.Tuple):
        return f"{len(wanted.elts)} values, {written(wanted)}" if len(wanted.elts) > 1 else "a list of one element"
    return f"one value, {written(wanted)}"


def returned(difference: Difference, scene: Scene) -> Cause | None:
    """Nothing, or not enough, returned."""
    statement = scene.change.after
    if not isinstance(statement, ast.Return) or scene.function is None:
        return None
    before = difference.before
    nothing = before is None or (isinstance(before, ast.Constant) and before.value is None)
    if nothing and difference.how in ("element", "replaced", "wrapped"):
        alone = difference.how != "element" and not isinstance(statement.value, ast.Tuple)
        text = f"`{scene.function.name}` has to return {written(difference.after)}{'' if alone else ' as well'}"
        return cause("return", text)
    if difference.how == "wrapped" and isinstance(difference.after, ast.Tuple):
        return cause(
            "return",
            f"`{scene.function.name}` returns {written(before)} alone, and {written(difference.after)} is asked for",
        )
    return None


def state(difference: Difference, scene: Scene) -> Cause | None:
    """A state that is not carried, not begun anew, not kept."""
    before, after = difference.before, difference.after
    names = {identifier(node) for side in (before, after) if side for node in ast.walk(side)}
    test = bool(difference.above) and difference.above[0].field == "test"
    if keyword(difference) == "stateful" or (test and any("stateful" in name for name in _all(scene))):
        return cause(
            "state",
            f"{instead(before, after)}: the last state is carried on only if asked for",
        )
    if in_target(difference) and not in_index(difference):
        return _target(before, after, scene)
    if _is_zero(before) and _is_state(after) and not test and difference.how in ("replaced", "unwrapped"):
        return cause("state", f"{written(after)} is what the step begins with; {written(before)} forgets it")
    carried = names and scene.loops and isinstance(before, ast.Name) and isinstance(after, ast.Name)
    first = carried and _is_state(before) and before.id in scene.parameters and not _is_carried(before.id, scene)  # type: ignore[union-attr]
    if first and _is_carried(after.id, scene):  # type: ignore[union-attr]
        text = f"{written(before)} is the first state and stays so; that of the step before is {written(after)}"
        return cause("state", text)
    return None


def _all(scene: Scene) -> set[str]:
    sides = (getattr(side, "test", None) for side in (scene.change.before, scene.change.after))
    return {identifier(node) for side in sides if side for node in ast.walk(side)}


def _is_zero(node: ast.AST | None) -> bool:
    if isinstance(node, ast.Constant):
        return node.value == 0 and node.value is not False
    return isinstance(node, ast.Call) and identifier(node.func) in ("zeros", "zeros_like")


def _is_state(node: ast.AST | None) -> bool:
    name = identifier(node).lstrip("d")
    return (name[:1] in ("h", "c") and len(name) <= 6) or name.startswith("prev") or name.endswith("prev")


def _target(before: ast.AST | None, after: ast.AST | None, scene: Scene) -> Cause | None:
    if isinstance(after, ast.Attribute) and isinstance(before, ast.Name):
        text = f"The state is kept as {written(before)} alone, while the next step begins with {written(after)}"
        return cause("state", text)
    both = isinstance(before, ast.Name) and isinstance(after, ast.Name)
    if both and scene.loops and _is_read_in_loop(after, scene):
        text = f"What goes to the next round of the loop is called {written(after)} there, and {written(before)} here"
        return cause("state", text, "So the next round begins with the same value as this one, and nothing is carried")
    return None


def _is_read_in_loop(node: ast.AST | None, scene: Scene) -> bool:
    name = identifier(node)
    inside = [each for loop in scene.loops[-1:] for each in ast.walk(loop)]
    return any(isinstance(each, ast.Name) and each.id == name and isinstance(each.ctx, ast.Load) for each in inside)


def _is_carried(name: str, scene: Scene) -> bool:
    inside = [each for loop in scene.loops[-1:] for each in ast.walk(loop)]
    return any(isinstance(each, ast.Name) and each.id == name and isinstance(each.ctx, ast.Store) for each in inside)
