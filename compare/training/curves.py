"""Validation perplexity against time, of several runs in one picture.

python -m compare.training.curves OUT.png run1.json run2.json ...
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from compare.errors import RefusedError, reason
from compare.training.guard import guarded
from compare.training.options import OneSentence
from compare.training.signals import Signals

FILE = click.Path(path_type=Path)


@dataclass(frozen=True)
class Curve:
    """One run: which model, and after each epoch the seconds since the start and the validation perplexity."""

    model: str
    seconds: tuple[float, ...]
    perplexities: tuple[float, ...]


@click.command(
    "python -m compare.training.curves",
    cls=OneSentence,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.argument("out", type=FILE, metavar="OUT.png")
@click.argument("runs", type=FILE, nargs=-1, required=True, metavar="RUN.json...")
def curves(out: Path, runs: tuple[Path, ...]) -> None:
    """Draw the validation perplexity of RUN.json..., which train --json wrote, against time: a colour for every model.

    Exit status: 0 drawn, 2 could not run, 130 after Ctrl-C, 143 after SIGTERM.
    """

    def run(signals: Signals) -> int:
        from compare.files import check_distinct, check_output
        from compare.training import plot
        from compare.training.output import write

        for path in runs:
            check_distinct({"RUN.json": path, "OUT.png": out})
        check_output("OUT.png", out, ".png")
        plot.require("OUT.png")
        read = [curve(path) for path in runs]
        write("OUT.png", out, lambda path: draw(path, read))
        return 0

    sys.exit(guarded(run, "before the picture was drawn"))


def curve(path: Path) -> Curve:
    """The curve in a file.

    Raises RefusedError for what is none that `train --json` wrote, and for one without validation.
    """
    try:
        report = json.loads(path.read_bytes())
        epochs, model = report["epochs"], str(report["config"]["model"])
        held_out = [epoch for epoch in epochs if epoch["validation_perplexity"] is not None]
        read = Curve(
            model,
            tuple(float(epoch["seconds"]) for epoch in held_out),
            tuple(float(epoch["validation_perplexity"]) for epoch in held_out),
        )
    except OSError as error:
        raise RefusedError(f"RUN.json: cannot read {path} ({reason(error)}); wanted what train --json wrote") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise RefusedError(f"RUN.json: {path} is no run; wanted what train --json wrote") from None
    if not read.seconds:
        raise RefusedError(f"RUN.json: {path} has no epoch with a validation perplexity; wanted one at least")
    return read


def draw(path: Path, drawn: list[Curve]) -> None:
    """Write the picture as PNG.

    Raises OSError where it cannot be written.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import LogFormatter

    from compare.files import replacing

    figure = Figure(figsize=(8, 5), layout="constrained")
    axis: Any = figure.subplots()
    colours = {model: f"C{i}" for i, model in enumerate(dict.fromkeys(curve.model for curve in drawn))}
    longest = max(max(curve.seconds) for curve in drawn)
    unit, length = next((u, s) for u, s in (("hours", 3600), ("minutes", 60), ("seconds", 1)) if longest >= s or s == 1)
    for curve in drawn:
        marker = "o" if len(curve.seconds) <= 30 else ""
        at = [seconds / length for seconds in curve.seconds]
        axis.plot(at, curve.perplexities, color=colours[curve.model], lw=0.8, marker=marker, ms=2.5)
    for model, colour in colours.items():
        runs = sum(curve.model == model for curve in drawn)
        axis.plot([], [], color=colour, label=f"{model}, {runs} run{'s' * (runs > 1)}")
    axis.set_xlabel(f"time ({unit} since the start)")
    axis.set_ylabel("validation perplexity (tokens)")
    # perplexities of one text differ by factors, not by differences
    axis.set_yscale("log")
    axis.yaxis.set_major_formatter(LogFormatter())
    axis.yaxis.set_minor_formatter(LogFormatter(labelOnlyBase=False, minor_thresholds=(2, 0.4)))
    axis.grid(alpha=0.3, which="both")
    axis.legend()
    with replacing(path) as file:
        FigureCanvasAgg(figure).print_png(file)


if __name__ == "__main__":
    curves(prog_name="python -m compare.training.curves")
