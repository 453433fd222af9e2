"""Loops: their variables, their direction, their steps, and what belongs inside or outside of them."""

import ast
import re
from collections.abc import Iterator

from compare.checking.static.tree import code, elements, names_in, own
from compare.mending.edit import Edit, Proposal
from compare.mending.known.sight import Sight


def taken_twice(sight: Sight) -> Iterator[Proposal]:
    """The inner loop counts in a letter of its own; or the outer one in `t`."""
    target = next((node for node in sight.nodes if isinstance(node, ast.Name)), None)
    function = sight.function
    if target is None or function is None:
        return
    inner, *outer = sight.loops(target)
    used = {node.id for node in ast.walk(function.node) if isinstance(node, ast.Name)}
    free = next((letter for letter in "jkmi" if letter not in used), "index")
    inside = [each for part in (inner.target, *inner.body) for each in names_in(part) if each.id == target.id]
    yield sight.change(0.4, "loop", *(sight.instead(each, free) for each in inside))
    around = next((each for each in outer if target.id in {part.id for part in names_in(each.target)}), None)
    if around is not None and target.id != "t":
        own_reads = [each for each in names_in(around) if each.id == target.id and each not in inside]
        yield sight.change(0.6, "loop", *(sight.instead(each, "t") for each in own_reads))


def meant_here(sight: Sight) -> Iterator[Proposal]:
    """What the message says was meant, in the place of what stands there."""
    for node in sight.nodes:
        written = node.value if isinstance(node, ast.Subscript) else node
        if isinstance(node, ast.expr) and sight.meant and code(written) == sight.named[0]:
            yield sight.change(0.3, "index", sight.instead(node, sight.meant))
            return


def length_for_index(sight: Sight) -> Iterator[Proposal]:
    """`xs[:, T, :]` as `xs[:, t, :]`: what the loop around it counts in."""
    index = next((node for node in sight.nodes if isinstance(node, ast.Name)), None)
    for i, counter in enumerate(sight.counters(index) if index is not None else ()):
        if index is not None:
            yield sight.change(0.3 + 0.2 * i, "index", sight.instead(index, counter))


def same_step(sight: Sight) -> Iterator[Proposal]:
    """`xs[:, 0, :]` and `self.layers[-1]` with what the loop counts in."""
    node = next((node for node in sight.nodes if isinstance(node, ast.Subscript)), None)
    loop = next(sight.loops(node), None) if node is not None else None
    if node is None or loop is None or not isinstance(loop.target, ast.Name):
        return
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    for part in parts:
        if not isinstance(part, ast.Slice) and loop.target.id not in {each.id for each in names_in(part)}:
            yield sight.change(0.4, "index", sight.instead(part, loop.target.id))


def doubled_list(sight: Sight) -> Iterator[Proposal]:
    """`for i, grad in enumerate(grads): grads[i] += grad`: through the layer's list."""
    statement = next((node for node in sight.nodes if isinstance(node, ast.AugAssign)), None)
    loops = list(sight.loops(statement)) if statement is not None else []
    if not loops or not isinstance(loops[0].iter, ast.Call):
        return
    listed = loops[0].iter.args[0]
    made = [each for loop in loops[1:] for each in loop.body if isinstance(each, ast.Assign)]
    names = [each.targets[0].id for each in made if isinstance(each.targets[0], ast.Name)]
    names += [part.id for loop in loops[1:] for part in names_in(loop.target)]
    for i, name in enumerate(dict.fromkeys(names)):
        attribute = code(listed).rpartition(".")[2]
        yield sight.change(0.4 + 0.1 * i, "loop", sight.instead(listed, f"{name}.{attribute}"))


def state_gradient(sight: Sight) -> Iterator[Proposal]:
    """`dh` added to the step's gradient, or taken from the step before."""
    name = next((node for node in sight.nodes if isinstance(node, ast.Name)), None)
    loop = next(sight.loops(name), None) if name is not None else None
    if name is None or loop is None:
        return
    for each in loop.body:
        call = each.value if isinstance(each, ast.Assign) and isinstance(each.value, ast.Call) else None
        if not isinstance(each, ast.Assign) or call is None or "backward" not in code(call.func):
            continue
        if "nothing in the loop sets it" in sight.problem.message:
            for target in elements(each.targets[0]) or ():
                if isinstance(target, ast.Name) and target.id not in _reads_of(sight, loop):
                    yield sight.change(0.4, "state", sight.instead(target, name.id))
        else:
            for argument in call.args[:1]:
                yield sight.change(0.4, "term", sight.behind(argument, f" + {name.id}"), *_begun(sight, loop, name.id))


