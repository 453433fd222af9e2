"""Brackets and quotes: of two kinds, one too many, one missing."""

import builtins
import re
from collections.abc import Iterator

import numpy as np

from compare.mending.syntax.slip import CLOSING, NAME, OPENING, Slip, Tokens, one


def brackets(code: str, tokens: Tokens) -> Iterator[Slip]:
    """Brackets of two kinds that should be a pair, one too many, and one that is missing."""
    opened: list[tuple[int, str]] = []
    alone: list[tuple[int, str]] = []
    for start, _, word in tokens:
        if word in CLOSING:
            opened.append((start, word))
        elif word in OPENING and opened and opened[-1][1] == OPENING[word]:
            opened.pop()
        elif word in OPENING:
            alone.append((start, word))
    for start, word in alone:
        if opened:
            at, opening = opened[-1]
            yield one(start, start + 1, CLOSING[opening], 1.0, f"`{opening}` is closed by `{word}`.")
            yield one(at, at + 1, OPENING[word], 1.1, f"`{opening}` is closed by `{word}`.")
    if alone and not opened:
        said = f"There is one `{alone[0][1]}` too many."
        for back, (start, _, _) in enumerate(reversed([each for each in tokens if each[2] == alone[0][1]])):
            yield one(start, start + 1, "", 1.2 + 0.05 * back, said)
        opening = OPENING[alone[0][1]]
        yield from _split(code, tokens)
        for start, _, word in tokens:
            if start <= alone[0][0] and (NAME.match(word) or word in ("(", "[")):
                yield one(start, start, opening, 1.6, f"A `{opening}` is missing.")
                yield one(start + len(word), start + len(word), opening, 1.5, f"A `{opening}` is missing.")
    for at, opening in opened[-1:]:
        yield from _closed(code, tokens, at, opening)


def _split(code: str, tokens: Tokens) -> Iterator[Slip]:
    """`np.dotx, W)`, `rangeT)`, `def forwardself, x):`: a name that has grown together with what it is called with."""
    for place, (start, _, word) in enumerate(tokens):
        of_numpy = place > 1 and tokens[place - 2][2] == "np"
        known = dir(np) if of_numpy else dir(builtins)
        inner = [] if word in known else [name for name in known if word.startswith(name) and len(name) > 2]
        end = max(map(len, inner), default=0)
        if place == 1 and tokens[0][2] == "def":
            grown = re.match(r"\w*(?:forward|backward)(?=\w)|\w+(?=self$)", word)
            end = grown.end() if grown else 0
        if end:
            yield one(start + end, start + end, "(", 1.0, f"A `(` is missing behind `{word[:end]}`.")


def _closed(code: str, tokens: Tokens, at: int, opening: str) -> Iterator[Slip]:
    """A bracket closed behind each of the words that follow it: a product has two factors, an index one number."""
    said = f"The `{opening}` is never closed."
    behind = [each for each in tokens if each[0] > at]
    product = bool(re.search(r"\b(?:dot|matmul)\s*$", code[:at]))
    commas = 0
    for place, (_, end, word) in enumerate(behind):
        commas += word == ","
        last = all(each[2] in (":", "=", ")", "]") for each in behind[place + 1 :])
        likely = product and commas == 1 and (NAME.match(word) or word == "]")
        likely = likely or (opening == "[" and place == 0 and word[0].isdigit())
        if opening == "[" and place == 0 and re.fullmatch(r"\d+\.", word):
            # params[0.T: the point belongs to what follows
            yield one(end - 1, end - 1, "]", 0.6, said)
        more = code[end : end + 1] == "."
        yield one(end, end, CLOSING[opening], 0.8 if likely and not more else 1.3 if last else 1.7, said)
    yield one(at, at + 1, "", 2.0, f"There is one `{opening}` too many.")


def quotes(raw: str, tokens: Tokens) -> Iterator[Slip]:
    """A string that never ends: it does behind its first word, or later; or in a quote of the other kind."""
    for start, end, word in tokens:
        if word[0] not in "'\"" or (len(word) > 1 and word.endswith(word[0])):
            continue
        said = f"The string that {word[0]} opens is never closed."
        for at in range(start + 1, end + 1):
            yield one(at, at, word[0], 1.2 + 0.01 * (at - start), said)
            if raw[at : at + 1] in ("'", '"'):
                yield one(at, at + 1, word[0], 1.1, said)
        yield one(start, start + 1, "", 2.0, f"A stray {word[0]} begins a string.")
