"""What a forward pass packs into a cache, seen from where it is unpacked."""

import ast

from compare.checking.static.parts import Function
from compare.checking.static.tree import elements


def packed(function: Function, value: ast.expr) -> tuple[list[ast.expr] | None, str]:
    """What was put into the cache that is unpacked here, and by whom."""
    name = function.attribute(value)
    if name is not None and function.owner is not None:
        parts = function.owner.lists(name)
        setters = {setting.method for setting in function.owner.settings.get(name, ()) if not _none(setting.value)}
        return parts, f"`{setters.pop()}`" if len(setters) == 1 else "the class"
    if isinstance(value, ast.Name) and function.owner is None and function.name.endswith("_backward"):
        only = value.id in function.parameters and len(function.scope.bindings.get(value.id, ())) == 1
        pair = function.file.plain.get(function.name.removesuffix("_backward") + "_forward")
        if only and pair is not None and value.id == function.parameters[-1]:
            last = returned(pair)
            return elements(last) if isinstance(last, ast.Tuple) else None, f"`{pair.name}`"
    return None, ""


def returned(function: Function) -> ast.expr | None:
    """What the one return statement has in the last place: as it stands there, or the one value of a name."""
    found = []
    for node in function.own:
        if not isinstance(node, ast.Return):
            continue
        parts = elements(node.value)
        last = parts[-1] if parts else None
        if isinstance(last, ast.Name):
            bindings = function.given(last.id)
            last = bindings[0].value if len(bindings) == 1 and bindings[0].how == "assign" else None
        found.append(last)
    return found[0] if len(found) == 1 else None


def _none(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and value.value is None
