"""A stranger's layer on the inputs of one case: what came back, and how each tensor agrees with the specification's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np

from compare.agreement import Array, bits_of_agreement, relative_error, unit_roundoff
from compare.checking import remembered
from compare.checking.convention import Convention
from compare.checking.hands import maker
from compare.checking.sandbox import Session, StrangerError
from compare.checking.subjects import Subject
from compare.inputs import Case, Inputs, draw
from compare.pair import Pair
from compare.reference import Reference
from compare.rounding import PROMISE, WIDE, own_error_u, path_allowance, promised_u
from compare.runs import Hand, run_hand

Grade = Literal["agrees", "rounded", "off"]

# whatever a stranger's layer raises: its own errors come as StrangerError, those of ours say what is no array
STRANGE = (StrangerError, TypeError, ValueError, AttributeError, IndexError, KeyError)


@dataclass(frozen=True)
class Row:
    """One tensor on one case; `note` says what came in place of numbers that could be compared."""

    name: str
    wanted: Array
    found: Any
    grade: Grade
    note: str = ""

    @cached_property
    def bits(self) -> float:
        """Bits of agreement; 0 where there is nothing to compare."""
        return 0.0 if self.note else bits_of_agreement(np.asarray(self.found, self.wanted.dtype), self.wanted)


@dataclass(frozen=True)
class Outcome:
    """What one case gave: rows for outputs and gradients, as far as it came, and the error that ended it."""

    inputs: Inputs
    outputs: tuple[Row, ...] = ()
    grads: tuple[Row, ...] = ()
    error: Exception | None = None
    stage: Literal["constructor", "forward", "backward", ""] = ""

    @property
    def rows(self) -> tuple[Row, ...]:
        return self.outputs + self.grads


@dataclass(frozen=True)
class Trial:
    """A subject in a running session, with the conventions that its forward pass follows."""

    subject: Subject
    session: Session
    convention: Convention
    options: Mapping[str, Any]
    keeps_state: bool = True
    mirrored: bool = False

    def pair(self, case: Case) -> Pair:
        """The stranger beside its twin, as `compare` takes them; made for the sizes of a case."""
        hand = maker(self.subject, self.session, self.convention, case.sizes, self.mirrored)
        return Pair(hand, self.subject.role.twin, self.options, self.subject.name)

    @cached_property
    def signature(self) -> Any:
        return self.subject.role.signature

    def inputs(self, case: Case, dtype: Any = np.float64) -> Inputs:
        """What a case draws; a layer that keeps no state begins from zero."""
        inputs = remembered.inputs(self.subject.role.twin, case).astype(dtype)
        if self.subject.role.draws:
            return self._with_mask(inputs)
        if self.keeps_state:
            return inputs
        zero = {a.name: np.zeros_like(inputs.arguments[a.name]) for a in self.signature.states}
        return replace(inputs, arguments={**inputs.arguments, **zero})

    def _with_mask(self, inputs: Inputs) -> Inputs:
        """The mask that the layer draws; the session draws the same one at every call."""
        name = self.signature.data[0].name
        ones = np.ones_like(inputs.arguments[name])
        out = Hand(self.pair(inputs.case), inputs).layer.forward(ones, inputs.arguments["mask"])
        mask = np.broadcast_to(np.asarray(out) != 0, ones.shape)
        return replace(inputs, arguments={**inputs.arguments, "mask": mask})

    def optional(self, name: str) -> bool:
        """Whether a gradient need not be kept: that of a state, unless the layer is exact."""
        role = self.subject.role
        return role.protocol == "class" and not role.exact and name[1:] in {a.name for a in self.signature.states}

    def run(self, case: Case, dtype: Any = np.float64, redraws: int = 3) -> Outcome:
        """One case; drawn again where the problem is so ill-conditioned that rounding hides a fault."""
        pair = self.pair(case)
        try:
            inputs = self.inputs(case, dtype)
        except STRANGE as error:
            # of a layer that draws: it stops before there is a mask
            return Outcome(draw(self.signature, case), error=error, stage="forward")
        ref = self._reference(pair, inputs)
        outcome = self._run(ref)
        if redraws and any(row.grade != "agrees" for row in outcome.rows) and not ref.resolves():
            again = replace(case, seed=case.seed + 1000, scale=case.scale / 2)
            return self.run(again, dtype, redraws - 1)
        return outcome

    def _reference(self, pair: Pair, inputs: Inputs) -> Reference:
        """What the twin says: once for each case, as every attempt to mend a layer is asked the same again."""
        if self.subject.role.draws:
            # what it draws is part of the inputs
            return Reference.on(pair, inputs)
        return remembered.reference(pair, inputs, self.keeps_state)

    def _run(self, ref: Reference) -> Outcome:
        inputs = ref.inputs.copied()
        outcome = Outcome(ref.inputs, stage="constructor")
        try:
            hand = Hand(ref.pair, inputs)
            outcome = replace(outcome, stage="forward")
            outputs = {name: _kept(output) for name, output in hand.forward(inputs).items()}
            outcome = replace(outcome, stage="backward", outputs=tuple(self._rows(ref, outputs)))
            grads = hand.backward(inputs.cotangents)
        except STRANGE as error:
            return replace(outcome, error=error)
        grads = {name: grad for name, grad in grads.items() if grad is not None or not self.optional(name)}
        return replace(outcome, stage="", grads=tuple(self._rows(ref, grads)))

    def _rows(self, ref: Reference, found: Mapping[str, Any]) -> Iterator[Row]:
        wide: dict[str, Any] = {}
        for name, tensor in found.items():
            row = graded(ref, name, tensor)
            if row.grade != "agrees" and not row.note and relative_error(row.found, row.wanted) < PROMISE[53]:
                # the own errors of both sides count too, up to a part of this; each takes another run
                wide = wide or self._wide(ref)
                row = graded(ref, name, tensor, wide.get(name))
            yield row

    def _wide(self, ref: Reference) -> dict[str, Any]:
        """The stranger in `np.longdouble`; nothing where it cannot compute in it."""
        if not WIDE:
            return {}
        try:
            return run_hand(ref.pair, ref.inputs.astype(WIDE)).tensors
        except STRANGE:
            return {}


def graded(ref: Reference, name: str, found: Any, wide: Any = None) -> Row:
    """One tensor against the twin's: within what rounding allows, rounded to float32 on the way, or off."""
    wanted = ref.run.tensors[name]
    if found is None:
        return Row(name, wanted, found, "off", "nothing comes back")
    found = np.asarray(found)
    if found.shape != wanted.shape:
        return Row(name, wanted, found, "off", f"has shape {found.shape}, wanted {wanted.shape}")
    if found.dtype.kind not in "fiub":
        return Row(name, wanted, found, "off", f"holds {found.dtype}, wanted real numbers")
    error = relative_error(found, wanted)
    own = own_error_u(found, np.asarray(wide), wanted.dtype) if wide is not None else None
    grade: Grade = "off"
    narrow = found.dtype.kind == "f" and found.dtype.itemsize < wanted.dtype.itemsize
    if error <= ref.allowed_u(name, own) * unit_roundoff(wanted.dtype) and not narrow:
        grade = "agrees"
    elif error <= rounding_to_single(ref, name):
        grade = "rounded"
    return Row(name, wanted, found, grade)


def rounding_to_single(ref: Reference, name: str) -> float:
    """What the same path leaves in float32, up to an eighth of what a comparison in float32 promises to catch."""
    single = np.float32
    allowed = min(path_allowance(ref.operations[name], ref.run.tensors[name].size), promised_u(single) / 8)
    return allowed * unit_roundoff(single)


def _kept(output: Any) -> Any:
    return None if output is None else np.array(output)
