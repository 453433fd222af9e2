"""Which of the names that exist was probably meant by one that does not."""

from collections.abc import Iterable
from functools import lru_cache


@lru_cache(maxsize=1 << 14)
def distance(a: str, b: str) -> int:
    """How many letters are inserted, left out, exchanged for another, or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        before, last = row, before
        row = [i]
        for j, other in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


def tolerance(name: str) -> int:
    """How far a slip of the pen goes: of a short name nearly everything is near."""
    return 0 if len(name) < 2 else 1 if len(name) < 6 else 2


def nearest(name: str, candidates: Iterable[str], *, swaps: bool = True) -> str | None:
    """The nearest of the candidates, the first of equals; None where none is near enough to be a slip.

    Without `swaps` a letter may be missing, too much or out of place, but not another one: `dWx` is no slip for `dWh`.
    """
    best, least = None, tolerance(name) + 1
    for candidate in candidates:
        if candidate == name or abs(len(candidate) - len(name)) >= least or len(candidate) < 2:
            continue
        if not swaps and len(candidate) == len(name) and sorted(candidate) != sorted(name):
            continue
        steps = distance(name, candidate)
        if steps < least:
            best, least = candidate, steps
    return best


def slips_of(name: str, known: Iterable[str]) -> list[str]:
    """The names that one may be a slip for: with letters exchanged first, then the nearest."""
    steps = {each: distance(name, each) for each in known if each != name and abs(len(each) - len(name)) < 3}
    near = [each for each, many in steps.items() if many <= tolerance(name)]
    return sorted(near, key=lambda each: (sorted(each) != sorted(name), steps[each]))
