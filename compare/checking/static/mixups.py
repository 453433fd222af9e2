"""What a name that is not defined was meant to be, told from where it stands."""

import ast

import numpy as np

from compare.checking.source import Definition
from compare.checking.static.parts import Class
from compare.checking.static.tree import dotted, names_in

FALLEN = "this line stands outside of it, in the class"


def loop_mixup(node: ast.Name, above: dict[ast.AST, ast.AST]) -> str | None:
    """The loop around it counts in another name, which its body does not read."""
    outer: ast.AST = node
    index = False
    while outer in above:
        inner, outer = outer, above[outer]
        index = index or isinstance(outer, ast.Subscript | ast.Call)
        if isinstance(outer, ast.FunctionDef):
            return None
        if isinstance(outer, ast.For) and isinstance(outer.target, ast.Name) and inner in outer.body:
            counted = outer.target.id
            if index and _is_counter(node.id) and _counts(outer.iter) and not _read(outer.body, counted):
                return f"The loop in line {outer.lineno} counts in `{counted}`, its body reads `{node.id}`."
    return None


def _is_counter(name: str) -> bool:
    return len(name) == 1 or name in ("idx", "ind", "step", "ix")


def _counts(node: ast.AST) -> bool:
    """range(…), reversed(range(…)), trange(…)."""
    if not isinstance(node, ast.Call):
        return False
    name = dotted(node.func)[-1:]
    if name == ("reversed",):
        return len(node.args) == 1 and _counts(node.args[0])
    return name in (("range",), ("xrange",), ("trange",))


def _read(statements: list[ast.stmt], name: str) -> bool:
    """Whether a name is read with the value of the loop: not where an inner loop gives it another."""
    for statement in statements:
        if isinstance(statement, ast.For) and name in {part.id for part in names_in(statement.target)}:
            if any(part.id == name for part in names_in(statement.iter)):
                return True
        elif isinstance(statement, ast.For | ast.While | ast.If | ast.With):
            if _read([*statement.body, *getattr(statement, "orelse", [])], name):
                return True
            heads = [getattr(statement, part, None) for part in ("iter", "test")]
            if any(part.id == name for head in heads if head is not None for part in names_in(head)):
                return True
        elif any(part.id == name and isinstance(part.ctx, ast.Load) for part in names_in(statement)):
            return True
    return False


def loose_line(node: ast.Name, definition: Definition, above: dict[ast.AST, ast.AST]) -> str | None:
    """It stands in the class body, below the method whose names it reads: not indented as far as that."""
    outer: ast.AST = node
    while outer in above and not isinstance(above[outer], ast.ClassDef):
        outer = above[outer]
        if isinstance(outer, ast.FunctionDef | ast.Lambda):
            return None
    methods = [part for part in definition.methods.values() if part.lineno < node.lineno]
    if not isinstance(above.get(outer), ast.ClassDef) or not methods:
        return None
    method = max(methods, key=lambda part: part.lineno)
    if not any(part.id == node.id for part in names_in(method)):
        return None
    return (
        f"`{node.id}` belongs to `{method.name}`, but {FALLEN}: it is not indented as far as the lines of "
        f"`{method.name}`."
    )


def missing_dot(node: ast.Name, above: dict[ast.AST, ast.AST]) -> str | None:
    """`np, dot(x, W)`: a comma where a dot was meant."""
    part: ast.AST = node
    call = above.get(node)
    if isinstance(call, ast.Call) and call.func is node:
        part = call
    outer = above.get(part)
    parts: list[ast.expr] = []
    if isinstance(outer, ast.Tuple | ast.List):
        parts = outer.elts
    elif isinstance(outer, ast.Call):
        parts = outer.args
    places = [i for i, each in enumerate(parts) if each is part]
    if not places or not places[0]:
        return None
    before = dotted(parts[places[0] - 1])
    if before and before[0] in ("np", "numpy") and hasattr(np, node.id):
        return f"`{node.id}` is not defined. The comma was probably meant as a dot: `{'.'.join(before)}.{node.id}`."
    return None


def other_method(node: ast.Name, owner: Class | None) -> str | None:
    """An attribute or a method of the class, without its `self.`; or `self` itself, which is no parameter."""
    if owner is None:
        return None
    if node.id == "self":
        return "`self` is not defined: the method has no parameter of that name."
    found = owner.settings.get(node.id)
    return f"`{node.id}` is not defined. `self.{node.id}` was probably meant." if found else None
