"""Does autograd's work grow linearly with the steps T? Time and peak memory, T = 50 to 400.

    export OPENBLAS_NUM_THREADS=1 MALLOC_TRIM_THRESHOLD_=1000000000 MALLOC_MMAP_THRESHOLD_=1000000000
    python -m benchmarks.scaling --rounds 9 --json scaling.json

Two functions, `time_rnn` and `simple_rnnlm`, at two sizes: a small one, where the tape is all the work, and the book's;
of order 1, forward + backward, and of order 2, a Hessian-vector product, which differentiates the backward pass too.
Time is the processor's time for this process, so that others that run beside it do not count, and the least of the
rounds, as what disturbs only adds; in each round every T has its turn, with the garbage collected before and no
collection during. Memory is the peak that tracemalloc sees, in a run of its own. Exit status 1 where twice as many
steps take more than 2.2 times as much.

The MALLOC settings have glibc keep what is freed: otherwise it hands tens of megabytes back to the system after every
run, and the longest sequence alone pays for having them mapped anew.
"""

import argparse
import gc
import itertools
import json
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd.differential_operators import make_vjp
from rich.console import Console
from rich.table import Table

from compare.inputs import Case, Inputs, draw
from compare.pair import Pair
from compare.pairs import FAMILIES
from compare.runs import run_twin, traced_twin

WANTED = 2.2
STEPS = (50, 100, 200, 400)
SIZES = {
    "small": {"N": 3, "D": 4, "H": 6, "V": 7},
    "book": {"N": 10, "D": 100, "H": 100, "V": 418},
}
_OVER_TIME = [pair for pair in (*FAMILIES["recurrent"], *FAMILIES["model"]) if "T" in pair.signature.axes]
RECURRENT = [pair for pair in _OVER_TIME if pair.layer]


@dataclass(frozen=True)
class Measured:
    """One function at one size and one T; the ratios are to half as many steps."""

    function: str
    order: int
    size: str
    steps: int
    seconds: float
    median_seconds: float
    peak_bytes: int
    time_ratio: float | None = None
    memory_ratio: float | None = None

    @property
    def ok(self) -> bool:
        return max(self.time_ratio or 0, self.memory_ratio or 0) <= WANTED


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9, help="runs of which the least time counts (%(default)s)")
    parser.add_argument("--json", metavar="FILE", help="write the figures as JSON")
    args = parser.parse_args()
    if args.rounds < 1:
        parser.error("--rounds: wanted at least 1")
    found = [
        row for pair in RECURRENT for order in WORK for size in SIZES for row in scaling(pair, order, size, args.rounds)
    ]
    show(found, Console())
    if args.json:
        figures = {"rounds": args.rounds, "wanted": WANTED, "rows": [asdict(row) for row in found]}
        Path(args.json).write_text(json.dumps(figures, indent=2) + "\n")
    return 0 if all(row.ok for row in found) else 1


def scaling(pair: Pair, order: int, size: str, rounds: int) -> Iterator[Measured]:
    """One row for each T."""
    inputs = {steps: drawn(pair, SIZES[size], steps) for steps in STEPS}
    work = WORK[order]
    peaks = {steps: peak(work, pair, given) for steps, given in inputs.items()}
    times = [{steps: seconds(work, pair, given) for steps, given in inputs.items()} for _ in range(rounds)]
    least = {steps: min(turn[steps] for turn in times) for steps in STEPS}
    halves = {steps: half for half, steps in itertools.pairwise(STEPS)}
    for steps in STEPS:
        half = halves.get(steps)
        yield Measured(
            pair.twin.__name__,
            order,
            size,
            steps,
            least[steps],
            median(turn[steps] for turn in times),
            peaks[steps],
            least[steps] / least[half] if half else None,
            peaks[steps] / peaks[half] if half else None,
        )


def drawn(pair: Pair, sizes: Mapping[str, int], steps: int) -> Inputs:
    """Inputs of T steps."""
    every = {**sizes, "T": steps}
    return draw(pair.signature, Case(f"T = {steps}", {axis: every[axis] for axis in pair.signature.axes}))


def product(pair: Pair, inputs: Inputs) -> Any:
    """H v by autograd, for v of ones over every input and parameter."""
    names = [a.name for a in pair.signature.arguments if a.floats]

    def slope(*traced: Any) -> Any:
        arguments = {**inputs.arguments, **dict(zip(names, traced, strict=True))}
        grads = traced_twin(pair, replace(inputs, arguments=arguments)).grads
        return sum(anp.sum(grad) for grad in grads.values())

    vjp, value = make_vjp(slope, argnum=tuple(range(len(names))))(*(inputs.arguments[name] for name in names))
    return vjp(np.ones_like(value))


WORK: Mapping[int, Callable[[Pair, Inputs], Any]] = {1: run_twin, 2: product}


def seconds(work: Callable[[Pair, Inputs], Any], pair: Pair, inputs: Inputs) -> float:
    """The processor's time for the work once."""
    gc.collect()
    gc.disable()
    try:
        began = time.process_time()
        work(pair, inputs)
        return time.process_time() - began
    finally:
        gc.enable()


def peak(work: Callable[[Pair, Inputs], Any], pair: Pair, inputs: Inputs) -> int:
    """The most memory, in bytes, that the work holds at once; the first run is a warm-up."""
    work(pair, inputs)
    gc.collect()
    tracemalloc.start()
    try:
        work(pair, inputs)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def show(found: list[Measured], console: Console) -> None:
    """The table, a ratio above the wanted one in red."""
    table = Table(title=f"differentiation by autograd; twice the steps, at most {WANTED} times as much")
    for column in ("function", "order", "size", "T", "least ms", "median ms", "ratio", "peak MB", "ratio"):
        table.add_column(column, justify="left" if column in ("function", "size") else "right")
    for row in found:
        table.add_row(
            row.function,
            str(row.order),
            row.size,
            str(row.steps),
            f"{row.seconds * 1e3:.2f}",
            f"{row.median_seconds * 1e3:.2f}",
            _ratio(row.time_ratio),
            f"{row.peak_bytes / 1e6:.2f}",
            _ratio(row.memory_ratio),
            end_section=row.steps == STEPS[-1],
        )
    console.print(table)


def _ratio(ratio: float | None) -> str:
    if ratio is None:
        return ""
    return f"{ratio:.2f}" if ratio <= WANTED else f"[red]{ratio:.2f}[/red]"


if __name__ == "__main__":
    sys.exit(main())
