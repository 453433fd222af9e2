"""Contenders in turn, each in its own process, until the time is up: what slows the machine down slows all of them."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from statistics import median
from typing import Any

from compare.bench.contenders import CONTENDERS
from compare.bench.problem import Shape
from compare.bench.process import Worker
from compare.bench.report import Cell, Timing
from compare.errors import RefusedError

# of a round's quick steps so many that the clock and a wakened thread do not count
TURN = 0.03
# a step as long as this needs no other one before it
LONG = 0.2
FEWEST, MOST = 5, 40
# an idle thread of OpenBLAS or OpenMP keeps its core busy for so long, which may be the next contender's
PAUSE = 0.05
# float32, over sums of up to 350,000 terms
APART = 1e-3


def measure(
    model: str,
    shape: Shape,
    threads: int,
    contenders: Sequence[str],
    seconds: float,
    tell: Callable[[str], None],
    along: str = "",
) -> Cell:
    """One cell: at least FEWEST rounds, and then as many as there are seconds for.

    Raises RefusedError where a contender ends early, has other threads than it was given, or computes something else.
    """
    with ExitStack() as stack:
        workers = {name: stack.enter_context(Worker(name, threads)) for name in contenders}
        first = {}
        for name, worker in workers.items():
            tell(name)
            first[name] = worker.ask("build", contender=name, model=model, shape=list(shape), threads=threads)
            wanted = CONTENDERS[name].blas(threads)
            if first[name]["threads"] != wanted:
                raise RefusedError(f"bench: {name}'s BLAS has {first[name]['threads']} threads; wanted {wanted}")
        check_agreement(first)
        took = {name: worker.ask("take", count=1, warm=0)["seconds"][0] for name, worker in workers.items()}
        rounds = _rounds(workers, took, seconds, tell)
        memory = {name: worker.ask("memory") for name, worker in workers.items()}
    timings = (Timing(name, tuple(rounds[name]), memory[name]["baseline"], memory[name]["peak"]) for name in contenders)
    return Cell(model, shape, threads, along, tuple(timings))


def check_agreement(first: Mapping[str, Mapping[str, Any]]) -> None:
    """All take the same step: the same loss, and gradients of the same length.

    Raises RefusedError for the first that does not.
    """
    computing = {name: [found["loss"], *found["norms"]] for name, found in first.items() if found["norms"]}
    for name, found in computing.items():
        reference, wanted = next(iter(computing.items()))
        for a, b in zip(found, wanted, strict=True):
            if not abs(a - b) <= APART * abs(b):
                raise RefusedError(f"bench: {name} computes {a:.6g} where {reference} computes {b:.6g}; compare them")


def _rounds(
    workers: Mapping[str, Worker], took: Mapping[str, float], seconds: float, tell: Callable[[str], None]
) -> dict[str, list[float]]:
    counts = {name: max(1, min(50, round(TURN / took[name]))) for name in workers}
    found: dict[str, list[float]] = {name: [] for name in workers}
    ends = time.perf_counter() + seconds
    done = 0
    while done < FEWEST or (time.perf_counter() < ends and done < MOST):
        # not always after the same one, which may leave a thread awake or the cache full
        order = [*workers][done % len(workers) :] + [*workers][: done % len(workers)]
        for name in order:
            tell(name)
            time.sleep(PAUSE)
            answer = workers[name].ask("take", count=counts[name], warm=int(took[name] < LONG))
            found[name].append(median(answer["seconds"]))
        done += 1
    return found
