"""Where a step is in the file as given, and what stood and stands there."""

import re
from collections.abc import Sequence
from dataclasses import replace

from compare.checking.findings import Fix
from compare.checking.source import Place
from compare.mending.edit import Edit
from compare.mending.layer import Step


def relined(message: str, step: Step, cell: int | None) -> str:
    """A sentence with the lines that it names as they are in the file as given."""
    label = step.before.label(cell)

    def given(found: re.Match[str]) -> str:
        return re.sub(r"\d+", lambda n: str(step.before.given_line(label, int(n[0]))), found[0])

    return re.sub(r"\blines? \d+(?:(?:, | and | to )\d+)*", given, message)


def texts(step: Step) -> tuple[str, str]:
    """The text of its unit before a step and after it."""
    label = step.proposal.edits[0].label
    return step.before.texts[label], step.after.texts[label]


def place_of_problem(step: Step) -> Place | None:
    """Where what reading saw is, if lines are put in elsewhere for it."""
    problem, edit = step.problem, step.proposal.edits[0]
    if problem is None or edit.last >= edit.first or problem.check == "missing import":
        return None
    line = step.before.given_line(step.before.label(problem.place.cell), problem.place.line)
    return Place(problem.place.cell, line)


def place_of(step: Step, edit: Edit) -> Place:
    """Where an edit changes the first thing."""
    before = step.before
    return Place(before.cell(edit.label), before.given_line(edit.label, _first_changed(step, edit)))


def _first_changed(step: Step, edit: Edit) -> int:
    """The first line of an edit that is another one afterwards."""
    old = step.before.texts[edit.label].split("\n")[edit.first - 1 : edit.last]
    same = 0
    while same < min(len(old), len(edit.new)) and old[same] == edit.new[same]:
        same += 1
    return edit.first + min(same, max(len(old) - 1, 0))


def lines_of(step: Step, edit: Edit) -> list[int]:
    """The lines that an edit stands for."""
    last = max(edit.first, edit.last)
    return [step.before.given_line(edit.label, line) for line in range(edit.first, last + 1)]


def fix_of(step: Step, edits: Sequence[Edit]) -> Fix:
    """What stood and stands where the first of the edits is, and with it where the others are."""
    fixes = [_one_fix(step, edit) for edit in edits]
    return replace(fixes[0], also=tuple(fixes[1:]))


def _one_fix(step: Step, edit: Edit) -> Fix:
    """The lines before and after, without those at either end that stay as they are."""
    old = step.before.texts[edit.label].split("\n")[edit.first - 1 : edit.last]
    new = list(edit.new)
    first = edit.first
    while old and new and old[0] == new[0]:
        old, new, first = old[1:], new[1:], first + 1
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    line = step.before.given_line(edit.label, first)
    return Fix(line, "\n".join(old), "\n".join(new), step.before.cell(edit.label))
