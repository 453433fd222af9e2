"""What is left blank as an exercise."""

import ast

_UNWRITTEN = ("NotImplementedError", "NotImplemented")


def blank_methods(node: ast.ClassDef) -> tuple[str, ...]:
    """The passes of a class that are left blank; its constructor, where it does nothing and `forward` counts on it."""
    methods = {each.name: each for each in node.body if isinstance(each, ast.FunctionDef)}
    forward, start = methods.get("forward"), methods.get("__init__")
    found = {name for name in methods if name in ("forward", "backward") and is_blank(methods[name])}
    if forward and start and all(_is_empty(each) for each in start.body) and _uses_attributes(forward):
        found.add("__init__")
    return tuple(name for name in methods if name in found)


def is_blank(function: ast.FunctionDef) -> bool:
    """Whether there is nothing in a function but a docstring, `pass`, names for None and their return."""
    nothing: set[str] = set()
    for node in function.body:
        if isinstance(node, ast.Assign) and _is_none(node.value, set()):
            targets = [part for each in node.targets for part in _parts(each)]
            if not all(isinstance(each, ast.Name) for each in targets):
                return False
            nothing |= {each.id for each in targets if isinstance(each, ast.Name)}
        elif not (_is_empty(node) or _is_unwritten(node) or _returns_none(node, nothing)):
            return False
    return True


def _is_empty(node: ast.stmt) -> bool:
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _is_unwritten(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Raise):
        return False
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    return isinstance(raised, ast.Name) and raised.id in _UNWRITTEN


def _returns_none(node: ast.stmt, nothing: set[str]) -> bool:
    return isinstance(node, ast.Return) and (node.value is None or _is_none(node.value, nothing))


def _is_none(node: ast.expr, nothing: set[str]) -> bool:
    """Whether an expression is None, a name for it, or a tuple of these."""
    return all(
        (isinstance(each, ast.Constant) and each.value is None) or (isinstance(each, ast.Name) and each.id in nothing)
        for each in _parts(node)
    )


def _parts(node: ast.expr) -> list[ast.expr]:
    return list(node.elts) if isinstance(node, ast.Tuple) and node.elts else [node]


def _uses_attributes(function: ast.FunctionDef) -> bool:
    self = function.args.args[0].arg if function.args.args else ""
    attributes = (each.value for each in ast.walk(function) if isinstance(each, ast.Attribute))
    return any(isinstance(owner, ast.Name) and owner.id == self for owner in attributes)
