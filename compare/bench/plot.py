"""Time against T, H and V as a picture, on logarithmic axes."""

from pathlib import Path
from statistics import median, quantiles
from typing import Any

from compare.bench.contenders import CONTENDERS
from compare.bench.report import Cell, Report
from compare.errors import RefusedError
from compare.files import replacing

_NAMES = {"T": "T (steps)", "H": "H (hidden units)", "V": "V (vocabulary)"}


def require(option: str) -> None:
    """Raises RefusedError where matplotlib is missing, before a long run rather than after it."""
    try:
        import matplotlib.backends.backend_agg
        import matplotlib.figure  # noqa: F401
    except ImportError:
        raise RefusedError(
            f"{option}: matplotlib is not installed; run: pip install 'tiny-autograd-rnn[bench]'"
        ) from None


def draw(path: Path, report: Report) -> None:
    """Write the picture as PNG: a row a model, a column an axis, a line a contender.

    Raises RefusedError where no sweep was measured, OSError where the file cannot be written.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    swept = [cell for cell in report.cells if cell.along]
    if not swept:
        raise RefusedError("--plot: no sweep was measured; wanted: --part scaling, or --resume of a file that has one")
    models = list(dict.fromkeys(cell.model for cell in swept))
    figure = Figure(figsize=(11, 3.4 * len(models) + 0.6), layout="constrained")
    axes = figure.subplots(len(models), len(_NAMES), squeeze=False, sharey="row")
    for row, model in zip(axes, models, strict=True):
        for axis, along in zip(row, _NAMES, strict=True):
            _panel(axis, along, [cell for cell in swept if (cell.model, cell.along) == (model, along)])
        row[0].set_ylabel(f"{model}: a training step (ms)")
    axes[0][0].legend(fontsize=8)
    figure.suptitle(f"float32, one thread, medians and quartiles. {report.date}: {report.machine.cpu}", fontsize=10)
    with replacing(path) as file:
        FigureCanvasAgg(figure).print_png(file)


def _panel(axis: Any, along: str, cells: list[Cell]) -> None:
    cells = sorted(cells, key=lambda cell: cell.shape)
    for k, name in enumerate(CONTENDERS):
        timed = [(getattr(cell.shape, along), timing) for cell in cells if (timing := cell.timing(name))]
        if not timed:
            continue
        middle = [1e3 * median(timing.seconds) for _, timing in timed]
        spread = [[1e3 * q for q in quantiles(timing.seconds, n=4, method="inclusive")] for _, timing in timed]
        below = [m - q[0] for m, q in zip(middle, spread, strict=True)]
        above = [q[2] - m for m, q in zip(middle, spread, strict=True)]
        style = {"floor": "--"}.get(name, "-")
        axis.errorbar([size for size, _ in timed], middle, (below, above), color=f"C{k}", ls=style, marker="o", ms=3)
        axis.lines[-1].set_label(name)
    axis.set_xscale("log")
    axis.set_yscale("log")
    axis.set_xlabel(_NAMES[along])
    sizes = sorted({getattr(cell.shape, along) for cell in cells})
    axis.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axis.set_xticks([], minor=True)
    axis.grid(alpha=0.3, which="both")
    if cells:
        fixed = {letter: size for letter, size in cells[0].shape._asdict().items() if letter != along}
        axis.set_title(", ".join(f"{letter} {size}" for letter, size in fixed.items()), fontsize=9)
