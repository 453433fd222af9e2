"""What reading tells of a file's texts, each of them read once, however many ways lead to it."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from compare.checking.reading import read_text
from compare.checking.source import Document, Problem
from compare.checking.static import inspect
from compare.checking.static.unchecked import unchecked

# trees are large: what is mended next stands among the latest
_MOST = 32


@dataclass(frozen=True, eq=False)
class Reading:
    """A text as it was read, and what is amiss with it as far as anybody has asked."""

    document: Document

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What reading alone finds in it."""
        return inspect(self.document)

    @cached_property
    def unchecked(self) -> tuple[Problem, ...]:
        """What its layers take that they should refuse."""
        return unchecked(self.document)


class Readings:
    """The latest texts of one file that were read; its neighbours are taken to stay as they are meanwhile."""

    def __init__(self, name: str, folder: Path | None) -> None:
        self._name, self._folder = name, folder
        self._known: dict[str, Reading] = {}

    def of(self, text: str) -> Reading:
        """What is read of a text.

        Raises UnreadableError.
        """
        reading = self._known.pop(text, None) or Reading(read_text(text, self._name, self._folder))
        # the last one asked for goes last
        self._known[text] = reading
        if len(self._known) > _MOST:
            del self._known[next(iter(self._known))]
        return reading
