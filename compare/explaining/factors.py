"""Products of matrices, values of another time, and whatever else stands in the place of another."""

import ast

from compare.explaining.around import in_target
from compare.explaining.cause import Cause, Kind
from compare.explaining.difference import Difference
from compare.explaining.equations import gate, named, of_product, relevant_slope, role_of_product, slope, surrounding
from compare.explaining.matrices import Product, product, same_factors
from compare.explaining.scene import Scene
from compare.explaining.texts import alike, identifier, instead, plain, written
from compare.explaining.wording import cause

_TIMES = ("previous", "prev", "next", "last", "old", "new", "cur", "t", "raw", "tm1", "in", "out")


def matrices(difference: Difference, scene: Scene) -> Cause | None:
    """A product of matrices with another factor, or one that is not transposed."""
    if difference.how != "product":
        return None
    wrong, right = product(difference.before), product(difference.after)
    assert wrong is not None
    assert right is not None
    known = of_product(right, scene)
    if same_factors(wrong, right):
        text = f"In {written(difference.before)} {_turned(wrong, right)}"
        return cause(
            "transpose",
            text,
            known or "The axis that is summed over is the last of the left and the first of the right factor",
        )
    given, wanted = _other_factor(wrong, right)
    role = role_of_product(wrong, scene)
    text = f"{named(scene)}{instead(given, wanted)}{f': {role}' if role else ''}"
    if known and len(known) < 250:
        return cause(_operand_or_stale(given, wanted, scene), text, known)
    return cause(_operand_or_stale(given, wanted, scene), text)


def _turned(wrong: Product, right: Product) -> str:
    straight = alike(wrong.left.bare, right.left.bare)
    if not straight:
        return "the two factors stand the other way round"
    both = [(wrong.left, right.left), (wrong.right, right.right)]
    for mine, other in both:
        if mine.turned != other.turned:
            return f"{written(mine.bare)} {'has to be' if other.turned else 'must not be'} transposed"
    return "the factors do not meet at the axis that is summed over"


def _other_factor(wrong: Product, right: Product) -> tuple[ast.expr, ast.expr]:
    mine, other = [wrong.left.bare, wrong.right.bare], [right.left.bare, right.right.bare]
    only = [each for each in mine if not any(alike(each, there) for there in other)]
    wanted = [each for each in other if not any(alike(each, there) for there in mine)]
    return (only or mine)[0], (wanted or other)[0]


def _operand_or_stale(given: ast.expr, wanted: ast.expr, scene: Scene) -> Kind:
    return "stale" if other_time(given, wanted, scene) else "operand"


def stale(difference: Difference, scene: Scene) -> Cause | None:
    """The value before the activation for that after it, or a state of another step."""
    if difference.how in ("wrapped", "unwrapped") and scene.backward:
        outer = difference.after if difference.how == "wrapped" else difference.before
        if isinstance(outer, ast.Call) and identifier(outer.func) in ("tanh", "sigmoid"):
            text = f"{instead(difference.before, difference.after)}: it is the value after it that is derived"
            return cause("stale", text, slope(surrounding(difference), scene))
    if difference.how != "replaced" or in_target(difference):
        return None
    how = other_time(difference.before, difference.after, scene)
    if not how:
        return None
    text = f"{how}, and {written(difference.after)} belongs here"
    return cause("stale", text, slope(surrounding(difference), scene))


def other_time(before: ast.AST | None, after: ast.AST | None, scene: Scene) -> str:
    """How two names are one value before and after an activation, or of two steps; "" where they are not."""
    a, b = identifier(before), identifier(after)
    if before is not None and b and not a and scene.activated(plain(before), b):
        return f"{written(before)} is the value before the activation, {written(after)} that after it"
    if not a or not b or a == b:
        return ""
    if isinstance(after, ast.Attribute) != isinstance(before, ast.Attribute) and stem(a) != stem(b):
        return ""
    if scene.activated(a, b):
        return f"{written(before)} is the value before the activation, {written(after)} that after it"
    if scene.activated(b, a):
        return f"{written(before)} is the value after the activation, {written(after)} that before it"
    if stem(a) == stem(b) and stem(a) and (_dated(a) or _dated(b)):
        return f"{written(before)} and {written(after)} are one quantity at two steps"
    return ""


def stem(name: str) -> str:
    """A name without what says which step it is of."""
    words = [word for word in name.split("_") if word]
    kept = [word for word in words if word not in _TIMES]
    found = "_".join(kept)
    for time in ("prev", "next"):
        if found.startswith(time) or found.endswith(time):
            found = found.replace(time, "")
    # `dprev_h` and `dnext_h` are gradients of one thing
    return "dh" if found in ("d_h", "dh") else found.replace("d_", "d")


def _dated(name: str) -> bool:
    return any(word in name.split("_") for word in _TIMES) or "prev" in name or "next" in name


def operand(difference: Difference, scene: Scene) -> Cause:
    """Whatever else stands in the place of another."""
    before, after = difference.before, difference.after
    if not isinstance(before, ast.expr | ast.stmt) and not isinstance(after, ast.expr | ast.stmt) and difference.above:
        # an operator says nothing without what stands on its sides
        before, after = difference.above[-1].before, difference.above[-1].after
    step = difference.above[-1] if difference.above else None
    if step and isinstance(step.before, ast.Attribute) and "self" in (identifier(before), identifier(after)):
        # `self` says nothing without what is read of it
        before, after = step.before, step.after
    if before is None or after is None:
        text = f"{written(difference.either)} {'is missing here' if difference.missing else 'should not be here'}"
    else:
        text = f"{named(scene)}{instead(before, after)}"
    return cause("operand", text, relevant_slope(difference, scene) or gate(difference, scene))
