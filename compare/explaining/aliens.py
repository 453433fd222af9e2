"""Arrays changed in place that belong to the caller, or that the forward pass kept."""

import ast
from collections import Counter
from collections.abc import Iterator

from compare.checking.static.tree import assigned, own
from compare.explaining.cause import Cause
from compare.explaining.scene import Function, Scene
from compare.explaining.texts import identifier, plain, written
from compare.explaining.wording import cause

_VIEWS = ("reshape", "ravel", "transpose", "swapaxes", "squeeze", "view", "T")
_PARAMETER = "a parameter"
_WITHIN = ("zip", "enumerate", "reversed")


def changed_in_place(scene: Scene) -> Cause | None:
    """A write into somebody else's array that is gone."""
    function = scene.function
    if function is None:
        return None
    after = same_function(scene, function)
    kept = Counter(viewed(target) for target, _ in _writes(after)) if after else Counter[str]()
    owners = foreign(scene)
    for target, node in _writes(function):
        kept[viewed(target)] -= 1
        if viewed(target) in owners and kept[viewed(target)] < 0:
            return _cause(target, node, owners[viewed(target)], scene)
    return None


def _cause(target: ast.expr, node: ast.AST, owner: str, scene: Scene) -> Cause:
    if owner == _PARAMETER:
        what = "changes a parameter: only the optimiser is to do that"
    elif owner in scene.parameters and owner not in scene.cached:
        what = f"writes into the caller's array: whoever passed `{owner}` finds other numbers in it afterwards"
    else:
        what = "writes into what the forward pass kept: a second backward pass begins with other numbers"
    remedy = "An operation that makes a new array leaves it as it was"
    return cause("in place", f"{written(node if isinstance(node, ast.stmt) else target)} {what}", remedy)


def foreign(scene: Scene) -> dict[str, str]:
    """The names in the function that stand for somebody else's array, and whose: an argument's, "" for the cache's."""
    found = {name: name for name in scene.parameters}
    found |= dict.fromkeys(scene.cached, "")
    found |= dict.fromkeys(scene.enclosing, "")
    found |= {f"self.{name}": "" for name in scene.attributes if name not in _OWN}
    for node in scene.statements():
        for target, value in assigned(node):
            source = viewed(value)
            if isinstance(target, ast.Name) and source in found:
                found.setdefault(target.id, found[source])
            if isinstance(target, ast.Tuple) and source == "self.params":
                found |= {identifier(each): _PARAMETER for each in target.elts}
        if isinstance(node, ast.For) and isinstance(node.iter, ast.Call) and identifier(node.iter.func) in _WITHIN:
            sources = [viewed(each) for each in node.iter.args]
            inside = next((each for each in sources if each in found), "")
            names = [each.id for each in ast.walk(node.target) if isinstance(each, ast.Name)]
            found |= {name: found[inside] for name in names if inside and name not in found}
    return found


_OWN = ("params", "grads", "h", "c", "dh", "dc", "dc0", "dh0", "layers")


def viewed(node: ast.AST | None) -> str:
    """The name of the array that an expression is a view of; "" for a new one."""
    while True:
        if isinstance(node, ast.Subscript) or (isinstance(node, ast.Attribute) and node.attr in _VIEWS):
            node = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _VIEWS:
            node = node.func.value
        else:
            break
    if isinstance(node, ast.Attribute) and plain(node.value) == "self":
        return f"self.{node.attr}"
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.value.id
    return node.id if isinstance(node, ast.Name) else ""


def _writes(function: Function) -> Iterator[tuple[ast.expr, ast.AST]]:
    """Every place where an array is changed: `x += …`, `x[...] = x …`, `np.add(…, out=x)`, `x.pop()`."""
    for node in own(function.body):
        if isinstance(node, ast.AugAssign):
            yield node.target, node
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            yield node.targets[0], node
        elif isinstance(node, ast.keyword) and node.arg == "out":
            yield node.value, node


def same_function(scene: Scene, function: Function) -> Function | None:
    """The function as it is after the change."""
    owner = scene.owner.name if scene.owner else ""
    classes = [each for each in scene.after.body if isinstance(each, ast.ClassDef) and each.name == owner]
    blocks = [each.body for each in classes] or [scene.after.body]
    for block in blocks:
        for each in own_functions(block):
            if each.name == function.name:
                return each
    return None


def own_functions(block: list[ast.stmt]) -> Iterator[Function]:
    """The functions of a block, and those in them."""
    for each in block:
        if isinstance(each, Function):
            yield each
        yield from own_functions(getattr(each, "body", []))
