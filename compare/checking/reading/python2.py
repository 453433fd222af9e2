"""Python 2 as Python 3, line by line, as far as that can be done without understanding it."""

import re
from collections.abc import Callable

from compare.checking.reading.parsing import unparsable
from compare.checking.reading.statements import Statement, masked, statements

_PRINT = re.compile(r"(?P<before>(?:^|[:;])\s*)print\b(?!\s*(?:[(=.,)\]:]|$))\s*(?P<rest>[^;]*)")
_TO_FILE = re.compile(r">>\s*([^,]+?)\s*(?:,\s*(.*))?$", re.DOTALL)
_EXEC = re.compile(r"(?P<before>^\s*)exec\b(?!\s*[(=.,])\s*(?P<rest>[^;]*)")
_RAISE = re.compile(r"(?P<before>^\s*)raise\s+(?P<type>[\w.]+)\s*,\s*(?P<rest>[^;]*)")
_EXCEPT = re.compile(r"(?P<before>^\s*except\s+(?:[\w.]+|\([^()]*\)))\s*,(?P<rest>\s*\w+\s*:)")
_SMALL = (
    (re.compile(r"<>"), "!="),
    (re.compile(r"(?<![\w.])0(?=0*[1-7][0-7]*(?![\w.]))"), "0o"),
    (re.compile(r"(?<=\d)[lL]\b"), " "),
    (re.compile(r"\b[uU](?=[rR][\"'])"), " "),
)


def as_python3(text: str) -> tuple[str, list[int]]:
    """The text with what only Python 2 takes rewritten, every line where it was; the lines that were rewritten."""
    if unparsable(text) is None:
        return text, []
    lines = text.split("\n")
    changed = []
    for each in statements(text):
        old = "\n".join(lines[each.first - 1 : each.last])
        new = _rewritten(old, each)
        if new != old:
            lines[each.first - 1 : each.last] = new.split("\n")
            changed.append(each.first)
    return "\n".join(lines), changed


def _rewritten(raw: str, statement: Statement) -> str:
    for pattern, how in _STATEMENTS:
        # the last first: what stands before it keeps its place
        for found in reversed(list(pattern.finditer(statement.code))):
            raw = raw[: found.start()] + how(found, raw) + raw[found.end() :]
    for small, replacement in _SMALL:
        for found in reversed(list(small.finditer(masked(raw)[0]))):
            raw = raw[: found.start()] + replacement + raw[found.end() :]
    return _without_backticks(raw)


def _without_backticks(raw: str) -> str:
    ticks = [at for at, letter in enumerate(masked(raw)[0]) if letter == "`"]
    for i, at in reversed(list(enumerate(ticks if len(ticks) % 2 == 0 else []))):
        raw = raw[:at] + (")" if i % 2 else "repr(") + raw[at + 1 :]
    return raw


def _print(found: re.Match[str], raw: str) -> str:
    rest, after = _rest(found, raw)
    to_file = _TO_FILE.match(rest)
    if to_file:
        rest = f"{to_file[2] + ', ' if to_file[2] else ''}file={to_file[1]}"
    return f"{found['before']}print({rest}){after}"


def _exec(found: re.Match[str], raw: str) -> str:
    rest, after = _rest(found, raw)
    return f"{found['before']}exec({rest.replace(' in ', ', ')}){after}"


def _raise(found: re.Match[str], raw: str) -> str:
    rest, after = _rest(found, raw)
    return f"{found['before']}raise {found['type']}({rest}){after}"


def _except(found: re.Match[str], raw: str) -> str:
    return f"{found['before']} as{found['rest']}"


def _rest(found: re.Match[str], raw: str) -> tuple[str, str]:
    """What a statement is given, with its strings, and the space after it."""
    given = raw[found.start("rest") : found.end("rest")]
    bare = found["rest"].rstrip()
    return given[: len(bare)], given[len(bare) :]


_STATEMENTS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], str]], ...] = (
    (_PRINT, _print),
    (_EXEC, _exec),
    (_RAISE, _raise),
    (_EXCEPT, _except),
)
