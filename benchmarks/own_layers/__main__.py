"""How well a mistake in one of our own layers is explained by the comparison that catches it.

python -m benchmarks.own_layers [--count K] [--seed S] [--fused] [--file NAME ...] [--jobs J] [--show]

Draws one-place changes of `manual/` as `benchmarks.mutation` makes them, by turns of the files, compares the layers of
the changed file as somebody would who has just changed it, and looks at what `compare` says below the table. Counted
are those by which an output or a gradient is wrong, or does not come. Left out are the lines that ask what an argument
may be, and what breaks only the contract: a state, a dtype, a refusal. Exit status 1 where a share is too low.
"""

import argparse
import os
import statistics
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from rich.console import Console
from rich.progress import Progress

from benchmarks.own_layers.comparing import compared
from benchmarks.own_layers.grade import Grade, graded
from benchmarks.own_layers.plants import Plant, drawn, files

# what is to be reached, in percent: as with anybody's files
LINE, CAUSE, REPAIRED = 95, 90, 90
HEAD = f"{'':28} {'of':>4} {'line':>6} {'cause':>6} {'repaired':>9} {'wrong':>6} {'median':>7}"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; the exit status."""
    asked = _asked(arguments)
    chosen = asked.file or [file for file in files() if file.startswith("fused/") == asked.fused]
    console, grades = Console(stderr=True), list[Grade]()
    with Progress(console=console) as progress:
        task = progress.add_task("explained", total=asked.count)
        for grade in islice(judging(drawn(chosen, asked.seed), asked.jobs), asked.count):
            grades.append(grade)
            progress.advance(task)
            if asked.show and not (grade.line and grade.cause and grade.repaired):
                print(missed(grade), flush=True)
    print(table(grades))
    short = list(below(grades))
    print(*short, sep="\n")
    return int(bool(short))


def judging(plants: Iterator[Plant], jobs: int) -> Iterator[Grade]:
    """The grades of those plants that are counted, in their order."""
    with ThreadPoolExecutor(jobs) as pool:
        while some := list(islice(plants, jobs)):
            yield from filter(None, pool.map(judged, some))


def judged(plant: Plant) -> Grade | None:
    """One plant; None for what is not counted."""
    found = compared(plant, plant.text)
    if not found.numbers:
        return None
    return graded(plant, found, lambda text: compared(plant, text).ok)


def table(grades: Sequence[Grade]) -> str:
    """A row for every file, and one for all."""
    by_file = {file: [g for g in grades if g.plant.file == file] for file in sorted({g.plant.file for g in grades})}
    return "\n".join([HEAD, *(_row(name, some) for name, some in {**by_file, "all": grades}.items() if some)])


def below(grades: Sequence[Grade]) -> Iterator[str]:
    """What falls short."""
    for name, least in (("line", LINE), ("cause", CAUSE), ("repaired", REPAIRED)):
        share = _share([getattr(grade, name) for grade in grades])
        if share < least:
            yield f"{name} {share:.1f} %, wanted {least} %"


def missed(grade: Grade) -> str:
    """A miss: what was planted, what is missing, and what was said."""
    parts = {"line": grade.line, "cause": grade.cause, "repaired": grade.repaired, "right": not grade.wrong}
    lacks = ", ".join(f"not {name}" for name, good in parts.items() if not good)
    said = "".join(f"\n    got {each}" for each in grade.said)
    return f"{grade.plant.title}\n    {lacks} ({grade.seconds:.0f} s){said}"


def _row(name: str, some: Sequence[Grade]) -> str:
    shares = [_share([getattr(g, part) for g in some]) for part in ("line", "cause", "repaired")]
    seconds = statistics.median(g.seconds for g in some)
    told = f"{shares[0]:6.1f} {shares[1]:6.1f} {shares[2]:9.1f}"
    return f"{name:28} {len(some):4} {told} {sum(g.wrong for g in some):6} {seconds:7.1f}"


def _share(good: Sequence[bool]) -> float:
    return 100 * sum(good) / max(len(good), 1)


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.own_layers", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--count", type=int, default=60, metavar="K")
    parser.add_argument("--seed", type=int, default=0, metavar="S")
    parser.add_argument("--fused", action="store_true", help="the fused layers instead")
    parser.add_argument("--file", action="append", default=[], metavar="NAME", help="this file alone, such as rnn.py")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="J")
    parser.add_argument("--show", action="store_true", help="tell every miss")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
