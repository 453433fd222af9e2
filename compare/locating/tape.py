"""Autograd's tape of a twin as a table to look things up in: what an array of a learner's is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from compare.agreement import Array
from compare.checking.convention import Convention
from compare.gates import negated, reorder
from compare.inputs import Inputs
from compare.locating.entries import Entry, entries, shares_in_time
from compare.locating.naming import Names
from compare.locating.recognising import Index, Match
from compare.locating.steps import steps
from compare.locating.trace import Part, Traced, gradients_without, traced
from compare.locating.usual import factors, usual
from compare.pair import Pair


@dataclass(frozen=True, eq=False)
class Tape:
    """Every value and gradient that the derivation of a twin passes through, for one pair and its inputs.

    `convention`: how the learner's gates stand to the twin's; the entries have them as the learner has.
    """

    traced: Traced
    names: Names
    convention: Convention

    @staticmethod
    def of(pair: Pair, inputs: Inputs, convention: Convention | None = None) -> "Tape":
        """The tape of the twin on the inputs."""
        run = traced(pair, inputs)
        convention = convention or Convention()
        return Tape(run, Names.of(run, steps(run), convention.gates), convention)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(self._as_theirs([*entries(self.traced, self.names), *usual(self.traced, self.names)]))

    @cached_property
    def index(self) -> Index:
        return Index.of(self.entries)

    @cached_property
    def factors(self) -> Index:
        """The values, and the factors that derivatives of activations are made of them, right here or not."""
        values = [entry for entry in self.entries if entry.kind == "value"]
        made = (
            Entry(said, "value", array, entry.step)
            for entry in values
            for said, array in factors(entry.said, entry.array)
        )
        return Index.of([*values, *made])

    @cached_property
    def cut(self) -> dict[str, dict[str, Array]]:
        """For each state that steps hand on: the gradients as they would be if its own did not go back through time."""
        of = self.names.steps.of
        found: dict[str, list[Part]] = {}
        for node, name in self.names.steps.carried.items():
            found.setdefault(name, []).extend(
                part for part in self.traced.parts.get(node, ()) if of.get(part.child, -1) == of[node] + 1
            )
        if len(found) > 1:
            found[" and ∂L/∂".join(found)] = [part for parts in found.values() for part in parts]
        cut = {name: gradients_without(self.traced, parts) for name, parts in found.items()}
        return {name: {k: self.theirs(array) for k, array in arrays.items()} for name, arrays in cut.items()}

    def recognise(self, array: Any, kind: str = "", tolerance: float | None = None) -> Match | None:
        """What an array is; `kind` "value" or "gradient" looks among those only. None: nothing on the tape.

        `tolerance` is relative to the largest element: by default 1e-9, for float32 what it can hold.
        """
        return self.index.recognise(array, kind, tolerance)

    def gradient(self, name: str) -> Array | None:
        """The gradient of an argument by its name, as the learner's gates stand."""
        node = self.traced.arguments.get(name)
        array = self.traced.gradients.get(node) if node else None
        return None if array is None else self.theirs(array)

    def shares(self, name: str) -> list[Array]:
        """What each step adds to the gradient of an argument; nothing where it is not used step by step."""
        return [self.theirs(share) for share in shares_in_time(self.traced, self.names, name)]

    def theirs(self, array: Array) -> Array:
        """An array of all gates with the gates as the learner has them; any other as it is."""
        gates, order = self.convention.gates, self.convention.order
        if not gates or not array.ndim or not self.names.gates.split(array.shape[-1]):
            return array
        flipped = negated(array, gates, self.convention.negated) if self.convention.negated else array
        return reorder(flipped, gates, order)

    def _as_theirs(self, found: list[Entry]) -> Iterator[Entry]:
        for entry in found:
            theirs = self.theirs(entry.array)
            whole = None if entry.whole is None else self.theirs(entry.whole)
            yield entry if theirs is entry.array else replace(entry, array=theirs, whole=whole)
