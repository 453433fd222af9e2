"""Why two statements are in the wrong order: what one of them binds, the other one reads."""

import ast
from collections.abc import Iterator

from compare.explaining.aliens import same_function
from compare.explaining.changes import Change
from compare.explaining.scene import Scene
from compare.explaining.texts import alike, plain, written


def in_wrong_order(change: Change, scene: Scene) -> str:
    """What a statement that was moved reads too early, or binds too late; "" where names do not tell."""
    moved, there = change.before, change.after
    if moved is None or there is None:
        return ""
    for other in _passed(moved, there, scene):
        first, second = (moved, other) if moved.lineno < other.lineno else (other, moved)
        late = sorted(_reads(first) & _binds(second))
        if late:
            how = "it is set" if second is moved else f"{written(second)} sets it"
            return f"`{late[0]}` is read there before {how}"
        early = sorted(_binds(first) & _reads(second))
        if early:
            return f"{written(first)} sets `{early[0]}` anew before {written(second)} reads it"
    return ""


def _passed(moved: ast.stmt, there: ast.stmt, scene: Scene) -> Iterator[ast.stmt]:
    """The statements that stand on its other side once it is moved."""
    function = same_function(scene, scene.function) if scene.function else None
    after = [node for node in ast.walk(function or scene.after) if isinstance(node, ast.stmt)]
    for node in scene.statements():
        if not isinstance(node, ast.Assign | ast.AugAssign | ast.Expr | ast.Return) or node is moved:
            continue
        same = [each for each in after if alike(each, node)]
        if len(same) == 1 and (same[0].lineno < there.lineno) != (node.lineno < moved.lineno):
            yield node


def _binds(node: ast.stmt) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", node)]
    return {plain(each) for left in targets for each in ast.walk(left) if _is_place(each, ast.Store)}


def _reads(node: ast.stmt) -> set[str]:
    return {plain(each) for each in ast.walk(node) if _is_place(each, ast.Load)}


def _is_place(node: ast.AST, way: type[ast.expr_context]) -> bool:
    """A name, or an attribute of `self`."""
    attribute = isinstance(node, ast.Attribute) and plain(node.value) == "self"
    return (isinstance(node, ast.Name) or attribute) and isinstance(getattr(node, "ctx", None), way)
