"""One subject judged: its outcomes on all cases, the parts of the contract that it breaks, and the verdict."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from compare.blame import hand_forward
from compare.cases import sizes
from compare.checking.battery import Kind, contract, numbers, worst
from compare.checking.calls import NoSuchMethodError
from compare.checking.checks import Broken
from compare.checking.findings import PASSING, Verdict
from compare.checking.sandbox import Session, StrangerError
from compare.checking.settling import settled
from compare.checking.subjects import Subject
from compare.checking.trial import STRANGE, Outcome, Row, Trial
from compare.derivative import along
from compare.inputs import Case


@dataclass(frozen=True)
class Judgement:
    """What was found of a subject; `derivative` says of each gradient whether it is that of a wrong forward pass."""

    trial: Trial
    outcomes: tuple[tuple[Kind, Outcome], ...] = ()
    broken: tuple[Broken, ...] = ()
    derivative: dict[str, bool] = field(default_factory=dict)

    def rows(self, part: str, kind: Kind) -> tuple[Row, ...]:
        """The worst row of every tensor over the cases of a kind; part: "outputs" or "grads"."""
        found: dict[str, list[Row]] = {}
        for of, outcome in self.outcomes:
            for row in getattr(outcome, part) if of == kind else ():
                found.setdefault(row.name, []).append(row)
        return tuple(worst(rows) for rows in found.values())

    def errors(self, kind: Kind, *stages: str) -> list[Outcome]:
        """The outcomes that ended with an exception in one of the stages."""
        return [o for of, o in self.outcomes if of == kind and o.error and o.stage in stages]

    @property
    def forward_verdict(self) -> Verdict:
        return self._verdict("outputs", ("constructor", "forward"))

    @property
    def backward_verdict(self) -> Verdict:
        """That of the gradients; where the forward pass is off, by the derivative of that forward pass."""
        if any(row.grade == "off" for row in self.rows("outputs", "core")) and self.derivative:
            return "blocked" if all(self.derivative.values()) else "wrong"
        return self._verdict("grads", ("backward",))

    @cached_property
    def verdict(self) -> Verdict:
        """The worst of both passes and of the contract."""
        if any(_not_there(outcome.error) for _, outcome in self.outcomes) or self._gives_nothing():
            return "incomplete"
        forward, backward = self.forward_verdict, self.backward_verdict
        if "crashes" in (forward, backward) or any(b.raised and b.severity == "error" for b in self.broken):
            return "crashes"
        if "wrong" in (forward, backward) or any(b.severity == "error" for b in self.broken):
            return "wrong"
        breaks = any(b.severity == "warning" for b in self.broken)
        return "fragile" if breaks or "fragile" in (forward, backward) else "correct"

    def _gives_nothing(self) -> bool:
        """Whether a backward function returns as many values as it should, and each of them None."""
        grads = self.rows("grads", "core")
        functions = self.trial.subject.role.protocol == "functions"
        return functions and bool(grads) and all(row.found is None for row in grads)

    def _verdict(self, part: str, stages: tuple[str, ...]) -> Verdict:
        ended = self.errors("core", *stages)
        if ended:
            return "incomplete" if any(_not_there(outcome.error) for outcome in ended) else "crashes"
        core, edge = self.rows(part, "core"), self.rows(part, "edge")
        if any(row.grade == "off" for row in core):
            return "wrong"
        if self.errors("edge", *stages) or any(row.grade != "agrees" for row in (*core, *edge)):
            return "fragile"
        return "correct"


def judge_forward(subject: Subject, session: Session) -> Judgement:
    """The forward pass alone, of a subject whose backward pass is not there to be judged."""
    trial = settled(subject, session, keeps_state(subject))
    return Judgement(trial, tuple(numbers(trial, forward_only=True)))


def judge_subject(subject: Subject, session: Session) -> Judgement:
    """The whole battery; what ends the layer ends no check of another kind."""
    trial = settled(subject, session, keeps_state(subject))
    judgement = Judgement(trial, tuple(numbers(trial)))
    first = judgement.outcomes[0][1]
    if any(row.grade == "off" and not row.note for row in first.outputs) and first.grads:
        judgement = replace(judgement, derivative=_own_derivative(trial, first))
    if not judgement.errors("core", "constructor", "forward", "backward"):
        judgement = replace(judgement, broken=tuple(contract(trial, judgement.verdict in PASSING)))
    return judgement


def poisoned(judgement: Judgement, session: Session) -> Iterator[Broken]:
    """Whether anything changes where the memory that NumPy has not written yet is full of numbers that are none."""
    trial = replace(judgement.trial, session=session)
    outcome = trial.run(Case("seed 0", sizes(trial.signature)))
    for row in outcome.rows:
        if row.grade == "off" and not np.isfinite(np.asarray(row.found, float)).all():
            message = f"{row.name} holds what stood in memory before: np.empty is read before it is written"
            yield Broken("uninitialised", message, "error")


def keeps_state(subject: Subject) -> bool:
    """Whether a class can begin from a state: by an option and by `set_state`, or because a function is given it."""
    if subject.role.protocol != "class" or subject.role.exact:
        return True
    named = any("set_state" in d.methods for d in subject.definitions)
    return bool(subject.stateful) and (named or not subject.role.sizes)


def _own_derivative(trial: Trial, outcome: Outcome) -> dict[str, bool]:
    """Of every gradient, whether it is the derivative of the stranger's own forward pass, right or not."""
    rng = np.random.default_rng(0)
    found = {}
    forward = hand_forward(trial.pair(outcome.inputs.case))
    for row in outcome.grads:
        if row.note:
            continue
        grad = np.asarray(row.found, np.longdouble)
        direction = rng.choice([-1.0, 1.0], grad.shape) / (
            (float(np.abs(grad).max(initial=0)) or 1.0) * max(grad.size, 1)
        )
        try:
            slope = along(forward, outcome.inputs, {row.name[1:]: direction})
        except (*STRANGE, FloatingPointError, OverflowError):
            continue
        found[row.name] = abs(slope.value - float(np.sum(grad * direction))) <= max(1e-6, 10 * slope.accuracy)
    return found


def was_ended(judgement: Judgement) -> bool:
    """Whether the process had to be ended, or ended itself."""
    errors = [outcome.error for _, outcome in judgement.outcomes]
    return any(isinstance(error, StrangerError) and error.kind != "exception" for error in errors)


def _not_there(error: Exception | None) -> bool:
    """Whether a pass that was called is not there, or says of itself that it is not written yet."""
    if not isinstance(error, StrangerError):
        return isinstance(error, NoSuchMethodError)
    missing = error.type == "AttributeError" and not error.frames
    return error.type == "NotImplementedError" or missing
