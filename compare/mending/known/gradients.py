"""The lists `params` and `grads`, what goes into them, and what a pass gives back."""

import ast
import re
from collections.abc import Iterator

from compare.checking.static.nearest import slips_of
from compare.checking.static.parts import Class
from compare.checking.static.tree import code, elements, names_in, whole
from compare.checking.static.vocabulary import is_gradient
from compare.mending.edit import Edit, Proposal
from compare.mending.known.sight import Piece, Sight

_ANSWERS = ("hs", "h_next", "next_h", "out", "ys", "y", "loss", "h", "dxs", "dx", "dout")


def replaced(sight: Sight) -> Iterator[Proposal]:
    """`self.grads[0] = dW` as `self.grads[0][...] = dW`; `self.grads = [dW, db]` slot by slot."""
    statement = next((node for node in sight.nodes if isinstance(node, ast.Assign | ast.AnnAssign)), None)
    target = next((node for node in sight.nodes if isinstance(node, ast.expr)), None)
    if statement is None or target is None:
        return
    if "becomes another list" not in sight.problem.message:
        yield sight.change(0.2, "rebinding", sight.behind(target, "[...]"))
        return
    parts = elements(statement.value)
    indent = sight.indent(statement)
    if parts:
        rows = [f"self.grads[{i}][...] = {sight.text(each)}" for i, each in enumerate(parts)]
        yield sight.change(0.2, "rebinding", sight.instead(statement, f"\n{indent}".join(rows)))
    elif statement.value is not None:
        value = sight.text(statement.value)
        new = f"for i, grad in enumerate({value}):\n{indent}    self.grads[i][...] = grad"
        yield sight.change(0.3, "rebinding", sight.instead(statement, new))


def lists(sight: Sight) -> Iterator[Proposal]:
    """A gradient for each parameter, of its own memory and of its shape."""
    function = sight.function
    owner = function.owner if function else None
    params, grads = (owner.lists("params"), owner.lists("grads")) if owner else (None, None)
    if not params or not grads:
        return
    wanted = [f"np.zeros_like({sight.text(each)})" for each in params]
    if len(params) != len(grads):
        start, end = sight.span(grads[0])[0], sight.span(grads[-1])[1]
        yield sight.change(0.3, "slot", (start, end, ", ".join(wanted)))
        return
    for grad, right in zip(grads, wanted, strict=True):
        if sight.file.place(sight.unit.cell, grad) == sight.problem.place:
            yield sight.change(0.2, "slot", sight.instead(grad, right))


def slots(sight: Sight) -> Iterator[Proposal]:
    """`self.grads[0][...] = dWh` into the slot of Wh; of two in one slot, the second into the one left over."""
    slot = next(
        (n for n in sight.nodes if isinstance(n, ast.Subscript) and re.fullmatch(r"self\.grads\[-?\d+\]", code(n))),
        None,
    )
    owner = sight.function.owner if sight.function else None
    names = [code(each) for each in (owner.lists("params") if owner else None) or ()]
    if slot is None or sight.function is None:
        return
    statement = sight.statement(slot)
    value = code(statement.value) if isinstance(statement, ast.Assign) else ""
    missing = re.findall(r"`self\.grads\[(\d+)\]`", sight.problem.message)[-1:]
    if value.removeprefix("d") in names:
        yield sight.change(0.3, "slot", sight.instead(slot.slice, str(names.index(value.removeprefix("d")))))
        index = whole(slot.slice)
        right = f"d{names[index]}" if index is not None and 0 <= index < len(names) else ""
        if right in sight.function.scope.bindings and isinstance(statement, ast.Assign):
            yield sight.change(0.35, "slot", sight.instead(statement.value, right))
    if missing and "written twice" in sight.problem.message:
        yield sight.change(0.4, "slot", sight.instead(slot.slice, missing[0]))
    elif missing and "is never written" in sight.problem.message:
        yield from _written(sight, slot, names, int(missing[0]))
    if "there are" in sight.problem.message:
        for index in reversed(range(len(names))):
            yield sight.change(0.5, "slot", sight.instead(slot.slice, str(index)))


