"""What is said of a wrong statement: which it is, what it was computed from, and since when it is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from compare.agreement import Array
from compare.locating.entries import Entry
from compare.locating.recognising import Match
from compare.locating.recorded import Record, Seen


@dataclass(frozen=True)
class FirstWrong:
    """The record whose statement is wrong, what it was computed from, and since when it is.

    `inputs`: the variables that the statement reads and that are right. `passes`: how often the line came out right
    before, in a loop or in calls; `step`: the step of the sequence at which it no longer does. `is_instead` and
    `wanted`: what the value is and what it should be, where it is something right at the wrong place, and
    `wanted_array` the numbers of that; `missing`: what an incomplete gradient lacks.
    """

    record: Record
    inputs: Mapping[str, Match] = field(default_factory=dict)
    passes: int = 0
    step: int | None = None
    is_instead: str = ""
    wanted: str = ""
    missing: str = ""
    wanted_array: Array | None = None

    @property
    def since(self) -> str:
        """Since which pass of a loop it is wrong; "" where it is from the first time."""
        if not self.passes:
            return ""
        at = "" if self.step is None else f", wrong from t = {self.step} on"
        return f"right {'once' if self.passes == 1 else f'{self.passes} times'}{at or ', then wrong'}"


def blamed(
    seen: Seen, run: Sequence[Seen], is_instead: str = "", wanted: Entry | None = None, missing: str = ""
) -> FirstWrong:
    """What is said of a record; `wanted` is what it should have been, where that is known."""
    inputs = {name: i.match for name, i in seen.inputs.items() if i.match}
    steps = [match.entry.step for match in inputs.values() if match.entry.step is not None]
    own = seen.match.entry.step if seen.match else None
    passes = sum(other.match is not None for other in passes_before(seen, run))
    array = None if wanted is None else wanted.array if wanted.whole is None else wanted.whole
    return FirstWrong(
        seen.record,
        inputs,
        passes,
        own if own is not None else min(steps, default=None),
        is_instead,
        (wanted.of or wanted.said) if wanted else "",
        missing,
        array,
    )


def passes_before(seen: Seen, run: Sequence[Seen]) -> list[Seen]:
    """The earlier records of the same variable by the same line."""
    return [other for other in run if other.place == seen.place and other.record.order < seen.record.order]
