"""What can be said of a learner's layers by reading them, without running a line."""

from functools import lru_cache

from compare.checking.source import Document, Problem
from compare.checking.static.building import read
from compare.checking.static.checks import CHECKS

__all__ = ["inspect"]


@lru_cache(maxsize=8)
def inspect(document: Document) -> tuple[Problem, ...]:
    """All that is amiss and can be read off, by place; each line is said to have a fault of a kind only once.

    Nothing that stands in a file makes this raise: a check that fails says nothing.
    """
    found: dict[tuple[object, ...], Problem] = {}
    try:
        file = read(document)
    except Exception:  # anybody's file may hold anything
        return ()
    for check in CHECKS:
        try:
            problems = list(check(file))
        except Exception:  # the tests call the checks without this net
            continue
        for problem in problems:
            found.setdefault((problem.place, problem.check, problem.symbol), problem)
    return tuple(sorted(found.values(), key=lambda each: (each.place.cell or 0, each.place.line, each.place.column)))
