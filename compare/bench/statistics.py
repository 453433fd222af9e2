"""Ratios of times that were measured in turn, and whether they are clear of their own spread."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

# with fewer, quartiles say nothing
FEWEST = 3


@dataclass(frozen=True)
class Ratio:
    """The median of the ratios of the rounds, and their quartiles.

    It is clear where the quartiles are less far apart than the median is from 1, all of it on a logarithmic scale:
    twice as long and half as long are as far from 1.
    """

    median: float
    low: float
    high: float
    rounds: int

    @staticmethod
    def of(above: Sequence[float], below: Sequence[float]) -> "Ratio":
        """The ratios of two contenders, round by round.

        Raises ValueError where they have not the same number of rounds, or none.
        """
        return Ratio.among([a / b for a, b in zip(above, below, strict=True)])

    @staticmethod
    def among(ratios: Sequence[float]) -> "Ratio":
        """The ratios, as they came out of the rounds.

        Raises ValueError where there are none.
        """
        if not ratios:
            raise ValueError("Ratio: no rounds; wanted at least one")
        low, _, high = quantiles(ratios, n=4, method="inclusive") if len(ratios) > 1 else (ratios[0],) * 3
        return Ratio(median(ratios), low, high, len(ratios))

    @property
    def clear(self) -> bool:
        """Whether it may be told."""
        return self.rounds >= FEWEST and math.log(self.high / self.low) < abs(math.log(self.median))

    @property
    def text(self) -> str:
        """The number, or that it is none."""
        return number(self.median) if self.clear else "unclear"


def number(value: float) -> str:
    """Three figures: 0.123, 1.23, 12.3, 123, 1,234."""
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    return f"{value:,.{max(0, min(3, 2 - math.floor(math.log10(abs(value)))))}f}"
