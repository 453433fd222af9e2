"""Brackets, commas and arguments: what is called, indexed, unpacked or gone through in the wrong way."""

import ast
import re
from collections.abc import Iterator

from compare.checking.static.tree import code, indices
from compare.mending.edit import Proposal
from compare.mending.known.sight import Sight


def called_value(sight: Sight) -> Iterator[Proposal]:
    """`self.layers(t)` as `self.layers[t]`; `x.shape(0)` as `x.shape[0]`, `x.T()` as `x.T`."""
    for node in sight.nodes:
        if isinstance(node, ast.Call) and code(node.func) == sight.named[0]:
            yield from _indexed(sight, node)
            return


def called_property(sight: Sight) -> Iterator[Proposal]:
    for node in sight.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == sight.named[0]:
            yield from _indexed(sight, node)
            return


def _indexed(sight: Sight, node: ast.Call) -> Iterator[Proposal]:
    start, end = sight.span(node.func)[1], sight.span(node)[1]
    if not node.args:
        yield sight.change(0.4, "call", (start, end, ""))
    elif not node.keywords:
        inside = ", ".join(sight.text(each) for each in node.args)
        yield sight.change(0.3, "call", (start, end, f"[{inside}]"))


def indexed_function(sight: Sight) -> Iterator[Proposal]:
    """`np.zeros[N, H]` as `np.zeros((N, H))`, `range[T]` as `range(T)`."""
    for node in sight.nodes:
        if isinstance(node, ast.Subscript) and code(node.value) == sight.named[0]:
            inside = sight.text(node.slice).strip("()") if isinstance(node.slice, ast.Tuple) else sight.text(node.slice)
            several = isinstance(node.slice, ast.Tuple) and code(node.value).endswith(("zeros", "empty", "ones"))
            start, end = sight.span(node.value)[1], sight.span(node)[1]
            yield sight.change(0.3, "call", (start, end, f"(({inside}))" if several else f"({inside})"))
            return


def over_number(sight: Sight) -> Iterator[Proposal]:
    """`for t in T` as `for t in range(T)`, `len(T)` as `T`."""
    for node in sight.nodes:
        if isinstance(node, ast.expr) and sight.meant and code(node) in (sight.named[0], *sight.named[1:2]):
            yield sight.change(0.3, "loop", sight.instead(node, sight.meant))
            return


def counted_from(sight: Sight) -> Iterator[Proposal]:
    """`enumerate(layer, grads)` as `enumerate(layer.grads)`."""
    for node in sight.nodes:
        if isinstance(node, ast.Call) and len(node.args) == 2:
            first, second = node.args
            if isinstance(second, ast.Name):
                between = (sight.span(first)[1], sight.span(second)[0], ".")
                yield sight.change(0.3 if "as a dot" in sight.problem.message else 0.6, "call", between)
            return


def range_of(sight: Sight) -> Iterator[Proposal]:
    """`range(xs.shape)` as that of one axis, `range(self.layers)` as that of a list's length."""
    for node in sight.nodes:
        if isinstance(node, ast.expr) and code(node) == sight.named[0]:
            if isinstance(node, ast.Attribute) and node.attr == "shape":
                for cost, axis in ((0.4, 1), (0.5, 0), (0.6, 2)):
                    yield sight.change(cost, "index", sight.behind(node, f"[{axis}]"))
            elif "len(" in sight.meant:
                yield sight.change(0.3, "call", sight.instead(node, f"len({sight.text(node)})"))
            return


def brackets(sight: Sight) -> Iterator[Proposal]:
    """`np.hstack(a, b)` as `np.hstack([a, b])`, `np.zeros(N, H)` as `np.zeros((N, H))`, or without."""
    for node in sight.nodes:
        if not isinstance(node, ast.Call) or not node.args:
            continue
        start, end = sight.span(node.args[0])[0], sight.span(node.args[-1])[1]
        if "one list" in sight.problem.message:
            yield sight.change(0.3, "call", (start, start, "["), (end, end, "]"))
        elif "one tuple" in sight.problem.message:
            yield sight.change(0.3, "call", (start, start, "("), (end, end, ")"))
        else:
            yield sight.change(0.3, "call", sight.instead(node.args[0], sight.text(node.args[0]).strip("()[]")))
        return


def slices(sight: Sight) -> Iterator[Proposal]:
    """`A[:, 3*H, 4*H]` as `A[:, 3*H:4*H]`, `A[:, 3*H]` as `A[:, 3*H:]`."""
    low = next((node for node in sight.nodes if isinstance(node, ast.expr)), None)
    outer = _subscript(sight, low)
    if low is None or outer is None:
        return
    parts = indices(outer)
    at = next(i for i, each in enumerate(parts) if sight.span(each)[0] == sight.span(low)[0])
    if "a colon, no comma" in sight.problem.message:
        between = (sight.span(parts[at])[1], sight.span(parts[at + 1])[0], ":")
        yield sight.change(0.3, "index", between)
    else:
        yield sight.change(0.3, "index", sight.behind(parts[at], ":"))


def _subscript(sight: Sight, node: ast.AST | None) -> ast.Subscript | None:
    around = sight.function.around(node) if sight.function and node is not None else ()
    return next((each for each in around if isinstance(each, ast.Subscript)), None)


def missing_comma(sight: Sight) -> Iterator[Proposal]:
    """`dW = self.grads` as `dW, = self.grads`."""
    for node in sight.nodes:
        if isinstance(node, ast.Name):
            yield sight.change(0.3, "call", sight.behind(node, ","))
            return


def loose_comma(sight: Sight) -> Iterator[Proposal]:
    """`h_next = np.tanh(…),` without the comma."""
    statement = next((node for node in sight.nodes if isinstance(node, ast.Assign)), None)
    if statement is not None and isinstance(statement.value, ast.Tuple):
        start = sight.span(statement.value.elts[0])[1]
        yield sight.change(0.3, "call", (start, sight.span(statement.value)[1], ""))


def whole_shape(sight: Sight) -> Iterator[Proposal]:
    """`H = h_prev.shape` as `H = h_prev.shape[1]`."""
    name = next((node.id for node in sight.nodes if isinstance(node, ast.Name)), "")
    bindings = sight.function.scope.bindings.get(name, ()) if sight.function else ()
    for each in bindings:
        if isinstance(each.value, ast.Attribute) and each.value.attr == "shape":
            for cost, axis in ((0.4, 1), (0.5, -1), (0.6, 0)):
                yield sight.change(cost, "size", sight.behind(each.value, f"[{axis}]"))


def one_axis(sight: Sight) -> Iterator[Proposal]:
    """`xs.reshape(*xs.shape)` as N·T rows."""
    for node in sight.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "reshape":
            bound = set(sight.function.scope.bindings) if sight.function else set()
            array = sight.text(node.func.value)
            start, end = sight.span(node.func)[1], sight.span(node)[1]
            if {"N", "T"} <= bound:
                yield sight.change(0.3, "axis", (start, end, "(N * T, -1)"))
            yield sight.change(0.5, "axis", (start, end, f"(-1, {array}.shape[-1])"))
            return


def number_indexed(sight: Sight) -> Iterator[Proposal]:
    """`T[0]` as `T`."""
    for node in sight.nodes:
        if isinstance(node, ast.Subscript) and re.fullmatch(r"\w+", code(node.value)):
            yield sight.change(0.6, "index", sight.instead(node, sight.text(node.value)))
            return
