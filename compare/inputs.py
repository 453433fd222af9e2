"""Inputs drawn from a signature: sizes for its axes, values for its arguments, cotangents for its outputs."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from compare.agreement import Array
from tiny_autograd_rnn.forms import (
    BINARY,
    GATES,
    GRADIENT,
    IDS,
    LABELS,
    LOGITS,
    MASK,
    ONE_HOT,
    STEP_MASK,
    Argument,
    Form,
)
from tiny_autograd_rnn.signature import Signature

# three steps: a first, a last, and one between
DISTINCT = {"N": 5, "T": 3, "D": 4, "H": 6, "V": 7, "K": 2}
EXTREME = 1e4
HUGE = 2.0**70


@dataclass(frozen=True)
class Case:
    """What to draw: the axis sizes, the seed, what is special about the values, and how large the data are."""

    name: str
    sizes: Mapping[str, int]
    seed: int = 0
    special: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    scale: float = 1.0


@dataclass(frozen=True)
class Inputs:
    """Arguments by name and cotangents by output name; every float is exact in float32, so in all dtypes."""

    case: Case
    arguments: Mapping[str, Array]
    cotangents: Mapping[str, Array]

    @property
    def dtype(self) -> Any:
        """The dtype of the floats."""
        return np.result_type(*self.cotangents.values())

    def astype(self, dtype: Any) -> "Inputs":
        """The same numbers in another dtype; ids stay as they are."""
        return replace(self, arguments=_astype(self.arguments, dtype), cotangents=_astype(self.cotangents, dtype))

    def copied(self) -> "Inputs":
        """The same in arrays of its own, for somebody who may write into them."""
        return replace(
            self,
            arguments={name: array.copy() for name, array in self.arguments.items()},
            cotangents={name: array.copy() for name, array in self.cotangents.items()},
        )

    def moved(self, directions: Mapping[str, Array]) -> "Inputs":
        """The inputs with a direction added to some of the arguments."""
        moved = {name: self.arguments[name] + direction for name, direction in directions.items()}
        return replace(self, arguments={**self.arguments, **moved})


def draw(signature: Signature, case: Case) -> Inputs:
    """Inputs for one case: the same case gives the same inputs on every machine."""
    rng = np.random.default_rng([case.seed, *case.sizes.values()])
    label = {**signature.options, **case.options}.get("ignore_label", -1)
    arguments = {a.name: _argument(rng, a, case, label) for a in signature.arguments}
    cotangents = {o.name: _cotangent(rng, o, case) for o in signature.outputs}
    return Inputs(case, arguments, cotangents)


def _argument(rng: np.random.Generator, argument: Argument, case: Case, label: int) -> Array:
    form = next((f for f in argument.forms if f.note == case.special), argument.forms[0])
    shape = form.shape(case.sizes)
    if form.note in (MASK, STEP_MASK):
        return _mask(rng, shape, case)
    if not form.floats:
        return _integers(rng, form, shape, case, label)
    # |value| <= √3 for data, so that no unit saturates unless a case asks for it; a weight by its fan-in
    values = rng.uniform(-1, 1, shape) * np.sqrt(3)
    if argument.learned:
        values *= 0 if case.special == "zero weights" else 0.7 / np.sqrt(shape[0] if len(shape) > 1 else 4)
    else:
        values *= case.scale
    if form.note == LOGITS and case.special == "extreme logits":
        values = _extreme(rng, values)
    if form.note == GRADIENT and case.special == "huge gradients":
        # squares that overflow in float32, beside gradients that are not huge, and some that are 0
        values = values * (HUGE if len(shape) > 1 else 1) * (np.arange(values.size).reshape(shape) > 0)
    if form.note == GATES and case.special == "saturated gates":
        # a third of the gates open, a third shut, the others in between
        values += rng.choice([-EXTREME, 0, EXTREME], shape)
    return _exact(values)


def _mask(rng: np.random.Generator, shape: tuple[int, ...], case: Case) -> Array:
    if case.special in ("mask keeps all", "mask keeps none"):
        return np.full(shape, case.special == "mask keeps all")
    mask = rng.random(shape) < 0.5
    if mask.size > 1:
        mask.flat[0], mask.flat[-1] = True, False
    return mask


def _integers(rng: np.random.Generator, form: Form, shape: tuple[int, ...], case: Case, label: int) -> Array:
    if form.note == BINARY:
        return rng.integers(0, 2, shape)
    V = case.sizes["V"]
    if form.note == ONE_HOT:
        # no numbers at all, so that nobody takes them for ids
        return np.eye(V, dtype=bool)[rng.integers(0, V, shape[:-1])]
    ids = rng.integers(0, V, shape)
    if form.note == LABELS:
        if case.special == "all ignored":
            return np.full(shape, label)
        ignored = rng.random(shape) < 0.2
        if ids.size > 1:
            ignored.flat[0], ignored.flat[-1] = False, True
        return np.where(ignored & (ids.size > 1), label, ids)
    assert form.note == IDS, f"no rule to draw {form.note!r}"
    batch = form.at("N")
    if shape[batch] > 1:
        # one id twice in the same step: its gradients must add up
        np.moveaxis(ids, batch, 0)[-1] = np.moveaxis(ids, batch, 0)[0]
    return ids


def _extreme(rng: np.random.Generator, logits: Array) -> Array:
    """Every second row at ±1e4 or 0, where all probabilities but one underflow; the others as they were."""
    rows = logits.reshape(-1, logits.shape[-1] if logits.ndim > 1 else 1)
    rows[1::2] = rng.choice([-EXTREME, 0, EXTREME], rows[1::2].shape)
    return logits


def _cotangent(rng: np.random.Generator, output: Argument, case: Case) -> Array:
    shape = output.forms[0].shape(case.sizes)
    # away from 0 and from 1: an upstream gradient that is left out must be missed
    return _exact(rng.uniform(0.4, 0.9, shape) * rng.choice([-1, 1], shape))


def _exact(values: Array) -> Array:
    return np.asarray(values, np.float32).astype(np.float64)


def _astype(arrays: Mapping[str, Array], dtype: Any) -> dict[str, Array]:
    return {n: a.astype(dtype) if a.dtype.kind in "fc" else a for n, a in arrays.items()}
