"""What an annotation says of an argument: its axes, the rule for its values, its name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

IDS = "0 <= id < V"
LABELS = "0 <= id < V or id == ignore_label"
ONE_HOT = "one-hot"
BINARY = "0 or 1"
MASK = "mask: True keeps a unit"
STEP_MASK = "mask: True keeps a unit at a step"
LOGITS = "logits"
GATES = "gates"
GRADIENT = "a gradient"
TWO_BIASES = "two biases"

RATIO = "0 <= ratio < 1"
POSITIVE = "above 0"


@dataclass(frozen=True)
class Axis:
    """One axis: `H`, a multiple such as `4*H`, or a fixed number such as `2` (then without a letter)."""

    times: int
    letter: str

    @staticmethod
    def of(text: str) -> "Axis":
        found = re.fullmatch(r"(\d+)?\*?([A-Za-z]\w*)?", text)
        if not (text and found):
            raise TypeError(f"axis {text!r}; wanted a letter such as H, a multiple such as 4*H, or a number")
        return Axis(int(found[1] or 1), found[2] or "")

    @property
    def text(self) -> str:
        """The axis as it is written in a shape: 4H."""
        return f"{self.times if self.times > 1 or not self.letter else ''}{self.letter}"

    def size(self, sizes: Mapping[str, int]) -> int:
        """The size of the axis, from a size for each letter."""
        return self.times * (sizes[self.letter] if self.letter else 1)


@dataclass(frozen=True)
class Form:
    """One way in which an argument may come: its axes, whether it holds floats, and the rule for its values."""

    axes: tuple[Axis, ...]
    floats: bool
    note: str = ""

    @property
    def text(self) -> str:
        """The axes as a shape: (N, T, D)."""
        return f"({', '.join(axis.text for axis in self.axes)}{',' if len(self.axes) == 1 else ''})"

    def shape(self, sizes: Mapping[str, int]) -> tuple[int, ...]:
        """The shape, from a size for each letter."""
        return tuple(axis.size(sizes) for axis in self.axes)

    def at(self, letter: str) -> int:
        """Which axis has the letter.

        Raises ValueError where none has it.
        """
        return [axis.letter for axis in self.axes].index(letter)


@dataclass(frozen=True)
class Argument:
    """An argument or an output: its name, its forms (the usual one first), and whether it is learned."""

    name: str
    forms: tuple[Form, ...]
    learned: bool = False

    @property
    def axes(self) -> tuple[Axis, ...]:
        return self.forms[0].axes

    @property
    def floats(self) -> bool:
        return self.forms[0].floats

    @property
    def note(self) -> str:
        return self.forms[0].note


@dataclass(frozen=True)
class Option:
    """A keyword: its default, the values that it may have (none named: any), and the rule for a number."""

    default: object
    choices: tuple[object, ...] = ()
    rule: str = ""
