"""The expressions that give a wanted array: looked up among short ones, and among what two of them make together.

A sum of two terms is found without making it: with fixed weights r, r·(a + b) = r·a + r·b, so that for each a the b is
looked up by r·wanted − r·a; a product in the same way by its logarithm.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from compare.agreement import Array
from compare.mending.synthesis.terms import Style, Term, joined, weights

_NEAR = 1e-9
# where no mark is
_NOWHERE = 1e300
# what is combined with another is no longer than that
_SHORT = 4
_FEW = 4
_MOST_PAIRS = 40
_FEWEST = 3
# what is nothing but a sum of many terms by chance is none
_LARGEST_SIZE = 9


@dataclass(frozen=True, eq=False)
class _Marks:
    """Terms that can be spread to a shape, each with its sum with the weights, and with that of its logarithm."""

    terms: list[Term]
    sums: Array
    logs: Array

    @staticmethod
    def of(terms: list[Term], shape: tuple[int, ...]) -> "_Marks":
        fitting = [
            term for term in terms if term.size <= _SHORT and term.array.ndim and _spreads(term.array.shape, shape)
        ]
        r = weights(math.prod(shape))
        spread = np.array([np.broadcast_to(term.array, shape).ravel() for term in fitting])
        with np.errstate(all="ignore"):
            logs = np.log(np.abs(spread)) @ r if fitting else np.zeros(0)
        return _Marks(fitting, spread @ r if fitting else np.zeros(0), logs)


@dataclass(frozen=True, eq=False)
class Table:
    """Terms, to be asked which of them, alone or two together, give an array."""

    terms: list[Term]
    style: Style
    marks: dict[tuple[int, ...], _Marks] = field(default_factory=dict)

    def giving(self, wanted: Array) -> list[Term]:
        """The terms, the shortest first."""
        found = [t for t in self.terms if t.array.shape == wanted.shape and _equal(t.array, wanted)]
        found += self._products(wanted)
        if not found:
            found += islice(self._pairs(wanted), _MOST_PAIRS)
        if not found:
            found += islice(self._threes(wanted), _MOST_PAIRS)
        unique = {term.text: term for term in found if term.size <= _LARGEST_SIZE}
        return sorted(unique.values(), key=lambda term: term.size)

    def _pairs(self, wanted: Array) -> Iterator[Term]:
        """a + b, a − b, a b and a / b; of a scalar there are too many by chance."""
        shape = wanted.shape
        if wanted.size < _FEWEST:
            return
        marks = self.marks[shape] = self.marks.get(shape) or _Marks.of(self.terms, shape)
        r = weights(wanted.size)
        with np.errstate(all="ignore"):
            mark, log = wanted.ravel() @ r, np.log(np.abs(wanted.ravel())) @ r
        for signed, against in (
            (mark - marks.sums, marks.sums),
            (marks.sums - mark, marks.sums),
            (log - marks.logs, marks.logs),
            (marks.logs - log, marks.logs),
        ):
            for i, k in _meeting(signed, against):
                if i != k:
                    yield from _both(marks.terms[i], marks.terms[k], self.style, wanted)

    def _threes(self, wanted: Array) -> Iterator[Term]:
        """A name as a summand or a factor of two terms more."""
        for name in self.terms:
            if name.size > 1 or not name.array.ndim or not _spreads(name.array.shape, wanted.shape):
                continue
            with np.errstate(all="ignore"):
                rest, quotient = wanted - name.array, wanted / name.array
            for sign, part in (("+", rest), ("*", quotient)):
                if np.isfinite(part).all():
                    for term in islice(self._pairs(part), _FEW):
                        yield _with(term, sign, name, wanted)

    def _products(self, wanted: Array) -> Iterator[Term]:
        """Matrix products of two terms, of which one is short."""
        if wanted.ndim != 2:
            return
        rows, columns = wanted.shape
        left = [t for t in self.terms if t.array.ndim == 2 and t.array.shape[0] == rows and t.size <= _SHORT]
        right = [t for t in self.terms if t.array.ndim == 2 and t.array.shape[1] == columns and t.size <= _SHORT]
        for inner in {t.array.shape[1] for t in left}:
            ones = [t for t in left if t.array.shape[1] == inner]
            # the first row tells most
            first = np.array([t.array[0] for t in ones])
            for other in (t for t in right if t.array.shape[0] == inner):
                off = np.abs(first @ other.array - wanted[0]).max(axis=1)
                for i in np.flatnonzero(off <= _NEAR * (1 + np.abs(wanted[0]).max())):
                    if min(ones[i].size, other.size) <= 2:
                        term = self.style.product(ones[i], other, np.dot(ones[i].array, other.array))
                        if _equal(term.array, wanted):
                            yield term


def _with(term: Term, sign: str, name: Term, wanted: Array) -> Term:
    text = term.bracketed(1 if sign == "+" else 2)
    return Term(f"{text} {sign} {name.text}", wanted, term.size + 2, 1 if sign == "+" else 2)


def _both(one: Term, other: Term, style: Style, wanted: Array) -> Iterator[Term]:
    with np.errstate(all="ignore"):
        for term in joined(one, other, style):
            if term.array.shape == wanted.shape and _equal(term.array, wanted):
                yield term


def _meeting(wanted: Array, marks: Array) -> Iterator[tuple[int, int]]:
    """The pairs i, k with wanted[i] = marks[k], up to rounding."""
    order = np.flatnonzero(np.isfinite(marks))
    order = order[np.argsort(marks[order])]
    ordered = marks[order]
    wanted = np.where(np.isfinite(wanted), wanted, _NOWHERE)
    room = _NEAR * (1 + np.abs(wanted))
    first, last = np.searchsorted(ordered, wanted - room), np.searchsorted(ordered, wanted + room)
    for i in np.flatnonzero(last > first):
        for k in order[first[i] : last[i]]:
            yield int(i), int(k)


def _spreads(small: tuple[int, ...], large: tuple[int, ...]) -> bool:
    try:
        return np.broadcast_shapes(small, large) == large
    except ValueError:
        return False


def _equal(found: Array, wanted: Array) -> bool:
    return bool(np.abs(found - wanted).max(initial=0) <= _NEAR * np.abs(wanted).max(initial=0))
