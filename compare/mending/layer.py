"""One layer mended: edits found one after the other until the whole battery agrees."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from compare.cases import sizes
from compare.checking.findings import PASSING, Verdict
from compare.checking.judged import without_running
from compare.checking.judgement import Judgement, judge_subject, poisoned
from compare.checking.reading import UnreadableError
from compare.checking.sandbox import Session, StrangerError
from compare.checking.settings import Settings
from compare.checking.source import Problem
from compare.checking.subjects import Subject, subjects
from compare.inputs import Case
from compare.locating.blame import FirstWrong
from compare.mending import known
from compare.mending.attempts import NOWHERE, Attempts
from compare.mending.edit import Proposal
from compare.mending.edits import proposals
from compare.mending.locate import located
from compare.mending.manuscript import Manuscript
from compare.mending.search import Budget, Found, found, shapes_of
from compare.mending.suspects import read_there, suspects

# more mistakes than that in one layer are no slips
_DEEPEST = 10
_WIDTH = 2
# how much nearer a change is in the first line whose value is nowhere on the tape
_BLAMED = -0.8


@dataclass(frozen=True)
class Step:
    """One mistake mended: the manuscript before, the edits, and what showed it: a judgement, or a problem read off.

    `known` says what the learner's variables are, as far as their values are on the tape.
    """

    symbol: str
    proposal: Proposal
    before: Manuscript
    judgement: Judgement | None = None
    problem: Problem | None = None
    known: Mapping[str, str] = field(default_factory=dict)

    @property
    def after(self) -> Manuscript:
        return self.before.edited(self.proposal.edits)


@dataclass(frozen=True)
class Workshop:
    """What does not change while one layer is mended; `wanted` are the verdicts that are good enough.

    `doubts` are the places where it was seen to go wrong, the first one first.
    """

    name: str
    settings: Settings
    budget: Budget
    replaced: Mapping[str, str] = field(default_factory=dict)
    wanted: tuple[Verdict, ...] = PASSING
    doubts: list[FirstWrong] = field(default_factory=list)

    def subject(self, manuscript: Manuscript) -> Subject | None:
        """The layer in a manuscript; None where it is not there any more."""
        every = subjects(manuscript.document, self.settings.like, self.settings.pairs)
        return next((subject for subject in every if subject.name == self.name), None)

    def session(self, manuscript: Manuscript, poison: bool = False) -> Session:
        """A process with the manuscript's definitions.

        Raises StrangerError.
        """
        limits = replace(self.settings.limits, call_seconds=min(2.0, self.settings.limits.call_seconds), cpu_seconds=60)
        document = manuscript.document
        return Session(document.units, document.modules, limits, replaced=self.replaced, poison=poison)

    def judged(self, manuscript: Manuscript) -> Judgement | None:
        """The layer's judgement by the whole battery; None where there is nothing to judge, or no process."""
        try:
            subject = self.subject(manuscript)
            if subject is None or without_running(subject):
                return None
            with self.session(manuscript) as session, np.errstate(all="ignore"):
                judgement = judge_subject(subject, session)
            if judgement.verdict in PASSING and "empty" in subject.text:
                with self.session(manuscript, poison=True) as session, np.errstate(all="ignore"):
                    judgement = replace(judgement, broken=(*judgement.broken, *poisoned(judgement, session)))
            return judgement
        except (StrangerError, UnreadableError):
            return None

    def helps(self, manuscript: Manuscript, proposal: Proposal, judgement: Judgement) -> bool:
        """Whether more of a layer is right after a proposal; or as much, if it stops before it comes there."""
        subject = self.subject(manuscript)
        try:
            with self.session(manuscript) as session, np.errstate(all="ignore"):
                attempts = Attempts(manuscript.document, subject, judgement, session) if subject else None
                if attempts is None:
                    return False
                before, after = attempts.score(()), attempts.score(proposal.edits)
                lines = {line for edit in proposal.edits for line in range(edit.first, edit.first + len(edit.new))}
                unreached = 0 < after.reached[1] < NOWHERE and after.reached[1] not in lines
                return after > before or (after == before and unreached)
        except StrangerError:
            return False

    def proven(self, manuscript: Manuscript) -> Verdict | None:
        """The verdict on a layer that passes the whole battery, and other inputs; None on one that does not."""
        judgement = self.judged(manuscript)
        if judgement is None or judgement.verdict not in self.wanted:
            return None
        trial = judgement.trial
        try:
            with self.session(manuscript) as session, np.errstate(all="ignore"):
                again = replace(trial, session=session)
                cases = (Case("proof", sizes(trial.signature), seed) for seed in (101, 202))
                off = any(row.grade == "off" for case in cases for row in again.run(case).rows)
                return None if off else judgement.verdict
        except StrangerError:
            return None


def mended(workshop: Workshop, manuscript: Manuscript, judgement: Judgement, depth: int = _DEEPEST) -> tuple[Step, ...]:
    """The steps that make the layer right; () where none were found."""
    if depth == 0 or workshop.budget.spent:
        return ()
    tried, known = _tried(workshop, manuscript, judgement)
    for each in tried:
        step = Step(workshop.name, each.proposal, manuscript, judgement, known=known)
        if each.score.right:
            return (step,)
        after = step.after
        next_judgement = workshop.judged(after)
        if next_judgement is None:
            continue
        rest = mended(workshop, after, next_judgement, depth - 1)
        if rest:
            return (step, *rest)
    return ()


def _tried(workshop: Workshop, manuscript: Manuscript, judgement: Judgement) -> tuple[list[Found], Mapping[str, str]]:
    """The proposals that help, the best first; and what the variables are."""
    subject = workshop.subject(manuscript)
    if subject is None:
        return [], {}
    document = manuscript.document
    poison = any(broken.check == "uninitialised" for broken in judgement.broken)
    with workshop.session(manuscript, poison) as session, np.errstate(all="ignore"):
        attempts = Attempts(document, subject, judgement, session)
        before, records = attempts.measured()
        where = located(attempts, records)
        doubted, about = suspects(document, subject, judgement), read_there(document, subject, judgement)
        if where.wrong:
            workshop.doubts.append(where.wrong)
            doubted = doubted.closer(where.wrong.record.label, [where.wrong.record.line], _BLAMED)
        offered = [*_read_off(manuscript, subject), *proposals(document, subject, doubted, shapes_of(records), about)]

        def prove(proposal: Proposal) -> Verdict | None:
            return workshop.proven(manuscript.edited(proposal.edits))

        helping = list(found(attempts, offered, before, workshop.budget, prove))[:_WIDTH]
        return helping, where.names


def _read_off(manuscript: Manuscript, subject: Subject) -> Iterator[Proposal]:
    """What reading proposes for the problems that it sees in the layer."""
    names = {definition.name for definition in subject.definitions}
    for problem in manuscript.problems:
        if problem.symbol in names and problem.severity != "note":
            yield from known.proposals(manuscript.document, problem)


def budget(seconds: float) -> Budget:
    """So many seconds from now."""
    return Budget(time.monotonic() + seconds)
