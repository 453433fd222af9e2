"""What a forward pass keeps for the backward pass, and how it is taken out again."""

import ast
from collections.abc import Iterator

from compare.checking.source import Problem
from compare.checking.static.file import File
from compare.checking.static.packing import packed
from compare.checking.static.parts import Class, Function
from compare.checking.static.tree import code, constant, elements


def wrong_unpacking(file: File) -> Iterator[Problem]:
    """A cache of three that is unpacked into two, or into the same names in another order."""
    for function in file.functions:
        for target, value, _ in function.assignments:
            wanted = elements(target)
            if wanted is None or value is None or function.tried(target):
                continue
            if (many := _fixed(value)) is not None and many != len(wanted):
                what = f"`{code(value)}`" if many != -1 else f"`{code(value)}`, which is no list or tuple,"
                message = f"{what} cannot be unpacked into `{code(target)}`."
                if many != -1:
                    message = f"{what} has {many} values, {len(wanted)} are taken: `{code(target)}`."
                yield function.problem(target, "wrong number of values", message)
            parts, where = packed(function, value)
            if parts is not None:
                yield from _compare(function, target, wanted, parts, where)


def eaten_caches(file: File) -> Iterator[Problem]:
    """`self.cache.pop()`, `del self.x`, `self.cache = None` in a backward pass: it can run only once."""
    for function in file.functions:
        if not function.backward:
            continue
        for node in function.own:
            what = None
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("pop", "popleft")
            ):
                name = function.attribute(node.func.value)
                if name in _kept(function.owner) or (name is None and _is_cache(function, node.func.value)):
                    what = f"takes an entry out of `{code(node.func.value)}`"
            elif isinstance(node, ast.Delete):
                gone = [code(each) for each in node.targets if function.attribute(each) in _kept(function.owner)]
                what = f"removes `{gone[0]}`" if gone else None
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and node.value.value is None:
                gone = [code(each) for each in node.targets if function.attribute(each) in _read(function)]
                what = f"empties `{gone[0]}`" if gone else None
            if what:
                message = f"This line {what}, which `forward` keeps: a second backward pass fails."
                yield function.problem(node, "cache used up", message, "warning")


def kept_arguments(file: File) -> Iterator[Problem]:
    """`self.h = h` in `set_state`: the layer's state changes with the caller's array."""
    for function in file.functions:
        if function.owner is None or function.name not in ("set_state", "set_states"):
            continue
        for target, value, _ in function.assignments:
            if function.attribute(target) is None or not isinstance(value, ast.Name):
                continue
            if value.id in function.parameters and len(function.scope.bindings[value.id]) == 1:
                message = (
                    f"`{code(target)}` is the caller's array itself: what is written into that later changes the "
                    f"state. `{value.id}.copy()` keeps it."
                )
                yield function.problem(target, "caller's array kept", message, "warning")


def _fixed(value: ast.expr) -> int | None:
    """How many values a literal has, -1 for one that is no sequence; None for anything else."""
    parts = elements(value)
    if parts is not None:
        return len(parts)
    if isinstance(value, ast.Constant) and not isinstance(value.value, str | bytes):
        return -1
    return -1 if constant(value) is not None and isinstance(value, ast.UnaryOp) else None


def _compare(
    function: Function, target: ast.expr, wanted: list[ast.expr], packed: list[ast.expr], where: str
) -> Iterator[Problem]:
    if len(wanted) != len(packed):
        message = f"{where} puts {len(packed)} values in, {len(wanted)} are taken out: `{code(target)}`."
        yield function.problem(target, "wrong number of values", message)
        return
    before, after = [code(each) for each in packed], [code(each) for each in wanted]
    places = {name: i for i, name in enumerate(before)}
    exchanged = [
        name
        for i, name in enumerate(after)
        if (j := places.get(name, i)) != i and places.get(after[j]) == i and len(set(before)) == len(before)
    ]
    turned = before != after and sorted(before) == sorted(after) and len(set(before)) == len(before)
    if exchanged or turned:
        message = f"{where} packs ({', '.join(before)}), and ({', '.join(after)}) is unpacked: the order differs."
        yield function.problem(target, "unpacked in another order", message)


def _kept(owner: Class | None) -> set[str | None]:
    """Attributes that a forward pass keeps."""
    if owner is None:
        return set()
    kept: set[str | None] = set()
    for name, settings in owner.settings.items():
        if any("forward" in setting.method for setting in settings):
            kept.add(name)
    return kept - {"grads", "params"}


def _read(function: Function) -> set[str | None]:
    """Attributes that are kept by a forward pass, and read in this backward pass."""
    read = {function.attribute(node) for node in function.own if isinstance(getattr(node, "ctx", None), ast.Load)}
    return read & _kept(function.owner)


def _is_cache(function: Function, node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id in function.parameters and "cache" in node.id
