"""Calls of the file's own classes and functions with arguments that do not fit, and answers that do not unpack."""

import ast
from collections.abc import Iterator

from compare.checking.source import Problem
from compare.checking.static.file import File
from compare.checking.static.instances import instance, reached, written
from compare.checking.static.nearest import nearest
from compare.checking.static.parts import Class, Function
from compare.checking.static.tree import code, elements, indices


def wrong_arguments(file: File) -> Iterator[Problem]:
    """`RNN(Wx, Wh)` where the class is made with three, `layer.forward(x)` where it wants two."""
    for function in file.functions:
        for node in function.own:
            if not isinstance(node, ast.Call) or function.tried(node):
                continue
            found = reached(function, node)
            wrong = _misfit(node, *found) if found is not None else None
            if wrong:
                yield function.problem(node, "wrong arguments", wrong)


def wrong_answers(file: File) -> Iterator[Problem]:
    """`dx, dh = layer.backward(…)` where every return statement has three values."""
    for function in file.functions:
        for node in function.own:
            if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call) or function.tried(node):
                continue
            found = reached(function, node.value)
            many = _answers(found[0]) if found is not None and found[0].name != "__init__" else None
            for target in node.targets:
                wanted = elements(target)
                if found is None or many is None or wanted is None or len(wanted) == many:
                    continue
                message = f"`{found[0].title}` returns {many} values, {len(wanted)} are taken here."
                yield function.problem(target, "wrong number of values", message)


def answers_for_an_array(file: File) -> Iterator[Problem]:
    """`out[:, t] = affine_forward(…)` and `dx = layer.backward(…)`, where the answer is a tuple."""
    for function in file.functions:
        for target, value, _ in function.assignments:
            found = reached(function, value) if isinstance(value, ast.Call) else None
            many = _answers(found[0]) if found is not None and found[0].name != "__init__" else None
            if found is None or many is None or many < 2 or function.tried(target):
                continue
            sliced = isinstance(target, ast.Subscript) and any(isinstance(each, ast.Slice) for each in indices(target))
            if sliced or (isinstance(target, ast.Name) and _taken_for_an_array(function, target.id)):
                message = f"`{found[0].title}` returns {many} values; `{code(target)}` takes all of them for one array."
                yield function.problem(target, "wrong number of values", message)


def _taken_for_an_array(function: Function, name: str) -> bool:
    """Whether a name with one value is computed with, or put into a slice of an array."""
    if len(function.given(name)) != 1:
        return False
    for read in function.reads(name):
        outer = function.parents.get(read)
        if isinstance(outer, ast.BinOp) and not isinstance(outer.op, ast.Add | ast.Mult | ast.Mod):
            return True
        slot = outer.targets[0] if isinstance(outer, ast.Assign) and outer.value is read else None
        if isinstance(slot, ast.Subscript) and any(isinstance(each, ast.Slice) for each in indices(slot)):
            return True
    return False


def unknown_members(file: File) -> Iterator[Problem]:
    """`layer.grad` where `layer` is an object of a class of the file that never sets it."""
    for function in file.functions:
        for node in function.own:
            if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Load) or function.tried(node):
                continue
            if function.attribute(node) is not None or node.attr.startswith("__"):
                continue
            owner = instance(function, node.value)
            if owner is not None and _lacks(owner, node.attr):
                near = nearest(node.attr, owner.settings)
                meant = f" `.{near}` was probably meant." if near else ""
                message = f"`{owner.name}` has no `.{node.attr}`.{meant}"
                yield function.problem(node, "unknown attribute", message)


def _lacks(owner: Class, name: str) -> bool:
    known = name in owner.settings or name in owner.mentioned or name in owner.file.foreign
    return owner.closed and owner.complete and not owner.bases and not known


def _misfit(call: ast.Call, found: Function, bound: bool) -> str | None:
    """What is wrong with the arguments of a call, if anything."""
    args = found.node.args
    if any(isinstance(each, ast.Starred) for each in call.args) or any(each.arg is None for each in call.keywords):
        return None
    names = [each.arg for each in (*args.posonlyargs, *args.args)][1 if bound else 0 :]
    title = found.owner.name if found.name == "__init__" and found.owner else found.title
    signature = f"`{title}` takes ({', '.join(names)})"
    if len(call.args) > len(names) and args.vararg is None:
        more = f"{len(call.args)} argument{'s' * (len(call.args) > 1)}"
        return f"`{written(call)}` is called with {more} here; {signature}."
    keywords = {each.arg for each in call.keywords}
    known = {*names, *(each.arg for each in args.kwonlyargs)}
    for name in sorted(keywords - known - {None}, key=str):
        if args.kwarg is None:
            near = nearest(str(name), sorted(known))
            return f"`{title}` takes no keyword `{name}`." + (f" `{near}` was probably meant." if near else "")
    missing = [name for name in names[len(call.args) :] if name not in keywords | set(found.defaults)]
    if missing:
        lacks = " and ".join(f"`{name}`" for name in missing[:3])
        return f"`{written(call)}` is called without {lacks}; {signature}."
    return None


def _answers(found: Function) -> int | None:
    """How many values every return statement has; None where that differs or is not written there."""
    returns = [node for node in found.own if isinstance(node, ast.Return)]
    lengths = {len(parts) if (parts := elements(node.value)) is not None else None for node in returns}
    lists = any(isinstance(node.value, ast.List) for node in returns)
    yields = any(isinstance(node, ast.Yield | ast.YieldFrom) for node in found.own)
    return lengths.pop() if len(lengths) == 1 and not lists and not yields else None
