"""Attributes and methods of `self` that there are not."""

import ast
from collections.abc import Iterator

from compare.checking.source import Problem, Severity
from compare.checking.static.file import File
from compare.checking.static.nearest import distance, nearest
from compare.checking.static.numpy_paths import numpy_path
from compare.checking.static.parts import Class, Function
from compare.checking.static.tree import constant


def unknown_attributes(file: File) -> Iterator[Problem]:
    """`self.grad` where only `self.grads` is ever set: once for each class and name."""
    for owner in file.classes.values():
        for name, reads in _unset(owner).items():
            if owner.closed or _is_all_but_set(owner, name):
                yield from _unknown(owner, name, reads)


def always_none(file: File) -> Iterator[Problem]:
    """An attribute that is unpacked, indexed or computed with, but never set to anything but None."""
    for owner in file.classes.values():
        said: set[str] = set()
        for function in owner.methods.values():
            for node in function.own:
                name = function.attribute(node)
                values = owner.values(name) if name is not None and name not in said else None
                if not values or any(not _is_none(value) for value in values) or _asked_for(owner, name or ""):
                    continue
                setters = {setting.method for setting in owner.settings[name or ""]}
                if "the class" not in setters and _needs_something(function, node) and not function.tried(node):
                    said.add(name or "")
                    where = f", in `{setters.pop()}`" if len(setters) == 1 else ""
                    message = f"`self.{name}` is only ever set to None{where}: nothing is kept in it for this line."
                    yield function.problem(node, "always None", message)


def _is_all_but_set(owner: Class, name: str) -> bool:
    """Whether a name of a layer whose base is not known is no name of the base's, but a slip: `self.losslayer`."""
    layer = not {"forward", "backward"}.isdisjoint(owner.methods)
    near = [each for each in owner.settings if distance(name, each) == 1 and not name.startswith("_")]
    return layer and len(name) > 5 and bool(near) and all(not each.startswith("_") for each in near)


def _unset(owner: Class) -> dict[str, list[tuple[Function, ast.Attribute]]]:
    found: dict[str, list[tuple[Function, ast.Attribute]]] = {}
    known = set(owner.settings) | owner.mentioned | owner.file.foreign
    for function in owner.methods.values():
        for node in function.own:
            name = function.attribute(node)
            if name is None or name in known or name.startswith("__") or function.tried(node):
                continue
            if isinstance(node.ctx, ast.Load) or isinstance(function.parents.get(node), ast.AugAssign):
                found.setdefault(name, []).append((function, node))
    return found


def _unknown(owner: Class, name: str, reads: list[tuple[Function, ast.Attribute]]) -> Iterator[Problem]:
    function, node = reads[0]
    call = function.parents.get(node)
    called = isinstance(call, ast.Call) and call.func is node
    methods = [each for each in owner.settings if any(setting.value is None for setting in owner.settings[each])]
    fields = [each for each in owner.settings if each not in owner.definition.methods]
    broken = [each for each in owner.definition.broken if each not in owner.settings] if called else []
    # `self.Cell`, a class, and `self.cell`, one of its objects, are two things
    fields = [each for each in fields if each[:1].isupper() == name[:1].isupper()]
    near = nearest(name, [*broken, *methods, *fields] if called else fields)
    # a method that is broken, blank or missing altogether may be the one that sets it
    begun = any("__init__" in member.methods for member in _with_bases(owner))
    severity: Severity = "error" if owner.complete and begun and owner.closed else "warning"
    layer = not {"forward", "backward"}.isdisjoint(owner.methods)
    if name in owner.definition.broken or (near is None and not (layer and severity == "error")):
        return
    if called:
        message = f"`{owner.name}` has no method `{name}`." + (f" `self.{near}` was probably meant." if near else "")
    else:
        message = f"`self.{name}` is never set."
        setters = {setting.method for setting in owner.settings.get(near or "", ())}
        if near and near not in owner.definition.methods and len(setters) == 1:
            message = f"`self.{name}` is never set; `{setters.pop()}` sets `self.{near}`."
        elif near:
            message += f" `self.{near}` was probably meant."
    lines = sorted({other.lineno for _, other in reads} - {node.lineno})
    also = f" (Also in line{'s' * (len(lines) > 1)} {', '.join(map(str, lines))}.)" if lines else ""
    yield function.problem(node, "unknown method" if called else "unknown attribute", message + also, severity)


def _with_bases(owner: Class) -> list[Class]:
    found = [owner]
    for each in found:
        found += [owner.file.classes[base] for base in each.bases if base in owner.file.classes]
        if len(found) > 100:
            break
    return found


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and constant(value) is None


def _asked_for(owner: Class, name: str) -> bool:
    """Whether some line asks first if there is anything: `if self.mask is None`, `if self.mask`."""
    for function in owner.methods.values():
        for node in function.own:
            if isinstance(node, ast.Compare) and any(
                function.attribute(each) == name for each in (node.left, *node.comparators)
            ):
                return True
            if isinstance(node, ast.If | ast.IfExp | ast.While | ast.BoolOp | ast.UnaryOp | ast.Assert):
                parts = getattr(node, "values", [getattr(node, "test", None), getattr(node, "operand", None)])
                if any(function.attribute(part) == name for part in parts):
                    return True
    return False


def _needs_something(function: Function, node: ast.Attribute) -> bool:
    """Whether None would raise here: unpacked, indexed, an operand, or asked for an attribute."""
    if not isinstance(node.ctx, ast.Load):
        return False
    outer = function.parents.get(node)
    if isinstance(outer, ast.Assign):
        if outer.value is node and len(outer.targets) == 1 and isinstance(outer.targets[0], ast.Name):
            # `x = self.x` and then x
            name = outer.targets[0].id
            return len(function.given(name)) == 1 and any(_is_used(function, read) for read in function.reads(name))
        return outer.value is node and any(isinstance(target, ast.Tuple | ast.List) for target in outer.targets)
    return _is_used(function, node)


def _is_used(function: Function, node: ast.expr) -> bool:
    """Whether a value is computed with: called, given to NumPy, gone through, an operand."""
    outer = function.parents.get(node)
    if isinstance(outer, ast.Call):
        # of NumPy's functions few take None, and none of them for an array
        return outer.func is node or (function.backward and numpy_path(function.file, outer.func) is not None)
    if isinstance(outer, ast.For):
        return outer.iter is node
    if isinstance(outer, ast.Subscript):
        return outer.value is node
    return isinstance(outer, ast.BinOp | ast.Attribute | ast.Starred)
