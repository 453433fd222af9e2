"""How well planted faults are located, explained and repaired.

python -m benchmarks.repairs [--half tuned|held-back|both] [--protocol book|course] [--two] [--every K] [--jobs J]
                             [--unlisted K [--seed S]] [--show] [--write FOLDER]

Prints a row for each kind of mistake and one for each half: the share whose line is named, whose cause is right, that
is repaired so that the mended file passes on other numbers too; how often an advice was wrong; seconds a file. Exit
status 1 where a share is too low. --show lists the misses of the tuned half, --write puts its plants into a folder.
--unlisted draws K faults of each protocol that are neither on the list nor held back.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from rich.console import Console
from rich.progress import track

from benchmarks.repairs.choose import unlisted
from benchmarks.repairs.grade import Grade, graded
from benchmarks.repairs.plants import Half, Plant, plants
from benchmarks.repairs.sources import Source, sources
from benchmarks.repairs.table import below, misses, table
from benchmarks.repairs.verdicts import as_good, of_source, other_seeds, report_on
from benchmarks.repairs.writing import write
from compare.checking.findings import Verdict
from compare.checking.settings import Settings

HALVES: dict[str, tuple[Half, ...]] = {
    "tuned": ("tuned",),
    "held-back": ("held back",),
    "both": ("tuned", "held back"),
}
# as with --fix
MENDING = Settings({}, mend=True, fragile=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; the exit status."""
    asked = _asked(arguments)
    every = unlisted(asked.unlisted, asked.seed, asked.jobs) if asked.unlisted else plants(asked.two)
    kept = [p for p in every if p.half in HALVES[asked.half] and asked.protocol in (p.protocol, None)]
    if asked.write:
        write([p for p in kept if p.half == "tuned"], asked.write)
        return 0
    with ProcessPoolExecutor(asked.jobs) as pool:
        judging = pool.map(judged, kept[:: asked.every])
        grades = list(track(judging, "judged", total=len(kept[:: asked.every]), console=Console(stderr=True)))
    print(table(grades))
    if asked.show:
        print(misses(grades))
    short = below(grades)
    print(*short, sep="\n")
    return int(bool(short))


def judged(plant: Plant) -> Grade:
    """One plant checked and mended; what was mended is judged once more, as a new file."""
    started = time.perf_counter()
    report = report_on(plant.text, plant.source.name, MENDING)
    seconds = time.perf_counter() - started

    def passes(mended: str) -> bool:
        with other_seeds():
            return as_good(report_on(mended, plant.source.name), right(plant.source.name))

    return graded(plant, report, seconds, passes, usual(plant.source))


@cache
def usual(source: Source) -> frozenset[str]:
    """What the right file is warned of."""
    return frozenset(f.message for f in report_on(source.text, source.name).findings if f.severity == "warning")


@cache
def right(name: str) -> dict[str, Verdict]:
    """The verdicts on the right file of this name."""
    return next(of_source(source) for source in sources() if source.name == name)


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.repairs", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--half", choices=HALVES, default="both")
    parser.add_argument("--protocol", choices=("book", "course"))
    parser.add_argument("--two", action="store_true", help="files with two faults in a method")
    parser.add_argument("--unlisted", type=int, metavar="K", help="K faults of each protocol that the list has not")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of what --unlisted draws")
    parser.add_argument("--every", type=int, default=1, metavar="K", help="every K-th plant (default: all)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="J")
    parser.add_argument("--show", action="store_true", help="list the misses of the tuned half")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="write the tuned half and stop")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
