"""A unit's lines before and after: the edits between them, and how many mistakes are left."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from compare.checking.reading.cells import Cell
from compare.checking.reading.cleaning import clean
from compare.checking.reading.exports import code_of, is_export
from compare.mending.edit import Edit


@dataclass(frozen=True)
class Change:
    """All lines of a unit as they may have been meant, how far that is from what stands there, and what is changed."""

    lines: tuple[str, ...]
    cost: float
    said: str
    kind: str = "syntax"


def mistakes(lines: Sequence[str], label: str) -> int:
    """How many things are wrong with a unit's grammar; the marks of a notebook's text export are one of them."""
    text = "\n".join(lines)
    exported = is_export(text)
    cell = Cell(0 if in_notebook(label) else None, code_of(text) if exported else text, exported)
    return len(clean(cell).problems) + exported


def in_notebook(label: str) -> bool:
    """Whether a unit is a notebook's cell: IPython takes there what Python does not."""
    return label.startswith("<cell ")


def edits(label: str, old: Sequence[str], new: Sequence[str]) -> tuple[Edit, ...]:
    """The edits that make the new lines of the old."""
    if len(old) == len(new):
        changed = [i for i, (before, after) in enumerate(zip(old, new, strict=True), 1) if before != after]
        return tuple(Edit(label, i, i, (new[i - 1],)) for i in changed)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return tuple(
        Edit(label, i1 + 1, i2, tuple(new[j1:j2])) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal"
    )
