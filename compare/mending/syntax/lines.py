"""One statement that does not parse, as it may have been meant: by a slip of the pen, or by two."""

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from compare.checking.reading.hints import fixed
from compare.checking.reading.parsing import parsed, unparsable
from compare.checking.reading.statements import Statement, masked, statements
from compare.mending.syntax.changes import Change
from compare.mending.syntax.slips import slips

_BEFORE = {"elif": "if 1: pass\n", "else": "if 1: pass\n", "except": "try: pass\n", "finally": "try: pass\n"}
_OPERATOR = re.compile(r"(?:[-+*/%@,=]|\b(?:and|or|not|in))\s*$")
# statements with one slip each that are asked for a second, and all that are parsed in between
_MOST_SECOND, _MOST = 40, 4000
# one slip that is less likely than two others
_DEAR = 1.9


@dataclass(frozen=True)
class Meant:
    """A statement that parses, with its comments; how far it is from what was typed, and what is changed."""

    text: str
    cost: float
    said: str


def mended_lines(lines: Sequence[str], line: int) -> Iterator[Change]:
    """The unit with the statement at a line, or the one before it, as it may have been meant."""
    found = statements("\n".join(lines))
    index = next((i for i, each in enumerate(found) if each.last >= line), len(found) - 1)
    for back in (0, 1):
        if 0 <= index - back < len(found):
            at = found[index - back]
            raw = "\n".join(lines[at.first - 1 : at.last])
            for each in [*_meant(raw, at), *_continued(raw, at)]:
                new = (*lines[: at.first - 1], *each.text.split("\n"), *lines[at.last :])
                yield Change(new, each.cost + 0.3 * back, each.said)


def _continued(raw: str, statement: Statement) -> Iterator[Meant]:
    """A line that ends in an operator, or the one before a line that begins with one, goes on in the next."""
    end = len(masked(raw)[0].rstrip())
    if "\n" not in raw:
        cost = 0.9 if _OPERATOR.search(statement.code.rstrip()) else 2.0
        yield Meant(raw[:end] + " \\", cost, "The statement goes on in the next line: brackets or a `\\` are missing.")


def _meant(raw: str, statement: Statement) -> Iterator[Meant]:
    """What a statement may have been meant as, cheapest first; nothing where it parses as it stands."""
    if _parses(raw, statement):
        return
    found: dict[str, Meant] = {}
    ready = _fixed(raw, statement)
    if ready is not None:
        found[ready.text] = ready
    begun = []
    for slip in slips(raw):
        new = Meant(slip.applied(raw), slip.cost, slip.said)
        if _parses(new.text, statement):
            found.setdefault(new.text, _weighed(new))
        else:
            begun.append(new)
    if min((each.cost for each in found.values()), default=_DEAR) >= _DEAR:
        for each in _twice(sorted(begun, key=lambda each: each.cost), statement):
            found.setdefault(each.text, _weighed(each))
    yield from sorted(found.values(), key=lambda each: each.cost)


def _twice(begun: Sequence[Meant], statement: Statement) -> Iterator[Meant]:
    """With a second slip of the statements that one slip alone does not make parse."""
    tried = 0
    for first in begun[:_MOST_SECOND]:
        ready = _fixed(first.text, statement)
        if ready is not None:
            yield Meant(ready.text, first.cost + ready.cost, f"{first.said} {ready.said}")
        for slip in slips(first.text):
            tried += 1
            if tried > _MOST:
                return
            new = slip.applied(first.text)
            if _parses(new, statement):
                yield Meant(new, first.cost + slip.cost, f"{first.said} {slip.said}")


def _fixed(raw: str, statement: Statement) -> Meant | None:
    """What reading itself takes the statement for."""
    now = next(iter(statements(raw)), None)
    text, said = fixed(raw, now) if now is not None else ("", "")
    if not text or now is None or said.startswith("a comma"):
        # between two words other signs may be missing too
        return None
    comment = raw[len(now.code.rstrip()) :]
    meant = Meant(text + comment, 1.0, f"{said[:1].upper()}{said[1:]}.")
    return _weighed(meant) if _parses(meant.text, statement) else None


def _parses(text: str, statement: Statement) -> bool:
    """Whether a statement is one of Python's in the place where it stands."""
    return unparsable(_alone(text, statement)) is None


def _alone(text: str, statement: Statement) -> str:
    """The statement with what must stand around it."""
    bare = "\n".join(line.removeprefix(statement.indent) for line in text.split("\n"))
    code = masked(bare)[0].rstrip()
    word = re.match(r"\w*", bare)
    after = ""
    if code.endswith(":"):
        after = "\n pass" + ("\nexcept: pass" if code.startswith("try") else "")
    elif code.startswith("@"):
        after = "\ndef f(): pass"
    return _BEFORE.get(word[0] if word else "", "") + bare + after


def _weighed(meant: Meant) -> Meant:
    """Dearer where Python warns of what is made, such as an integer that is called or indexed, or where it is idle."""
    tree = parsed(meant.text.strip())
    if not isinstance(tree, ast.Module):
        return meant
    idle = any(isinstance(each, ast.Expr) and not isinstance(each.value, ast.Call) for each in ast.walk(tree))
    within = ast.parse("def f(): pass")
    assert isinstance(within.body[0], ast.FunctionDef)
    within.body[0].body = tree.body or within.body[0].body
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            compile(within, "", "exec")
        odd = False
    except (SyntaxError, Warning, ValueError):
        odd = True
    return Meant(meant.text, meant.cost + 0.8 * odd + 0.6 * idle, meant.said)
