"""Loops over steps that read the same step every time, count along another axis, or leave a step out."""

import ast
import re
from collections.abc import Iterator

from compare.checking.source import Problem
from compare.checking.static.file import File
from compare.checking.static.kinds import Kinds
from compare.checking.static.loops import shapes
from compare.checking.static.parts import Function
from compare.checking.static.tree import code, indices, own, whole

_ALL = (r"range\((\w+)\)", r"reversed\(range\((\w+)\)\)", r"range\((\w+)\)\[::-1\]", r"range\((\w+) - 1, -1, -1\)")
_NOT_THE_FIRST = (r"range\((\w+) - 1, 0, -1\)", r"range\(1, (\w+)\)", r"reversed\(range\(1, (\w+)\)\)")
_NOT_THE_LAST = (r"range\((\w+) - 1\)", r"reversed\(range\((\w+) - 1\)\)")


def same_step(file: File) -> Iterator[Problem]:
    """`xs[:, 0, :]` and `self.layers[-1]` in a loop over the steps that reads no other step of them."""
    for function, loop, counter, length in _loops(file, _ALL):
        sizes = shapes(function)
        for node in own(loop.body):
            if not isinstance(node, ast.Subscript) or not isinstance(node.ctx, ast.Load):
                continue
            fixed = [index for index in _step_indices(function, node, sizes, length) if _is_fixed(index, length)]
            others = [
                each
                for each in own(loop.body)
                if isinstance(each, ast.Subscript) and code(each.value) == code(node.value) and each is not node
            ]
            conditional = any(isinstance(each, ast.If | ast.IfExp) for each in function.around(node))
            if fixed and not others and not conditional:
                message = f"`{code(node)}` is the same step in every round: the loop counts in `{counter}`."
                yield function.problem(node, "the same step", message, "warning")


def axis_of_the_loop(file: File) -> Iterator[Problem]:
    """`for t in range(xs.shape[0])` and then `xs[:, t]`: it counts along one axis and indexes another."""
    for function in file.functions:
        for loop in function.own:
            if not isinstance(loop, ast.For) or not isinstance(loop.target, ast.Name):
                continue
            found = re.fullmatch(r"(?:reversed\()?range\(([\w.]+)\.shape\[(\d)\]\)\)?", code(loop.iter))
            if found is None:
                continue
            axes = {
                axis
                for node in own(loop.body)
                if isinstance(node, ast.Subscript) and code(node.value) == found[1]
                for axis, index in enumerate(indices(node))
                if code(index) == loop.target.id and not any(isinstance(each, ast.Constant) for each in indices(node))
            }
            if axes and int(found[2]) not in axes:
                axis = min(axes)
                message = (
                    f"The loop counts along axis {found[2]} of `{found[1]}`, and its body indexes axis {axis}. "
                    f"`{found[1]}.shape[{axis}]` was probably meant."
                )
                yield function.problem(loop.iter, "axis of the loop", message)


def step_left_out(file: File) -> Iterator[Problem]:
    """`for t in range(T - 1, 0, -1)` around the only line that fills `dxs[:, t]`."""
    for which, patterns in (("first", _NOT_THE_FIRST), ("last", _NOT_THE_LAST)):
        for function, loop, counter, length in _loops(file, patterns):
            shifted = re.search(rf"\b{counter} [-+] 1\b", code(ast.Module(loop.body, []), 10_000))
            sizes = shapes(function)
            for node in own(loop.body):
                if shifted or not isinstance(node, ast.Subscript) or not isinstance(node.ctx, ast.Store):
                    continue
                stores = [
                    each
                    for each in function.own
                    if isinstance(each, ast.Subscript)
                    and isinstance(each.ctx, ast.Store)
                    and code(each.value) == code(node.value)
                ]
                made = isinstance(node.value, ast.Name) and node.value.id not in function.parameters
                steps = _step_indices(function, node, sizes, length)
                if made and len(stores) == 1 and any(code(index) == counter for index in steps):
                    message = f"The loop leaves out the {which} step: that of `{code(node.value)}` is never written."
                    yield function.problem(loop.iter, "step left out", message, "warning")


def _loops(file: File, patterns: tuple[str, ...]) -> Iterator[tuple[Function, ast.For, str, str]]:
    """Loops of a pass with a range of one of some forms, what they count in, and up to what."""
    for function in file.functions:
        for node in function.own if function.is_pass else ():
            if not isinstance(node, ast.For) or not isinstance(node.target, ast.Name):
                continue
            text = code(node.iter).replace("xrange", "range")
            found = next((match for each in patterns if (match := re.fullmatch(each, text))), None)
            if found is not None:
                yield function, node, node.target.id, found[1]


def _step_indices(
    function: Function, node: ast.Subscript, sizes: dict[str, tuple[str, ...]], length: str
) -> list[ast.expr]:
    """What stands between the brackets in the place of the steps."""
    axes = sizes.get(code(node.value))
    if axes is not None:
        return [index for axis, index in zip(axes, indices(node), strict=False) if axis == length]
    if not function.backward:
        # a forward pass may read what it has just put in
        return []
    name = function.attribute(node.value)
    grown = function.owner is not None and name in function.owner.grown and name not in ("params", "grads")
    if grown and Kinds(function).of(node.value) == "list" and not isinstance(node.slice, ast.Slice | ast.Tuple):
        return [node.slice]
    return []


def _is_fixed(index: ast.expr, length: str) -> bool:
    return whole(index) is not None or code(index) == f"{length} - 1"
