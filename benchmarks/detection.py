"""What share of the corpus's planted faults the checker finds, and how often it accuses what is right.

python -m benchmarks.detection [--every K] [--jobs J]

Prints a table by row of what goes wrong in public files, the cases that were not judged as they should be, and the time
that a file takes. Exit status 1 where there is any such case.
"""

import argparse
import os
import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from compare.checking.run import check_file
from compare.checking.settings import Settings

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from corpus import CORRECT, PLANTED, ROWS, laid_out, planted_text, wanted
from test_check_corpus import verdicts


@dataclass(frozen=True)
class Judged:
    """One file: what of it was not judged as it should be, and the seconds that took."""

    name: str
    row: str
    missed: tuple[str, ...]
    alarms: tuple[str, ...]
    seconds: float


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--every", type=int, default=1, metavar="K", help="every K-th planted fault (default: all)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="J")
    asked = parser.parse_args()
    planted = range(0, len(PLANTED), asked.every)
    with ProcessPoolExecutor(asked.jobs) as pool:
        correct = list(pool.map(partial(judged, planted=False), range(len(CORRECT))))
        faults = list(pool.map(partial(judged, planted=True), planted))
    print(table(correct, faults))
    sys.exit(any(each.missed or each.alarms for each in (*correct, *faults)))


def judged(number: int, planted: bool) -> Judged:
    """One file of the corpus, correct or with a fault."""
    fault = PLANTED[number] if planted else None
    correct = next(c for c in CORRECT if c.file == fault.file) if fault else CORRECT[number]
    text = planted_text(fault) if fault else correct.text
    want = wanted(fault) if fault else {symbol: correct.verdicts(symbol) for symbol in correct.symbols}
    with TemporaryDirectory() as folder:
        started = time.perf_counter()
        report = check_file(laid_out(correct.file, text, Path(folder)), Settings(correct.like, mend=False))
        seconds = time.perf_counter() - started
    found = verdicts(report)
    off = {s: f"{s}: {found.get(s)}, wanted {' or '.join(sorted(w))}" for s, w in want.items() if found.get(s) not in w}
    at_fault = set(fault.verdicts) if fault else set()
    missed = [said for symbol, said in off.items() if symbol in at_fault]
    if fault and not at_fault and report.ok:
        missed.append("the file passes")
    return Judged(
        fault.id if fault else correct.file,
        fault.row if fault else "",
        tuple(missed),
        tuple(said for symbol, said in off.items() if symbol not in at_fault),
        seconds,
    )


def table(correct: Sequence[Judged], faults: Sequence[Judged]) -> str:
    """The figures, row by row, and every case that is not as it should be."""
    count, missed = Counter(f.row for f in faults), Counter(f.row for f in faults if f.missed)
    rows = [f"{row:14} {count[row]:4} {count[row] - missed[row]:5}" for row in (*ROWS, "beyond") if count[row]]
    seconds = sorted(f.seconds for f in (*correct, *faults))
    alarms = sum(bool(f.alarms) for f in (*correct, *faults))
    return "\n".join(
        [
            f"{'row':14} {'of':>4} {'found':>5}",
            *rows,
            f"{'all':14} {len(faults):4} {len(faults) - sum(missed.values()):5}",
            f"correct files: {len(correct)}; files in which something right is accused: {alarms}",
            f"seconds a file: median {statistics.median(seconds):.2f}, most {seconds[-1]:.2f}",
            *(f"{f.name}: {'; '.join((*f.missed, *f.alarms))}" for f in (*correct, *faults) if f.missed or f.alarms),
        ]
    )


if __name__ == "__main__":
    main()
