"""A comma that is missing in a text that parses without it: `reshape(N -1)`, `x[: t]`."""

from compare.explaining.cause import Cause, Kind
from compare.explaining.lines import changed_lines, quoted
from compare.explaining.wording import cause

_OPENING, _CLOSING = "([{", ")]}"


def without_comma(before: str, after: str) -> Cause | None:
    """What stands on both sides of a comma taken for one, where that is all that the texts differ in."""
    pairs = changed_lines(before, after)
    if len(pairs) != 1:
        return None
    mine, other = ("".join(line.split()) for line in pairs[0])
    at = next((i for i, (a, b) in enumerate(zip(mine, other, strict=False)) if a != b), len(mine))
    if mine[:at] + "," + mine[at:] != other or other[at + 1 : at + 2] in ("", "=", *_CLOSING):
        # after the last element it makes a tuple of one, and parts nothing
        return None
    kind, what = _inside(other[:at])
    called = kind == "order" and other[at + 1] in "(["
    said = (
        "the bracket after it calls what stands before it, or indexes it"
        if called
        else f"what stands on its two sides is taken for {what}"
    )
    return cause("call" if called else kind, f"In {quoted(pairs[0][0])} a comma is missing: {said}")


def _inside(text: str) -> tuple[Kind, str]:
    """What the innermost bracket that is open at the end of a text holds."""
    opened: list[int] = []
    for at, letter in enumerate(text):
        if letter in _OPENING:
            opened.append(at)
        elif letter in _CLOSING and opened:
            opened.pop()
    at = opened[-1] if opened else 0
    named = at > 0 and (text[at - 1].isidentifier() or text[at - 1] in ")]")
    if named and text[at] == "[":
        return "index", "one index"
    if named and text[at] == "(":
        return "call", "one argument"
    return "order", "one value"
