"""What may have been meant by a unit that does not parse: each proposal mends one mistake and leaves fewer."""

from collections.abc import Iterator, Sequence
from itertools import chain, islice

from compare.checking.source import Problem
from compare.mending.edit import Proposal
from compare.mending.syntax.blocks import moved_blocks
from compare.mending.syntax.changes import Change, edits, in_notebook, mistakes
from compare.mending.syntax.lines import mended_lines
from compare.mending.syntax.units import cleaned_units

# of one place; a reader would look at no more of them either
_MOST = 8
# what a statement that parses by itself costs at least, where it is changed all the same
_SLIP = 1.95
_UNEXPLAINED = 0.4


def proposals(lines: Sequence[str], label: str, problems: Sequence[Problem]) -> Iterator[Proposal]:
    """Proposals for the raw lines of one unit, likeliest first; each leaves fewer mistakes than there are.

    `problems` are those that reading found in this unit. What concerns the whole unit comes first, as its marks hide
    what else is wrong; then the places in order: the first that can be mended is.
    """
    before = mistakes(lines, label)
    if not before:
        return
    places = sorted({each.place.line for each in problems if each.check == "syntax"})
    groups = chain(
        [cleaned_units(lines, in_notebook(label))],
        (_at(lines, line) for line in places),
    )
    for group in groups:
        left = ((change, mistakes(change.lines, label)) for change in group)
        found = list(islice(((change, many) for change, many in left if many < before), _MOST))
        if found:
            least = min(many for _, many in found)
            # what leaves nothing else wrong at the place explains more of it
            found.sort(key=lambda pair: pair[0].cost + _UNEXPLAINED * (pair[1] - least))
            for change, _ in found:
                yield Proposal(edits(label, lines, change.lines), change.cost, change.kind, change.said)
            return


def _at(lines: Sequence[str], line: int) -> Iterator[Change]:
    """What may have been meant at a place, cheapest first; a block is moved only where no slip explains it."""
    mended = {change.lines: change for change in mended_lines(lines, line)}
    moved = {change.lines: change for change in moved_blocks(lines, line)}
    late = bool(mended) and min(change.cost for change in mended.values()) < _SLIP
    for each in (mended, moved) if late else ({**moved, **mended},):
        yield from sorted(each.values(), key=lambda change: change.cost)
