"""Checks put in where a layer takes what it should refuse, in the learner's layout."""

import ast
from collections.abc import Iterator

from compare.checking.static.parts import Function
from compare.checking.static.tree import code, elements
from compare.mending.edit import Edit, Proposal
from compare.mending.known.sight import Piece, Sight


def values(sight: Sight) -> Iterator[Proposal]:
    """NaN and infinity refused."""
    data = sight.named[0]
    yield from _before(sight, f"not np.isfinite({data}).all()", f'ValueError("{data} holds a NaN or an infinity")')


def ids(sight: Sight) -> Iterator[Proposal]:
    """Ids that are no row of the weights refused."""
    data = sight.named[0]
    outside = f"{data}.min() < 0 or {data}.max() >= len(self.params[0])"
    yield from _before(sight, outside, f'ValueError("{data} holds an id that is not 0 <= id < V")')


def early_backward(sight: Sight) -> Iterator[Proposal]:
    """A backward pass before any forward pass refused."""
    yield from _before(sight, f"{sight.named[0]} is None", 'RuntimeError("call forward before backward")')


def carried_state(sight: Sight) -> Iterator[Proposal]:
    """A carried state of another batch size refused."""
    state, data = sight.named[0], sight.named[1]
    rows = "N" if sight.function and "N" in sight.function.scope.bindings else f"len({data})"
    said = f'ValueError("the carried state and {data} differ in their rows: call reset_state or set_state first")'
    yield from _behind(sight, f"len({state}) != {rows}", said)


def steps(sight: Sight) -> Iterator[Proposal]:
    """An upstream gradient of another length refused."""
    length, data = sight.named[0], sight.named[1]
    yield from _behind(
        sight, f"{length} != len(self.layers)", f'ValueError("{data} has not the steps that forward had")'
    )


def one_hot(sight: Sight) -> Iterator[Proposal]:
    """Rows that are not one-hot refused."""
    data = sight.named[0]
    refused = f"not (np.isin({data}, (0, 1)).all() and ({data}.sum(axis=-1) == 1).all())"
    yield from _before(sight, refused, f'ValueError("a row of {data} is not one-hot")')


def labels(sight: Sight) -> Iterator[Proposal]:
    """Labels that are neither a class nor ignored refused."""
    ts, mask = sight.named[0], sight.named[1]
    function = sight.function
    if function is None:
        return
    classes = "V" if "V" in function.scope.bindings else f"{function.parameters[0]}.shape[-1]"
    refused = f"np.any({mask} & (({ts} < 0) | ({ts} >= {classes})))"
    yield from _behind(sight, refused, f'ValueError("{ts} holds a label that is no class, and not the one to ignore")')


def kept_twice(sight: Sight) -> Iterator[Proposal]:
    """`self.W` taken out: whoever reads it takes it from the parameters."""
    statement = _statement(sight)
    owner = sight.function.owner if sight.function else None
    if statement is None or owner is None:
        return
    name = sight.named[0].removeprefix("self.")
    params = [code(each) for each in owner.lists("params") or ()]
    pieces: list[Piece] = []
    unpacked: list[Edit] = []
    for function in owner.methods.values():
        reads = [node for node in function.own if function.attribute(node) == name and node.lineno != statement.lineno]
        if not reads:
            continue
        bound = _unpacks(function)
        free = bound or not set(params) & set(function.scope.bindings)
        new = params[int(sight.named[1].rstrip("]").rpartition("[")[2])] if free else sight.named[1]
        pieces += [sight.instead(node, new) for node in reads]
        first = sight.top(reads[0]) or function.node.body[0]
        if free and not bound:
            at = function.node.body[0].lineno
            names = ", ".join(params) if len(params) > 1 else f"({params[0]},)"
            unpacked.append(Edit(sight.unit.label, at, at - 1, (f"{sight.indent(first)}{names} = self.params",)))
    gone = Edit(sight.unit.label, statement.lineno, statement.end_lineno or 0, ())
    yield Proposal((gone, *unpacked, *sight.edits(*pieces)), 0.4, "unchecked", sight.problem.message)


def _unpacks(function: Function) -> bool:
    """Whether a method takes the parameters out of their list by their names."""
    return any(
        function.attribute(value) == "params" and elements(target) is not None
        for target, value, _ in function.assignments
    )


def _statement(sight: Sight) -> ast.stmt | None:
    return next((node for node in sight.nodes if isinstance(node, ast.stmt)), None)


def _before(sight: Sight, refused: str, error: str) -> Iterator[Proposal]:
    statement = _statement(sight)
    if statement is not None:
        yield _refusal(sight, statement, statement.lineno, refused, error)


def _behind(sight: Sight, refused: str, error: str) -> Iterator[Proposal]:
    statement = _statement(sight)
    if statement is not None:
        yield _refusal(sight, statement, (statement.end_lineno or statement.lineno) + 1, refused, error)


def _refusal(sight: Sight, beside: ast.stmt, at: int, refused: str, error: str) -> Proposal:
    indent = sight.indent(beside)
    function = sight.function
    outer = sight.indent(function.node) if function else ""
    # one step further in, as far as the method is from its class
    step = sight.indent(function.node.body[-1])[len(outer) :] if function else "    "
    rows = [f"{indent}if {refused}:", f"{indent}{step}raise {error}"]
    return sight.lines_in(at, rows, 0.3, "unchecked")
