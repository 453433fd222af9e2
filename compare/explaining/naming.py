"""Names that are bound nowhere, attributes that nobody sets, keywords and keys mistyped."""

import ast

import numpy as np

from compare.checking.static.nearest import distance, tolerance
from compare.checking.static.numpy_paths import MISSING, member
from compare.checking.static.tree import dotted
from compare.explaining.around import in_index, in_iterable, in_target
from compare.explaining.cause import Cause
from compare.explaining.comparing import differences
from compare.explaining.difference import Difference
from compare.explaining.matrices import product
from compare.explaining.scene import Scene
from compare.explaining.texts import plain, written
from compare.explaining.wording import cause

_NUMPY = ("np", "numpy", "cp", "cupy", "xp")


def mistyped(difference: Difference, scene: Scene) -> Cause | None:
    """A word that means nothing where it stands."""
    before, after = difference.before, difference.after
    if difference.how == "product":
        return _in_product(difference, scene)
    if isinstance(before, ast.Name):
        return _name(before, difference, scene)
    if isinstance(before, ast.Call) and difference.how == "unwrapped":
        return _inside(before, scene)
    if isinstance(before, ast.Attribute) and isinstance(after, ast.Attribute):
        return _attribute(before, after, difference, scene)
    wrapped = difference.how == "wrapped"
    if isinstance(before, ast.Attribute) and not in_target(difference) and not wrapped and _unset(before, scene):
        return cause("name", f"{written(before)} is set nowhere; {written(after)} is what is meant")
    if isinstance(before, ast.keyword) and isinstance(after, ast.keyword) and difference.how == "replaced":
        return cause("name", f"There is no keyword `{before.arg}` here; it is called `{after.arg}`")
    if isinstance(before, ast.Constant) and isinstance(after, ast.Constant) and isinstance(before.value, str):
        return _key(before, after, difference)
    return None


def _in_product(difference: Difference, scene: Scene) -> Cause | None:
    """A word in a product of matrices, where the product as a whole is what differs."""
    wrong, right = product(difference.before), product(difference.after)
    if wrong is None or right is None:
        return None
    for mine, other in ((wrong.left, right.left), (wrong.right, right.right)):
        for found in differences(mine.bare, other.bare):
            said = mistyped(found, scene)
            if said:
                return said
    return None


def _name(before: ast.Name, difference: Difference, scene: Scene) -> Cause | None:
    after = difference.after
    if isinstance(before.ctx, ast.Store):
        return _set(before, difference, scene)
    if isinstance(after, ast.Name) and in_index(difference) and not close(before.id, after.id):
        return None
    if scene.names.bound(before):
        if isinstance(after, ast.Name) and len(after.id) > 1 and before.id != after.id and _alike(before.id, after.id):
            return cause("name", f"{written(before)} is another name than {written(after)}, which is what is meant")
        return _unready(before, after, scene)
    if before.id in _NUMPY and isinstance(after, ast.Name) and after.id not in _NUMPY:
        return None
    return cause("name", f"{written(before)} is bound nowhere here; {written(after)} is what is meant")


def _alike(one: str, other: str) -> bool:
    """Whether two names differ in nothing but capitals."""
    return one.lower() == other.lower()


def _unready(before: ast.Name, after: ast.AST | None, scene: Scene) -> Cause | None:
    """A name of the function's own that is set only further down."""
    nodes = [node for node in scene.statements() if isinstance(node, ast.Name) and node.id == before.id]
    stored = [node.lineno for node in nodes if isinstance(node.ctx, ast.Store)]
    if not stored or min(stored) <= before.lineno or before.id in scene.parameters or not isinstance(after, ast.Name):
        return None
    return cause("name", f"{written(before)} has no value yet where it is read here; {written(after)} is what is meant")


