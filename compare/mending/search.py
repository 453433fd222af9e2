"""The edits that make one layer right: the cheapest proposals tried first, the best of those that help kept."""

import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from compare.checking.findings import Verdict
from compare.checking.sandbox import Recorded
from compare.mending.attempts import Attempts
from compare.mending.edit import Proposal
from compare.mending.score import Score

# once a proposal helps, those that are so much dearer are still tried, and at least so many: one may do it alone
_TIER = 0.9
_MORE = 500
# what makes less of what is wrong right than that helps by chance: a step of time, a column
_HELPS = 0.25
# so many are tried however little time there is
_FEWEST = 30
# unless so many were tried before
_ENOUGH = 300
# and so many where all is right, but fragile
_STURDIER = 100
# so many seconds a call may take; even in a hurry a layer's few steps must fit into it
LONGEST_CALL = 2.0
_SHORTEST_CALL = 0.25


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

    @classmethod
    def of(cls, seconds: float) -> "Budget":
        """So many seconds from now."""
        return cls(time.monotonic() + seconds)

    @property
    def left(self) -> float:
        """How many seconds there are."""
        return self.until - time.monotonic()

    @contextmanager
    def part(self, share: float) -> Iterator[None]:
        """As if there were only a part of what is left, so that what leads nowhere leaves time for the rest."""
        until = self.until
        self.until = time.monotonic() + share * self.left
        try:
            yield
        finally:
            self.until = until

    @property
    def of_a_call(self) -> float:
        """How many seconds an attempt may take: what never ends must not take the time of all others with it."""
        return min(LONGEST_CALL, max(_SHORTEST_CALL, self.left / 2))

    @property
    def spent(self) -> bool:
        return time.monotonic() > self.until


def found(
    attempts: Attempts,
    offered: Iterable[Proposal],
    before: Score,
    budget: Budget,
    prove: Callable[[Proposal], Verdict | None],
) -> Iterator[Found]:
    """The first proposal after which all is right, proven; or else those that help, the best first.

    One that leaves the layer fragile gives way to one soon after it that does not.
    """
    better: list[Found] = []
    fragile: Found | None = None
    until = math.inf
    last = None
    for number, proposal in enumerate(offered):
        if (
            number > until
            or (budget.spent and (number >= _FEWEST or budget.tried >= _ENOUGH))
            or (last is not None and number > last[0] + _MORE and proposal.cost > last[1] + _TIER)
        ):
            break
        score = attempts.score(proposal.edits)
        budget.tried += 1
        verdict = prove(proposal) if score.right or score.otherwise else None
        if verdict == "correct":
            yield Found(proposal, score)
            return
        if verdict and fragile is None:
            fragile, until = Found(proposal, score), number + _STURDIER
        if score > before and not score.right:
            better.append(Found(proposal, score))
            if score.agreeing - before.agreeing >= _HELPS * (1 - before.agreeing) or score.reached > before.reached:
                last = last or (number, proposal.cost)
    if fragile:
        yield fragile
        return
    yield from sorted(better, key=lambda f: (-f.score.agreeing, f.score.reached, f.proposal.cost))


def shapes_of(records: Sequence[Recorded]) -> Mapping[str, Mapping[str, tuple[int, ...]]]:
    """The shapes that arrays had, by function and by the text that reads them."""
    shapes: dict[str, dict[str, tuple[int, ...]]] = {}
    for record in records:
        shapes.setdefault(record.function, {})[record.name] = record.value.shape
    return shapes
