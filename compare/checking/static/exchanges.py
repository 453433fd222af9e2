"""Weights, inputs and axes that are exchanged, told from their names: what is called dx belongs to Wx, hs to H."""

import ast
import re
from collections.abc import Iterator

from compare.checking.source import Problem
from compare.checking.static.file import File
from compare.checking.static.numpy_paths import numpy_path
from compare.checking.static.parts import Function
from compare.checking.static.tree import code, names_in
from compare.checking.static.vocabulary import is_gradient

# the gradient, the factor that it cannot have, the one that it should have
_WRONG = (
    (r"^dxs?(_t)?$", r"^(W_?h\w?|h_prev|prev_h|x)$", r"^W_?x\w?$"),
    (r"^(dh_prev|dprev_h)$", r"^(W_?x\w?|h_prev|prev_h|x)$", r"^W_?h\w?$"),
    (r"^dW_?x\w?$", r"^(h_prev|prev_h)$", r"^x$"),
    (r"^dW_?h\w?$", r"^x$", r"^(h_prev|prev_h)$"),
)
# what goes back to the data, and the weight that it was multiplied by
_RIGHT = ((r"^dxs?(_t)?$", r"^(W|w|W_?x)$"), (r"^(dh_prev|dprev_h|dprev|dh)$", r"^W_?hh?$"))


def same_products(file: File) -> Iterator[Problem]:
    """`dh_prev = np.dot(x.T, dt)` and `dWx = np.dot(x.T, dt)`: of two gradients one has the other's line."""
    for function in file.functions:
        if not function.backward:
            continue
        seen: dict[str, ast.Name] = {}
        for target, value, _ in function.assignments:
            if not isinstance(target, ast.Name) or value is None or not _factors(function, value):
                continue
            first = seen.setdefault(code(value, 10_000), target)
            gradients = is_gradient(target.id) and is_gradient(first.id)
            if _exchanged(function, target, value) or _exchanged(function, first, value):
                # which of the two it is is known, and said
                continue
            if gradients and first.id != target.id and not _rebound(function, value, first.lineno, target.lineno):
                message = (
                    f"`{target.id}` is `{code(value)}`, as `{first.id}` is in line {first.lineno}: one of the two is "
                    "another product."
                )
                yield function.problem(target, "same product", message, "warning")


def exchanged_factors(file: File) -> Iterator[Problem]:
    """`dx = np.dot(da, Wh.T)` and `dWh = np.dot(x.T, da)` where the other factor is at hand."""
    for function in file.functions:
        if not function.backward:
            continue
        for target, value, _ in function.assignments:
            found = _exchanged(function, target, value) if value is not None else None
            if found is not None:
                message = f"`{code(target)}` is a product with `{found[0]}`; `{found[1]}` was probably meant."
                yield function.problem(target, "wrong factor", message, "warning")


def not_turned(file: File) -> Iterator[Problem]:
    """`dh_prev = np.dot(da, Wh)` where the forward pass multiplies by Wh as well: one of the two is Wh.T."""
    for function in file.functions:
        forward = _forward_of(function) if function.backward else None
        if forward is None:
            continue
        used = {right for node in forward.own if (right := _right(forward, node)) is not None}
        for target, value, _ in function.assignments:
            weight = next((w for gradient, w in _RIGHT if re.match(gradient, code(target))), None)
            right = _right(function, value) if value is not None else None
            if weight is not None and right is not None and right in used and re.match(weight, right):
                message = f"`{right}` stands here as in the forward pass; going back it is `{right}.T`."
                yield function.problem(target, "not transposed", message)


def exchanged_axes(file: File) -> Iterator[Problem]:
    """`hs = np.empty((N, T, D))` and `dxs = np.empty((N, T, H))`, where the function knows both D and H."""
    for function in file.functions:
        if not (function.forward or function.backward) or not {"D", "H"} <= set(function.scope.bindings):
            continue
        for target, value, _ in function.assignments:
            made = isinstance(value, ast.Call) and numpy_path(file, value.func) in (("empty",), ("zeros",))
            sizes = value.args[0] if made and isinstance(value, ast.Call) and value.args else None
            wrong = {"hs": "D", "self.h": "D", "dxs": "H"}.get(code(target))
            axes = [code(size) for size in sizes.elts] if isinstance(sizes, ast.Tuple) else []
            if isinstance(sizes, ast.Tuple) and axes in (["N", "T", wrong], ["N", wrong]):
                right = "H" if wrong == "D" else "D"
                message = f"`{code(target)}` is made with `{wrong}` as its last axis; `{right}` was probably meant."
                yield function.problem(sizes.elts[-1], "axis of another array", message, "warning")


def _exchanged(function: Function, target: ast.expr, value: ast.expr) -> tuple[str, str] | None:
    """The factor that a gradient of this name cannot have, and the one that is at hand for it."""
    factors = _factors(function, value) if isinstance(target, ast.Name) else []
    for gradient, wrong, right in _WRONG:
        used = [name for name in factors if re.match(wrong, name)]
        known = sorted(name for name in function.scope.bindings if re.match(right, name))
        if used and known and re.match(gradient, code(target)) and not set(known) & set(factors):
            return used[0], known[0]
    return None


def _right(function: Function, node: ast.AST) -> str | None:
    """W of `np.dot(x, W)`, `x @ W` and `x.dot(W)`; None where it is transposed."""
    parts = _operands(function, node)
    return parts[-1].id if len(parts) == 2 and isinstance(parts[-1], ast.Name) else None


def _forward_of(function: Function) -> Function | None:
    if function.owner is not None:
        return function.owner.methods.get("forward")
    return function.file.plain.get(function.name.replace("backward", "forward"))


def _factors(function: Function, node: ast.AST) -> list[str]:
    """The names that a matrix product multiplies, transposed or not; nothing where it is no such product."""
    parts = _operands(function, node)
    bare = [part.value if isinstance(part, ast.Attribute) and part.attr == "T" else part for part in parts]
    return [part.id for part in bare if isinstance(part, ast.Name)]


def _operands(function: Function, node: ast.AST) -> list[ast.expr]:
    """What a matrix product multiplies, in its order, whatever shape it gets then."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("reshape", "copy"):
        node = node.func.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        return [node.left, node.right]
    if isinstance(node, ast.Call) and numpy_path(function.file, node.func) in (("dot",), ("matmul",)):
        return list(node.args)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "dot":
        return [node.func.value, *node.args] if numpy_path(function.file, node.func) is None else []
    return []


def _rebound(function: Function, value: ast.expr, start: int, end: int) -> bool:
    """Whether one of the names in an expression gets another value between two lines."""
    for name in names_in(value):
        for binding in function.scope.bindings.get(name.id, ()):
            if start <= getattr(binding.node, "lineno", 0) <= end:
                return True
    # a change in place, or a branch that another line stands in
    return any(
        isinstance(node, ast.AugAssign | ast.If | ast.For | ast.While) and start <= node.lineno <= end
        for node in function.own
    )
