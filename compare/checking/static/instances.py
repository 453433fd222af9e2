"""Which class of the file an expression is an object of, and which function of the file a call reaches."""

import ast
from collections.abc import Iterable

from compare.checking.static.file import File
from compare.checking.static.parts import Class, Function
from compare.checking.static.tree import dotted


def instance(function: Function, node: ast.AST | None, depth: int = 4) -> Class | None:
    """The class of `RNN(…)`, of a name or attribute that is only ever that, or of an element of a list of such."""
    if node is None or not depth:
        return None
    if isinstance(node, ast.Call):
        return defined_class(function.file, node.func)
    if isinstance(node, ast.Name):
        scope = function.scope
        if function.file.scopes.get(node, scope).find(node.id) is not scope:
            return None
        bindings = scope.bindings[node.id]
        if any(each.how != "assign" for each in bindings):
            return None
        return _one(instance(function, each.value, depth - 1) for each in bindings)
    attribute = function.attribute(node)
    if attribute is not None:
        values = _somethings(function.owner, attribute)
        return _one(instance(function, value, depth - 1) for value in values) if values else None
    if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Slice | ast.Tuple):
        return _element(function, function.attribute(node.value), depth - 1)
    return None


def defined_class(file: File, node: ast.AST) -> Class | None:
    """The class of the file that a name stands for."""
    name = node.id if isinstance(node, ast.Name) else ""
    return file.classes.get(name) if _top(file, node, name) else None


def reached(function: Function, call: ast.Call) -> tuple[Function, bool] | None:
    """The function of the file that a call runs, and whether it is a method that gets the object by itself."""
    if isinstance(call.func, ast.Name):
        owner = defined_class(function.file, call.func)
        if owner is not None:
            made = _method(owner, "__init__")
            return (made, True) if made is not None else None
        found = function.file.plain.get(call.func.id)
        plain = found is not None and not found.node.decorator_list
        return (found, False) if found and plain and _top(function.file, call.func, call.func.id) else None
    if isinstance(call.func, ast.Attribute):
        called = call.func
        owner = function.owner if function.attribute(called) is not None else instance(function, called.value)
        method = _method(owner, called.attr) if owner is not None else None
        return (method, True) if method is not None else None
    return None


def _method(owner: Class, name: str) -> Function | None:
    """A method that is surely the one: of a class without bases and tricks, written once, not decorated."""
    method = owner.methods.get(name)
    plain = not owner.bases and owner.closed and not owner.node.decorator_list and name not in owner.file.foreign
    if method is None or method.decorators or not plain or len(owner.settings.get(name, ())) != 1:
        return None
    return method


def _top(file: File, node: ast.AST, name: str) -> bool:
    scope = file.scopes.get(node, file.module).find(name)
    return scope is file.module and all(each.how == "definition" for each in scope.bindings[name])


def _one(found: Iterable[Class | None]) -> Class | None:
    classes = set(found)
    return classes.pop() if len(classes) == 1 else None


def _somethings(owner: Class | None, attribute: str) -> list[ast.expr]:
    """All that an attribute is set to, but for None; nothing where that is not known."""
    values = owner.values(attribute) if owner else None
    return [each for each in values or () if not (isinstance(each, ast.Constant) and each.value is None)]


def _element(function: Function, attribute: str | None, depth: int) -> Class | None:
    """The class of what is appended to a list that begins empty, by any method of the class."""
    if attribute is None or function.owner is None:
        return None
    values = _somethings(function.owner, attribute)
    if not values or not all(isinstance(each, ast.List) and not each.elts for each in values):
        return None
    added: list[Class | None] = []
    for method in function.owner.methods.values():
        for node in method.own:
            if not isinstance(node, ast.Attribute) or method.attribute(node) != attribute:
                continue
            outer = method.parents.get(node)
            call = method.parents.get(outer) if isinstance(outer, ast.Attribute) else None
            if isinstance(outer, ast.Attribute) and outer.attr == "append" and isinstance(call, ast.Call) and call.args:
                added.append(instance(method, call.args[0], depth))
            elif (isinstance(outer, ast.Attribute) and outer.attr in ("insert", "extend")) or isinstance(
                outer, ast.AugAssign
            ):
                added.append(None)
    return _one(added) if added else None


def written(call: ast.Call) -> str:
    """What is called, as it stands there."""
    return ".".join(dotted(call.func)) or "it"
