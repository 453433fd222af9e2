"""Where in a tensor two arrays differ, when it is not everywhere: at which time steps, rows, columns or gates."""

from collections.abc import Iterator

import numpy as np

from compare.agreement import Array
from tiny_autograd_rnn.forms import Axis

_NAMES = {"N": "batch row", "T": "time step", "D": "input column", "H": "hidden column", "V": "class", "K": "chunk"}


def where(found: Array, wanted: Array, axes: tuple[Axis, ...], allowed: float, gates: str = "") -> str:
    """In words, such as `only at time steps 0 and 1 of 3`; "" where the difference is everywhere or the shapes differ.

    `allowed` is the error that counts as none, as a part of the largest element.
    """
    if found.shape != wanted.shape or not found.ndim:
        return ""
    scale = np.abs(wanted).max(initial=0) or 1
    # a number that is none differs
    off = ~(np.abs(found - wanted) <= allowed * scale)
    return "; ".join(_along(off, axes, gates))


def _along(off: Array, axes: tuple[Axis, ...], gates: str) -> Iterator[str]:
    for at, (axis, size) in enumerate(zip(axes, off.shape, strict=True)):
        others = tuple(i for i in range(off.ndim) if i != at)
        if gates and axis.letter == "H" and axis.times == len(gates):
            blocks = [block.any() for block in np.split(off, len(gates), at)]
            named = [gate for gate, block in zip(gates, blocks, strict=True) if block]
            if 0 < len(named) < len(gates):
                yield f"only in the columns of gate{'s' * (len(named) > 1)} {' and '.join(named)} (order {gates})"
            continue
        indices = np.flatnonzero(off.any(axis=others))
        if 0 < len(indices) < size:
            name = _NAMES.get(axis.letter, "index") if axis.times == 1 else "column"
            plural = ("es" if name.endswith("s") else "s") if name != "index" else ""
            yield f"only at {name}{plural * (len(indices) > 1)} {listed(indices)} of {size}"


def listed(indices: Array) -> str:
    """0 and 2; 1, 2 and 5; 3 to 9."""
    numbers = [int(i) for i in indices]
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"{numbers[0]} to {numbers[-1]}"
    if len(numbers) > 6:
        return f"{', '.join(map(str, numbers[:6]))} and {len(numbers) - 6} more"
    return " and ".join(filter(None, [", ".join(map(str, numbers[:-1])), str(numbers[-1])]))
