"""Blocks that are indented wrongly, moved to where they may belong."""

import re
from collections.abc import Iterator, Sequence

from compare.checking.reading.indents import repaired
from compare.checking.reading.mending import mended
from compare.checking.reading.parsing import tree_of, unparsable
from compare.checking.reading.statements import Statement, statements
from compare.checking.reading.strays import strays
from compare.mending.syntax.changes import Change

_LOOP = re.compile(r"\s*for\s+(.*?)\s+in\b")
_STORED = re.compile(r"\s*([\w\s,]+?)\s*=(?!=)")
_NAMES = re.compile(r"[^\W\d]\w*")


def moved_blocks(lines: Sequence[str], line: int) -> Iterator[Change]:
    """The unit with a block at a line, or the lines that follow it, indented as they may have been meant."""
    yield from _strays_inside(lines, line)
    text = "\n".join(lines)
    found = statements(text)
    index = next((i for i, each in enumerate(found) if each.last >= line), len(found) - 1)
    if index < 0:
        return
    for i in (index, index + 1):
        if 0 < i < len(found) and found[i - 1].opens and found[i].width <= found[i - 1].width:
            yield from _bodies(lines, found, i)
    yield from _repaired(text, found)
    for i in (index, index - 1):
        if i >= 0:
            yield from _moved(lines, found, i)


def _strays_inside(lines: Sequence[str], line: int) -> Iterator[Change]:
    """A whole block that fell out of the function above it, indented as that function's lines are."""
    parsable = mended("\n".join(lines), unparsable)[0]
    for stray in strays(tree_of(parsable or "")):
        if stray.first <= line <= stray.last:
            body = lines[stray.function.body[0].lineno - 1]
            said = f"The lines belong to `{stray.function.name}`, and are not indented as far as its other lines."
            new = _shifted(lines, stray.first, stray.last, _indent(lines[stray.first - 1]), _indent(body))
            yield Change(new, 0.5, said, "indentation")


def _bodies(lines: Sequence[str], found: Sequence[Statement], start: int) -> Iterator[Change]:
    """The statements behind a header, more or fewer of them, as its block."""
    header, step = found[start - 1], _step(found)
    run = []
    for i in range(start, len(found)):
        if found[i].width < header.width or (found[i].word in ("def", "class") and header.word != "class"):
            break
        if found[i].word == "class" and header.word == "class":
            break
        run.append(i)
    likeliest = _last_of_body(header, [found[i] for i in run]) + start
    said = f"Nothing is indented below `{header.code.strip().splitlines()[0]}`."
    for i in run:
        inside = found[i + 1].width if i + 1 < len(found) else 0
        if i < run[-1] and inside > header.width and found[i].opens:
            continue
        last = found[i].last
        new = _shifted(lines, found[start].first, last, _indent(lines[found[start].first - 1]), header.indent + step)
        yield Change(new, 0.6 + 0.1 * abs(i - likeliest), said, "indentation")


def _last_of_body(header: Statement, run: Sequence[Statement]) -> int:
    """Which of the statements behind a header is the last that belongs to it, by what it is and what they read."""
    if header.word in ("def", "class", "try", "with"):
        return len(run) - 1
    loop = _LOOP.match(header.code)
    if not loop:
        return 0
    names, last = set(_NAMES.findall(loop[1])), 0
    for i, each in enumerate(run):
        if each.word == "return":
            break
        words = set(_NAMES.findall(each.code))
        if words & names:
            last = i
            stored = _STORED.match(each.code)
            names |= set(_NAMES.findall(stored[1])) if stored else set()
    return last


def _repaired(text: str, found: list[Statement]) -> Iterator[Change]:
    """As reading itself repairs it."""
    fault = unparsable(text)
    if fault is None or not fault.indentation or not found:
        return
    index = next((i for i, each in enumerate(found) if each.last >= fault.line), len(found) - 1)
    new, told = repaired(text, found, index, fault, unparsable)
    said = told[0].message if told else fault.message
    # a block of nothing is what is left when nothing else fits
    cost = 2.5 if "nothing is indented" in said else 0.7
    yield Change(tuple(new.split("\n")), cost, f"{said[:1].upper()}{said[1:]}.", "indentation")


def _moved(lines: Sequence[str], found: Sequence[Statement], index: int) -> Iterator[Change]:
    """A statement with its block, or all that stand below it as far in, moved to another block around."""
    at = found[index]
    block = index
    while at.opens and block + 1 < len(found) and found[block + 1].width > at.width:
        block += 1
    run = block
    while run + 1 < len(found) and found[run + 1].width >= at.width:
        run += 1
    step = _step(found)
    around = [each for each in found[max(0, index - 30) : index + 2] if each is not at]
    indents = {each.indent for each in around} | {each.indent + step for each in around if each.opens}
    for indent in indents:
        far = abs(len(indent.expandtabs(8)) - at.width)
        if far:
            said = f"The line is indented by {at.width} columns, the lines around it by {len(indent.expandtabs(8))}."
            for last in dict.fromkeys((found[block].last, found[run].last)):
                new = _shifted(lines, at.first, last, at.indent, indent)
                uneven = len(indent.expandtabs(8)) % max(len(step.expandtabs(8)), 1) > 0
                cost = 0.7 + 0.03 * far + 0.1 * (last != found[block].last) + 0.2 * uneven
                yield Change(new, cost, said, "indentation")


def _step(found: Sequence[Statement]) -> str:
    """By what the file indents its first block."""
    return next((each.indent for each in found if each.indent), "    ")


def _shifted(lines: Sequence[str], first: int, last: int, old: str, new: str) -> tuple[str, ...]:
    """The lines from the first to the last with one indentation in place of another, and what goes further kept."""
    moved = [f"{new}{line.removeprefix(old)}" if line.strip() else line for line in lines[first - 1 : last]]
    return (*lines[: first - 1], *moved, *lines[last:])


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
