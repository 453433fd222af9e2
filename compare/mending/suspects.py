"""Which lines to doubt first: those that an exception passed, and those that wrong numbers come from and right ones do
not."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from compare.checking.judgement import Judgement
from compare.checking.sandbox import StrangerError
from compare.checking.source import Definition, Document
from compare.checking.subjects import Subject
from compare.mending.callees import callees
from compare.mending.slicing import given, names_in, sliced, slot_of, too_early

# how much farther away than a call is what it calls, and what that calls
_CALLED = 0.15
_DEEPEST = 2


@dataclass(frozen=True)
class Suspects:
    """How much farther away a change is in each line; `elsewhere` is that of all other lines."""

    lines: dict[tuple[str, int], float] = field(default_factory=dict)
    elsewhere: float = 0.0

    def __call__(self, label: str, line: int) -> float:
        return self.lines.get((label, line), self.elsewhere)

    def closer(self, label: str, lines: Iterable[int], distance: float = 0.0) -> "Suspects":
        """The same with some lines at most so far away."""
        nearer = {(label, line): distance for line in lines if distance < self(label, line)}
        return Suspects({**self.lines, **nearer}, self.elsewhere) if nearer else self


def suspects(
    document: Document, subject: Subject, judgement: Judgement, helpers: Sequence[Definition] = ()
) -> Suspects:
    """What the first failing case tells; what is called in a line is nearly as near."""
    found = _suspects(document, subject, judgement, helpers)
    for definition in (*subject.definitions, *helpers):
        found = found.closer(document.unit(definition).label, too_early(definition.node), 0.1)
    for _ in range(_DEEPEST if found.elsewhere else 0):
        for call in callees(document, (*subject.definitions, *helpers)):
            found = found.closer(call.label, call.lines, found(*call.place) + _CALLED)
    return found


def _suspects(document: Document, subject: Subject, judgement: Judgement, helpers: Sequence[Definition]) -> Suspects:
    outcome = next((o for _, o in judgement.outcomes if o.error or any(r.grade != "agrees" for r in o.rows)), None)
    if outcome is None:
        return Suspects()
    if isinstance(outcome.error, StrangerError) and outcome.error.frames:
        return _of_exception(document, subject, outcome.error, helpers)
    if outcome.error is not None:
        return _of_stage(document, subject, {"constructor": "__init__"}.get(outcome.stage, outcome.stage))
    forward_off = any(row.grade == "off" for row in outcome.outputs)
    names = [o.name for o in judgement.trial.signature.outputs]
    rows = outcome.outputs if forward_off else outcome.grads
    if subject.role.protocol == "loss function":
        # it returns both at once
        rows, names = outcome.rows, [*names, *_gradients(judgement)]
    elif not forward_off:
        names = _gradients(judgement)
    off = {row.name for row in rows if row.grade != "agrees"}
    return _of_numbers(document, subject, names, off, forward_off, helpers)


def _of_stage(document: Document, subject: Subject, stage: str) -> Suspects:
    """Every line of the function that gave something that is no answer."""
    found = Suspects(elsewhere=1.2)
    for definition in subject.definitions:
        for function in definition.methods.values():
            if stage in function.name:
                lines = range(function.lineno, (function.end_lineno or function.lineno) + 1)
                found = found.closer(document.unit(definition).label, lines, 0.2)
                found = found.closer(document.unit(definition).label, _giving_back(function), 0.0)
    return found


def _gradients(judgement: Judgement) -> list[str]:
    """The gradients in the order in which they come back: of data, then of parameters."""
    signature = judgement.trial.signature
    states = [a for a in signature.data if a in signature.states]
    data = [a for a in signature.data if a.floats and (a not in states or not _is_class(judgement))]
    return [f"d{a.name}" for a in (*data, *signature.params)]


def _is_class(judgement: Judgement) -> bool:
    return judgement.trial.subject.role.protocol == "class"


def _of_exception(
    document: Document, subject: Subject, error: StrangerError, helpers: Sequence[Definition]
) -> Suspects:
    found = Suspects(elsewhere=1.2)
    for frame in error.frames:
        for definition in (*subject.definitions, *helpers):
            if document.unit(definition).label != frame.label:
                continue
            function = _around(definition, frame.line)
            if function is not None:
                end = function.end_lineno or function.lineno
                found = found.closer(frame.label, range(function.lineno, end + 2), 0.7)
                stopped = _whole(function, frame.line)
                read = {name for line in stopped for name in _read_at(function, line)}
                found = found.closer(frame.label, sliced(function, read), 0.4)
                found = found.closer(frame.label, {*given(function, read), *_loops(function, frame.line)}, 0.1)
                # what is unpacked of an attribute is what was packed into it
                read |= {name for line in given(function, read) for name in _read_at(function, line)}
                found = found.closer(frame.label, stopped, 0.0)
                found = _where_attributes_are_set(found, document, definition, read)
                if definition is subject.backward:
                    found = _where_the_cache_is_made(found, document, subject.forward)
    return found


def _where_attributes_are_set(found: Suspects, document: Document, of: Definition, read: set[str]) -> Suspects:
    """The lines of the other methods that give what is read of `self` its value."""
    attributes = {name for name in read if name.startswith("self.")}
    for function in of.methods.values() if attributes else ():
        found = found.closer(document.unit(of).label, given(function, attributes), 0.2)
    return found


def _where_the_cache_is_made(found: Suspects, document: Document, forward: Definition) -> Suspects:
    """The lines of a forward function that what it returns last comes from."""
    for function in forward.methods.values():
        for node in ast.walk(function):
            if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
                lines = sliced(function, set(names_in(node.value.elts[-1])))
                found = found.closer(document.unit(forward).label, {*lines, node.lineno}, 0.5)
    return found


def read_there(document: Document, subject: Subject, judgement: Judgement) -> frozenset[str]:
    """The attributes of `self` that the statement reads at which an exception stopped it."""
    error = next((o.error for _, o in judgement.outcomes if o.error), None)
    names: set[str] = set()
    for frame in error.frames if isinstance(error, StrangerError) else ():
        for definition in subject.definitions:
            if document.unit(definition).label == frame.label:
                function = _around(definition, frame.line)
                for line in _whole(function, frame.line) if function else ():
                    names |= {name for name in _read_at(function, line) if name.startswith("self.")}  # type: ignore[arg-type]
    return frozenset(names)


def _read_at(function: ast.FunctionDef, line: int) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.expr) and getattr(node, "lineno", 0) == line:
            yield from names_in(node)


def _of_numbers(
    document: Document, subject: Subject, names: list[str], off: set[str], forward: bool, helpers: Sequence[Definition]
) -> Suspects:
    found = Suspects(elsewhere=1.2)
    # a base class has passes too
    for definition in (*subject.definitions, *(each for each in helpers if each.kind == "class")):
        label = document.unit(definition).label
        for function in definition.methods.values():
            if subject.role.protocol != "loss function" and ("forward" in function.name) != forward:
                continue
            if function.name == "__init__":
                continue
            end = function.end_lineno or function.lineno
            found = found.closer(label, range(function.lineno, end + 2), 0.8)
            roots = _roots(function, names)
            if not roots and not forward:
                # one that hands on what others return
                found = found.closer(label, range(function.lineno, end + 2), 0.4)
            if not set(roots) & off:
                continue
            wrong = sliced(function, {n for name in off for n in roots.get(name, ())})
            right = sliced(function, {n for name, names_ in roots.items() if name not in off for n in names_})
            found = found.closer(label, wrong, 0.4).closer(label, wrong - right, 0.0)
            found = found.closer(label, _giving_back(function), 0.1)
        if not forward and subject.role.protocol != "loss function":
            found = found.closer(label, _kept(definition), 0.5)
    return found


def _kept(definition: Definition) -> Iterator[int]:
    """The lines of a forward pass that keep something for the backward pass: in an attribute, or as what comes last."""
    for function in definition.methods.values():
        for node in ast.walk(function) if "forward" in function.name else ():
            attribute = isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute)
            if attribute or (isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple)):
                yield from range(node.lineno, (node.end_lineno or node.lineno) + 1)  # type: ignore[attr-defined]


def _roots(function: ast.FunctionDef, names: list[str]) -> dict[str, set[str]]:
    """Of each output or gradient, the variables that it is returned in or written into its slot from."""
    found: dict[str, set[str]] = {}
    returned = [n.value for n in ast.walk(function) if isinstance(n, ast.Return) and n.value is not None]
    for value in returned[-1:]:
        elements = value.elts if isinstance(value, ast.Tuple) else [value]
        for name, element in zip(names, elements, strict=False):
            found.setdefault(name, set()).update(names_in(element))
    learned = [n for n in names if n not in found]
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            slot = slot_of(node.targets[0])
            if slot is not None and slot < len(learned):
                found.setdefault(learned[slot], set()).update({*names_in(node.value), f"grads[{slot}]"})
    return found


def _giving_back(function: ast.FunctionDef) -> set[int]:
    """The lines that return, and those that fill the slots of the gradients."""
    nodes = [n for n in ast.walk(function) if isinstance(n, ast.Return | ast.Assign)]
    return {n.lineno for n in nodes if isinstance(n, ast.Return) or slot_of(n.targets[0]) is not None}


def _around(definition: Definition, line: int) -> ast.FunctionDef | None:
    for function in definition.methods.values():
        if function.lineno <= line <= (function.end_lineno or function.lineno):
            return function
    return None


def _loops(function: ast.FunctionDef, line: int) -> set[int]:
    """The headers of the loops that a line is in: what counts may count wrongly."""
    loops = [n for n in ast.walk(function) if isinstance(n, ast.For | ast.While)]
    return {n.lineno for n in loops if n.lineno < line <= (n.end_lineno or n.lineno)}


def _whole(function: ast.FunctionDef, line: int) -> range:
    """The lines of the innermost statement that a line belongs to."""
    around = [n for n in ast.walk(function) if isinstance(n, ast.stmt) and n.lineno <= line <= (n.end_lineno or 0)]
    node = min(around, key=lambda n: (n.end_lineno or n.lineno) - n.lineno)
    last = node.body[0].lineno - 1 if isinstance(node, ast.For | ast.If) else node.end_lineno or node.lineno
    return range(node.lineno, max(last, node.lineno) + 1)
