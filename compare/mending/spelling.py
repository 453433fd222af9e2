"""What did not parse, made to parse in another way: which place a bracket was meant for only the numbers tell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from compare.checking.source import Definition, Document
from compare.mending.edit import Edit, Proposal
from compare.mending.syntax.changes import edits
from compare.mending.syntax.lines import mended_lines

_MOST = 60


@dataclass(frozen=True)
class Typed:
    """A unit's text that did not parse, and the edit that was taken to make it."""

    text: str
    edit: Edit


def respelt(document: Document, definitions: Sequence[Definition], typed: Sequence[Typed]) -> Iterator[Proposal]:
    """The other ways, wherever the one that was taken stands in a definition."""
    for one in typed:
        for definition in definitions:
            unit, node = document.unit(definition), definition.node
            lines, new = unit.text.split("\n"), list(one.edit.new)
            for first in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                if unit.label == one.edit.label and lines[first - 1 : first - 1 + len(new)] == new:
                    for other, cost in _others(one):
                        yield Proposal((Edit(unit.label, first, first + len(new) - 1, other),), cost)


@lru_cache(maxsize=32)
def _others(typed: Typed) -> list[tuple[tuple[str, ...], float]]:
    """What else may have been meant in the lines of an edit, likeliest first."""
    lines, taken = typed.text.split("\n"), typed.edit
    found: dict[tuple[str, ...], float] = {}
    for change in mended_lines(lines, taken.first):
        every = edits(taken.label, lines, change.lines)
        if [(edit.first, edit.last) for edit in every] == [(taken.first, taken.last)] and every[0].new != taken.new:
            found.setdefault(every[0].new, change.cost)
    return sorted(found.items(), key=lambda each: each[1])[:_MOST]
