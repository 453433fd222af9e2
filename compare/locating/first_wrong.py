"""Where a derivation goes wrong: the first value that is nowhere on the tape, though all it was computed from is."""

from collections.abc import Collection, Sequence

import numpy as np

from compare.locating.arriving import never_arriving
from compare.locating.blame import FirstWrong, blamed
from compare.locating.earlier import earlier
from compare.locating.recorded import Reads, Record, Seen, recognised
from compare.locating.tape import Tape


def first_wrong(
    records: Sequence[Record], tape: Tape, reads: Reads, wrong: Collection[str] = (), tolerance: float | None = None
) -> FirstWrong | None:
    """The first statement of a run that is wrong; None where every value is on the tape.

    `reads` gives for each line the names that it reads. `wrong` are the gradients that came out wrong, by the names
    of the twin's arguments ("Wx"): where all values are something on the tape, these tell which of them never comes.
    """
    run = recognised(records, tape, reads, tolerance)
    right = _vindicated(run)
    for each in run:
        if each.unknown and each not in right and _from_what_is_right(each, right):
            return earlier(each, run, tape) or blamed(each, run)
    return next(never_arriving(run, tape, wrong), None)


def _from_what_is_right(seen: Seen, right: set[Seen]) -> bool:
    given = seen.sources
    return any(i.match or i in right for i in given) and not any(i.unknown and i not in right for i in given)


def _vindicated(run: Sequence[Seen]) -> set[Seen]:
    """What is not on the tape itself, but leads to what is: an intermediate of another way to the same."""
    right: set[Seen] = set()
    uses: dict[Seen, list[Seen]] = {}
    for each in reversed(run):
        if each.unknown:
            leads = [use for use in uses.get(each, []) if use.match or use in right]
            # a sum may come out right where what it sums does not: then nothing else may be wrong
            if any(_size(use) >= _size(each) for use in leads) or (leads and len(leads) == len(uses[each])):
                right.add(each)
        # an array filled step by step does not become right because the next step is
        filled = each.before if each.partly else None
        for source in each.sources:
            if source is not filled:
                uses.setdefault(source, []).append(each)
    return right


def _size(seen: Seen) -> int:
    return int(np.size(seen.record.value))