def _written(sight: Sight, slot: ast.Subscript, names: list[str], index: int) -> Iterator[Proposal]:
    """The slot that is left out, filled with the gradient of its name, if that is computed."""
    name = f"d{names[index]}" if index < len(names) else ""
    statement = sight.statement(slot)
    if statement is not None and sight.function and name in sight.function.scope.bindings:
        line = f"{sight.indent(statement)}self.grads[{index}][...] = {name}"
        yield sight.lines_in((statement.end_lineno or statement.lineno) + 1, [line], 0.3, "missing")


def nothing_returned(sight: Sight) -> Iterator[Proposal]:
    """`return` before what stands at the end; or a return of what is computed and read nowhere."""
    function = sight.function
    if function is None:
        return
    idle = next((node for node in sight.nodes if isinstance(node, ast.Expr)), None)
    if idle is not None and sight.meant.startswith("return"):
        yield sight.change(0.2, "return", sight.before(idle, "return "))
        return
    last = function.node.body[-1]
    bound = {n: b for n, b in function.scope.bindings.items() if any(e.how in ("assign", "unpack") for e in b)}
    unread = [name for name in bound if not function.reads(name)]
    gradients = [name for name in unread if is_gradient(name) and name not in ("dW", "db", "dWx", "dWh")]
    likely = gradients if function.backward else [name for name in _ANSWERS if name in bound]
    more = [name for name in ("dxs", "dx", "dh_prev") if name in bound] if function.backward else unread
    answers = [", ".join(gradients)] if function.backward and len(gradients) > 1 else []
    indent = sight.indent(last)
    at = (last.end_lineno or last.lineno) + 1
    if isinstance(last, ast.Return):
        at -= 1
    for i, answer in enumerate(dict.fromkeys([*answers, *likely, *more])):
        edit = Edit(sight.unit.label, at, at - (not isinstance(last, ast.Return)), (f"{indent}return {answer}",))
        yield Proposal((edit,), 0.3 + 0.1 * i, "return", sight.problem.message)


def no_effect(sight: Sight) -> Iterator[Proposal]:
    """`=` for `==`, a `return`, or the answer kept in the name that it was made of."""
    node = next((node for node in sight.nodes if isinstance(node, ast.Expr)), None)
    if node is None:
        return
    value = node.value
    if isinstance(value, ast.Compare) and isinstance(value.ops[0], ast.Eq):
        between = (sight.span(value.left)[1], sight.span(value.comparators[0])[0], " = ")
        yield sight.change(0.2, "missing", between)
    elif sight.meant.startswith("return"):
        yield sight.change(0.2, "return", sight.before(node, "return "))
    elif (
        isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and isinstance(value.func.value, ast.Name)
    ):
        if value.func.value.id not in ("np", "numpy"):
            yield sight.change(0.3, "missing", sight.before(node, f"{value.func.value.id} = "))
        yield sight.change(0.5, "return", sight.before(node, "return "))


def never_kept(sight: Sight) -> Iterator[Proposal]:
    """What the backward pass takes out of `self.cache`, put in before the forward pass returns."""
    node = next((node for node in sight.nodes if isinstance(node, ast.Attribute)), None)
    function = sight.function
    owner = function.owner if function else None
    forward = owner.methods.get("forward") if owner else None
    statement = sight.statement(node) if node is not None else None
    if node is None or owner is None or forward is None or not isinstance(statement, ast.Assign):
        return
    yield from _kept_under_another_name(sight, owner, node.attr)
    bound = forward.scope.bindings
    names = [code(each) for each in elements(statement.targets[0]) or [statement.targets[0]]]
    # sizes are unpacked from a tuple of their own
    taken = [name.strip("()") for name in names]
    ready = all(part.strip() in bound for name in taken for part in name.split(","))
    returns = [each for each in forward.own if isinstance(each, ast.Return)]
    at = returns[-1] if returns else None
    if not ready and len(names) == 1 and node.attr in bound:
        names, ready = [node.attr], True
    if at is not None and ready:
        packed = f"({', '.join(names)})" if len(names) > 1 else names[0]
        line = f"{sight.indent(at)}self.{node.attr} = {packed}"
        yield sight.lines_in(at.lineno, [line], 0.3, "cache")


