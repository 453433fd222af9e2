"""Numbers that come out wrong: the logarithm of 0, 0 / 0, a forgotten bias, sign or axis."""

import ast
import re
from collections.abc import Iterator

from compare.checking.static.tree import code, names_in
from compare.mending.edit import Proposal
from compare.mending.known.sight import Sight


def logarithm(sight: Sight) -> Iterator[Proposal]:
    """`np.log(ys[…])` of a softmax as log-softmax of the logits, which is made before it and never sees a 0."""
    call = next((node for node in sight.nodes if isinstance(node, ast.Call)), None)
    function = sight.function
    if call is None or function is None or not call.args:
        return
    inner = call.args[0]
    picked = ""
    while isinstance(inner, ast.Subscript):
        picked, inner = f"[{sight.text(inner.slice)}]{picked}", inner.value
    made: ast.expr | None = inner
    at = sight.statement(call)
    if isinstance(inner, ast.Name):
        binding = function.given(inner.id)[0]
        made, at = binding.value, sight.statement(binding.node)
    if not isinstance(made, ast.Call) or at is None or not code(made.func).endswith("softmax") or not made.args:
        return
    logits, indent = sight.text(made.args[0]), sight.indent(at)
    taken = function.scope.bindings
    z = next(name for name in ("z", "zs", "shifted") if name not in taken)
    log_y = next(name for name in ("log_ys", "log_y", "log_softmax_") if name not in taken)
    rows = [
        f"{indent}{z} = {logits} - {logits}.max(axis=-1, keepdims=True)",
        f"{indent}{log_y} = {z} - np.log(np.exp({z}).sum(axis=-1, keepdims=True))",
    ]
    yield sight.lines_in(at.lineno, rows, 0.4, "numerics", sight.instead(call, f"{log_y}{picked}"))


def division(sight: Sight) -> Iterator[Proposal]:
    """`/ mask.sum()` as `/ max(int(mask.sum()), 1)`."""
    for node in sight.nodes:
        divisor = node.value if isinstance(node, ast.AugAssign) else node.right if isinstance(node, ast.BinOp) else None
        if divisor is not None and code(divisor) == sight.named[0]:
            yield sight.change(0.3, "numerics", sight.instead(divisor, f"max(int({sight.text(divisor)}), 1)"))
            return


def masked(sight: Sight) -> Iterator[Proposal]:
    """`ls *= mask` as `ls = np.where(mask, ls, 0)`: 0 · −∞ is no 0."""
    for node in sight.nodes:
        if isinstance(node, ast.AugAssign):
            name, mask = sight.text(node.target), sight.text(node.value)
            yield sight.change(0.3, "numerics", sight.instead(node, f"{name} = np.where({mask}, {name}, 0)"))
            return
        if isinstance(node, ast.BinOp):
            left, right = sight.text(node.left), sight.text(node.right)
            values, mask = (left, right) if "mask" in code(node.right) else (right, left)
            yield sight.change(0.3, "numerics", sight.instead(node, f"np.where({mask}, {values}, 0)"))
            return


def ignored_index(sight: Sight) -> Iterator[Proposal]:
    """`ts = np.where(mask, ts, 0)` before an ignored label is taken for an index."""
    statement = sight.statement(sight.nodes[0]) if sight.nodes else None
    if statement is not None and len(sight.named) > 1:
        ts, mask = sight.named[0], sight.named[1]
        line = f"{sight.indent(statement)}{ts} = np.where({mask}, {ts}, 0)"
        yield sight.lines_in(statement.lineno, [line], 0.3, "numerics")


def none(sight: Sight) -> Iterator[Proposal]:
    """`== None` as `is None`."""
    for node in sight.nodes:
        if isinstance(node, ast.Compare):
            word = " is " if isinstance(node.ops[0], ast.Eq) else " is not "
            between = (sight.span(node.left)[1], sight.span(node.comparators[0])[0], word)
            yield sight.change(0.2, "state", between)
            return


def truth(sight: Sight) -> Iterator[Proposal]:
    """`not self.h` as `self.h is None`, `self.h` as `self.h is not None`."""
    node = next((node for node in sight.nodes if isinstance(node, ast.Attribute)), None)
    outer = sight.function.parents.get(node) if sight.function and node is not None else None
    if node is None:
        return
    if isinstance(outer, ast.UnaryOp) and isinstance(outer.op, ast.Not):
        yield sight.change(0.2, "state", sight.instead(outer, f"{sight.text(node)} is None"))
    else:
        yield sight.change(0.2, "state", sight.behind(node, " is not None"))


def axis(sight: Sight) -> Iterator[Proposal]:
    """The axis that the message names."""
    right = re.search(r"`axis=(\d)`", sight.problem.message)
    call = next((node for node in sight.nodes if isinstance(node, ast.Call)), None)
    if call is None or not right:
        return
    given = next((each.value for each in call.keywords if each.arg == "axis"), call.args[0] if call.args else None)
    if given is not None:
        yield sight.change(0.2, "axis", sight.instead(given, right[1]))


def everything(sight: Sight) -> Iterator[Proposal]:
    """`db = np.sum(dout)` with its axis; of a sequence with two."""
    statement = next((node for node in sight.nodes if isinstance(node, ast.Assign)), None)
    call = statement.value if statement is not None else None
    if not isinstance(call, ast.Call):
        return
    end = sight.span(call)[1]
    at = (end[0], end[1] - 1)
    comma = ", " if call.args else ""
    for cost, axes in ((0.2, "0"), (0.3, "(0, 1)")):
        yield sight.change(cost, "axis", (at, at, f"{comma}axis={axes}"))


def bias(sight: Sight) -> Iterator[Proposal]:
    """`+ b` behind the sum of products that it was left out of."""
    function = sight.function
    bound = [name for name in sight.named if re.fullmatch(r"b[a-z]?|bias", name)]
    if function is None or not bound:
        return
    products = [node for node in function.own if _is_product(node)]
    for node in products[-1:]:
        outer: ast.AST = node
        for each in function.around(node):
            if not (isinstance(each, ast.BinOp) and isinstance(each.op, ast.Add)):
                break
            outer = each
        yield sight.change(0.3, "term", sight.behind(outer, f" + {bound[0]}"))


def _is_product(node: ast.AST) -> bool:
    dot = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("dot", "matmul")
    weighed = any(re.fullmatch(r"[Ww][xh]?", each.id) for each in names_in(node))
    return weighed and (dot or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)))


def minus(sight: Sight) -> Iterator[Proposal]:
    """`exp(x)` as `exp(-x)`."""
    for node in sight.nodes:
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and code(call.func).endswith("exp") and call.args:
                yield sight.change(0.2, "sign", sight.before(call.args[0], "-"))
                return
