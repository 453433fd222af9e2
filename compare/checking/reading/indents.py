"""Repairs of wrong indentation, so that what comes after it can be read as well."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

from compare.checking.reading.parsing import Check, Fault, uncompilable
from compare.checking.reading.statements import Statement


def repaired(text: str, found: list[Statement], index: int, fault: Fault, check: Check) -> tuple[str, list[Fault]]:
    """The text with the fault in indentation at a statement repaired, and what is to be said of it."""
    if fault.tabs or _mixed(found):
        spaced = _without_tabs(text, found, check)
        after = check(spaced)
        if fault.tabs or after is None or not after.indentation:
            return spaced, [replace(fault, line=line, column=0, message=_mixed_message(fault)) for line in _odd(found)]
    outside = _first_outside(found, index)
    if outside:
        message = f"{fault.message}: indent the line as line {outside.first} is"
        new = _moved(text, found[index : index + 1], outside.indent)
        return new, [Fault(found[index].first, fault.column, message, indentation=True)]
    empty = _empty_header(found, index)
    if empty:
        message = f"{fault.message}; nothing is indented below this line"
        return _with_pass(text, empty), [Fault(empty.first, None, message, indentation=True)]
    given, index = index, _odd_one(found, index)
    at = found[index]
    target = _target(found[:index], at) if index == given else found[given]
    other = f", line {target.first} by {target.width}" if target else ", and stands in no block"
    message = f"{fault.message}: the line is indented by {at.width}{other}"
    new = _moved(text, found[index:], target.indent if target else "")
    return new, [Fault(at.first, fault.column if index == given else None, message, indentation=True)]


def _odd_one(found: list[Statement], index: int) -> int:
    """The index of the statement that is to blame: it may be an earlier one, the first of its block, against many."""
    at = found[index]
    first = index
    while first and found[first - 1].width > at.width:
        first -= 1
    first -= first == index
    header, odd = found[max(first - 1, 0)], found[max(first, 0)]
    method = at.word == "def" and header.word == "def"
    alone = sum(each.width == odd.width for each in found[max(first, 0) : index]) == 1
    if first < 1 or method or not (header.opens and header.width < min(at.width, odd.width) and alone):
        return index
    after = [each.width for each in itertools.takewhile(lambda each: each.width > header.width, found[index + 1 :])]
    return first if after.count(at.width) > after.count(odd.width) else index


def _mixed(found: list[Statement]) -> bool:
    used = {letter for each in found for letter in each.indent}
    return {" ", "\t"} <= used


def _mixed_message(fault: Fault) -> str:
    return f"{fault.message}: tabs and spaces are mixed; indent all lines by spaces"


def _without_tabs(text: str, found: list[Statement], check: Check) -> str:
    """With tabs as wide as makes the blocks fit: as most editors show them, or as Python 2 took them."""
    tried = [_expanded(text, found, size) for size in (4, 8)]
    sound = [each for each in tried if uncompilable(each) is None]
    fitting = [each for each in tried if not (fault := check(each)) or not fault.indentation]
    return [*sound, *fitting, tried[-1]][0]


def _expanded(text: str, found: list[Statement], size: int) -> str:
    lines = text.split("\n")
    for each in found:
        line = lines[each.first - 1]
        lines[each.first - 1] = each.indent.expandtabs(size) + line[len(each.indent) :]
    return "\n".join(lines)


def _odd(found: list[Statement]) -> Iterator[int]:
    """The first line of every run that is indented by other letters than the first indented line."""
    usual = next((each.indent[0] for each in found if each.indent), " ")
    before = False
    for each in found:
        odd = bool(set(each.indent) - {usual})
        if odd and not before:
            yield each.first
        before = odd


def _first_outside(found: list[Statement], index: int) -> Statement | None:
    """The second statement of a block, if the first of it stands outside and is the one at the index."""
    if not index or index + 1 == len(found):
        return None
    header, at, after = found[index - 1 : index + 2]
    return after if header.opens and at.width <= header.width < after.width and not at.opens else None


def _empty_header(found: list[Statement], index: int) -> Statement | None:
    """The statement that opens a block of nothing, if that is what Python objects to at a statement."""
    at = found[index]
    before = found[index - 1] if index else None
    if before and before.opens and at.width <= before.width:
        return before
    after = found[index + 1] if index + 1 < len(found) else None
    return at if at.opens and (after is None or after.width <= at.width) else None


def _with_pass(text: str, header: Statement) -> str:
    lines = text.split("\n")
    last = header.code.split("\n")[-1].rstrip()
    # a comment after the colon would take the `pass` in
    at = len(last) if "\n" in header.code or header.first == header.last else len(lines[header.last - 1].rstrip())
    lines[header.last - 1] = lines[header.last - 1][:at] + " pass"
    return "\n".join(lines)


def _target(before: list[Statement], at: Statement) -> Statement | None:
    """The earlier statement whose indentation is meant: the one before, or the nearest of the blocks that are open."""
    blocks: list[Statement] = []
    for each in before:
        while blocks and blocks[-1].width >= each.width:
            blocks.pop()
        blocks.append(each)
    if not blocks or at.width > blocks[-1].width:
        return blocks[-1] if blocks else None
    meant = ("class",) if at.word == "class" else ("def",) if _defines(at) else ()
    return min(blocks, key=lambda each: (abs(each.width - at.width), bool(meant) != (each.word in meant), -each.width))


def _defines(statement: Statement) -> bool:
    return statement.word in ("def", "class") or statement.code.lstrip().startswith("@")


def _moved(text: str, found: list[Statement], indent: str) -> str:
    """With the first statement at another indentation, and with it those at its own and the blocks they open.

    A block that is far enough to the right for its header stays, as the header alone may have been wrong.
    """
    lines = text.split("\n")
    at = level = found[0]
    wanted = len(indent.expandtabs(8))
    alone = at.opens and any(each.width > wanted > at.width for each in found[1:2])
    for each in found[:1] if alone else found:
        in_block = each.width > at.width and (level.opens or level.width > at.width)
        if (each.width != at.width and not in_block) or (
            in_block and at.width < each.width <= wanted and _defines(each)
        ):
            break
        rest = each.indent[len(at.indent) :]
        lines[each.first - 1] = indent + rest + lines[each.first - 1][len(each.indent) :]
        level = each
    return "\n".join(lines)
