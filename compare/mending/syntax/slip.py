"""One slip of the pen: which letters of a statement are replaced, by what, and what is said of it."""

import re
from dataclasses import dataclass

CLOSING = {"(": ")", "[": "]", "{": "}"}
OPENING = {closing: opening for opening, closing in CLOSING.items()}
NAME = re.compile(r"[^\W\d]\w*$")


@dataclass(frozen=True)
class Slip:
    """Pieces of a statement, each from a letter to another, and what is put there; how far that is; what is said."""

    pieces: tuple[tuple[int, int, str], ...]
    cost: float
    said: str

    def applied(self, raw: str) -> str:
        """The statement as it may have been meant."""
        for start, end, new in sorted(self.pieces, reverse=True):
            raw = raw[:start] + new + raw[end:]
        return raw


Tokens = list[tuple[int, int, str]]


def one(start: int, end: int, new: str, cost: float, said: str) -> Slip:
    return Slip(((start, end, new),), cost, said)
