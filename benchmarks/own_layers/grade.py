"""What an explanation is worth: is the line named, is there a cause, and does the fix make the layer right?"""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.own_layers.comparing import Compared
from benchmarks.own_layers.plants import MANUAL, Plant

# as with anybody's files: something missing stands between two lines
NEAR = 1
Wrong = Mapping[str, Any]


@dataclass(frozen=True)
class Grade:
    """`cause`: told at the line itself, of a fix that is right; `wrong`: a fix that leaves a layer wrong."""

    plant: Plant
    line: bool
    cause: bool
    repaired: bool
    wrong: bool
    seconds: float
    said: tuple[str, ...]


def graded(plant: Plant, found: Compared, agrees: Callable[[str], bool]) -> Grade:
    """The grade of what was said; `agrees` compares a text of the file."""
    said = found.said
    named = [each for each in said if _near(plant, each)]
    astray = [each for each in said if each["fix"] and each not in named]
    fixed = any(each["fix"] for each in said)
    repaired = fixed and _repaired(plant, said, agrees)
    cause = repaired and any(each["cause"] and each["kind"] for each in named)
    told = tuple(map(_told, said))
    return Grade(plant, bool(named) and not astray, cause, repaired, fixed and not repaired, found.seconds, told)


def _repaired(plant: Plant, said: Sequence[Wrong], agrees: Callable[[str], bool]) -> bool:
    """Whether the fixes give what stood there before, or what agrees as well."""
    fixes = [fix for each in said if each["fix"] for fix in (each["fix"], *each["fix"]["also"])]
    if any(not _of_file(plant, each) for each in said if each["fix"]):
        return False
    text = _fixed(plant.text, fixes)
    try:
        right = ast.dump(ast.parse((MANUAL / plant.file).read_text(encoding="utf-8")))
        return ast.dump(ast.parse(text)) == right or agrees(text)
    except SyntaxError:
        return False


def _fixed(text: str, fixes: Sequence[Wrong]) -> str:
    """A text with all fixes made."""
    lines = text.split("\n")
    for fix in sorted(fixes, key=lambda each: each["line"], reverse=True):
        first, old = fix["line"] - 1, len(fix["before"].split("\n")) if fix["before"] else 0
        lines[first : first + old] = fix["after"].split("\n") if fix["after"] else []
    return "\n".join(lines)


def _near(plant: Plant, wrong: Wrong) -> bool:
    """Whether this is about the line of the plant, or one beside it."""
    near = range(plant.lines.start - NEAR, plant.lines.stop + NEAR)
    return _of_file(plant, wrong) and any(line in near for line in _lines(wrong))


def _of_file(plant: Plant, wrong: Wrong) -> bool:
    path = Path(wrong["path"]).as_posix()
    return path == f"manual/{plant.file}"


def _lines(wrong: Wrong) -> Iterator[int]:
    """The line that is named, and all that the fix changes."""
    yield wrong["line"]
    for fix in (wrong["fix"], *wrong["fix"]["also"]) if wrong["fix"] else ():
        yield from range(fix["line"], fix["line"] + fix["before"].count("\n") + 1)


def _told(wrong: Wrong) -> str:
    fix = f"; {wrong['fix']['after'].strip()}" if wrong["fix"] else ""
    return f"{wrong['path']}:{wrong['line']}: {wrong['kind']}: {wrong['cause']}{fix}"
