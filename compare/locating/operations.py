"""What a statement did to one of its inputs, as far as it is one simple operation, found by its values."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from compare.agreement import Array
from compare.locating.entries import Entry
from compare.locating.recorded import Seen
from compare.locating.tape import Tape

# linear in p, with another array that the statement reads
_WITH_ANOTHER: tuple[Callable[[Array, Array], Array], ...] = (
    lambda p, o: p * o,
    lambda p, o: p * (1 - o * o),
    lambda p, o: p * o * (1 - o),
    lambda p, o: p * (1 - o),
    lambda p, o: p * (1 - np.tanh(o) ** 2),
    lambda p, o: p @ o,
    lambda p, o: p @ o.T,
    lambda p, o: o.T @ p,
    lambda p, o: p.T @ o,
)


@dataclass(frozen=True)
class Operation:
    """A function of one array of this shape."""

    apply: Callable[[Array], Array]
    shape: tuple[int, ...]

    def leads_on(self, array: Array, tape: Tape) -> bool:
        """Whether it takes an array to something on the tape."""
        if array.size != int(np.prod(self.shape)):
            return False
        return tape.recognise(self.apply(array.reshape(self.shape))) is not None

    def on_tape(self, tape: Tape) -> Iterator[Entry]:
        """The entries of this shape that it takes to something on the tape."""
        alike = (entry for entry in tape.index.ranked if entry.array.shape == self.shape)
        return (entry for entry in alike if self.leads_on(entry.array, tape))


def operations(seen: Seen, name: str) -> Iterator[Operation]:
    """What a record's statement may have done to the input of a name: each gives the value that is there."""
    found, p = seen.record.value, seen.inputs[name].record.value
    if not isinstance(p, np.ndarray) or not isinstance(found, np.ndarray):
        return
    before = seen.before.record.value if seen.before else None
    for apply in _candidates(seen, name):
        try:
            made = apply(p)
        except (ValueError, IndexError):
            continue
        if equal(made, found):
            yield Operation(apply, p.shape)
        elif isinstance(before, np.ndarray) and before.shape == made.shape and equal(before + made, found):
            yield Operation(lambda array, apply=apply, before=before: before + apply(array), p.shape)  # type: ignore[misc]
    joined = found.copy()
    if p.shape != found.shape and put_in_place(joined, p, p):
        yield Operation(lambda array: _put(found, p, array), p.shape)
    if p.shape == found.shape:
        # a summand: whatever else it was added to
        rest = found - p
        yield Operation(lambda array: rest + array, p.shape)


def put_in_place(joined: Array, old: Array, new: Array) -> bool:
    """Have a block of an array replaced by another, where it stands side by side with others; whether it does."""
    if old.ndim != joined.ndim or old.shape[:-1] != joined.shape[:-1]:
        return False
    width = old.shape[-1]
    for at in range(0, joined.shape[-1] - width + 1, width):
        if np.array_equal(joined[..., at : at + width], old):
            joined[..., at : at + width] = new
            return True
    return False


def _put(found: Array, old: Array, new: Array) -> Array:
    joined = found.copy()
    put_in_place(joined, old, new)
    return joined


def _candidates(seen: Seen, name: str) -> Iterator[Callable[[Array], Array]]:
    yield lambda p: p.sum(axis=0)
    for other, given in seen.inputs.items():
        if other != name and isinstance(given.record.value, np.ndarray):
            for operation in _WITH_ANOTHER:
                yield lambda p, o=given.record.value, operation=operation: operation(p, o)  # type: ignore[misc]


def equal(a: Array, b: Array) -> bool:
    """Whether two arrays of one shape agree up to rounding; those of zeros say nothing."""
    if np.shape(a) != np.shape(b):
        return False
    scale = float(np.abs(b).max(initial=0))
    return scale > 0 and float(np.abs(a - b).max(initial=0)) <= 1e-9 * scale
