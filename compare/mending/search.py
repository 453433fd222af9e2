"""The edits that make one layer right: the cheapest proposals tried first, the best of those that help kept."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from compare.checking.judgement import Judgement, judge_subject
from compare.checking.sandbox import Recorded, Session, StrangerError
from compare.checking.source import Document
from compare.checking.subjects import Subject, subjects
from compare.mending.attempts import Attempts
from compare.mending.edit import Proposal
from compare.mending.edits import proposals
from compare.mending.score import Score
from compare.mending.suspects import suspects

# a proposal dearer than the first that helps by this much is not tried any more
_TIER = 0.5


@dataclass(frozen=True)
class Found:
    """A proposal that helps, with what the layer is after it."""

    proposal: Proposal
    score: Score


@dataclass
class Budget:
    """Until when to search; `tried` counts the attempts."""

    until: float
    tried: int = 0

    @property
    def spent(self) -> bool:
        return time.monotonic() > self.until


def found(
    attempts: Attempts, offered: Iterable[Proposal], before: Score, budget: Budget, prove: Callable[[Proposal], bool]
) -> Iterator[Found]:
    """The first proposal after which all is right, proven; or else those that help, the best first."""
    better: list[Found] = []
    for proposal in offered:
        if budget.spent or (better and proposal.cost > min(f.proposal.cost for f in better) + _TIER):
            break
        score = attempts.score(proposal.edits)
        budget.tried += 1
        if score.right and prove(proposal):
            yield Found(proposal, score)
            return
        if score > before and not score.right:
            better.append(Found(proposal, score))
    yield from sorted(better, key=lambda f: (-f.score.agreeing, f.score.reached, f.proposal.cost))


def shapes_of(records: Sequence[Recorded]) -> Mapping[str, Mapping[str, tuple[int, ...]]]:
    """The shapes that arrays had, by function and by the text that reads them."""
    shapes: dict[str, dict[str, tuple[int, ...]]] = {}
    for record in records:
        shapes.setdefault(record.function, {})[record.name] = record.value.shape
    return shapes
