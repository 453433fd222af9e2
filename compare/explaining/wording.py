"""A cause in sentences that fit on a line or two."""

from compare.explaining.cause import Cause, Kind

LONGEST = 300


def cause(kind: Kind, first: str, second: str = "") -> Cause:
    """A cause of one or two sentences, each with its full stop."""
    return Cause(kind, " ".join(_sentence(each) for each in (first, second) if each))


def _sentence(text: str) -> str:
    text = " ".join(text.split()).rstrip(".")
    if len(text) < LONGEST:
        return f"{text}."
    cut = text[: LONGEST - 2].rpartition(" ")[0] or text[: LONGEST - 3]
    # a name that was cut in two is closed again
    return f"{cut}{'`' if cut.count('`') % 2 else ''}…."[:LONGEST]
