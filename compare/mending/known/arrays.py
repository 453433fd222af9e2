"""Whose array it is: the caller's that is kept or changed, a cache that is eaten, one array under two names."""

import ast
import re
from collections.abc import Iterator

from compare.checking.static.tree import LOOPS, code
from compare.mending.edit import Edit, Proposal
from compare.mending.known.sight import Sight

_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Pow: "**",
    ast.MatMult: "@",
}


def kept(sight: Sight) -> Iterator[Proposal]:
    """`self.h = h` as `self.h = h.copy()`; where None may come, None is kept."""
    statement = next((node for node in sight.nodes if isinstance(node, ast.Assign)), None)
    target = next((node for node in sight.nodes if isinstance(node, ast.Attribute)), None)
    function = sight.function
    if statement is None or target is None or function is None:
        return
    value = _value_of(statement, target)
    if not isinstance(value, ast.Name):
        return
    default = function.defaults.get(value.id)
    none = f"None if {value.id} is None else {value.id}.copy()"
    optional = isinstance(default, ast.Constant) and default.value is None
    yield sight.change(0.3 + 0.1 * optional, "in place", sight.instead(value, f"{value.id}.copy()"))
    yield sight.change(0.4 - 0.1 * optional, "in place", sight.instead(value, none))


def _value_of(statement: ast.Assign, target: ast.expr) -> ast.expr:
    """What a target gets, in `self.h, self.c = h, c` too."""
    first = statement.targets[0]
    if isinstance(first, ast.Tuple) and isinstance(statement.value, ast.Tuple) and target in first.elts:
        return statement.value.elts[first.elts.index(target)]
    return statement.value


def changed(sight: Sight) -> Iterator[Proposal]:
    """The caller's array: a new one is made, or a copy is changed."""
    yield from _new_array(sight, 0.3)
    yield from _copied(sight, 0.4)


def cache_changed(sight: Sight) -> Iterator[Proposal]:
    """The array that the forward pass keeps: `dx = ys` as `dx = ys.copy()`."""
    yield from _copied(sight, 0.3)
    yield from _new_array(sight, 0.4)


def _new_array(sight: Sight, cost: float) -> Iterator[Proposal]:
    """`dh += x` as `dh = dh + x`."""
    statement = next((node for node in sight.nodes if isinstance(node, ast.AugAssign)), None)
    if statement is None or not isinstance(statement.target, ast.Name):
        return
    sign, value = _OPERATORS.get(type(statement.op)), sight.text(statement.value)
    loose = isinstance(statement.value, ast.BinOp | ast.IfExp) and sign not in ("+",)
    if sign is not None:
        name = statement.target.id
        new = f"{name} = {name} {sign} {f'({value})' if loose else value}"
        yield sight.change(cost, "in place", sight.instead(statement, new))


def _copied(sight: Sight, cost: float) -> Iterator[Proposal]:
    """A copy, where the name got the array; or one made in its own name, before anything is written."""
    base = next((node for node in sight.nodes if isinstance(node, ast.expr)), None)
    while isinstance(base, ast.Subscript):
        base = base.value
    call = next((node for node in sight.nodes if isinstance(node, ast.Call)), None)
    if (
        call is not None
        and call.args
        and isinstance(base, ast.Call | ast.Attribute)
        and code(base) != code(call.args[0])
    ):
        base = call.args[0] if isinstance(call.func, ast.Attribute) and call.func.attr == "at" else base
    function = sight.function
    if function is None or not isinstance(base, ast.Name):
        return
    line = sight.problem.place.line
    before = [each for each in function.scope.bindings.get(base.id, ()) if getattr(each.node, "lineno", 0) < line]
    for each in reversed(before):
        if each.how == "assign" and isinstance(each.value, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
            if code(each.value).endswith(".copy()"):
                continue
            yield sight.change(cost, "in place", sight.behind(each.value, ".copy()"))
            break
    statement = sight.top(base)
    if statement is not None and (any(each.how == "parameter" for each in before) or before):
        at = statement if isinstance(statement, (*LOOPS, ast.If)) else sight.statement(base) or statement
        copy = f"{sight.indent(at)}{base.id} = {base.id}.copy()"
        yield sight.lines_in(at.lineno, [copy], cost + 0.2, "in place")


def eaten(sight: Sight) -> Iterator[Proposal]:
    """`caches.pop()` as `caches[t]`; `del self.x` and `self.cache = None` left out."""
    call = next((node for node in sight.nodes if isinstance(node, ast.Call)), None)
    if call is not None and isinstance(call.func, ast.Attribute):
        listed = sight.text(call.func.value)
        counters = [each.target.id for each in sight.loops(call) if isinstance(each.target, ast.Name)]
        for counter in counters[:1]:
            yield sight.change(0.3, "cache", sight.instead(call, f"{listed}[{counter}]"))
        yield sight.change(0.5, "cache", sight.instead(call, f"{listed}[-1]"))
        return
    statement = next((node for node in sight.nodes if isinstance(node, ast.Delete | ast.Assign)), None)
    if statement is not None:
        edit = Edit(sight.unit.label, statement.lineno, statement.end_lineno or 0, ())
        yield Proposal((edit,), 0.3, "cache", sight.problem.message)


def two_names(sight: Sight) -> Iterator[Proposal]:
    """`dWx = dWh = np.zeros(…)` as two lines."""
    statement = next((node for node in sight.nodes if isinstance(node, ast.Assign)), None)
    if statement is not None and len(statement.targets) > 1:
        value, indent = sight.text(statement.value), sight.indent(statement)
        rows = [f"{sight.text(target)} = {value}" for target in statement.targets]
        yield sight.change(0.3, "in place", sight.instead(statement, f"\n{indent}".join(rows)))


def many_times(sight: Sight) -> Iterator[Proposal]:
    """`[np.zeros_like(Wx)] * 3` as three arrays, each like its parameter where that is known."""
    node = next((node for node in sight.nodes if isinstance(node, ast.BinOp)), None)
    if node is None or not isinstance(node.left, ast.List):
        return
    one, times = sight.text(node.left.elts[0]), sight.text(node.right)
    params = re.search(r"zeros_like\(", one) and sight.function and sight.function.owner
    if params:
        yield sight.change(0.4, "in place", sight.instead(node, "[np.zeros_like(param) for param in self.params]"))
    yield sight.change(0.3 + 0.2 * bool(params), "in place", sight.instead(node, f"[{one} for _ in range({times})]"))


def empty(sight: Sight) -> Iterator[Proposal]:
    """`np.empty` as `np.zeros`."""
    name = next((node.id for node in sight.nodes if isinstance(node, ast.Name)), "")
    line = sight.problem.place.line
    bindings = sight.function.scope.bindings.get(name, ()) if sight.function else ()
    for each in reversed([each for each in bindings if getattr(each.node, "lineno", 0) <= line]):
        func = each.value.func if isinstance(each.value, ast.Call) else None
        if isinstance(func, ast.Attribute) and func.attr.startswith("empty"):
            yield sight.change(0.3, "memory", sight.attribute(func, func.attr.replace("empty", "zeros")))
            return
