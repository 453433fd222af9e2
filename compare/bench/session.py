"""A run of the benchmark: what is to be measured, one after the other, kept as it comes."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from compare.bench.contenders import CONTENDERS
from compare.bench.machine import Machine, today, usable_cores
from compare.bench.problem import Shape
from compare.bench.process import ROOT, Worker, variables
from compare.bench.report import Cell, Figure, Report, from_json, to_json
from compare.bench.rounds import measure
from compare.errors import RefusedError, reason
from compare.files import replacing

SHAPES = (
    Shape(10, 5, 100, 100, 418),
    Shape(20, 35, 100, 100, 10000),
    Shape(20, 35, 650, 650, 10000),
    Shape(32, 100, 256, 256, 96),
    Shape(20, 400, 100, 100, 418),
)
# a shape, and the axes that are varied about it one at a time
MIDDLE = Shape(20, 50, 256, 256, 1000)
SWEEPS = {"T": (25, 50, 100, 200, 400), "H": (32, 64, 128, 256, 512), "V": (100, 300, 1000, 3000, 10000)}
WHOLE = Shape(20, 35, 650, 650, 10000)
PARTS = ("steps", "scaling", "comparison")


@dataclass(frozen=True)
class Wanted:
    """What to measure."""

    parts: Sequence[str]
    models: Sequence[str]
    shapes: Sequence[Shape]
    threads: Sequence[int]
    contenders: Sequence[str]
    seconds: float


@dataclass(frozen=True)
class Job:
    """One thing to measure, and what it is called."""

    title: str
    key: object
    do: Callable[[Callable[[str], None]], Cell | Figure]


def begin(path: Path | None, resume: bool) -> Report:
    """An empty report, or the one in the file.

    Raises RefusedError for a file that holds none, or one of another machine.
    """
    machine = Machine.here()
    if not (resume and path and path.exists()):
        return Report(today(), machine)
    try:
        report = from_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RefusedError(f"--resume: cannot read {path} ({reason(error)})") from None
    except (ValueError, KeyError, TypeError) as error:
        raise RefusedError(f"--resume: {path} holds no report of this command ({type(error).__name__})") from None
    if report.machine != machine:
        raise RefusedError(
            f"--resume: {path} was measured elsewhere ({report.machine.text}); wanted this machine and these versions "
            f"({machine.text}): name another file with --json"
        )
    return report


def jobs(wanted: Wanted) -> Iterator[Job]:
    """Everything wanted, in the order in which it is measured."""
    if "steps" in wanted.parts:
        for model in wanted.models:
            for shape in wanted.shapes:
                for threads in wanted.threads:
                    yield _cell(wanted, model, shape, threads, wanted.contenders, "")
    if "scaling" in wanted.parts:
        quick = [name for name in wanted.contenders if name not in ("book", "twin", "autograd")]
        for model in wanted.models:
            for along, sizes in SWEEPS.items():
                for size in sizes:
                    yield _cell(wanted, model, MIDDLE._replace(**{along: size}), 1, quick, along)
    if "comparison" in wanted.parts:
        yield Job("--help", "help", lambda tell: _help())
        yield Job("compare", "compare", lambda tell: _default())
        for model in wanted.models:
            yield Job(f"comparing {model}", f"whole {model}", partial(_whole, model))
        if "torch" in wanted.contenders:
            yield Job("torch's gradcheck", "gradcheck", _differences)


def run(report: Report, todo: Sequence[Job], path: Path | None, tell: Callable[[str], None]) -> Iterator[Report]:
    """The report after each job; what the file holds is whole at any time. `tell` hears what is running."""
    for job in todo:
        tell(job.title)
        report = report.having(job.do(partial(_tell, tell, job.title)))
        if path:
            _save(path, report)
        yield report


def _tell(tell: Callable[[str], None], title: str, what: str) -> None:
    tell(f"{title} {what}")


def missing(report: Report, todo: Sequence[Job]) -> list[Job]:
    """The jobs that the report has no result of."""
    have = {*(cell.key for cell in report.cells), *(figure.name for figure in report.figures)}
    return [job for job in todo if job.key not in have]


def _cell(wanted: Wanted, model: str, shape: Shape, threads: int, contenders: Sequence[str], along: str) -> Job:
    title = f"{model} {' '.join(map(str, shape))}, {threads} thread{'s' * (threads > 1)}:"
    seconds = wanted.seconds / 5 if along else wanted.seconds

    def do(tell: Callable[[str], None]) -> Cell:
        return measure(model, shape, threads, contenders, seconds, tell, along)

    return Job(title, (model, shape, threads, along), do)


def _help() -> Figure:
    """The console script without what finds it: the whole process, from its start to its end."""
    program = "from tiny_autograd_rnn_door import main; main()"
    seconds = tuple(_process(["-c", program, "--help"]) for _ in range(12))
    return Figure("help", "`tiny-autograd-rnn --help`, whole process", "s", seconds[1:], at_most=0.25)


def _default() -> Figure:
    seconds = tuple(_process(["-m", "compare"]) for _ in range(6))
    return Figure("compare", "default `compare`, whole process, one core", "s", seconds[1:], at_most=3.0)


def _whole(model: str, tell: Callable[[str], None]) -> Figure:
    with Worker("compare", 1) as worker:
        found = worker.ask("whole model", model=model, shape=list(WHOLE), rounds=3)
    ratios = tuple(c / (h + a) for h, a, c in zip(found["hand"], found["autograd"], found["compare"], strict=True))
    what = f"comparing {model} at {tuple(WHOLE)} over its two steps, by hand and by autograd"
    return Figure(f"whole {model}", what, "×", ratios, at_most=1.2)


def _differences(tell: Callable[[str], None]) -> Figure:
    with Worker("compare", 1) as worker:
        found = worker.ask("finite differences", rounds=3)
    ratios = tuple(g / c for g, c in zip(found["gradcheck"], found["compare"], strict=True))
    what = "torch's `gradcheck` of TimeRNN at N 4, T 10, D = H = 32 over `compare`'s three questions"
    return Figure("gradcheck", what, "×", ratios, at_least=1000.0)


def _process(arguments: Sequence[str]) -> float:
    """The seconds of a Python process on one core."""
    import os

    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **variables(1)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(process.pid, usable_cores()[-1:])
    try:
        status = process.wait()
    finally:
        process.kill()
    if status:
        raise RefusedError(f"bench: python {' '.join(arguments)} ended with status {status}; wanted 0: run it alone")
    return time.perf_counter() - began


def _save(path: Path, report: Report) -> None:
    try:
        with replacing(path) as file:
            file.write(f"{to_json(report)}\n".encode())
    except OSError as error:
        raise RefusedError(f"--json: cannot write {path} ({reason(error)}); what stood there is untouched") from None


def known(contenders: Sequence[str]) -> tuple[str, ...]:
    """The contenders in the order of the table, ours among them: every ratio is to it."""
    return tuple(name for name in CONTENDERS if name in {*contenders, "fused"})
