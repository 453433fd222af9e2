"""What does not change while one layer is mended: its processes, and what every text of it was judged to be."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from compare.cases import sizes
from compare.checking.checks import Broken
from compare.checking.findings import PASSING, Verdict
from compare.checking.judged import without_running
from compare.checking.judgement import Judgement, judge_subject, poisoned
from compare.checking.reading import UnreadableError
from compare.checking.sandbox import Session, StrangerError
from compare.checking.settings import Settings
from compare.checking.source import Definition, Document
from compare.checking.subjects import Subject, subjects
from compare.inputs import Case
from compare.locating.blame import FirstWrong
from compare.mending.attempts import NOWHERE, Attempts
from compare.mending.edit import Proposal
from compare.mending.helpers import helpers
from compare.mending.manuscript import Manuscript
from compare.mending.search import LONGEST_CALL, Budget
from compare.mending.spelling import Typed

# the inputs that prove what was found on others
_PROOF = (101, 202)


@dataclass(frozen=True)
class Judged:
    """What a layer was judged to be, and whether the inputs of the proof agree too."""

    judgement: Judgement
    holds: bool


Memory = dict[tuple[str, ...], Judged | None]


@dataclass(frozen=True)
class Workshop:
    """Where one layer is mended; `wanted` are the verdicts that are good enough.

    `doubts` are the places where it was seen to go wrong, the first one first; `memory` has what was judged before;
    `right` are the layers that are; `typed` is what did not parse at first.
    """

    name: str
    settings: Settings
    budget: Budget
    replaced: Mapping[str, str] = field(default_factory=dict)
    wanted: tuple[Verdict, ...] = PASSING
    doubts: list[FirstWrong] = field(default_factory=list)
    memory: Memory = field(default_factory=dict)
    right: frozenset[str] = frozenset()
    typed: tuple[Typed, ...] = ()

    def subject(self, manuscript: Manuscript) -> Subject | None:
        """The layer in a manuscript; None where it is not there any more."""
        every = subjects(manuscript.document, self.settings.like, self.settings.pairs)
        return next((subject for subject in every if subject.name == self.name), None)

    def helpers(self, manuscript: Manuscript) -> list[Definition]:
        """What may be wrong outside of the layer: no layer that is right needs it."""
        every = subjects(manuscript.document, self.settings.like, self.settings.pairs)
        subject = self.subject(manuscript)
        return helpers(manuscript.document, subject, every, self.right) if subject else []

    def session(self, manuscript: Manuscript, poison: bool = False, seconds: float = LONGEST_CALL) -> Session:
        """A process with the manuscript's definitions, in which a call may take so many seconds.

        Raises StrangerError.
        """
        limits = replace(
            self.settings.limits, call_seconds=min(seconds, self.settings.limits.call_seconds), cpu_seconds=60
        )
        document = manuscript.document
        return Session(document.units, document.modules, limits, replaced=self.replaced, poison=poison)

    def judged(self, manuscript: Manuscript) -> Judgement | None:
        """The layer's judgement by the whole battery; None where there is nothing to judge, or no process."""
        found = self._judged(manuscript)
        return found.judgement if found else None

    def remember(self, manuscript: Manuscript, judgement: Judgement) -> None:
        """What a layer was judged to be elsewhere."""
        subject = self.subject(manuscript)
        if subject:
            self.memory[self._key(manuscript, subject)] = Judged(judgement, judgement.verdict in PASSING)

    def proven(self, manuscript: Manuscript) -> Verdict | None:
        """The verdict on a layer that passes the whole battery, and other inputs; None on one that does not."""
        found = self._judged(manuscript)
        verdict = found.judgement.verdict if found and found.holds else None
        return verdict if verdict in self.wanted else None

    def helps(self, manuscript: Manuscript, proposal: Proposal, judgement: Judgement) -> bool:
        """Whether more of a layer is right after a proposal; or as much, if it stops before it comes there."""
        subject = self.subject(manuscript)
        try:
            with self.session(manuscript) as session, np.errstate(all="ignore"):
                if subject is None:
                    return False
                attempts = Attempts(manuscript.document, subject, judgement, session, self.helpers(manuscript))
                before, after = attempts.score(()), attempts.score(proposal.edits)
                lines = {line for e in proposal.edits for line in range(e.first, max(e.first, e.last) + 1)}
                unreached = 0 < after.reached[1] < NOWHERE and after.reached[1] not in lines
                return after > before or (after == before and unreached)
        except StrangerError:
            return False

    def _judged(self, manuscript: Manuscript) -> Judged | None:
        try:
            subject = self.subject(manuscript)
            if subject is None or without_running(subject):
                return None
            key = self._key(manuscript, subject)
            if key not in self.memory:
                self.memory[key] = self._run(manuscript, subject)
            return self.memory[key]
        except UnreadableError:
            return None

    def _key(self, manuscript: Manuscript, subject: Subject) -> tuple[str, ...]:
        return (self.name, *sorted(self.replaced), *_seen(manuscript.document, subject))

    def _run(self, manuscript: Manuscript, subject: Subject) -> Judged | None:
        try:
            with self.session(manuscript) as session, np.errstate(all="ignore"):
                judgement = judge_subject(subject, session)
                if judgement.verdict not in PASSING:
                    return Judged(judgement, False)
                holds = not any(self._off(judgement, seed) for seed in _PROOF)
            if "empty" in subject.text:
                with self.session(manuscript, poison=True) as session, np.errstate(all="ignore"):
                    judgement = replace(judgement, broken=(*judgement.broken, *poisoned(judgement, session)))
            if self.settings.proof and not self.settings.proof(manuscript.text):
                unproven = Broken("contract", "compare asks more of a layer of ours than of anybody's.", "error")
                return Judged(replace(judgement, broken=(*judgement.broken, unproven)), False)
            return Judged(judgement, holds)
        except StrangerError:
            return None

    def _off(self, judgement: Judgement, seed: int) -> bool:
        outcome = judgement.trial.run(Case("proof", sizes(judgement.trial.signature), seed))
        return any(row.grade == "off" for row in outcome.rows)


def _seen(document: Document, subject: Subject) -> Iterator[str]:
    """The text of every unit, every line in its place, without the definitions that the subject never comes to."""
    rest = list(document.definitions.values())
    texts = {unit.cell: unit.text.split("\n") for unit in document.units}
    words = _words("\n".join(line for cell in texts for line in _without(texts[cell], cell, rest)))
    words |= {definition.name for definition in subject.definitions}
    while reached := [definition for definition in rest if definition.name in words]:
        rest = [definition for definition in rest if definition not in reached]
        for definition in reached:
            words |= _words("\n".join(texts[definition.place.cell][slice(*_lines(definition))]))
    for cell, lines in texts.items():
        yield "\n".join(_without(lines, cell, rest))


def _without(lines: list[str], cell: int | None, definitions: list[Definition]) -> list[str]:
    blanked = list(lines)
    for definition in definitions:
        if definition.place.cell == cell:
            first, last = _lines(definition)
            blanked[first:last] = [""] * (last - first)
    return blanked


def _lines(definition: Definition) -> tuple[int, int]:
    """The lines of a definition, decorators included, as bounds of a slice."""
    node = definition.node
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    return first - 1, node.end_lineno or node.lineno


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))
