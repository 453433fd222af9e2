"""How near a layer is to right: what share of its tensors agrees, and how far it comes before it stops."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from compare.agreement import Array

# far from rounding, in float32 too, and far from chance
_SAME = 1e-5
# what makes less of what is wrong right than that may do so by chance
_CHANCE = 0.03
STAGES = ("constructor", "forward", "backward", "")


@dataclass(frozen=True, order=True)
class Score:
    """`agreeing` is the share of numbers that are right; `reached` says where it stopped: later is better.

    `otherwise`: the forward pass is right, by another convention than the one that it was held against.
    """

    agreeing: float = 0.0
    reached: tuple[int, int] = (0, 0)
    otherwise: bool = field(default=False, compare=False)

    @property
    def right(self) -> bool:
        return self.agreeing >= 1

    def chance(self, before: "Score") -> bool:
        """Whether it is better than before by so little that it may be by chance: a few elements."""
        return self.agreeing - before.agreeing < _CHANCE * (1 - before.agreeing) and self.reached <= before.reached


def share(found: Any, wanted: Array) -> float:
    """What part of a tensor's elements is right; of another shape, none."""
    if found is None:
        return 0.0
    found = np.asarray(found)
    if found.shape != wanted.shape or found.dtype.kind not in "fiub":
        return 0.0
    if not wanted.size:
        return 1.0
    off = np.abs(found - wanted)
    same = off <= _SAME * (np.abs(wanted).max() or 1)
    # zeros tell nothing where everything wanted is not zero
    telling = same & (wanted != 0) if wanted.any() else same
    count = np.count_nonzero(wanted) if wanted.any() else wanted.size
    part = float(np.count_nonzero(telling)) / count
    return part if part < 1 or same.all() else 0.99


def shares(found: Mapping[str, Any], wanted: Mapping[str, Array]) -> dict[str, float]:
    """The same of every tensor that is wanted."""
    return {name: share(found.get(name), array) for name, array in wanted.items()}
