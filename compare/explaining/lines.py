"""What does not parse, and what is only indented otherwise: told from the lines, not from a tree."""

import re
from difflib import SequenceMatcher

from compare.checking.reading.parsing import Fault
from compare.explaining.cause import Cause
from compare.explaining.texts import faults
from compare.explaining.wording import cause

_FENCE = re.compile(r"^\s*(```|~~~)")
_MERGE = re.compile(r"^\s*(<{7}|={7}|>{7})")


def only_indented(before: str, after: str) -> bool:
    """Whether the texts differ in nothing but the space at the beginning of lines."""
    mine, other = ([line.strip() for line in text.split("\n") if line.strip()] for text in (before, after))
    return mine == other


def indented(before: str, after: str) -> Cause:
    """A line that is right, and stands in another block."""
    lines = (b if b.strip() else a for a, b in changed_lines(before, after))
    line = next((line for line in lines if line.strip()), "")
    what = quoted(line) if line else "A line"
    text = f"{what} is indented so that it stands in another block than the one it belongs to"
    tabs = any(("\t" in a and " " in a) or ("\t" in a) != ("\t" in b) for a, b in changed_lines(before, after))
    return cause("indentation", text, "Tabs and spaces do not mix" if tabs else "")


def unreadable(before: str, after: str) -> Cause | None:
    """What keeps Python from reading the text; None where it reads it as well as the one after."""
    mine = faults(before)
    other = faults(after) if mine else ()
    if not mine or len(other) >= len(mine):
        return None
    if any(each.indentation or each.tabs or "outside" in each.message for each in _gone(mine, other)):
        moved = only_indented(before, after)
        return (
            indented(before, after) if moved or "outside" in mine[0].message else _indentation(before, after, mine[0])
        )
    return cause("syntax", _what(before, after))


def _gone(mine: tuple[Fault, ...], other: tuple[Fault, ...]) -> list[Fault]:
    said = {each.message for each in other}
    return [each for each in mine if each.message not in said] or list(mine)


def _indentation(before: str, after: str, fault: Fault) -> Cause:
    if "expected an indented block" in fault.message:
        return cause("syntax", f"A block has nothing in it: {_what(before, after)}")
    return indented(before, after)


def changed_lines(before: str, after: str) -> list[tuple[str, str]]:
    """The lines that differ, in pairs; "" where there is none on one side."""
    mine, other = before.split("\n"), after.split("\n")
    found = []
    for tag, i, end, j, stop in SequenceMatcher(None, mine, other, autojunk=False).get_opcodes():
        if tag != "equal":
            longer = max(end - i, stop - j)
            found += [(mine[i + k] if i + k < end else "", other[j + k] if j + k < stop else "") for k in range(longer)]
    return found


def _what(before: str, after: str) -> str:
    pairs = changed_lines(before, after)
    gone = [a for a, b in pairs if a.strip() and not b.strip()]
    if any(_FENCE.match(line) for line in gone):
        return "A Markdown fence is no Python: only the code belongs into the file"
    if any(_MERGE.match(line) for line in gone):
        return "The marks of a merge that was not finished stand in the text: one of the two versions has to be chosen"
    for mine, other in pairs:
        if mine.strip() and other.strip() and mine != other:
            return f"{quoted(mine)} does not parse: {_letters(mine, other)}"
    line = next((a or b for a, b in pairs if (a or b).strip()), "")
    return f"The text does not parse because of {quoted(line)}"


def _letters(mine: str, other: str) -> str:
    """What is to be put in, taken out or exchanged, in words."""
    put, taken = [], []
    for tag, i, end, j, stop in SequenceMatcher(None, mine, other, autojunk=False).get_opcodes():
        if tag != "equal":
            taken.append(mine[i:end].strip())
            put.append(other[j:stop].strip())
    new, old = "".join(put), "".join(taken)
    if new and old and not (set(new) <= set("()[]{}") and set(old) <= set("()[]{}")):
        return f"{_named(old)} should be {_named(new)}" if len(new) + len(old) < 12 else "it is no statement of Python"
    if new and old:
        return "round brackets call, square ones index"
    if new:
        return f"{_named(new)} is missing"
    return f"{_named(old)} is too much" if old else "a space stands at the wrong place"


def _named(letters: str) -> str:
    names = {
        ":": "the colon",
        ",": "a comma",
        ")": "a closing bracket",
        "]": "a closing bracket",
        "}": "a closing bracket",
        "(": "an opening bracket",
        "[": "an opening bracket",
        "=": "the equals sign",
        ".": "a dot",
    }
    return names.get(letters, quoted(letters))


def quoted(line: str) -> str:
    text = " ".join(line.split()).replace("`", "'")
    if not text:
        return "a space that is none"
    return f"`{text if len(text) <= 60 else text[:59] + '…'}`"
