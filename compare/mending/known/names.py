"""Names that nothing has set: the nearest that something has, or what they were to be."""

import ast
import builtins
import re
from collections.abc import Iterable, Iterator

from compare.checking.static.mixups import FALLEN
from compare.checking.static.nearest import distance, nearest, tolerance
from compare.checking.static.tree import code, names_in
from compare.checking.static.vocabulary import is_gradient
from compare.mending.edit import Proposal
from compare.mending.known.definitions import defined
from compare.mending.known.sight import Sight


def undefined_name(sight: Sight) -> Iterator[Proposal]:
    """Renamed, taken out of `self`, joined by a dot, or moved into the method, as the message says."""
    name = next((node for node in sight.nodes if isinstance(node, ast.Name)), None)
    if name is None:
        return
    if FALLEN in sight.problem.message:
        yield from outside(sight)
    elif "The loop in line" in sight.problem.message:
        yield from _counter(sight, name)
    elif "meant as a dot" in sight.problem.message:
        line, column = sight.span(name)[0]
        comma = re.search(r"\s*,\s*$", sight.lines[line - 1][:column])
        if comma:
            yield sight.change(0.5, "call", ((line, comma.start()), (line, column), "."))
    elif "no parameter of that name" in sight.problem.message:
        yield from _without_self(sight)
    elif sight.meant.startswith("self."):
        yield sight.change(0.5, "name", *(sight.instead(read, sight.meant) for read in reads_of(sight, name.id)))
    elif sight.function is not None:
        yield from _mistyped_where_set(sight, name.id)
        if "never computed" in sight.problem.message:
            return
        yield from _unpacked(sight, name.id)
        for i, near in enumerate(_near(sight, name)):
            yield sight.change(0.5 + 0.3 * i, "name", *(sight.instead(read, near) for read in reads_of(sight, name.id)))
        yield from defined(sight, name.id, 0.4)


def _mistyped_where_set(sight: Sight, name: str) -> Iterator[Proposal]:
    """`Wx, hW, b = self.params` where Wh is read, and hW nowhere."""
    names = [node for node in (sight.function.own if sight.function else ()) if isinstance(node, ast.Name)]
    read = {node.id for node in names if isinstance(node.ctx, ast.Load)}
    # what is written more than once is no slip itself
    usual = sum(name in function.scope.bindings for function in sight.file.functions) + len(reads_of(sight, name)) > 1
    cost = 0.25 if usual else 0.55
    for other in slips_of(name, {node.id for node in names} - read):
        # dWx is no slip for dWh, but another gradient
        if sorted(other.lower()) == sorted(name.lower()) or not is_gradient(name):
            set_here = (node for node in names if node.id == other)
            yield sight.change(cost, "name", *(sight.instead(node, name) for node in set_here))


def _unpacked(sight: Sight, name: str) -> Iterator[Proposal]:
    """`Wx, Wh, b = self.params` at the top of a method that lacks it, as another one has it."""
    function = sight.function
    owner = function.owner if function else None
    if function is None or owner is None:
        return
    top = next((each for each in function.node.body if not isinstance(each, ast.Expr)), function.node.body[0])
    for method in owner.methods.values():
        for node in method.own:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple) and method is not function:
                lists = code(node.value) in ("self.params", "self.grads")
                if lists and name in {each.id for each in names_in(node.targets[0])}:
                    yield sight.lines_in(top.lineno, [sight.indent(top) + code(node)], 0.3, "cache")
                    return


def _near(sight: Sight, name: ast.Name) -> Iterator[str]:
    """What was probably meant, and after that the names nearest to it in the function."""
    bound = sight.function.scope.bindings if sight.function else {}
    # of one letter everything is near, but not in upper and lower case; a function of Python's is called
    called = isinstance(sight.function.parents.get(name), ast.Call) if sight.function else True
    meant = "" if hasattr(builtins, sight.meant) and not called else sight.meant
    first = [meant] if meant else [each for each in bound if each.lower() == name.id.lower()]
    yield from dict.fromkeys([*first, *slips_of(name.id, bound)][:3])


def slips_of(name: str, known: Iterable[str]) -> list[str]:
    """The names that one may be a slip for: with letters exchanged first, then the nearest."""
    steps = {each: distance(name, each) for each in known if each != name and abs(len(each) - len(name)) < 3}
    near = [each for each, many in steps.items() if many <= tolerance(name)]
    return sorted(near, key=lambda each: (sorted(each) != sorted(name), steps[each]))


def reads_of(sight: Sight, name: str) -> list[ast.Name]:
    return sight.function.reads(name) if sight.function else []


def _counter(sight: Sight, name: ast.Name) -> Iterator[Proposal]:
    """The loop counts in what its body reads, or the body reads what the loop counts in."""
    loop = next((each for each in sight.loops(name) if isinstance(each.target, ast.Name)), None)
    if loop is None or not isinstance(loop.target, ast.Name):
        return
    yield sight.change(0.4, "loop", sight.instead(loop.target, name.id))
    inside = [each for part in loop.body for each in names_in(part) if each.id == name.id]
    yield sight.change(0.8, "loop", *(sight.instead(each, loop.target.id) for each in inside))


def _without_self(sight: Sight) -> Iterator[Proposal]:
    """`self` as the first parameter: in the place of one that is near to it, or before all others."""
    args = sight.function.node.args.args if sight.function else []
    if sight.function is None:
        return
    if args and (nearest(args[0].arg, ["self"]) or args[0].arg == "this"):
        yield sight.change(0.4, "name", sight.instead(args[0], "self"))
    yield from with_self(sight, 0.6)


def with_self(sight: Sight, cost: float = 0.4) -> Iterator[Proposal]:
    """A method that gets its object: `def reset_state(self):`."""
    function = sight.function
    if function is None:
        return
    line = function.node.lineno
    opened = sight.lines[line - 1].find("(") + 1
    if opened:
        comma = ", " if function.node.args.args or function.node.args.vararg else ""
        yield sight.change(cost, "name", ((line, opened), (line, opened), f"self{comma}"))


def outside(sight: Sight) -> Iterator[Proposal]:
    """The lines of a class body below a method, up to the next one, as lines of that method."""
    owner = next((each.node for each in sight.file.classes.values() if each.name == sight.problem.symbol), None)
    line = sight.problem.place.line
    body = owner.body if owner else []
    index = next((i for i, each in enumerate(body) if each.lineno <= line <= (each.end_lineno or 0)), None)
    if index is None:
        return
    start = index
    while start and not isinstance(body[start], ast.FunctionDef):
        start -= 1
    end = index
    while end + 1 < len(body) and not isinstance(body[end + 1], ast.FunctionDef | ast.ClassDef):
        end += 1
    method = body[start]
    if isinstance(method, ast.FunctionDef):
        old, new = sight.indent(body[start + 1]), sight.indent(method.body[-1])
        last = body[end].end_lineno or 0
        yield sight.moved(body[start + 1].lineno, last, old, new, 0.4, "indentation")
