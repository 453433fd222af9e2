"""Steps that were taken on the way and are not needed at its end: what is right without them was no mistake."""

from collections.abc import Sequence
from dataclasses import replace

from compare.checking.reading import UnreadableError
from compare.mending.edit import Edit
from compare.mending.layer import Step
from compare.mending.workshop import Workshop


def needed(workshop: Workshop, steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps without those that the layer is proven right without."""
    kept = tuple(steps)
    for step in steps if len(steps) > 1 else ():
        rest = _without(kept, next(i for i, each in enumerate(kept) if each.proposal is step.proposal))
        if rest and workshop.proven(rest[-1].after):
            kept = rest
    return kept


def _without(steps: Sequence[Step], at: int) -> tuple[Step, ...]:
    """The others, one after the other as before; none where they do not stand where they did."""
    step = steps[at]
    if any(len(edit.new) != edit.last - edit.first + 1 for edit in step.proposal.edits):
        return ()
    taken = {place for edit in step.proposal.edits for place in _lines(edit)}
    rest: list[Step] = []
    manuscript = step.before
    for later in steps[at + 1 :]:
        if taken & {place for edit in later.proposal.edits for place in _lines(edit)}:
            return ()
        rest.append(replace(later, before=manuscript))
        try:
            manuscript = rest[-1].after
        except UnreadableError:
            return ()
    return (*steps[:at], *rest)


def _lines(edit: Edit) -> set[tuple[str, int]]:
    return {(edit.label, line) for line in range(edit.first, max(edit.first, edit.last) + 1)}
