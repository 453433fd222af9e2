"""What stands all over a unit and is no Python: cell markers, fences, prose, merge marks, odd letters, Python 2."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from compare.checking.reading.exports import code_of, is_export, without_prose
from compare.checking.reading.magics import without_magics
from compare.checking.reading.parsing import unparsable
from compare.checking.reading.python2 import as_python3
from compare.checking.reading.statements import masked, statements
from compare.mending.syntax.changes import Change

_MARK = re.compile(r"In ?\[(?:\d+|None|[ *]*)\]:\s*$")
_FENCE = re.compile(r"[ \t]*(?:```+|~~~+)[ \t]*\{?\.?\w*\}?[ \t]*$")
_OURS, _MIDDLE, _THEIRS = "<" * 7, "=" * 7, ">" * 7
_SPACES = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_NOTHING = re.compile("[\u200b-\u200f\u2060\ufeff]")
# what word processors and other keyboards make of Python's own signs
_LETTERS = str.maketrans(
    {**dict(zip("‘’“”„−–—×÷、。", '\'\'"""---*/,.', strict=True)), "≤": "<=", "≥": ">=", "≠": "!="}
)


def cleaned_units(lines: Sequence[str], notebook: bool) -> Iterator[Change]:
    """The unit without the first of these that it has; what hides more comes first."""
    text = "\n".join(lines)
    if unparsable(text) is None:
        return
    if is_export(text):
        yield _without_marks(lines)
    yield from _without_fences(lines)
    yield from _without_merge(lines)
    yield from _with_plain_letters(lines)
    if not notebook:
        yield from _at_margin(lines)
    yield from _as_python3(lines)


def _without_marks(lines: Sequence[str]) -> Change:
    """An export as a file: its markers gone, its prose, its outputs and the magics as comments."""
    code = without_magics(code_of("\n".join(lines))).split("\n")
    said = "The markers of a notebook's text export, such as `In [1]:`, are no Python."
    return Change(tuple(_commented(old, new) for old, new in zip(lines, code, strict=True)), 0.1, said)


def _commented(old: str, new: str) -> str:
    """The line of code `new`; what was taken out of it stays as a comment, if it is no marker."""
    if new.strip() not in ("", "pass") or not old.strip() or new == old:
        return new
    return "" if _MARK.match(old) else f"{new}{'  ' * bool(new.strip())}# {old.strip()}"


def _without_fences(lines: Sequence[str]) -> Iterator[Change]:
    """Without the lines of Markdown around code; prose becomes comments."""
    code, start, fences = masked("\n".join(lines))[0], 0, set[int]()
    for i, line in enumerate(lines):
        # the lines of a string are one line of what is masked
        fences |= {i} if _FENCE.match(line) and code[start : start + len(line)] == line else set()
        start += len(line) + 1
    if not fences:
        return
    bare = ["" if i in fences else line for i, line in enumerate(lines)]
    kept = without_prose("\n".join(bare)).split("\n")
    new = [_commented(old, line) for i, (old, line) in enumerate(zip(bare, kept, strict=True)) if i not in fences]
    yield Change(tuple(new), 0.1, f"The fence `{lines[min(fences)].strip()}` is Markdown, no Python.")


def _without_merge(lines: Sequence[str]) -> Iterator[Change]:
    """The first conflict of a merge that was not finished, with one of its two sides."""
    marks = [(i, line.lstrip()[:7]) for i, line in enumerate(lines)]
    start = next((i for i, mark in marks if mark == _OURS), None)
    middle = next((i for i, mark in marks if mark == _MIDDLE and start is not None and i > start), None)
    end = next((i for i, mark in marks if mark == _THEIRS and middle is not None and i > middle), None)
    if start is None or middle is None or end is None:
        stray = [i for i, mark in marks if mark in (_OURS, _MIDDLE, _THEIRS)]
        for i in stray[:1]:
            yield Change((*lines[:i], *lines[i + 1 :]), 0.5, "The mark of an unfinished merge is no Python.")
        return
    said = "A merge was not finished: both sides of it stand here. This keeps the {} one."
    yield Change((*lines[:start], *lines[start + 1 : middle], *lines[end + 1 :]), 0.5, said.format("first"))
    yield Change((*lines[:start], *lines[middle + 1 : end], *lines[end + 1 :]), 0.6, said.format("second"))


def _with_plain_letters(lines: Sequence[str]) -> Iterator[Change]:
    """Full-width and typeset signs outside of strings as Python's own, and what nobody sees as nothing or a space."""
    text = "\n".join(lines)
    code = masked(text)[0]
    plain = "".join(_plain(letter) if code[i] == letter else letter for i, letter in enumerate(text))
    if plain != text:
        odd = next(letter for i, letter in enumerate(text) if code[i] == letter != _plain(letter))
        yield Change(tuple(plain.split("\n")), 0.2, f"U+{ord(odd):04X} is a letter that looks like one of Python's.")


def _plain(letter: str) -> str:
    if letter.isascii():
        return letter
    if _SPACES.match(letter):
        return " "
    if _NOTHING.match(letter):
        return ""
    wide = unicodedata.normalize("NFKC", letter) if unicodedata.east_asian_width(letter) == "F" else letter
    return wide.translate(_LETTERS)


def _at_margin(lines: Sequence[str]) -> Iterator[Change]:
    """With the first line at the left margin, and the others as far to the left."""
    first = next(iter(statements("\n".join(lines))), None)
    if first and first.indent:
        moved = tuple(line.removeprefix(first.indent) for line in lines)
        yield Change(moved, 0.3, "The code begins away from the left margin.", "indentation")


def _as_python3(lines: Sequence[str]) -> Iterator[Change]:
    text, changed = as_python3("\n".join(lines))
    if changed:
        yield Change(tuple(text.split("\n")), 0.3, "These statements are Python 2.")
