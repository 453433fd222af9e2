"""What a statement that does not parse was meant to be, where a small change makes it parse."""

import re
from collections.abc import Iterator

from compare.checking.reading.parsing import unparsable
from compare.checking.reading.statements import Statement

_HEADERS = {"def", "class", "for", "while", "if", "elif", "else", "try", "except", "finally", "with"}
_BEFORE = {"elif": "if 1: pass\n", "else": "if 1: pass\n", "except": "try: pass\n", "finally": "try: pass\n"}
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_CALLED = re.compile(r"[\w.]*[\w\])]\s*$")
_FIRST = re.compile(r"(?<=[^\s])[^\w.].*|^\s+", re.DOTALL)
_GAP = re.compile(r"(?<=[\w\])}'\"])\s+(?=[\w(\[{'\"])")
# more gaps than that are no slip of the pen, and each is tried
_MOST_GAPS = 30


def fixed(raw: str, statement: Statement) -> tuple[str, str]:
    """The statement as it was probably meant, and a sentence that says what is changed; ("", "") for no idea.

    What is returned first parses. Where only the sentence is known, the first is "".
    """
    for text, said in _candidates(raw, statement):
        if _parses(text, statement.word):
            return text, said
    if statement.unclosed:
        return "", f"the {statement.unclosed} of line {statement.opened} is never closed"
    return "", ""


def _candidates(raw: str, statement: Statement) -> Iterator[tuple[str, str]]:
    code = statement.code.rstrip()
    # what follows is a comment
    raw = raw[: len(code)]
    if statement.word in _HEADERS and not statement.opens and not statement.unclosed:
        yield f"{raw}:", "a colon is missing at the end of the line"
    if statement.unclosed in _CLOSING:
        missing = _CLOSING[statement.unclosed]
        said = f"the {statement.unclosed} of line {statement.opened} is never closed"
        end = len(code.removesuffix(":").rstrip())
        yield raw + missing, said
        yield f"{raw[:end]}{missing}:", said
    if statement.word not in ("def", "class"):
        sliced = _sliced(code)
        squared = _with_square(raw, sliced)
        if sliced:
            shown = _shown(_called(squared, *sliced[0]))
            yield squared, f"round brackets where square ones are meant: {shown}"
    if statement.word in ("if", "elif", "while"):
        equal = re.sub(r"(?<![=!<>:])=(?!=)", "==", raw)
        yield equal, f"= where == is meant: {_shown(equal)}"
    for gap in list(_GAP.finditer(code))[:_MOST_GAPS]:
        if _within_brackets(code[: gap.start()]):
            after = raw[gap.start() :]
            yield f"{raw[: gap.start()]},{after}", f"a comma is missing before {_shown(_FIRST.sub('', after))}"


def _parses(text: str, word: str) -> bool:
    if not text.rstrip().endswith(":"):
        after = "\ndef f(): pass" if text.lstrip().startswith("@") else ""
    else:
        after = " pass\nexcept: pass" if word == "try" else " pass"
    return unparsable(_BEFORE.get(word, "") + text.lstrip() + after) is None


def _sliced(code: str) -> list[tuple[int, int]]:
    """Where the round brackets of a call with a slice in it are, such as x(:, t)."""
    opened: list[tuple[str, int]] = []
    sliced: set[int] = set()
    found = []
    for at, letter in enumerate(code):
        if letter in "([{":
            opened.append((letter, at))
        elif letter in ")]}" and opened:
            start = opened.pop()[1]
            found += [(start, at)] if start in sliced else []
        elif letter == ":" and opened and opened[-1][0] == "(" and "lambda" not in code[opened[-1][1] : at]:
            sliced |= {opened[-1][1]} if _CALLED.search(code[: opened[-1][1]]) else set()
    return found


def _with_square(raw: str, sliced: list[tuple[int, int]]) -> str:
    letters = list(raw)
    for start, end in sliced:
        letters[start], letters[end] = "[", "]"
    return "".join(letters)


def _called(raw: str, start: int, end: int) -> str:
    """A call, from its name to its closing bracket."""
    name = _CALLED.search(raw[:start])
    return raw[name.start() if name else start : end + 1]


def _within_brackets(code: str) -> bool:
    return sum(code.count(letter) for letter in "([{") > sum(code.count(letter) for letter in ")]}")


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 100 else f"{line[:100]}…"
