"""The statement at which a layer goes wrong: its run recorded, its values looked up on the tape of the twin."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from compare.checking.sandbox import Recorded
from compare.checking.source import Document
from compare.checking.subjects import Subject
from compare.locating.blame import FirstWrong
from compare.locating.first_wrong import first_wrong
from compare.locating.recorded import Record, recognised
from compare.locating.tape import Tape
from compare.mending.attempts import Attempts


@dataclass(frozen=True)
class Located:
    """Where it goes wrong, if that is known; what the learner's variables are, by function and name; and the tape."""

    wrong: FirstWrong | None = None
    known: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    tape: Tape | None = None

    @property
    def names(self) -> dict[str, str]:
        """What each variable is; of a name in both passes, what it is in the backward one."""
        ordered = sorted(self.known, key=lambda function: "backward" in function)
        return {name: said for function in ordered for name, said in self.known[function].items()}


def located(attempts: Attempts, recorded: Sequence[Recorded]) -> Located:
    """What the records of a run tell, on the first case that failed; nothing where they cannot be made sense of."""
    reference = attempts.references[0]
    subject = attempts.subject
    try:
        with np.errstate(all="ignore"):
            tape = Tape.of(reference.pair, reference.inputs, attempts.trial.convention)
            firsts, reads = _statements(attempts.document, subject)
            records = _records(recorded, firsts)
            seen = recognised(records, tape, reads)
            wrong = first_wrong(records, tape, reads, _wrong(attempts))
    except (ValueError, TypeError, IndexError, KeyError, ZeroDivisionError, FloatingPointError):
        # a learner's values may be anything
        return Located()
    if wrong and "forward" in wrong.record.function and _forward_is_right(attempts):
        wrong = None
    known: dict[str, dict[str, str]] = {}
    for each in seen:
        if each.match:
            known.setdefault(each.record.function, {}).setdefault(each.record.name, each.match.said)
    return Located(wrong, known, tape)


def _forward_is_right(attempts: Attempts) -> bool:
    outcome = attempts.judgement.outcomes[0][1]
    return bool(outcome.outputs) and all(row.grade == "agrees" for row in outcome.outputs)


def _wrong(attempts: Attempts) -> list[str]:
    """The arguments of the twin whose gradients came out wrong."""
    rows = [row for _, outcome in attempts.judgement.outcomes[:1] for row in outcome.grads]
    return [row.name[1:] for row in rows if row.grade == "off"]


def _records(recorded: Sequence[Recorded], firsts: Mapping[tuple[str, int], int]) -> list[Record]:
    return [
        Record(r.function, r.label, firsts.get((r.label, r.line), r.line), r.name, np.asarray(r.value), order, r.call)
        for order, r in enumerate(recorded)
        if (r.label, r.line) in firsts
    ]


Lines = dict[tuple[str, int], int]
Names = dict[tuple[str, int], frozenset[str]]


def _statements(document: Document, subject: Subject) -> tuple[Lines, Names]:
    """For each line of the subject the first line of its statement; and the names that each statement reads."""
    firsts: Lines = {}
    reads: Names = {}
    for definition in subject.definitions:
        label = document.unit(definition).label
        for node in ast.walk(definition.node):
            if isinstance(node, ast.FunctionDef):
                start = node.body[0].lineno
                firsts |= {(label, line): node.lineno for line in range(node.lineno, start)}
            elif isinstance(node, ast.stmt) and not isinstance(node, ast.ClassDef):
                body = getattr(node, "body", None)
                last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
                firsts |= {(label, line): node.lineno for line in range(node.lineno, max(last, node.lineno) + 1)}
                header = node.iter if isinstance(node, ast.For) else node
                reads[label, node.lineno] = frozenset(_loaded(header))
    return firsts, reads


def _loaded(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load):
            yield each.id
        elif isinstance(each, ast.AugAssign) and isinstance(each.target, ast.Name):
            yield each.target.id
        elif isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
            yield f"{each.value.id}.{each.attr}"
