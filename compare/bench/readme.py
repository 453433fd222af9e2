"""The README's tables of speed, from a saved report: `benchmarks/results/bench.json`."""

from compare.bench.contenders import CONTENDERS
from compare.bench.report import OURS, Cell, Report, keeps, lean
from compare.bench.show import growths, limit
from compare.bench.statistics import Ratio, number

# beside ours, in the order of the columns
COLUMNS = ("floor", "plain", "book", "autograd", "torch", "jax")


def speed(report: Report) -> str:
    """Two Markdown tables, of the steps and of the comparison, with where and when they were measured."""
    parts = [_steps(report), _figures(report), f"{report.date}; {report.machine.text}."]
    return "\n".join(part for part in parts if part) + "\n"


def _steps(report: Report) -> str:
    cells = [cell for cell in report.cells if not cell.along]
    if not cells:
        return ""
    names = [name for name in COLUMNS if any(cell.timing(name) for cell in cells)]
    peers = [name for name in names if CONTENDERS[name].needs]
    over = {"floor": f"{OURS} / floor"}
    heads = ["model", "N, T, D, H, V", "threads", f"{OURS}, ms", *(over.get(name, name) for name in names)]
    heads += [f"MB: {OURS}", *peers]
    rows = [_row(cell, names, peers) for cell in cells]
    return "".join(f"| {' | '.join(row)} |\n" for row in (heads, ["---"] * len(heads), *rows))


def _row(cell: Cell, names: list[str], peers: list[str]) -> list[str]:
    ours = cell.timing(OURS)
    assert ours is not None
    milliseconds = number(1e3 * Ratio.among(ours.seconds).median)
    row = [cell.model, ", ".join(map(str, cell.shape)), str(cell.threads), milliseconds]
    row += [_told(cell, name) for name in names]
    grown = [cell.timing(name) for name in (OURS, *peers)]
    held = [f"{timing.grown / 1e6:,.0f}" if timing else "" for timing in grown]
    return [*row, f"**{held[0]}**" if lean(cell) is False else held[0], *held[1:]]


def _told(cell: Cell, name: str) -> str:
    ratio = cell.ratio(name)
    if ratio is None:
        return ""
    return f"**{ratio.text}**" if keeps(cell, name) is False else ratio.text


def _figures(report: Report) -> str:
    rows = [
        [figure.what, f"{number(figure.middle.median)} {figure.unit}", limit(figure), figure.kept]
        for figure in report.figures
    ]
    for model, times in growths(report).items():
        what = f"memory of {OURS} for each step in T, {model}, in sizes of its hidden states"
        rows.append([what, number(times), "≤ 1.1", times <= 1.1])
    lines = [f"| {what} | {value if kept else f'**{value}**'} | {wanted} |\n" for what, value, wanted, kept in rows]
    return "".join(["| what | median | wanted |\n", "| --- | --- | --- |\n", *lines]) if lines else ""
