"""A learner's run, statement by statement: the values that its variables took, and what each of them is on the tape."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from compare.agreement import Array
from compare.locating.recognising import Match, says_something
from compare.locating.tape import Tape

Reads = Mapping[tuple[str, int], frozenset[str]]

# what memory holds that nobody has written yet
_GARBAGE = 1e100


@dataclass(frozen=True)
class Record:
    """A value that a statement gave a variable: at a line of a unit, as the `order`-th of the run, in a call.

    `value` is a copy of what the variable then held; `frame` numbers the calls, in the order in which they begin. A
    function's arguments are recorded at its `def`, which reads nothing; what it returns at its `return`, by the names
    `return 0`, `return 1` … in the order of the tuple; elements of a list as `grads[0]`, attributes as `self.h`.
    """

    function: str
    label: str
    line: int
    name: str
    value: Any
    order: int
    frame: int


@dataclass(frozen=True, eq=False)
class Seen:
    """A record, what it was recognised as, and the records that its statement read, by their names.

    `said`: whether the value is evidence; integers, shapes, masks, zeros and memory not written yet are none.
    `before` is what the variable held; `partly`: only what the statement changed of it was recognised.
    """

    record: Record
    said: bool
    match: Match | None
    inputs: Mapping[str, "Seen"] = field(default_factory=dict)
    before: "Seen | None" = None
    partly: bool = False

    @property
    def unknown(self) -> bool:
        """Evidence of something that is nowhere on the tape."""
        return self.said and self.match is None

    @property
    def returned(self) -> bool:
        """What a call gives back, which is recorded as `return 0`, `return 1` …"""
        return self.record.name.startswith("return")

    @property
    def zero(self) -> bool:
        """An array of several floats, all zero."""
        value = self.record.value
        return isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.size > 1 and not value.any()

    @cached_property
    def copied(self) -> "Seen | None":
        """The input that the value is an unchanged copy of: of a statement with several results each has its own."""
        value = self.record.value
        if not isinstance(value, np.ndarray) or (self.zero and not self.returned):
            # a product with zeros is no copy of them
            return None
        return next((i for i in self.inputs.values() if same(i.record.value, value)), None)

    @property
    def sources(self) -> tuple["Seen", ...]:
        """The inputs that the value can have come from."""
        return (self.copied,) if self.copied else tuple(self.inputs.values())

    @property
    def place(self) -> tuple[str, int, str]:
        """The variable and the line that gives it its value: the same in every pass of a loop, and in every call."""
        return self.record.label, self.record.line, self.record.name


def recognised(
    records: Sequence[Record], tape: Tape, reads: Reads | None = None, tolerance: float | None = None
) -> tuple[Seen, ...]:
    """Every record with what it is, in the order of the run.

    Of an array that a statement changed in part (`dxs[:, t] = dx`), that part is what is looked up, unless the whole
    is on the tape.
    """
    return tuple(_seen(sorted(records, key=lambda record: record.order), tape, reads or {}, tolerance))


def line_of(seen: Seen) -> str:
    """What a record is, for display: "`da` is ∂L/∂(x Wx + h_prev Wh + b) at t = 2, 52 bits"."""
    if seen.match is None:
        return f"`{seen.record.name}` is " + ("nothing on the tape" if seen.said else "no evidence")
    return f"`{seen.record.name}` is {seen.match.said}, {seen.match.bits:.0f} bits"


def _seen(records: Sequence[Record], tape: Tape, reads: Reads, tolerance: float | None) -> Iterator[Seen]:
    frames: dict[int, dict[str, Seen]] = {}
    shared: dict[str, Seen] = {}
    statement: tuple[int, str, int] | None = None
    given: set[str] = set()
    known: dict[str, Seen] = {}
    for record in records:
        mine = frames.setdefault(record.frame, {})
        if statement != (record.frame, record.label, record.line) or record.name in given:
            # all targets of one statement are computed from what stood there before it
            statement, given = (record.frame, record.label, record.line), set()
            known = {**shared, **mine}
        given.add(record.name)
        names = reads.get((record.label, record.line), frozenset())
        inputs = {name: known[name] for name in sorted(names) if name in known}
        before = mine.get(record.name) or (shared.get(record.name) if "." in record.name else None)
        said, match, partly = _looked_up(record, before, tape, tolerance)
        seen = Seen(record, said, match, inputs, before, partly)
        mine[record.name] = seen
        if "." in record.name:
            # an attribute outlives the call
            shared[record.name] = seen
        yield seen


def _looked_up(
    record: Record, before: Seen | None, tape: Tape, tolerance: float | None
) -> tuple[bool, Match | None, bool]:
    """Whether a value is evidence, what it is, and whether that is said of the changed part alone."""
    value = _array(record.value)
    match = tape.recognise(value, tolerance=tolerance)
    if match or value is None:
        return match is not None, match, False
    part = _changed(value, _array(before.record.value) if before else None)
    if part is not None:
        match = tape.recognise(part, tolerance=tolerance)
        # a number alone is no evidence of an array
        return match is not None or _evidence(part), match, True
    return _evidence(value), None, False


def same(a: Any, b: Any) -> bool:
    """Whether two values are arrays of the same numbers in the same order, whatever their shape."""
    if not isinstance(a, np.ndarray) or not isinstance(b, np.ndarray) or a.size != b.size:
        return False
    return bool(np.array_equal(a.ravel(), b.ravel()))


def _array(value: Any) -> Array | None:
    return value if isinstance(value, np.ndarray) else None


def _evidence(value: Array) -> bool:
    return says_something(value) and _GARBAGE > float(np.abs(value).max()) > 1 / _GARBAGE


def _changed(value: Array, before: Array | None) -> Array | None:
    """The block of an array that is not as it was: None where it is all of it, or no block."""
    if before is None or before.shape != value.shape or value.dtype.kind != "f" or before.dtype.kind != "f":
        return None
    differs = ~((value == before) | (np.isnan(value) & np.isnan(before)))
    if not differs.any() or differs.all():
        return None
    axes = [np.flatnonzero(differs.any(axis=tuple(set(range(value.ndim)) - {axis}))) for axis in range(value.ndim)]
    block = value[np.ix_(*axes)]
    # where a few elements come out as they were, it is still a block; a scatter is none
    return block if differs.sum() > 0.9 * block.size and block.size < value.size else None
