"""What a function's variables come from: the names that a statement reads and gives values to, and its lines."""

import ast
from collections.abc import Iterator


def sliced(function: ast.FunctionDef, wanted: set[str]) -> set[int]:
    """The lines that variables come from, loops around them included."""
    statements = [n for n in ast.walk(function) if isinstance(n, ast.stmt) and n is not function]
    lines: set[int] = set()
    names, before = set(wanted), -1
    while before != len(names) + len(lines):
        before = len(names) + len(lines)
        for node in statements:
            if isinstance(node, ast.For):
                inner = any(n.lineno in lines for n in ast.walk(node) if isinstance(n, ast.stmt) and n is not node)
                if inner:
                    lines.add(node.lineno)
                    names |= set(names_in(node.iter))
            elif set(stored(node)) & names:
                lines |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
                names |= set(_read(node))
    return lines


def given(function: ast.FunctionDef, names: set[str]) -> set[int]:
    """The lines of the statements that give names their values."""
    statements = (n for n in ast.walk(function) if isinstance(n, ast.stmt) and set(stored(n)) & names)
    return {line for n in statements for line in range(n.lineno, (n.end_lineno or n.lineno) + 1)}


def slot_of(target: ast.expr) -> int | None:
    """The number of the gradient's slot that a target is, or is part of: 1 of `self.grads[1][...]`."""
    while isinstance(target, ast.Subscript):
        inner = target.value
        if isinstance(inner, ast.Attribute) and inner.attr == "grads" and isinstance(target.slice, ast.Constant):
            return target.slice.value if isinstance(target.slice.value, int) else None
        target = inner
    return None


def stored(node: ast.stmt) -> Iterator[str]:
    """What a statement gives a value, or may change in place."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
    for target in targets:
        slot = slot_of(target)
        if slot is not None:
            yield f"grads[{slot}]"
            continue
        yield from _bases(target)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        # np.add.at(dW, …), dWs.append(…), layer.backward(…)
        yield from (n for a in node.value.args[:1] for n in names_in(a))
        yield from names_in(node.value.func)


def _bases(target: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Tuple | ast.List):
        for element in target.elts:
            yield from _bases(element)
        return
    while isinstance(target, ast.Subscript | ast.Starred):
        target = target.value
    if isinstance(target, ast.Name | ast.Attribute):
        yield ast.unparse(target)


def _read(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.Assign | ast.AugAssign | ast.Return):
        yield from names_in(node.value)
    if isinstance(node, ast.AugAssign):
        yield from _bases(node.target)
    if isinstance(node, ast.Expr):
        yield from names_in(node.value)


def names_in(node: ast.expr | None) -> Iterator[str]:
    """The variables and attributes of `self` that an expression names."""
    for each in ast.walk(node) if node is not None else ():
        if isinstance(each, ast.Name) and each.id not in ("np", "self"):
            yield each.id
        elif isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id == "self":
            yield ast.unparse(each)


def too_early(definition: ast.AST) -> Iterator[int]:
    """The lines that return while there is something left to do: in every round of a loop, before other lines."""
    for node in ast.walk(definition):
        repeated = isinstance(node, ast.For | ast.While)
        for block in (getattr(node, "body", None), getattr(node, "orelse", None)):
            if isinstance(block, list):
                returns = [each for each in block if isinstance(each, ast.Return)]
                yield from (each.lineno for each in returns if repeated or each is not block[-1])
