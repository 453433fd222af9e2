"""Which entry an array is equal to, up to rounding and up to where its elements stand; a fingerprint finds it fast."""

import itertools
import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from compare.agreement import Array, bits_of_agreement
from compare.locating.entries import Entry

How = Literal["same", "reshaped", "transposed", "negated", "reversed"]
_ORDER: tuple[How, ...] = ("same", "reshaped", "transposed", "negated", "reversed")

TOLERANCE = 1e-9
# what is kept in float32 on purpose agrees as far as that goes
SINGLE = 1e-5


@dataclass(frozen=True)
class Match:
    """The entry that an array is, what has to be done to the entry to get it, and how many bits agree."""

    entry: Entry
    how: How
    bits: float

    @property
    def said(self) -> str:
        """As a person would say it: "−∂L/∂h", "∂L/∂Wx, transposed"."""
        if self.how in ("same", "reshaped"):
            return self.entry.said
        return {
            "transposed": f"{self.entry.said}, transposed",
            "negated": f"{self.entry.said}, negated",
            "reversed": f"{self.entry.said}, in reversed order of time",
        }[self.how]


@dataclass(frozen=True)
class Index:
    """Entries by their fingerprint, size and Σ|x|, which no transpose, reshape, sign or order changes."""

    entries: dict[int, list[Entry]] = field(default_factory=dict)
    sums: dict[int, list[float]] = field(default_factory=dict)
    ranks: dict[int, int] = field(default_factory=dict)

    @staticmethod
    def of(entries: Iterable[Entry]) -> "Index":
        """Of entries that are equal the first is kept; trivial ones say nothing."""
        seen: dict[tuple[str, tuple[int, ...], bytes], Entry] = {}
        for entry in entries:
            if says_something(entry.array):
                key = (entry.kind, entry.array.shape, entry.array.tobytes())
                first = seen.setdefault(key, entry)
                if first.part and first.whole is None:
                    # a step of an output's gradient: known by its name, and as a part of that of the state
                    seen[key] = replace(first, whole=entry.whole, of=entry.of)
        index = Index()
        for rank, entry in enumerate(seen.values()):
            index.ranks[id(entry)] = rank
            index.entries.setdefault(entry.array.size, []).append(entry)
        for size, found in index.entries.items():
            found.sort(key=lambda entry: _sum(entry.array))
            index.sums[size] = [_sum(entry.array) for entry in found]
        return index

    @property
    def ranked(self) -> list[Entry]:
        """All entries, what a person would name first in front."""
        found = [entry for entries in self.entries.values() for entry in entries]
        return sorted(found, key=lambda entry: self.ranks[id(entry)])

    def recognise(self, array: Any, kind: str = "", tolerance: float | None = None) -> Match | None:
        """The entry that an array is equal to; the plainest way and the first name where there are several."""
        found = np.asarray(array)
        if not says_something(found):
            return None
        if tolerance is None:
            tolerance = SINGLE if found.dtype.itemsize < 8 else TOLERANCE
        found = found.astype(np.float64)
        best: tuple[tuple[int, int], Match] | None = None
        for entry in self._near(found, tolerance):
            if kind in ("", entry.kind):
                how = _how(found, entry.array, tolerance)
                if how and (best is None or (_ORDER.index(how[0]), self.ranks[id(entry)]) < best[0]):
                    rank = (_ORDER.index(how[0]), self.ranks[id(entry)])
                    best = rank, Match(entry, how[0], bits_of_agreement(found.ravel(), how[1]))
        return best[1] if best else None

    def _near(self, found: Array, tolerance: float) -> Iterator[Entry]:
        """The entries whose fingerprint is near enough."""
        sums, total = self.sums.get(found.size, []), _sum(found)
        # |Σ|a| − Σ|b|| <= size · max|a − b|
        room = 2 * found.size * tolerance * float(np.abs(found).max())
        with np.errstate(over="ignore"):
            squares = float(np.sum(found * found))
        at = bisect_left(sums, total - room)
        while at < len(sums) and sums[at] <= total + room:
            entry = self.entries[found.size][at]
            if math.isclose(float(np.sum(entry.array**2)), squares, rel_tol=max(1e-6, 100 * tolerance)):
                yield entry
            at += 1


def says_something(array: Any) -> bool:
    """Whether an array is evidence: finite floats of more than two different values, so no mask and no constant."""
    if not isinstance(array, np.ndarray) or array.dtype.kind != "f" or array.size < 2:
        return False
    flat = array.ravel()
    first = flat[0]
    others = flat[flat != first]
    return bool(np.isfinite(flat).all()) and others.size > 0 and bool((others != others[0]).any() or array.size == 2)


def _sum(array: Array) -> float:
    return float(np.abs(array).sum())


def _how(found: Array, entry: Array, tolerance: float) -> tuple[How, Array] | None:
    """What has to be done to the entry to get the array, and the entry so changed, flat."""
    flat = found.ravel()
    room = tolerance * float(np.abs(entry).max())
    for how, changed in _changes(found, entry):
        if float(np.abs(flat - changed).max()) <= room:
            return how, changed
    return None


def _changes(found: Array, entry: Array) -> Iterator[tuple[How, Array]]:
    places = [entry.transpose(axes).ravel() for axes in itertools.permutations(range(entry.ndim))]
    yield "same" if found.shape == entry.shape else "reshaped", places[0]
    yield from (("transposed", place) for place in places[1:])
    yield from (("negated", -place) for place in places)
    if entry.ndim == 3:
        turned = entry[:, ::-1]
        yield from (("reversed", turned.transpose(axes).ravel()) for axes in ((0, 1, 2), (1, 0, 2)))
