"""What several changed statements say together, and none of them alone."""

import ast
from collections.abc import Sequence

from compare.explaining.around import target
from compare.explaining.cause import Cause
from compare.explaining.scene import Scene
from compare.explaining.texts import alike, plain, written
from compare.explaining.wording import cause


def beside_params(scenes: list[Scene]) -> Cause | None:
    """`self.W = W`, where `params` is the list that others put new arrays into."""
    gone = [each.change.before for each in scenes if each.change.after is None]
    new = [each.change.after for each in scenes if each.change.before is None]
    kept = next((each.targets[0] for each in gone if isinstance(each, ast.Assign)), None)
    taken = next(
        (each for each in new if isinstance(each, ast.Assign) and written(each.value) == "`self.params`"), None
    )
    if taken is None or not isinstance(kept, ast.Attribute):
        return None
    text = f"{written(kept)} is kept beside `self.params`: it stays when another array is put there"
    return cause("rebinding", text, f"{written(taken)} takes what stands there now")


def left_blank(scenes: list[Scene]) -> Cause | None:
    """An exercise that was not done: `pass`, `...` or a refusal where there are several statements now."""
    gone = [each.change.before for each in scenes if each.change.after is None]
    stand_in = [each for each in gone if isinstance(each, ast.Pass | ast.Raise) or _is_dots(each) or _gives_none(each)]
    new = [each for each in scenes if each.change.before is None]
    name = next((each.function.name for each in scenes if each.function), "")
    if any(isinstance(each.change.before, ast.FunctionDef) and each.change.after for each in scenes):
        return None
    if stand_in and (new or len(gone) == len(scenes)) and name:
        return cause("missing", f"`{name}` is left blank: {written(stand_in[0])} stands where its work has to be done")
    return None


def _is_dots(node: ast.stmt | None) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _gives_none(node: ast.stmt | None) -> bool:
    value = node.value if isinstance(node, ast.Return) else None
    given = value.elts if isinstance(value, ast.Tuple) else [value]
    return isinstance(node, ast.Return) and all(each is None or ast.unparse(each) == "None" for each in given)


def unpacked_apart(scenes: Sequence[Scene]) -> Cause | None:
    """`dh, dc = np.zeros((N, H))`, in whose place each name has a statement of its own now."""
    new = [target(each.change.after) for each in scenes if each.change.before is None]
    for node in (each.change.before for each in scenes if each.change.after is None):
        left = node.targets[0] if isinstance(node, ast.Assign) else None
        if not isinstance(node, ast.Assign) or not isinstance(left, ast.Tuple) or isinstance(node.value, ast.Tuple):
            continue
        if all(any(alike(name, each) for each in new) for name in left.elts):
            text = f"{written(node.value)} is one value, and no tuple with one for each of {written(left)}"
            return cause("order", text, "Unpacked, an array gives its rows, and there have to be as many as names")
    return None


def altered(scenes: Sequence[Scene]) -> Cause | None:
    """`dc *= i; dg = dc` for `dg = dc * i`: an array changed in place that is read under another name, too."""
    for scene in scenes:
        change = scene.change
        node = _above(scene) if change.moved else change.before
        if not change.moved and alike(target(node), target(change.after)):
            continue
        other = _second_name(node, scene) if isinstance(node, ast.AugAssign) else None
        if isinstance(node, ast.AugAssign) and other:
            text = f"{written(node)} changes {written(node.target)} itself: {written(other)} makes no other array of it"
            return cause(
                "in place", text, f"Whatever reads {written(node.target)} afterwards finds the changed numbers"
            )
    return None


def _second_name(node: ast.AugAssign, scene: Scene) -> ast.Assign | None:
    """The statement further down that gives the changed array another name."""
    named = (each for each in scene.statements() if isinstance(each, ast.Assign) and each.lineno > node.lineno)
    return next((each for each in named if _is_name(each.targets[0]) and alike(each.value, node.target)), None)


def _is_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Name)


def _above(scene: Scene) -> ast.AugAssign | None:
    """What changes in place an array that a statement further down reads, which was moved before it."""
    moved = scene.change.before
    if moved is None:
        return None
    reads = {plain(each) for each in ast.walk(moved) if isinstance(each, ast.Name)}
    above = (each for each in scene.statements() if isinstance(each, ast.AugAssign) and each.lineno < moved.lineno)
    return next((each for each in above if plain(each.target) in reads), None)
