"""A report on the terminal: a table for every cell, a row a contender; then the figures of the comparison."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from compare.bench.report import OURS, Cell, Figure, Report, growth, keeps, wanted
from compare.bench.statistics import Ratio, number


def show(report: Report, console: Console) -> None:
    """Print everything."""
    for cell in report.cells:
        show_cell(cell, console)
    if report.figures:
        _show_figures(report, console)
    for model, times in growths(report).items():
        console.print(f"{model}: memory grows by {number(times)} times its hidden states for each step in T (≤ 1.1)")
    if report.cells:
        console.print(
            "ms: median of the rounds. ratio: median of the rounds' ratios, fused over floor, every other over fused, "
            "with the quartiles behind it; unclear where they are farther apart than it is from 1. MB: what the "
            "process grew by over what it held before there was a model, at most.",
            style="dim",
        )
    console.print(escape(f"{report.date}: {report.machine.text}"), style="dim", soft_wrap=True)


def growths(report: Report) -> dict[str, float]:
    """Of every model whose T was varied, how our memory grows with T."""
    found = {model: growth(report, model) for model in dict.fromkeys(cell.model for cell in report.cells)}
    return {model: times for model, times in found.items() if times is not None}


def show_cell(cell: Cell, console: Console) -> None:
    """One cell's table."""
    N, T, D, H, V = cell.shape
    threads = f"{cell.threads} thread{'s' * (cell.threads > 1)}"
    title = f"{cell.model}, N {N}, T {T}, D {D}, H {H}, V {V}, {threads}{f' (along {cell.along})' * bool(cell.along)}"
    table = _table(title)
    for column in ("ms", "ratio", "quartiles", "wanted", "MB"):
        table.add_column(column, justify="right", no_wrap=True)
    for timing in cell.timings:
        ratio = cell.ratio(timing.name)
        table.add_row(
            f"[bold]{timing.name}[/bold]" if timing.name == OURS else timing.name,
            number(1e3 * Ratio.among(timing.seconds).median),
            _told(cell, timing.name, ratio),
            f"{number(ratio.low)} to {number(ratio.high)}" if ratio else "",
            bound(cell, timing.name) if not cell.along else "",
            f"{timing.grown / 1e6:,.0f}",
        )
    console.print(table)
    console.print()


def bound(cell: Cell, name: str) -> str:
    """The wanted bound of a ratio, as a sign and a number."""
    found = wanted(cell, name)
    return f"{'≤' if found[0] == 'at most' else '≥'} {found[1]:g}" if found else ""


def _told(cell: Cell, name: str, ratio: Ratio | None) -> str:
    if ratio is None:
        return ""
    kept = None if cell.along else keeps(cell, name)
    colour = {True: "green", False: "red", None: "default"}[kept]
    return f"[{colour}]{ratio.text}[/{colour}]"


def _show_figures(report: Report, console: Console) -> None:
    table = _table("The comparison itself")
    for column in ("median", "quartiles", "wanted"):
        table.add_column(column, justify="right", no_wrap=True)
    for figure in report.figures:
        middle, colour = figure.middle, "green" if figure.kept else "red"
        table.add_row(
            escape(figure.what.replace("`", "")),
            f"[{colour}]{number(middle.median)} {figure.unit}[/{colour}]",
            f"{number(middle.low)} to {number(middle.high)}",
            limit(figure),
        )
    console.print(table)
    console.print()


def limit(figure: Figure) -> str:
    """The wanted bound of a figure."""
    if figure.at_most is not None:
        return f"≤ {number(figure.at_most)} {figure.unit}"
    return f"≥ {number(figure.at_least)} {figure.unit}" if figure.at_least is not None else ""


def _table(title: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("")
    return table
