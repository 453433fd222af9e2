"""A subject with what came of it; and the verdict on one that cannot be run."""

import ast
from dataclasses import dataclass

from compare.checking.findings import Finding, Verdict
from compare.checking.judgement import Judgement
from compare.checking.sandbox import StrangerError
from compare.checking.sentences import exception
from compare.checking.source import Document, Place
from compare.checking.subjects import Subject


@dataclass(frozen=True)
class Judged:
    """A subject with its judgement, or with the verdict that needed none."""

    subject: Subject
    verdict: Verdict
    judgement: Judgement | None = None
    blocked_by: str | None = None
    findings: tuple[Finding, ...] = ()


def dead(subject: Subject, error: StrangerError, document: Document) -> Judged:
    message, place = exception(error, document)
    said = f"{subject.name} cannot be made: {message}"
    return without_running(subject) or Judged(
        subject,
        "crashes",
        findings=(Finding(subject.name, "definition", said, "error", place or subject.forward.place),),
    )


def without_running(subject: Subject) -> Judged | None:
    """The verdict on what does not parse, is left blank or has no pass to run."""
    blank = [(d, name) for d in subject.definitions for name in d.blank]
    broken = [(d, name) for d in subject.definitions for name in d.broken]
    if broken:
        return Judged(subject, "unparsable")
    missing = _missing(subject)
    if blank or missing:
        said = [f"{name} is left blank" for _, name in blank] + [f"there is no {name}" for name in missing]
        place = blank[0][0].methods.get(blank[0][1]) if blank else None
        at = Place(subject.forward.place.cell, place.lineno, place.col_offset) if place else subject.forward.place
        finding = Finding(subject.name, "incomplete", f"{subject.name}: {'; '.join(said)}", "error", at)
        return Judged(subject, "incomplete", findings=(finding,))
    return None


def has_forward(subject: Subject) -> bool:
    """Whether the forward pass, and what makes the layer, can be run although the whole cannot be judged."""
    faulty = {*subject.forward.broken, *subject.forward.blank}
    if subject.role.protocol == "functions":
        return "forward" in subject.name and not faulty
    return "forward" in subject.forward.methods and not faulty & {"__init__", "forward"}


def _missing(subject: Subject) -> list[str]:
    """The passes that there are not; of a layer that keeps its state, what sets and resets it too."""
    if subject.role.protocol == "functions":
        other = {"forward": "backward", "backward": "forward"}
        way = "forward" if "forward" in subject.name else "backward"
        return [] if subject.backward else [subject.name.replace(way, other[way])]
    if subject.role.protocol == "loss function" or (
        isinstance(subject.forward.node, ast.ClassDef) and subject.forward.node.bases
    ):
        # what is inherited is seen when it runs
        return []
    keeps = subject.stateful and subject.role.signature.states and not subject.role.sizes
    wanted = ("forward", "backward", *(("set_state", "reset_state") if keeps else ()))
    return [name for name in wanted if name not in subject.forward.methods]
