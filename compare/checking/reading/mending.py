"""Text that does not parse, made to: every offending statement found, and something harmless put in its place."""

import re
from collections import Counter

from compare.checking.reading.hints import fixed
from compare.checking.reading.indents import repaired
from compare.checking.reading.parsing import Check, Fault
from compare.checking.reading.statements import Statement, statements

_ROUNDS = 200
# letters parsed again and again, in all the rounds together
_WORK = 20_000_000
_HEADERS = {
    "try": "try:",
    "except": "except Exception:",
    "finally": "finally:",
    "else": "else:",
    "elif": "elif 1:",
    "for": "while 1:",
    "while": "while 1:",
    "if": "if 1:",
    "with": "if 1:",
}
_DEFINING = ("def", "class")
_NAMED = re.compile(r"\s*(?:async\s+)?(def|class)\s+(\w+)")


def mended(text: str, check: Check) -> tuple[str | None, list[Fault]]:
    """The text in a form that passes the check, None for no such form; and everything that is wrong with it.

    Every line stays where it is.
    """
    faults: list[Fault] = []
    visits: Counter[int] = Counter()
    for _ in range(min(_ROUNDS, 1 + _WORK // (len(text) + 1))):
        fault = check(text)
        if fault is None:
            return text, faults
        found = statements(text)
        if not found or not fault.line:
            return None, [*faults, Fault(fault.line or 1, fault.column, fault.message)]
        index = _culprit(found, fault, visits)
        at = found[index]
        visits[at.first] += 1
        if visits[at.first] > 3:
            return None, faults
        if fault.indentation and visits[at.first] == 1:
            text, told = repaired(text, found, index, fault, check)
        else:
            after = found[index + 1] if index + 1 < len(found) else None
            text, told = _replaced(text, at, after, fault, visits[at.first])
        # what is wrong with a statement of ours comes from the one that it stands for
        faults += told if visits[at.first] == 1 else []
        if at.code.lstrip()[0] in ")]}":
            faults = _without_echo(faults, found[: index + 1])
    return (text, faults) if check(text) is None else (None, faults)


def _without_echo(faults: list[Fault], found: list[Statement]) -> list[Fault]:
    """Of the lines between a bracket that was closed too early and where it should have been, only the first."""
    at = found[-1]
    start = next((each.first for each in reversed(found[:-1]) if each.width <= at.width), 1)
    echo = [fault for fault in faults if start <= fault.line <= at.last][1:]
    return [fault for fault in faults if fault not in echo]


def _culprit(found: list[Statement], fault: Fault, visits: Counter[int]) -> int:
    """The index of the statement that is to blame: mostly the one where Python stopped."""
    index = next((i for i, each in enumerate(found) if each.last >= fault.line), len(found) - 1)
    if fault.indentation:
        return index
    endless = (i for i, each in enumerate(found) if len(each.unclosed) == 3 and not visits[each.first])
    attempt = (i for i in range(index - 1, -1, -1) if _is_attempt(found, i, index) and not visits[found[i].first])
    return next(endless, next(attempt, index))


def _is_attempt(found: list[Statement], start: int, end: int) -> bool:
    """Whether a `try` is left without `except` at the later statement."""
    at, stopped = found[start], found[end]
    if at.word != "try" or not at.opens or stopped.width > at.width or stopped.word in ("except", "finally"):
        return False
    return all(each.width > at.width for each in found[start + 1 : end])


def _replaced(text: str, at: Statement, after: Statement | None, fault: Fault, visit: int) -> tuple[str, list[Fault]]:
    """The text without what is wrong with a statement, and what is to be said of it."""
    lines = text.split("\n")
    deeper = after is not None and after.width > at.width
    inside = at.first <= fault.line <= at.last
    meant, said = fixed("\n".join(lines[at.first - 1 : at.last]), at)
    if visit > 1 or fault.indentation or not inside or (meant and _ends_open(meant) != deeper):
        meant = ""
    new = meant or _stand_in(at, after, visit if inside else 2)
    lines[at.first - 1 : at.last] = [*new.split("\n"), *[""] * (at.last - at.first - new.count("\n"))]
    told = Fault(fault.line, fault.column, f"{fault.message}; {said}" if said else fault.message)
    if len(at.unclosed) == 3:
        told = Fault(at.opened, None, f"the string that {at.unclosed} opens is never closed")
    elif not inside:
        told = Fault(at.first, None, "this `try` has neither `except` nor `finally`")
    elif at.opened == fault.line:
        told = Fault(fault.line, fault.column, fault.message)
    return "\n".join(lines), [told]


def _ends_open(text: str) -> bool:
    return text.rstrip().endswith(":")


def _stand_in(at: Statement, after: Statement | None, visit: int) -> str:
    """Something that parses in the place of a statement, and takes the block that follows it."""
    indent = re.sub(r"[^\t\f ]", " ", at.indent)
    deeper = after is not None and after.width > at.width
    named = _NAMED.match(at.code)
    decorates = (
        at.code.lstrip().startswith("@") and after is not None and (after.word in _DEFINING or "@" in after.code)
    )
    if visit == 1 and decorates:
        return f"{indent}@_"
    if visit > 2 or not (deeper or at.word):
        return f"{indent}if 1:" if deeper else ""
    if named and visit == 1:
        header = f"def {named[2]}():" if named[1] == "def" else f"class {named[2]}:"
    else:
        header = (_HEADERS if visit == 1 else {}).get(at.word, "if 1:" if deeper else "")
    return f"{indent}{header}{'' if deeper else ' pass' if header else 'pass'}"
