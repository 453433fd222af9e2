"""Steps that change one another's lines are one mistake, however it was mended."""

from collections.abc import Sequence
from dataclasses import replace

from compare.mending.edit import Edit
from compare.mending.layer import Step
from compare.mending.syntax.changes import edits


def merged(steps: Sequence[Step]) -> list[Step]:
    """The steps, each with those right behind it that only change what it has put in."""
    found: list[Step] = []
    for step in steps:
        if found and found[-1].symbol == step.symbol and _within(step, found[-1]):
            found[-1] = _together(found[-1], step)
        else:
            found.append(step)
    return found


def _within(step: Step, before: Step) -> bool:
    """Whether a step changes nothing but lines that the one before has put in."""
    new = _new_lines(before.proposal.edits)
    changed = [(e.label, line) for e in step.proposal.edits for line in range(e.first, max(e.first, e.last) + 1)]
    return all(edit.last >= edit.first for edit in step.proposal.edits) and set(changed) <= new


def _new_lines(of: Sequence[Edit]) -> set[tuple[str, int]]:
    """The lines of edits as they are numbered after them."""
    found: set[tuple[str, int]] = set()
    moved: dict[str, int] = {}
    for edit in sorted(of):
        first = edit.first + moved.get(edit.label, 0)
        found |= {(edit.label, line) for line in range(first, first + len(edit.new))}
        moved[edit.label] = moved.get(edit.label, 0) + len(edit.new) - (edit.last - edit.first + 1)
    return found


def _together(first: Step, second: Step) -> Step:
    old, new = first.before.texts, second.after.texts
    changed = [label for label in old if old[label] != new[label]]
    both = tuple(e for label in changed for e in edits(label, old[label].split("\n"), new[label].split("\n")))
    if not both:
        return second
    problem = first.problem or second.problem
    return replace(first, proposal=replace(first.proposal, edits=both), problem=problem, known=second.known)