def _kept_under_another_name(sight: Sight, owner: Class, wanted: str) -> Iterator[Proposal]:
    """`self.cahce` as `self.cache`, where nobody reads it by the name that it is kept under."""
    same = [n for each in owner.methods.values() for n in each.own if isinstance(n, ast.Attribute)]
    mine = [n for n in same if isinstance(n.value, ast.Name) and n.value.id == "self"]
    read = {n.attr for n in mine if isinstance(n.ctx, ast.Load)}
    for name in slips_of(wanted, [n.attr for n in mine if n.attr not in read])[:1]:
        yield sight.change(0.25, "name", *(sight.attribute(n, wanted) for n in mine if n.attr == name))


def factor(sight: Sight) -> Iterator[Proposal]:
    """The product with the factor that the gradient's name asks for, on the side where it fits."""
    target = next((node for node in sight.nodes if isinstance(node, ast.Name)), None)
    statement = sight.statement(target) if target is not None else None
    if target is None or not isinstance(statement, ast.Assign) or len(sight.named) < 3:
        return
    wrong, right = sight.named[1], sight.named[2]
    value = statement.value
    same = [sight.instead(each, right) for each in names_in(value) if each.id == wrong]
    yield sight.change(0.5, "operand", *same)
    parts = (
        value.args if isinstance(value, ast.Call) else [value.left, value.right] if isinstance(value, ast.BinOp) else []
    )
    others = [sight.text(part) for part in parts if wrong not in {each.id for each in names_in(part)}]
    if len(parts) == 2 and len(others) == 1:
        pair = [f"{right}.T", others[0]] if target.id.startswith("dW") else [others[0], f"{right}.T"]
        pieces: list[Piece] = [sight.instead(part, new) for part, new in zip(parts, pair, strict=True)]
        yield sight.change(0.3, "operand", *pieces)


def turned(sight: Sight) -> Iterator[Proposal]:
    """`Wh` as `Wh.T` where it goes back."""
    target = next((node for node in sight.nodes if isinstance(node, ast.Name)), None)
    statement = sight.statement(target) if target is not None else None
    for each in names_in(statement.value) if isinstance(statement, ast.Assign) else ():
        if each.id == sight.named[0]:
            yield sight.change(0.2, "transpose", sight.behind(each, ".T"))


def other_axis(sight: Sight) -> Iterator[Proposal]:
    """The last axis that belongs to the array; `D, H = Wx.shape` for `Wh.shape`."""
    statement = next((node for node in sight.nodes if isinstance(node, ast.Assign)), None)
    if sight.meant and statement is None:
        name = next((node for node in sight.nodes if isinstance(node, ast.Name)), None)
        if name is not None:
            yield sight.change(0.2, "size", sight.instead(name, sight.meant))
    elif statement is not None and code(statement.value) == "Wh.shape":
        yield sight.change(0.2, "size", sight.instead(statement.value, "Wx.shape"))


def repeated(sight: Sight) -> Iterator[Proposal]:
    """`dW[ids] += dout` as `np.add.at(dW, ids, dout)`."""
    target = next((node for node in sight.nodes if isinstance(node, ast.Subscript)), None)
    statement = next((node for node in sight.nodes if isinstance(node, ast.Assign | ast.AugAssign)), None)
    if target is not None and statement is not None:
        new = f"np.add.at({sight.text(target.value)}, {sight.text(target.slice)}, {sight.text(statement.value)})"
        yield sight.change(0.2, "repeated ids", sight.instead(statement, new))
