"""What is divided by another number, or by one too many, or multiplied by a constant."""

import ast

from compare.explaining.around import target, whole_of
from compare.explaining.cause import Cause
from compare.explaining.difference import Difference
from compare.explaining.equations import named
from compare.explaining.flat import factors, is_product
from compare.explaining.scene import Scene
from compare.explaining.texts import alike, plain, written
from compare.explaining.wording import cause


def ratio(difference: Difference, scene: Scene) -> Cause | None:
    """Divided by another number, or by one too many, or multiplied by a constant."""
    before, after = difference.before, difference.after
    constant = difference.how == "factor" and isinstance(difference.either, ast.Constant)
    sized = difference.how == "factor" and scene.is_size(difference.either)
    if difference.how == "inverse":
        return cause("ratio", f"{written(before)} divides where it should multiply, or the other way round")
    if difference.how == "divisor" or constant or sized:
        verb = "divided" if difference.how == "divisor" else "multiplied"
        how = f"is not {verb} by" if difference.missing else f"is {verb} by"
        has_to = ", and has to be" if difference.missing else ""
        text = f"{_what(difference, scene)} {how} {written(difference.either)}{has_to}"
        return cause("ratio", text, _constant_says(difference) if constant else _count(difference, scene))
    if difference.how == "replaced" and _is_scale(difference) and _is_number(before) and _is_number(after):
        return cause("ratio", f"{named(scene)}the number {written(before)} stands where {written(after)} belongs")
    if difference.how == "replaced" and _is_nothing(before) and not _is_nothing(after):
        return cause("ratio", f"{_what(difference, scene)} is multiplied by `0`, so that nothing is left of it")
    if difference.how == "replaced" and _divides(difference):
        return cause(
            "ratio",
            f"It is {written(after)} that is to be divided by, not {written(before)}",
            _count(difference, scene),
        )
    return None


def _is_scale(difference: Difference) -> bool:
    """Whether it is a factor or a divisor, and no exponent or index."""
    return bool(difference.above) and difference.above[-1].field == "factors"


def _is_number(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float)


def _is_nothing(node: ast.AST | None) -> bool:
    """Whether it is a product with 0."""
    parts = factors(node) if isinstance(node, ast.expr) and is_product(node) else []
    return any(plain(each.node) in ("0", "0.0") for each in parts)


def _constant_says(difference: Difference) -> str:
    if plain(difference.either) in ("0", "0.0"):
        return "Nothing is left of what is multiplied by 0"
    return "" if difference.missing else "A number belongs into a gradient only where a derivative gives it"


def _divides(difference: Difference) -> bool:
    for step in reversed(difference.above):
        if isinstance(step.after, ast.AugAssign):
            return isinstance(step.after.op, ast.Div | ast.FloorDiv)
        if step.field == "factors" and isinstance(step.after, ast.BinOp) and difference.after is not None:
            return isinstance(step.after.op, ast.Div | ast.FloorDiv) and any(
                alike(each, difference.after) for each in ast.walk(step.after.right)
            )
        if step.field != "factors":
            return False
    return False


def _what(difference: Difference, scene: Scene) -> str:
    left = target(scene.change.after)
    if left is not None and not isinstance(left, ast.Tuple):
        return written(left)
    return written(whole_of(difference))


def _count(difference: Difference, scene: Scene) -> str:
    words = plain(scene.change.either)
    if "loss" in words or "mask" in words or (scene.function and "loss" in scene.function.name):
        return "A loss that is divided by a count has a gradient that is divided by the same count, once"
    counts = scene.is_size(difference.either) or any(word in words for word in ("sum(", "len(", "count"))
    if difference.missing and not scene.backward:
        return ""
    if scene.backward and difference.after is None:
        return (
            ""
            if not counts and not _is_number(difference.either)
            else "The gradient is a sum over rows and steps; only what the forward pass divides by divides it"
        )
    return "What the forward pass divides by, the backward pass divides by as well"
