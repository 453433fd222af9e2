"""What was found of a subject, as findings: one short paragraph each, with the place in the learner's file."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from compare.checking.battery import Kind
from compare.checking.checks import Broken
from compare.checking.findings import Agreement, Finding
from compare.checking.judgement import Judgement
from compare.checking.places import place_of
from compare.checking.sandbox import StrangerError
from compare.checking.source import Definition, Document, Place, Severity
from compare.checking.trial import Outcome, Row
from compare.checking.where import where
from compare.locating.relations import relation
from compare.locating.tape import Tape


def findings(judgement: Judgement, document: Document) -> Iterator[Finding]:
    """All findings of one subject: exceptions, outputs, gradients, the contract."""
    kinds: tuple[tuple[Kind, Severity], ...] = (("core", "error"), ("edge", "warning"))
    for kind, severity in kinds:
        yield from _exceptions(judgement, document, kind, severity)
        yield from _numbers(judgement, kind, "forward", severity)
        # a gradient is not judged by the twin's where the outputs are others already
        if not any(row.grade == "off" for row in judgement.rows("outputs", "core")):
            yield from _numbers(judgement, kind, "backward", severity)
    yield from _not_derivative(judgement)
    for broken in judgement.broken:
        yield _contract(judgement, broken)


def agreements(judgement: Judgement, part: str) -> tuple[Agreement, ...]:
    """The tensors of a part, each the worst of the cases that every layer must take."""
    void = part == "grads" and any(row.grade == "off" for row in judgement.rows("outputs", "core"))
    return tuple(
        Agreement(row.name, row.wanted.shape, row.bits, row.grade != "off" and not void)
        for row in judgement.rows(part, "core")
    )


def exception(error: Exception, document: Document) -> tuple[str, Place | None]:
    """What an exception says, and the last line of the learner's that it went through."""
    if not isinstance(error, StrangerError):
        return f"{error}", None
    frames = [frame for frame in error.frames if frame.label in {unit.label for unit in document.units}]
    place = document.place(frames[-1].label, frames[-1].line, frames[-1].column) if frames else None
    return f"{error.type}: {error.message}" if error.type else error.message, place


def _exceptions(judgement: Judgement, document: Document, kind: Kind, severity: Severity) -> Iterator[Finding]:
    seen = set()
    for of, outcome in judgement.outcomes:
        if of != kind or outcome.error is None:
            continue
        message, place = exception(outcome.error, document)
        if (message.split("(")[0], place) in seen:
            continue
        seen.add((message.split("(")[0], place))
        definition = _definition(judgement, outcome.stage)
        case = "" if outcome.inputs.case.name == "seed 0" else f" with {outcome.inputs.case.name}"
        yield Finding(
            definition.name,
            outcome.stage,
            f"{_pass(judgement, outcome)} stops{case}: {message}",
            severity,
            place or place_of(definition, _method(judgement, outcome.stage), ""),
        )


def _numbers(judgement: Judgement, kind: Kind, method: str, severity: Severity) -> Iterator[Finding]:
    rows = judgement.rows("outputs" if method == "forward" else "grads", kind)
    definition = _definition(judgement, method)
    if kind == "edge":
        # what is off on plain numbers already says nothing more at the edges
        known = {
            row.name for row in judgement.rows("outputs", "core") + judgement.rows("grads", "core") if _off_grade(row)
        }
        rows = tuple(row for row in rows if row.name not in known)
    rounded = [row.name for row in rows if row.grade == "rounded"]
    for row in rows:
        if row.grade == "off":
            name = row.name
            yield Finding(
                definition.name,
                "values" if method == "forward" else "gradient",
                _off(judgement, row, _case(judgement, row)),
                severity,
                place_of(definition, _method(judgement, method), name, _slot(judgement, name)),
                name if method == "backward" else None,
            )
    if rounded and kind == "core":
        yield Finding(
            definition.name,
            "float32",
            f"{', '.join(rounded)}: about 24 of 53 bits are right, as where a float32 array holds a number on the way, "
            "or 1e-7 is added to it; what comes after is judged by that",
            "warning",
            place_of(definition, _method(judgement, method), rounded[0], _slot(judgement, rounded[0])),
            rounded[0] if method == "backward" else None,
        )


def _off_grade(row: Row) -> bool:
    return row.grade == "off"


