"""How often is the comparison wrong? False alarms on correct layers, and misses of planted errors.

    python -m benchmarks.agreement --comparisons 100000 --plants 20000 --jobs 2

Each comparison is one random case of one pair: sizes drawn log-uniformly up to N = 32, T = 200, D = H = V = 256 and
K = 4 chunks, none left out for being slow; the pairs in turn, the dtypes in turn; in a quarter of them special values
(zero weights, extreme logits, one-hot targets, all labels ignored, another ignored label), where a pair has any. Both
sides are correct, so every tensor that is not passed is a false alarm.

In the first comparisons one element of one random tensor of the hand (an output, or the gradient of an input, a state
or a parameter) then gets an error of exactly what the comparison promises to catch: 1e-9 of the tensor's largest
element in float64, 1e-4 in float32. Every second one is there in the compared dtype alone: it is the harder one, as it
looks like rounding. A tensor that is passed is a miss. A tensor that is all zero has no largest element, and gets none.

The same --seed gives the same comparisons, each from its own number; --first goes on where a run was stopped, and
Ctrl-C shows what was found so far. Exit status 1 for an alarm or a miss.
"""

import argparse
import json
import multiprocessing
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from benchmarks.random_cases import Outcome, examine
from compare.rounding import TRUTH


def main() -> int:
    args = _arguments()
    # asked to end in any way, it shows what it has; a shell starts background jobs with interrupts ignored
    for ended in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ended, signal.default_int_handler)
    console, outcomes, began = Console(), [], time.perf_counter()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bar:
            task = bar.add_task("comparisons", total=args.comparisons)
            for outcome in run(args.seed, args.first, args.comparisons, args.plants, args.jobs):
                outcomes.append(outcome)
                troubles = len(alarms(outcomes[-1:])) + len(misses(outcomes[-1:]))
                bar.update(task, advance=1)
                if troubles:
                    bar.console.print(asdict(outcome))
    except KeyboardInterrupt:
        console.print(f"stopped; --first {args.first + len(outcomes)} goes on from here")
    seconds = time.perf_counter() - began
    show(outcomes, seconds, console)
    if args.json:
        Path(args.json).write_text(json.dumps(summary(outcomes, args.seed, args.first, seconds), indent=2) + "\n")
    return 1 if not outcomes or alarms(outcomes) or misses(outcomes) else 0


def run(seed: int, first: int, comparisons: int, plants: int, jobs: int) -> Iterator[Outcome]:
    """The outcomes in the order of their numbers, from worker processes of one thread each."""
    numbers = range(first, first + comparisons)
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ[f"{library}_NUM_THREADS"] = "1"
    # spawned, not forked: a library reads its number of threads when it is loaded
    with multiprocessing.get_context("spawn").Pool(jobs, signal.signal, (signal.SIGINT, signal.SIG_IGN)) as pool:
        yield from pool.imap(_examine, ((seed, number, number < plants) for number in numbers), chunksize=4)


def _examine(job: tuple[int, int, bool]) -> Outcome:
    return examine(*job)


def alarms(outcomes: list[Outcome]) -> list[Outcome]:
    """Correct layers that were not passed."""
    return [outcome for outcome in outcomes if outcome.alarms]


def misses(outcomes: list[Outcome]) -> list[Outcome]:
    """Planted errors that were not seen."""
    return [outcome for outcome in outcomes if outcome.caught is False]


def summary(outcomes: list[Outcome], seed: int, first: int, seconds: float) -> dict[str, Any]:
    """All figures, as plain data."""
    return {
        "seed": seed,
        "first": first,
        "comparisons": len(outcomes),
        "tensors": sum(len(outcome.bits) for outcome in outcomes),
        "alarms": [asdict(outcome) for outcome in alarms(outcomes)],
        "planted": sum(outcome.caught is not None for outcome in outcomes),
        "misses": [asdict(outcome) for outcome in misses(outcomes)],
        "truth": TRUTH,
        "seconds": round(seconds, 1),
        "groups": [
            {
                "pair": pair,
                "dtype": dtype,
                "comparisons": len(group),
                "alarms": len(alarms(group)),
                "planted": sum(outcome.caught is not None for outcome in group),
                "misses": len(misses(group)),
                "strain": max(outcome.strain for outcome in group),
                "most_strained": max(group, key=lambda outcome: outcome.strain).case,
                "bits": dict(sorted(Counter(bits for outcome in group for bits in outcome.bits).items())),
            }
            for (pair, dtype), group in grouped(outcomes).items()
        ],
    }


def grouped(outcomes: list[Outcome]) -> dict[tuple[str, str], list[Outcome]]:
    """The outcomes by pair and dtype."""
    groups: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault((outcome.pair, outcome.dtype), []).append(outcome)
    return dict(sorted(groups.items(), key=lambda item: item[0][1]))


def show(outcomes: list[Outcome], seconds: float, console: Console) -> None:
    """A row for each pair and dtype, the bits of all tensors, and the totals."""
    table = Table("pair", "dtype", "comparisons", "alarms", "strain at most", "planted", "missed")
    for (pair, dtype), group in grouped(outcomes).items():
        strain, planted = max(o.strain for o in group), sum(o.caught is not None for o in group)
        figures = (len(group), len(alarms(group)), f"{strain:.3f}", planted, len(misses(group)))
        table.add_row(pair, dtype, *map(str, figures))
    console.print(table)
    for dtype in sorted({outcome.dtype for outcome in outcomes}, reverse=True):
        bits = Counter(b for outcome in outcomes if outcome.dtype == dtype for b in outcome.bits)
        console.print(histogram(f"bits of agreement in {dtype}", bits), soft_wrap=True)
    planted = sum(outcome.caught is not None for outcome in outcomes)
    tensors = sum(len(outcome.bits) for outcome in outcomes)
    console.print(
        f"{len(outcomes):,} comparisons of correct layers, {tensors:,} tensors: {len(alarms(outcomes))} false alarms. "
        f"{planted:,} planted errors: {len(misses(outcomes))} missed. Truth: {TRUTH}. {seconds:,.0f} s."
    )


def histogram(title: str, counts: Counter[int], width: int = 60) -> str:
    """A line for each number of bits, its bar to scale."""
    most = max(counts.values())
    lines = [f"{bits:4} {n:9,} {'█' * -(-n * width // most)}" for bits, n in sorted(counts.items())]
    return "\n".join([title, *lines])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--comparisons", type=int, default=100_000, metavar="K", help="how many (default %(default)s)")
    parser.add_argument("--plants", type=int, default=20_000, help="plant an error below this number")
    parser.add_argument("--first", type=int, default=0, metavar="NUMBER", help="the number to begin with")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes (default: one a core)")
    parser.add_argument("--json", metavar="PATH", help="write the figures there")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
