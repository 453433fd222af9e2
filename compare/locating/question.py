"""What is asked about a tensor that came out wrong, and the answer."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from compare.agreement import Array
from compare.explaining.cause import Kind
from compare.locating.ratios import counts
from compare.locating.tape import Tape
from compare.locating.trace import options


@dataclass(frozen=True)
class Relation:
    """A kind of cause, and a sentence that says how a tensor stands to the one that was wanted.

    `kind` is "" where the sentence says where it is wrong, but many causes give the same.
    """

    kind: Kind | Literal[""]
    text: str


@dataclass(frozen=True, eq=False)
class Question:
    """What came out and what was wanted, both in the learner's order of gates, of a twin's run.

    `name` is the twin's argument that it is the gradient of, "" for any other tensor.
    """

    found: Array
    wanted: Array
    tape: Tape
    name: str = ""

    @cached_property
    def counts(self) -> dict[str, float]:
        run = self.tape.traced
        label = options(run.pair, run.inputs).get("ignore_label", -1)
        return counts(run.pair.signature, run.inputs, int(label))

    @cached_property
    def others(self) -> dict[str, Array]:
        """The wanted gradients of the other arguments."""
        found = {name: self.tape.gradient(name) for name in self.tape.traced.arguments if name != self.name}
        return {name: array for name, array in found.items() if array is not None}

    @cached_property
    def shares(self) -> list[Array]:
        return self.tape.shares(self.name) if self.name else []

    @property
    def T(self) -> int:
        """The steps of a tensor (N, T, …); 0 of any other."""
        sizes = self.tape.traced.sizes
        both = (sizes.get("N"), sizes.get("T"))
        return self.wanted.shape[1] if self.wanted.ndim > 1 and self.wanted.shape[:2] == both else 0

    def data(self, *notes: str) -> Array | None:
        """The argument that has one of the notes."""
        run = self.tape.traced
        return next((run.inputs.arguments[a.name] for a in run.pair.signature.data if a.note in notes), None)
