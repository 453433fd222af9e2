"""The steps derived by hand."""

from typing import Any

import manual
from compare.bench.contenders.step import Step
from compare.bench.problem import Problem


def plain(problem: Problem, threads: int) -> Step:
    """The layers of `manual`."""
    return _step(getattr(manual, problem.model.title)(*problem.params), problem)


def fused(problem: Problem, threads: int) -> Step:
    """The layers of `manual.fused`."""
    # imported here: the other hand is measured without its threads
    import manual.fused

    manual.fused.use_threads(threads)
    return _step(getattr(manual.fused, problem.model.title)(*problem.params), problem)


def _step(hand: Any, problem: Problem) -> Step:
    latest = [0.0]

    def take() -> None:
        hand.reset_state()
        latest[0] = hand.forward(problem.xs, problem.ts)
        hand.backward()

    return Step(take, lambda: float(latest[0]), lambda: hand.grads)
