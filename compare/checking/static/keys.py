"""Caches that are dictionaries: a key that nobody puts in."""

import ast
from collections.abc import Iterator

from compare.checking.source import Problem
from compare.checking.static.file import File
from compare.checking.static.nearest import nearest
from compare.checking.static.packing import returned
from compare.checking.static.parts import Function
from compare.checking.static.tree import constant


def unknown_keys(file: File) -> Iterator[Problem]:
    """`cache["hprev"]` where `forward` keeps `{"h_prev": …}`."""
    for function in file.functions:
        for node in function.own:
            if not isinstance(node, ast.Subscript) or not isinstance(node.ctx, ast.Load) or function.tried(node):
                continue
            key = constant(node.slice)
            known = _keys(function, node.value) if isinstance(key, str) else None
            if known and key not in known:
                near = nearest(str(key), sorted(known))
                meant = f" {near!r} was probably meant." if near else ""
                message = f"There is no key {key!r}: {', '.join(map(repr, sorted(known)))} are kept.{meant}"
                yield function.problem(node, "unknown key", message)


def _keys(function: Function, node: ast.expr) -> set[str] | None:
    """The keys of a dictionary that is kept in an attribute, in a name for it, or handed on as a cache."""
    if isinstance(node, ast.Name):
        bindings = function.scope.bindings.get(node.id, ())
        if len(bindings) == 1 and bindings[0].how == "assign" and bindings[0].value is not None:
            return _keys(function, bindings[0].value) if function.attribute(bindings[0].value) else None
        pair = function.file.plain.get(function.name.removesuffix("_backward") + "_forward")
        last = function.parameters[-1:] == (node.id,) and function.name.endswith("_backward")
        kept = returned(pair) if pair is not None and last and len(bindings) == 1 else None
        return _literal_keys(kept) if kept is not None and pair is not None and not _stored_into(pair) else None
    name = function.attribute(node)
    owner = function.owner
    values = owner.values(name) if name is not None and owner is not None else None
    some = [value for value in values or () if constant(value) is not None or not isinstance(value, ast.Constant)]
    if len(some) != 1 or owner is None or any(_stored_into(method) for method in owner.methods.values()):
        return None
    return _literal_keys(some[0])


def _literal_keys(node: ast.expr) -> set[str] | None:
    """The keys of `{"x": x}` and of `dict(x=x)`."""
    keys: list[object] = []
    if isinstance(node, ast.Dict):
        keys = [constant(key) for key in node.keys]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict" and not node.args:
        keys = [keyword.arg for keyword in node.keywords]
    known = {key for key in keys if isinstance(key, str)}
    return known if keys and len(known) == len(keys) else None


def _stored_into(function: Function) -> bool:
    """Whether a method adds a key to some dictionary."""
    for node in function.own:
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            key = node.slice
            if isinstance(key, ast.Name) or isinstance(constant(key), str):
                return True
        if isinstance(node, ast.Attribute) and node.attr in ("update", "setdefault"):
            return True
    return False
