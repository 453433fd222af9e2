"""From the command's options to a report that is shown, drawn and written."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from compare.bench.contenders import CONTENDERS, PEERS
from compare.bench.plot import draw, require
from compare.bench.problem import Shape
from compare.bench.report import Report, to_json
from compare.bench.session import PARTS, SHAPES, Wanted, begin, jobs, known, missing
from compare.bench.session import run as measured
from compare.bench.show import show
from compare.errors import RefusedError
from compare.files import check_output
from compare.training.output import write
from compare.training.signals import Signals


def run(
    *,
    signals: Signals,
    peers: bool,
    parts: Sequence[str],
    models: Sequence[str],
    shapes: Sequence[tuple[int, ...]],
    threads: Sequence[int],
    contenders: Sequence[str],
    seconds: float,
    plot: Path | None,
    json_to: Path | None,
    resume: bool,
) -> int:
    """Measure, show, draw and write; returns the exit status.

    Raises RefusedError for what cannot be measured here, before anything is.
    """
    chosen = known(contenders or [name for name in CONTENDERS if peers or name not in PEERS])
    path = json_to if json_to and str(json_to) != "-" else None
    _check(chosen, plot, path, resume)
    wanted = Wanted(
        parts or PARTS,
        models or ("simple-rnnlm", "rnnlm"),
        [Shape(*shape) for shape in shapes] or SHAPES,
        threads or (1, 2),
        chosen,
        seconds,
    )
    report = begin(path, resume)
    todo = missing(report, list(jobs(wanted)))
    errors = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(
        *columns, TimeElapsedColumn(), console=errors, transient=True, disable=not errors.is_terminal
    ) as progress:
        task = progress.add_task("", total=len(todo))
        for grown in measured(report, todo, path, lambda what: progress.update(task, description=what)):
            report = grown
            progress.advance(task)
            if path:
                signals.meanwhile = f"ended the run; {path} holds what was measured by then, and --resume goes on"
            else:
                signals.meanwhile = "ended the run; name a file with --json to keep what is measured"
    _give(report, plot, json_to)
    return 0


def _give(report: Report, plot: Path | None, json_to: Path | None) -> None:
    if str(json_to) == "-":
        click.echo(to_json(report))
    else:
        show(report, Console(highlight=False))
    if plot:
        write("--plot", plot, lambda path: draw(path, report))


def _check(chosen: Sequence[str], plot: Path | None, path: Path | None, resume: bool) -> None:
    """Raises RefusedError for what is missing, and for a file that could not be written at the end."""
    packages = {"threadpoolctl": "bench"} | {need: "bench-peers" for n in chosen if (need := CONTENDERS[n].needs)}
    for package, extra in packages.items():
        if find_spec(package) is None:
            raise RefusedError(f"bench: {package} is not installed; run: pip install 'tiny-autograd-rnn[{extra}]'")
    if resume and path is None:
        raise RefusedError("--resume: there is no file to go on with; name it with --json PATH")
    if path:
        check_output("--json", path)
    if plot:
        require("--plot")
        check_output("--plot", plot, ".png")
