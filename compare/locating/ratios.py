"""Which count a constant ratio is."""

from collections.abc import Iterator, Mapping

import numpy as np

from compare.agreement import Array
from compare.inputs import Inputs
from tiny_autograd_rnn.forms import LABELS, MASK, STEP_MASK
from tiny_autograd_rnn.signature import Signature


def counts(signature: Signature, inputs: Inputs, ignore_label: int = -1) -> dict[str, float]:
    """What a gradient may be averaged over, by its name: axis sizes, their products, the kept labels."""
    sizes = {letter: float(inputs.case.sizes[letter]) for letter in signature.axes if letter in inputs.case.sizes}
    found = dict(sizes)
    if {"N", "T"} <= set(sizes):
        found["N·T"] = sizes["N"] * sizes["T"]
    for argument in signature.data:
        array = inputs.arguments[argument.name]
        if argument.note == LABELS and array.ndim <= 2:
            found["the number of kept labels"] = float((array != ignore_label).sum())
        if argument.note in (MASK, STEP_MASK):
            found["the number of kept units"] = float(array.sum())
    scalars = [array for array in inputs.cotangents.values() if array.size == 1]
    if scalars:
        found["the upstream gradient"] = float(scalars[0])
    return found


def constant_ratio(found: Array, wanted: Array) -> float | None:
    """The number c with found = c · wanted, None where there is none."""
    square = float(np.sum(wanted * wanted))
    if square == 0:
        return None
    c = float(np.sum(found * wanted)) / square
    same = float(np.abs(found - c * wanted).max()) <= 1e-9 * max(float(np.abs(found).max()), 1e-300)
    return c if same and c != 0 else None


def name_of(ratio: float, known: Mapping[str, float]) -> str:
    """How a person says a ratio: "twice", "1/15 (N·T) times", "12/15 (the number of kept labels over N·T) times".

    "" where it is none of the counts, nor one over another.
    """
    return next((text for text, value in _sayings(known) if np.isclose(value, ratio, rtol=1e-9, atol=0)), "")


def _sayings(known: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    yield from (("twice", 2.0), ("half", 0.5), ("minus", -1.0), ("minus twice", -2.0))
    for name, value in known.items():
        if value not in (0.0, 1.0):
            yield f"{_short(value)} ({name}) times", value
            yield f"1/{_short(value)} ({name}) times", 1 / value
    yield "three times", 3.0
    for name, value in known.items():
        for other, divisor in known.items():
            if name != other and value and divisor:
                yield f"{_short(value)}/{_short(divisor)} ({name} over {other}) times", value / divisor


def _short(value: float) -> str:
    return f"{value:.4g}"