def _set(before: ast.Name, difference: Difference, scene: Scene) -> Cause | None:
    """What is set under one name and read under another, that nothing else sets."""
    after = difference.after
    if not isinstance(after, ast.Name) or in_iterable(difference) or not _is_read(after.id, scene):
        return None
    stored = [node.id for node in scene.statements() if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    elsewhere = after.id in (*stored, *scene.parameters)
    if not elsewhere and _is_read(before.id, scene) and not isinstance(scene.change.after, ast.For):
        return cause(
            "name", f"{written(before)} is set here, and nothing sets {written(after)}, which is read afterwards"
        )
    if _is_read(before.id, scene) or (elsewhere and not _is_slip(before.id, after.id)):
        return None
    return cause("name", f"{written(before)} is read nowhere afterwards; the name that is read is {written(after)}")


def _inside(node: ast.AST, scene: Scene) -> Cause | None:
    """A word in a part that is not needed at all, and that means nothing."""
    for part in ast.walk(node):
        if not isinstance(part, ast.Attribute) or hasattr(np.ndarray, part.attr) or part.attr in scene.fields:
            continue
        path = dotted(part)
        known = path[:1] and path[0] in _NUMPY and member(path[1:]) is not MISSING
        if not known and any(close(part.attr, each) for each in dir(np.ndarray) if not each.startswith("_")):
            return cause("name", f"There is no `.{part.attr}` on {written(part.value)}")
    return None


def _is_read(name: str, scene: Scene) -> bool:
    nodes = scene.statements()
    return any(isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load) for node in nodes)


def _attribute(before: ast.Attribute, after: ast.Attribute, difference: Difference, scene: Scene) -> Cause | None:
    if before.attr == after.attr or plain(before.value) != plain(after.value):
        return _owner(before, after, scene)
    path = dotted(before)
    if path and path[0] in _NUMPY:
        if member(path[1:]) is MISSING:
            return cause("name", f"NumPy has no `{path[0]}.{'.'.join(path[1:])}`; {written(after)} is what is meant")
        return None
    if path[:1] == ("self",) and len(path) == 2:
        if in_target(difference) and not in_index(difference) and _is_lost(before, after, scene):
            how = "is what is meant" if after.attr in scene.attributes else "is set nowhere, and is what is meant"
            return cause("name", f"`self.{before.attr}` is read nowhere: `self.{after.attr}` {how}")
        if not _unset(before, scene):
            return None
        return cause("name", f"`self.{before.attr}` is set nowhere in this class; it is called `self.{after.attr}`")
    if before.attr in scene.fields:
        return None
    if not hasattr(np.ndarray, before.attr) and (
        after.attr in scene.fields or hasattr(np.ndarray, after.attr) or close(before.attr, after.attr)
    ):
        return cause("name", f"There is no `.{before.attr}` on {written(before.value)}; it is called `.{after.attr}`")
    return None


def _owner(before: ast.Attribute, after: ast.Attribute, scene: Scene) -> Cause | None:
    if _unset(before, scene) and _unset(after, scene) is False:
        return cause("name", f"{written(before)} is set nowhere in this class; {written(after)} is what is meant")
    return None


def _is_lost(before: ast.Attribute, after: ast.Attribute, scene: Scene) -> bool:
    """Whether an attribute is set that the class never reads, in the place of one that it never sets."""
    nodes = [node for each in scene.classes for node in ast.walk(each) if isinstance(node, ast.Attribute)]
    read = any(node.attr == before.attr and isinstance(node.ctx, ast.Load) for node in nodes)
    return not read and (after.attr not in scene.attributes or _is_slip(before.attr, after.attr))


def _unset(node: ast.Attribute, scene: Scene) -> bool:
    """Whether it is an attribute of `self` that no method sets, or of a class that has none."""
    return (
        isinstance(node.value, ast.Name)
        and node.value.id == "self"
        and bool(scene.attributes)
        and node.attr not in scene.attributes
    )


def _key(before: ast.Constant, after: ast.Constant, difference: Difference) -> Cause | None:
    if in_index(difference) is None or not isinstance(after.value, str) or not close(str(before.value), after.value):
        return None
    return cause("name", f"There is no key {written(before)}; what the forward pass stores is called {written(after)}")


def close(a: str, b: str) -> bool:
    """Whether one may be a slip of the pen for the other."""
    return distance(a, b) <= max(tolerance(a), 1) + (len(a) > 5) and min(len(a), len(b)) > 1


def _is_slip(a: str, b: str) -> bool:
    """Whether one is the other with a letter too many, too few, or in another case or place."""
    return close(a, b) if min(len(a), len(b)) > 1 else len(a) + len(b) == 3 and (a in b or b in a)
