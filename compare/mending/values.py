"""How a wanted array is written with what a function holds at a moment: a name, names joined, or an expression."""

from collections.abc import Callable, Iterator
from itertools import permutations

import numpy as np

from compare.agreement import Array
from compare.mending.attempts import Attempts
from compare.mending.locate import Located
from compare.mending.synthesis.instants import Instant
from compare.mending.synthesis.searching import Table
from compare.mending.synthesis.terms import Style, built

_NEAR = 1e-9
# what an activation is written by
_FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "np.tanh({})": np.tanh,
    "np.maximum({}, 0)": lambda x: np.maximum(x, 0),
    "1 / (1 + np.exp(-{}))": lambda x: 1 / (1 + np.exp(-x)),
    "np.exp({})": np.exp,
}
# lists and pairs of more arrays than that are none that somebody joins
_MOST_JOINED = 8
_MOST = 6


def wanted_of(attempts: Attempts, where: Located) -> dict[str, Array]:
    """What comes back, by the twin's names; gradients with the gates as the learner has them."""
    found = dict(attempts.references[0].run.tensors)
    for name in found:
        array = where.tape.gradient(name[1:]) if where.tape and name.startswith("d") else None
        found[name] = found[name] if array is None else array
    return found


def texts(at: Instant, wanted: Array, style: Style) -> list[tuple[str, float]]:
    """Texts that give an array, each with its distance: what is there by name before what has to be made."""
    ways = (_named, _stacked, _joined, _reshaped, _activated)
    for found in (way(at, wanted) for way in ways):
        if several := list(found)[:_MOST]:
            return several
    table = Table(built(at.values, at.sizes, style), style)
    return [(term.text, 0.5 + 0.04 * term.size) for term in table.giving(wanted)[:_MOST]]


def _named(at: Instant, wanted: Array) -> Iterator[tuple[str, float]]:
    for name, array in reversed(list(at.values.items())):
        if "[" not in name and _same(array, wanted):
            yield name, 0.2 + 0.1 * name.startswith("self.")


def _stacked(at: Instant, wanted: Array) -> Iterator[tuple[str, float]]:
    """`np.stack(hs, axis=1)` of a list with an array a step, or of one that is filled from the end."""
    listed: dict[str, list[Array]] = {}
    for name, array in at.values.items():
        if name.endswith("]"):
            listed.setdefault(name.partition("[")[0], []).append(array)
    for name, arrays in listed.items():
        if len({array.shape for array in arrays}) == 1 and arrays[0].ndim + 1 == wanted.ndim:
            for axis in range(wanted.ndim):
                stacked = np.stack(arrays, axis=axis)
                if _same(stacked, wanted):
                    yield f"np.stack({name}, axis={axis})", 0.3
                elif _same(np.flip(stacked, axis), wanted):
                    yield f"np.stack({name}[::-1], axis={axis})", 0.35


def _joined(at: Instant, wanted: Array) -> Iterator[tuple[str, float]]:
    """`np.concatenate((a, b), axis=1)`."""
    parts = {n: a for n, a in at.values.items() if "[" not in n and a.ndim == wanted.ndim and a.size < wanted.size}
    for (one, first), (other, second) in permutations([*parts.items()][-_MOST_JOINED:], 2):
        for axis in range(wanted.ndim):
            fits = first.shape[axis] + second.shape[axis] == wanted.shape[axis] and _beside(first, second, axis)
            if fits and _same(np.concatenate((first, second), axis=axis), wanted):
                yield f"np.concatenate(({one}, {other}), axis={axis})", 0.4


def _reshaped(at: Instant, wanted: Array) -> Iterator[tuple[str, float]]:
    """`out.reshape(N, T, -1)`."""
    named = {size: name for name, size in at.sizes.items()}
    parts = [named.get(size, "") for size in wanted.shape]
    if parts.count("") > 1 or not parts:
        return
    for name, array in reversed(list(at.values.items())):
        fits = "[" not in name and array.shape != wanted.shape and array.size == wanted.size
        if fits and _same(array.reshape(wanted.shape), wanted):
            yield f"{name}.reshape({', '.join(part or '-1' for part in parts)})", 0.3


def _activated(at: Instant, wanted: Array) -> Iterator[tuple[str, float]]:
    """`np.maximum(x, 0)`."""
    for name, array in reversed(list(at.values.items())):
        if "[" not in name and array.shape == wanted.shape:
            for form, function in _FUNCTIONS.items():
                with np.errstate(all="ignore"):
                    if _same(function(array), wanted):
                        yield form.format(name), 0.3 + 0.1 * name.startswith("self.")


def _beside(first: Array, second: Array, axis: int) -> bool:
    return all(a == b for i, (a, b) in enumerate(zip(first.shape, second.shape, strict=True)) if i != axis)


def _same(found: Array, wanted: Array) -> bool:
    near = _NEAR * (np.abs(wanted).max(initial=0) or 1)
    return found.shape == wanted.shape and bool(np.abs(found - wanted).max(initial=0) <= near)
