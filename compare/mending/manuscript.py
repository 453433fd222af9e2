"""A learner's file as it stands, to be edited line by line, read again, and written as it was but for the edits."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from compare.checking.reading import UnreadableError
from compare.checking.reading.cells import cells
from compare.checking.reading.encoding import decode, unified
from compare.checking.source import Document, Problem
from compare.mending.edit import Edit, applied
from compare.mending.readings import Reading, Readings

_INDENT = re.compile(r"\A\s*\{\r?\n([ \t]+)\"")


@dataclass(frozen=True)
class Manuscript:
    """The text of every unit by its label, as it is in the file; `given` is the file's whole text.

    `name` is what the file is called; `readings` are its own and those of all that it was edited to; `origins` tells of
    each line of a unit which line of the file as given it is, or stands before.
    """

    name: str
    given: str
    readings: Readings
    texts: Mapping[str, str]
    origins: Mapping[str, tuple[int, ...]]
    notebook: bool = False

    @classmethod
    def of(cls, text: str, name: str, folder: Path | None = None) -> "Manuscript":
        """The manuscript of a file's text.

        Raises UnreadableError for what is no text of a program.
        """
        text = unified(text)
        found = cells(text, name)
        notebook = any(cell.index is not None for cell in found)
        texts = {f"<cell {cell.index}>": cell.text for cell in found} if notebook else {Path(name).name or name: text}
        origins = {label: tuple(range(1, each.count("\n") + 2)) for label, each in texts.items()}
        return cls(name, text, Readings(name, folder), texts, origins, notebook)

    @cached_property
    def text(self) -> str:
        """The whole file with all edits made."""
        return _notebook(self.given, self.texts) if self.notebook else next(iter(self.texts.values()))

    @property
    def document(self) -> Document:
        """The file as it is to be judged.

        Raises UnreadableError.
        """
        return self._reading.document

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What reading alone finds in it.

        Raises UnreadableError.
        """
        return self._reading.problems

    @property
    def unchecked(self) -> tuple[Problem, ...]:
        """What its layers take that they should refuse.

        Raises UnreadableError.
        """
        return self._reading.unchecked

    @cached_property
    def _reading(self) -> Reading:
        return self.readings.of(self.text)

    def edited(self, edits: Sequence[Edit]) -> "Manuscript":
        """The manuscript with edits made; lines are those of this one.

        Raises UnreadableError where nothing can be read of what comes out.
        """
        texts, origins = dict(self.texts), dict(self.origins)
        for label in {edit.label for edit in edits}:
            own = [edit for edit in edits if edit.label == label]
            texts[label], origins[label] = applied(self.texts[label], own), _moved(self.origins[label], own)
        other = replace(self, texts=texts, origins=origins)
        if not other.notebook and not other.text.strip():
            raise UnreadableError(f"{self.name}: nothing is left of it")
        return other

    def label(self, cell: int | None) -> str:
        """The label of a cell's unit, or of the file's."""
        return next(iter(self.texts)) if cell is None else f"<cell {cell}>"

    def cell(self, label: str) -> int | None:
        """The cell of a unit, None in a file that is no notebook."""
        return int(label.removeprefix("<cell ").removesuffix(">")) if self.notebook else None

    def given_line(self, label: str, line: int) -> int:
        """The line of the file as given that a line of a unit is, or stands before."""
        origins = self.origins[label]
        return origins[min(line, len(origins)) - 1] + max(0, line - len(origins)) if origins else 1

    def encoded(self, raw: bytes) -> bytes:
        """The text as bytes, with the line ends and the byte order mark of the file that it was read from."""
        text = self.text
        crlf = raw.count(b"\r\n")
        if crlf * 2 > raw.count(b"\n"):
            text = text.replace("\n", "\r\n")
        for encoding in _encodings(raw):
            try:
                if unified(decode(encoded := text.encode(encoding))) == unified(text):
                    return encoded
            except (UnicodeError, LookupError):
                continue
        return text.encode("utf-8")


def _moved(origins: Sequence[int], edits: Sequence[Edit]) -> tuple[int, ...]:
    """The origins of the lines after edits: those of the lines that new ones stand for."""
    lines = list(origins)
    for edit in sorted(edits, key=lambda each: (each.first, each.last), reverse=True):
        old = lines[edit.first - 1 : edit.last]
        after = lines[edit.last : edit.last + 1] or [lines[-1] + 1 if lines else 1]
        new = [old[min(i, len(old) - 1)] if old else after[0] for i in range(len(edit.new))]
        lines[edit.first - 1 : edit.last] = new
    return tuple(lines)


def _encodings(raw: bytes) -> tuple[str, ...]:
    """What a file may be encoded in, the likeliest first: the first that gives its bytes again is its own."""
    text = decode(raw)
    known = ("utf-8", "utf-8-sig", "utf-16", "euc_kr", "shift_jis", "cp949", "gb18030", "latin-1")
    same = []
    for name in known:
        try:
            same += [name] if text.encode(name) == raw.replace(b"\r\n", b"\n") else []
        except UnicodeError:
            continue
    return (*same, "utf-8")


def _notebook(given: str, texts: Mapping[str, str]) -> str:
    """A notebook's JSON with the sources of its cells replaced, each as a list or as one text, as it was."""
    notebook: Any = json.loads(given)
    sheets = notebook.get("worksheets")
    parts = [notebook, *(sheets if isinstance(sheets, list) else [])]
    listed = [cell for part in parts if isinstance(part, dict) for cell in part.get("cells") or ()]
    changed = False
    for index, cell in enumerate(listed):
        text = texts.get(f"<cell {index}>")
        key = "source" if isinstance(cell, dict) and "source" in cell else "input"
        if text is None or not isinstance(cell, dict):
            continue
        before = cell.get(key, "")
        old = unified("".join(before) if isinstance(before, list) else str(before))
        if text != old:
            changed = True
            cell[key] = text.splitlines(keepends=True) if isinstance(before, list) else text
    if not changed:
        return given
    indent = _INDENT.match(given)
    written = json.dumps(notebook, indent=indent[1] if indent else None, ensure_ascii=given.isascii())
    return written + "\n" * given.endswith("\n")
