"""What was made of a file so far: the steps that mend it, and the manuscript after them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from compare.checking.findings import PASSING
from compare.checking.judged import Judged
from compare.checking.reading import UnreadableError
from compare.checking.settings import Settings
from compare.checking.source import Problem
from compare.checking.subjects import Subject, subjects
from compare.mending import known
from compare.mending.edit import Proposal
from compare.mending.layer import Step
from compare.mending.manuscript import Manuscript
from compare.mending.search import Budget
from compare.mending.spelling import Typed
from compare.mending.workshop import Memory, Workshop

_MOST = 60


@dataclass
class Chain:
    """The steps so far, and the manuscript after them; `judged` is what was judged of the file as given.

    `right` are the layers that pass now, `settled` after how many steps each did; `failed` are the searches that found
    nothing, by the layer's name; `advice` are steps that are not made; `memory` has what was judged of any text.
    """

    manuscript: Manuscript
    settings: Settings
    judged: Mapping[str, Judged]
    steps: list[Step] = field(default_factory=list)
    right: set[str] = field(default_factory=lambda: {""})
    settled: dict[str, int] = field(default_factory=dict)
    failed: dict[str, Workshop] = field(default_factory=dict)
    advice: list[Step] = field(default_factory=list)
    memory: Memory = field(default_factory=dict)

    @property
    def full(self) -> bool:
        return len(self.steps) >= _MOST

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """What there is to judge in the manuscript as it is now."""
        return subjects(self.manuscript.document, self.settings.like, self.settings.pairs)

    def subject_of(self, name: str) -> Subject | None:
        """What a definition belongs to."""
        return next((s for s in self.subjects if name in {d.name for d in s.definitions}), None)

    def workshop(self, name: str, replaced: Mapping[str, str] = MappingProxyType({})) -> Workshop:
        """Where a layer is mended, from now on."""
        right = {n for n, one in self.judged.items() if one.verdict in PASSING} | self.right
        budget = Budget.of(self.settings.seconds)
        return Workshop(
            name,
            self.settings,
            budget,
            replaced,
            memory=self.memory,
            right=frozenset(right),
            typed=tuple(self._typed()),
        )

    def _typed(self) -> Iterator[Typed]:
        """What did not parse, with the edits that were taken for what was meant."""
        for step in self.steps:
            edits = step.proposal.edits
            if step.problem and step.problem.check == "syntax" and len(edits) == 1:
                yield Typed(step.before.texts[edits[0].label], edits[0])

    def remember(self) -> None:
        """What was judged of the manuscript as it is, where nothing was put in another's place for it."""
        for name, one in self.judged.items():
            if one.judgement and not one.blocked_by:
                self.workshop(name).remember(self.manuscript, one.judgement)

    def add(self, steps: Sequence[Step]) -> None:
        """Steps that were found one after the other."""
        for step in steps:
            self.steps.append(step)
            self.manuscript = step.after

    def undone(self, count: int) -> list[Step]:
        """The steps after the first so many, which are not made any more."""
        gone = self.steps[count:]
        if gone:
            self.manuscript = gone[0].before
            del self.steps[count:]
        return gone

    def take(self, proposal: Proposal, symbol: str, problem: Problem | None = None) -> None:
        """Make a proposal's edits."""
        self.steps.append(Step(symbol, proposal, self.manuscript, None, problem))
        self.manuscript = self.manuscript.edited(proposal.edits)


def helping(manuscript: Manuscript, problem: Problem) -> Iterator[Proposal]:
    """The proposals for a problem after which reading finds one less of its kind, and nothing new."""
    before = _counted(manuscript)
    for proposal in known.proposals(manuscript.document, problem):
        try:
            after = _counted(manuscript.edited(proposal.edits))
        except UnreadableError:
            continue
        fewer = sum(n for (check, _), n in (after - before).items() if check == problem.check) == 0
        if fewer and before - after and not any(severity != "note" for _, severity in after - before):
            yield proposal


def _counted(manuscript: Manuscript) -> Counter[tuple[str, str]]:
    """How often reading finds what, by check and severity."""
    every = (*manuscript.document.problems, *manuscript.problems, *manuscript.unchecked)
    return Counter((p.check, p.severity) for p in every)


def key(problem: Problem) -> tuple[str, str, int]:
    """What tells a problem from others, whatever is mended meanwhile."""
    return problem.check, problem.message, problem.place.line
