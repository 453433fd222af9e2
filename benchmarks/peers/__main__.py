"""What other gradient checkers say of the planted faults.

python -m benchmarks.peers [--every K] [--seconds S] [--only NAME]

A row for each checker: how many of the files that it was asked about, the right ones of which it accepts; the share of
faults that it objects to, and of those at which the learner's code raises; whether what it says names the line, the
kind of mistake or the right line; seconds a file. A checker whose package is not installed is left out, and named.
"""

import argparse
import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.peers.asking import Answer, Checker
from benchmarks.peers.checkers import CHECKERS, missing
from benchmarks.repairs.plants import Plant, plants


@dataclass(frozen=True)
class Asked:
    """A planted fault, what a checker said of it, and whether it accepts the right file."""

    plant: Plant
    answer: Answer
    accepts: bool

    @property
    def words(self) -> str:
        """What was said, without the frames of a traceback: those are Python's, and of other files."""
        return re.sub(r' *File ".*", line \d+.*\n.*\n?', "", self.answer.said)

    @property
    def line(self) -> bool:
        """Whether the number of the faulty line is in what was said."""
        numbers = {int(number) for number in re.findall(r"\bline (\d+)", self.words)}
        return self.objects and bool(numbers & self.plant.faults[0].lines)

    @property
    def traceback(self) -> bool:
        """Whether the exception was raised at the faulty line."""
        numbers = re.findall(rf'{self.plant.source.path.name}", line (\d+)', self.answer.said)
        return self.answer.ended == "crashes" and bool({int(n) for n in numbers[-1:]} & self.plant.faults[0].lines)

    @property
    def cause(self) -> bool:
        """Whether a kind of mistake that it is, is a word in what was said."""
        words = set(re.findall(r"\w+", self.words.lower()))
        return self.objects and bool(words & self.plant.faults[0].kinds)

    @property
    def repaired(self) -> bool:
        """Whether the right line stands in what was said."""
        right = self.plant.source.text.split("\n")
        lines = {right[n - 1].strip() for n in self.plant.faults[0].lines if n <= len(right)}
        faulty = {line.strip() for line in self.plant.text.split("\n")}
        return self.objects and any(line in self.answer.said for line in lines - faulty if line)

    @property
    def objects(self) -> bool:
        return self.answer.ended == "objects"


HEAD = (
    f"{'':22} {'of':>4} {'accepted':>9} {'objects':>8} {'raises':>7} {'at line':>8} {'detected':>9} {'line':>6}"
    f" {'cause':>6} {'repaired':>9} {'median s':>9}"
)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--every", type=int, default=1, metavar="K", help="every K-th plant (default: all)")
    parser.add_argument("--seconds", type=float, default=60, metavar="S", help="for one file (default: 60)")
    parser.add_argument("--only", choices=CHECKERS, metavar="NAME", help=f"one of {', '.join(CHECKERS)}")
    asked = parser.parse_args(arguments)
    absent = missing()
    print(HEAD)
    for name in [asked.only] if asked.only else CHECKERS:
        if name in absent:
            print(f"{name:22} not asked: {absent[name]} is not installed (pip install {absent[name]})")
        else:
            print(row(name, every(name, plants()[:: asked.every], asked.seconds)), flush=True)


def every(name: str, planted: Sequence[Plant], seconds: float) -> list[Asked]:
    """What one checker says of all plants, and of the right files they were made of."""
    accepted: dict[tuple[str, str], bool] = {}
    found = []
    with Checker(name, seconds) as checker:
        for plant in planted:
            at = (plant.source.name, plant.faults[0].definition)
            if at not in accepted:
                accepted[at] = not checker.ask(plant.source.path, plant.source.text, at[1]).detected
            found.append(Asked(plant, checker.of_plant(plant), accepted[at]))
    return found


def row(name: str, asked: Sequence[Asked]) -> str:
    """A checker's row; a fault counts as detected only where the right file is accepted."""

    def share(good: Sequence[bool]) -> float:
        return 100 * sum(good) / len(asked)

    told = [a for a in asked if a.accepts]
    cells = [
        f"{share([a.accepts for a in asked]):9.1f}",
        f"{share([a.objects for a in told]):8.1f}",
        f"{share([a.answer.ended in ('crashes', 'takes too long') for a in told]):7.1f}",
        f"{share([a.traceback for a in told]):8.1f}",
        f"{share([a.answer.detected for a in told]):9.1f}",
        f"{share([a.line for a in told]):6.1f}",
        f"{share([a.cause for a in told]):6.1f}",
        f"{share([a.repaired for a in told]):9.1f}",
        f"{statistics.median(a.answer.seconds for a in asked):9.2f}",
    ]
    return f"{name:22} {len(asked):4} {' '.join(cells)}"


if __name__ == "__main__":
    main()