def _off(judgement: Judgement, row: Row, case: str) -> str:
    shape = f"({', '.join(map(str, row.wanted.shape))}{',' * (row.wanted.ndim == 1)})"
    if row.note:
        return f"{row.name} {shape}: {row.note}{case}"
    if not np.isfinite(row.found).all():
        return f"{row.name} {shape}: holds {_first_bad(row)}{case}"
    arguments = {f"d{a.name}": a for a in judgement.trial.signature.arguments} | {
        o.name: o for o in judgement.trial.signature.outputs
    }
    axes = arguments[row.name].forms[0].axes
    place = (
        where(row.found, row.wanted, axes, 1e-6, judgement.trial.subject.role.gates)
        if len(axes) == row.wanted.ndim
        else ""
    )
    at = np.unravel_index(int(np.argmax(np.abs(row.found - row.wanted))), row.wanted.shape)
    index = f" at [{', '.join(str(int(i)) for i in at)}]" if at else ""
    seen = f"{index} it is {float(row.found[at]):.4g}, wanted {float(row.wanted[at]):.4g}"
    said = f"{row.name} {shape}: {row.bits:.0f} of 53 bits agree{case}{', ' + place if place else ''};{seen}"
    related = _related(judgement, row)
    return f"{said}. It {related}." if related else said


def _related(judgement: Judgement, row: Row) -> str:
    """How a wrong tensor stands to the one that was wanted; "" where that is not known."""
    inputs = next(o.inputs for _, o in judgement.outcomes if any(row is other for other in o.rows))
    with np.errstate(all="ignore"):
        tape = Tape.of(judgement.trial.pair(inputs.case), inputs)
        found = relation(row.found, row.wanted, tape, row.name.removeprefix("d"))
    return found.text if found else ""


def _first_bad(row: Row) -> str:
    bad = np.argwhere(~np.isfinite(row.found))
    at = tuple(int(i) for i in bad[0])
    return f"{row.found[at]}{f' at {list(at)}' if at else ''}, wanted {float(row.wanted[at]):.4g}"


def _case(judgement: Judgement, row: Row) -> str:
    """The case that shows it, unless the usual one does."""
    for _, outcome in judgement.outcomes:
        if any(row is other for other in outcome.rows):
            name = outcome.inputs.case.name
            return "" if name.startswith("seed") else f" with {name}"
    return ""


def _not_derivative(judgement: Judgement) -> Iterator[Finding]:
    if not judgement.derivative:
        return
    wrong = [name for name, right in judgement.derivative.items() if not right]
    definition = _definition(judgement, "backward")
    for name in wrong:
        yield Finding(
            definition.name,
            "own derivative",
            f"{name}: is not the derivative of this forward pass either, wrong as its values are",
            "error",
            place_of(definition, _method(judgement, "backward"), name, _slot(judgement, name)),
            name,
        )


def _contract(judgement: Judgement, broken: Broken) -> Finding:
    forward = any(broken.message.startswith(f"{o.name}:") for o in judgement.trial.signature.outputs)
    method = "forward" if forward else "backward"
    definition = _definition(judgement, method)
    place = place_of(definition, _method(judgement, method), broken.message.split()[0].rstrip(":"))
    return Finding(definition.name, broken.check, broken.message, broken.severity, place)


def _definition(judgement: Judgement, stage: str) -> Definition:
    subject = judgement.trial.subject
    return subject.backward if stage == "backward" and subject.backward else subject.forward


def _method(judgement: Judgement, stage: str) -> str:
    if judgement.trial.subject.role.protocol == "class":
        return {"constructor": "__init__"}.get(stage, stage)
    return _definition(judgement, stage).name


def _pass(judgement: Judgement, outcome: Outcome) -> str:
    if judgement.trial.subject.role.protocol != "class":
        return _definition(judgement, outcome.stage).name
    return "the constructor" if outcome.stage == "constructor" else outcome.stage


def _slot(judgement: Judgement, name: str) -> int | None:
    names = [f"d{a.name}" for a in judgement.trial.signature.params]
    return names.index(name) if name in names else None


def downgraded(finding: Finding) -> Finding:
    """What reading alone calls an error, where running shows right numbers: a warning."""
    return replace(finding, severity="warning") if finding.severity == "error" else finding
