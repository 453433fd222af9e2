"""An attribute that there is not has to go: of all changes those after which its line does not name it any more.

One of `self` may be missing where it should be set.
"""

import re
from collections.abc import Iterator, Sequence

from compare.checking.judgement import Judgement
from compare.checking.sandbox import StrangerError
from compare.checking.source import Document
from compare.mending.edit import Proposal

_UNKNOWN = re.compile(r"has no attribute '(\w+)'")
# so many names are near, and so far away at most
_MOST, _FARTHEST = 12, 1.3


def renamed(document: Document, judgement: Judgement, near: Sequence[Proposal]) -> Iterator[Proposal]:
    """The near proposals that write the attribute otherwise at which a layer stopped."""
    error = next((o.error for _, o in judgement.outcomes if o.error), None)
    named = _UNKNOWN.search(error.message) if isinstance(error, StrangerError) else None
    if not named or not isinstance(error, StrangerError) or not error.frames:
        return
    frame = error.frames[-1]
    lines = next((unit.text.split("\n") for unit in document.units if unit.label == frame.label), [])
    word = re.compile(rf"(?<!\bself)\.{named[1]}\b")
    if frame.line > len(lines) or not word.search(lines[frame.line - 1]):
        return
    found = [p for p in near if p.cost <= _FARTHEST and _rewrites(p, frame.label, frame.line, word)]
    yield from found[:_MOST]


def _rewrites(proposal: Proposal, label: str, line: int, word: re.Pattern[str]) -> bool:
    """Whether a proposal puts another line in the place of one, without a word."""
    edits = [edit for edit in proposal.edits if edit.label == label and edit.first <= line <= edit.last]
    return any(edit.new and not any(word.search(new) for new in edit.new) for edit in edits)
