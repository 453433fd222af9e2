"""Why a hand disagrees: its file explained and repaired by what `check` does with anybody's."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from compare.explanation.search import Search
from compare.explanation.wrong import WrongLine
from compare.pair import Pair
from compare.report import PairReport

__all__ = ["WrongLine", "explained"]

# the seconds of looking for what is wrong with a hand, and with all of them
_EACH, _MOST = 20.0, 60.0


def explained(compared: Sequence[tuple[Pair, PairReport]]) -> list[PairReport]:
    """The reports, those that are not ok with the wrong lines that were found in the time there is."""
    with TemporaryDirectory() as folder:
        search = Search(Path(folder), compared, _EACH, time.monotonic() + _MOST)
        return [report if report.ok else replace(report, explanation=search.about(pair)) for pair, report in compared]