def _reads_of(sight: Sight, loop: ast.For) -> set[str]:
    return {node.id for node in own(loop.body) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _begun(sight: Sight, loop: ast.For, name: str) -> list[tuple[tuple[int, int], tuple[int, int], str]]:
    """`dh = 0` before the loop, where nothing has set it before."""
    bindings = sight.function.scope.bindings.get(name, ()) if sight.function else ()
    before = any(getattr(each.node, "lineno", 0) < loop.lineno for each in bindings)
    return [] if before else [sight.before(loop, f"{name} = 0\n{sight.indent(loop)}")]


def not_added(sight: Sight) -> Iterator[Proposal]:
    """`+=` for `=`, a sum of its own for what a step gives, and what fell behind the loop back into it."""
    message = sight.problem.message
    statement = next((node for node in sight.nodes if isinstance(node, ast.Assign | ast.AugAssign)), None)
    name = next((node for node in sight.nodes if isinstance(node, ast.Name)), None)
    if statement is None and name is not None:
        statement = next((e for e in sight.function.around(name) if isinstance(e, ast.Assign)), None)  # type: ignore[union-attr]
    if statement is None:
        return
    if isinstance(statement, ast.AugAssign):
        yield from _into_loop(sight, statement)
        return
    plain = not isinstance(statement.targets[0], ast.Tuple)
    if "`+=`" in message or plain:
        yield from _added(sight, statement)
        return
    if name is None or not (loop := next(sight.loops(name), None)):
        return
    step, indent = f"{name.id}_t", sight.indent(statement)
    pieces = [sight.instead(name, step), sight.behind(statement, f"\n{indent}{name.id} += {step}")]
    yield sight.change(0.4, "accumulate", *pieces, *_begun(sight, loop, name.id))


def _added(sight: Sight, statement: ast.Assign) -> Iterator[Proposal]:
    target = statement.targets[0]
    bare = re.sub(r"\[(\.\.\.|:)\]$", "", sight.text(target))
    start, end = sight.span(target)[0], sight.span(statement.value)[0]
    yield sight.change(0.3, "accumulate", (start, end, f"{bare} += "))


def _into_loop(sight: Sight, statement: ast.AugAssign) -> Iterator[Proposal]:
    loops = [each for each in (sight.function.own if sight.function else ()) if isinstance(each, ast.For)]
    before = [each for each in loops if (each.end_lineno or 0) < statement.lineno]
    if before:
        old, new = sight.indent(statement), sight.indent(before[-1].body[-1])
        yield sight.moved(statement.lineno, statement.end_lineno or 0, old, new, 0.4, "misplaced")


def wrong_steps(sight: Sight) -> Iterator[Proposal]:
    """The range that the message names; all steps, from the last to the first or the other way."""
    node = next((node for node in sight.nodes if isinstance(node, ast.expr)), None)
    if node is None:
        return
    if sight.meant:
        meant = re.sub(r"^for \w+ in ", "", sight.meant)
        yield sight.change(0.3, "loop", sight.instead(node, meant))
        return
    length = re.search(r"\b([A-Z])\b", code(node))
    if length:
        backwards = "reversed" in code(node) or "-1" in code(node)
        whole = f"range({length[1]})"
        yield sight.change(0.3, "loop", sight.instead(node, f"reversed({whole})" if backwards else whole))


def loop_axis(sight: Sight) -> Iterator[Proposal]:
    """`range(xs.shape[0])` along the axis that the body indexes."""
    node = next((node for node in sight.nodes if isinstance(node, ast.Call)), None)
    if node is not None and sight.meant:
        new = re.sub(r"[\w.]+\.shape\[\d\]", lambda _: sight.meant, sight.text(node))
        yield sight.change(0.3, "axis", sight.instead(node, new))


def zero_again(sight: Sight) -> Iterator[Proposal]:
    """What begins a sum stands before the loop."""
    statement = next((node for node in sight.nodes if isinstance(node, ast.Assign)), None)
    loop = sight.above_loops(statement) if statement is not None else None
    if statement is None or loop is None or loop is statement:
        return
    first, last, old = statement.lineno, statement.end_lineno or 0, sight.indent(statement)
    rows = [sight.indent(loop) + row.removeprefix(old) for row in sight.lines[first - 1 : last]]
    label = sight.unit.label
    edits = (Edit(label, loop.lineno, loop.lineno - 1, tuple(rows)), Edit(label, first, last, ()))
    yield Proposal(edits, 0.3, "accumulate", sight.problem.message)


def return_in_loop(sight: Sight) -> Iterator[Proposal]:
    """The return behind the loop."""
    statement = next((node for node in sight.nodes if isinstance(node, ast.Return)), None)
    loops = list(sight.loops(statement)) if statement is not None else []
    for i, loop in enumerate(reversed(loops)):
        if statement is not None:
            old, new = sight.indent(statement), sight.indent(loop)
            yield sight.moved(statement.lineno, statement.end_lineno or 0, old, new, 0.3 + 0.1 * i, "indentation")


def before_assignment(sight: Sight) -> Iterator[Proposal]:
    """A sum, or the gradient of a state, begins with 0 before the loop; what is read too early is moved down."""
    name = next((node for node in sight.nodes if isinstance(node, ast.Name)), None)
    yield from _later(sight, name)
    loop = sight.above_loops(name) if name is not None else None
    if name is not None and loop is not None:
        line = f"{sight.indent(loop)}{name.id} = 0"
        yield sight.lines_in(loop.lineno, [line], 0.5, "missing")


def _later(sight: Sight, name: ast.Name | None) -> Iterator[Proposal]:
    """The statement that reads a name behind the one that sets it."""
    statement = sight.statement(name) if name is not None else None
    later = re.search(r"only in line (\d+)", sight.problem.message)
    function = sight.function
    if name is None or statement is None or not later or function is None:
        return
    setters = [sight.statement(each.node) for each in function.given(name.id)]
    setter = next((each for each in setters if each is not None and each.lineno == int(later[1])), None)
    if setter is not None and sight.indent(setter) == sight.indent(statement):
        label, end = sight.unit.label, statement.end_lineno or statement.lineno
        rows = tuple(sight.lines[statement.lineno - 1 : end])
        behind = (setter.end_lineno or setter.lineno) + 1
        edits = (Edit(label, statement.lineno, end, ()), Edit(label, behind, behind - 1, rows))
        yield Proposal(edits, 0.4, "misplaced", sight.problem.message)


def constant_index(sight: Sight) -> Iterator[Proposal]:
    """`grads[1] += grad` with what the loop counts in."""
    node = next((n for n in sight.nodes if isinstance(n, ast.Subscript) and code(n) == sight.named[0]), None)
    if node is not None and sight.meant:
        yield sight.change(0.3, "index", sight.instead(node, sight.meant))
