"""A process that does as it is told, line by line: one contender's steps, or one comparison, with its own threads.

The parent sets the threads of every library in the environment before it starts this process (`process.py`).
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from compare.bench import memory
from compare.bench.comparing import finite_differences, whole_model
from compare.bench.contenders import CONTENDERS
from compare.bench.contenders.step import Step
from compare.bench.problem import Problem, Shape


class Steps:
    """The steps of one contender."""

    def __init__(self) -> None:
        self.step: Step | None = None
        self.baseline = 0

    def build(self, contender: str, model: str, shape: list[int], threads: int) -> dict[str, Any]:
        """Get ready, and take a first step, which may compile and is not measured; what came out of it."""
        # with its package imported: that is no part of a step's memory
        __import__(CONTENDERS[contender].needs or "autograd")
        memory.forget_peak()
        self.baseline = memory.held()
        self.step = CONTENDERS[contender].build(Problem.drawn(model, Shape(*shape)), threads)
        threadpool_limits(CONTENDERS[contender].blas(threads))
        began = time.perf_counter()
        self.step.take()
        seconds = time.perf_counter() - began
        # in float64, as the squares of a sum of millions would lose what is compared
        norms = [float(np.sqrt(np.sum(np.square(grad, dtype=np.float64)))) for grad in self.step.grads()]
        return {"seconds": seconds, "loss": self.step.loss(), "norms": norms, "threads": _threads()}

    def take(self, count: int, warm: int) -> dict[str, Any]:
        """The seconds of each of `count` steps, after `warm` that are not measured."""
        assert self.step is not None
        for _ in range(warm):
            self.step.take()
        seconds = []
        for _ in range(count):
            began = time.perf_counter()
            self.step.take()
            seconds.append(time.perf_counter() - began)
        return {"seconds": seconds}

    def memory(self) -> dict[str, int]:
        """What the process held before there was a model, and the most that it held since."""
        return {"baseline": self.baseline, "peak": memory.peak()}


def _threads() -> int:
    """The threads of NumPy's BLAS."""
    return max((pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"), default=1)


def main() -> None:
    """Answer requests until there are no more."""
    # Ctrl-C is the parent's to hear; it ends this process
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # what a library prints is no answer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    steps = Steps()
    doing: Mapping[str, Callable[..., dict[str, Any]]] = {
        "build": steps.build,
        "take": steps.take,
        "memory": steps.memory,
        "whole model": whole_model,
        "finite differences": finite_differences,
    }
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(doing[request.pop("do")](**request)), file=answers, flush=True)


if __name__ == "__main__":
    main()
