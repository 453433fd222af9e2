"""Of several mistakes in a row the first: the edits after which the derivation goes wrong only later.

As long as one mistake is left, all of a gradient is wrong, and no edit of another one helps. But the first wrong value
(`compare.locating`) moves on: what was nowhere on the tape is something on it.
"""

import math
from collections.abc import Iterator, Sequence

from compare.mending.attempts import Attempts
from compare.mending.edit import Edit, Proposal
from compare.mending.locate import Located, located
from compare.mending.search import Budget, Found

# each is a run that is recorded and looked up
_MOST = 150


def advancing(attempts: Attempts, near: Sequence[Proposal], where: Located, budget: Budget) -> Iterator[Found]:
    """The edits of the first wrong statement that make it right, those that get farthest first."""
    wrong = where.wrong.record if where.wrong else None
    if wrong is None:
        return
    found: list[tuple[float, float, Found]] = []
    at = [p for p in near if len(p.edits) == 1 and _rewrites(p.edits[0], wrong.label, wrong.line)]
    for proposal in at[:_MOST]:
        if budget.spent:
            break
        budget.tried += 1
        score, records = attempts.measured(proposal.edits)
        now = located(attempts, records)
        farther = math.inf if now.wrong is None else now.wrong.record.order
        if farther > wrong.order and wrong.name in now.known.get(wrong.function, {}):
            found.append((-farther, proposal.cost, Found(proposal, score)))
    for _, _, each in sorted(found, key=lambda one: one[:2]):
        yield each


def _rewrites(edit: Edit, label: str, line: int) -> bool:
    """Whether an edit changes what stands on a line, and moves no other."""
    return edit.label == label and edit.first <= line <= edit.last and len(edit.new) == edit.last - edit.first + 1
