"""Changes of a learner's text, line by line, and proposals of what may have been meant."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Edit:
    """The lines `first` to `last` of a unit, from 1, replaced by `new`; `last` = `first` - 1 puts `new` before `first`.

    `label` is the unit's: a file's name, or a cell.
    """

    label: str
    first: int
    last: int
    new: tuple[str, ...]

    def applied(self, lines: Sequence[str]) -> list[str]:
        """The lines of the unit with this edit made."""
        return [*lines[: self.first - 1], *self.new, *lines[self.last :]]


@dataclass(frozen=True)
class Proposal:
    """Edits that belong together: what may have been meant. `cost` is how far that is from what was written.

    `kind` is a kind of cause, where the proposal alone tells it; `cause` a sentence that does.
    """

    edits: tuple[Edit, ...]
    cost: float = 1.0
    kind: str = ""
    cause: str = ""


def applied(text: str, edits: Sequence[Edit]) -> str:
    """A unit's text with edits of it made, from the last line to the first, so that none moves another."""
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda each: (each.first, each.last), reverse=True):
        lines = edit.applied(lines)
    return "\n".join(lines)
