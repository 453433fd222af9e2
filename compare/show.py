"""A report on the terminal: a table with a row a tensor, and one line that concludes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from compare.report import PairReport, Report, Tensor
from compare.rounding import TRUTH

if TYPE_CHECKING:
    from compare.explanation import WrongLine

TITLES = {
    "recurrent": "Recurrent layers",
    "linear": "Linear layers",
    "activation": "Activations",
    "loss": "Losses",
    "regularisation": "Regularisation and normalisation",
    "model": "Models, end to end",
    "fused": "Fused hands, built for speed",
}


def show(report: Report, console: Console) -> None:
    """Print a table for every family of layers, then the conclusion."""
    for family in dict.fromkeys(pair.family for pair in report.pairs):
        pairs = [pair for pair in report.pairs if pair.family == family]
        console.print(_table(TITLES.get(family, family), pairs))
    for wrong in dict.fromkeys(wrong for pair in report.pairs for wrong in pair.explanation):
        _explain(wrong, console)
    console.print(escape(conclusion(report)), style="bold green" if report.ok else "bold red", soft_wrap=True)
    bits = {"float64": 53, "float32": 24}[report.dtype]
    console.print(
        f"{report.dtype}: u = 2^-{bits}; truth: {TRUTH}; each row the worst of all cases, "
        f"{report.seeds} seed{'s' * (report.seeds > 1)}; {report.seconds:.1f} s",
        style="dim",
        soft_wrap=True,
    )


def conclusion(report: Report) -> str:
    """One sentence: what agrees and how closely, or what does not."""
    wrong = [pair for pair in report.pairs if not pair.ok]
    count = len(report.pairs)
    if wrong:
        names = "; ".join(f"{pair.name} ({', '.join(t.name for t in pair.tensors if not t.ok)})" for pair in wrong)
        return f"{len(wrong)} of {count} comparisons do not agree: {names}."
    tensors = [(tensor, pair) for pair in report.pairs for tensor in pair.tensors]
    worst, where = min(tensors, key=lambda found: found[0].bits)
    agree = f"all {count} comparisons agree" if count > 1 else f"{report.pairs[0].name} agrees"
    return (
        f"Both derivations agree: {agree}, {len(tensors)} tensors, to {worst.bits:.1f} bits or more "
        f"({worst.name} of {where.name})."
    )


def _explain(wrong: "WrongLine", console: Console) -> None:
    """A wrong line: where, why, and the right one, as they stand in the file."""
    console.print(f"[bold]{escape(wrong.place)}[/bold] · {escape(wrong.mistake.symbol)}", soft_wrap=True)
    console.print(Padding(f"why: {escape(wrong.cause)}", (0, 0, 0, 2)))
    for line in wrong.mistake.diff:
        console.print(Text(f"  {line.text}", {"-": "red", "+": "green"}[line.sign]), soft_wrap=True)
    console.print()


def _table(title: str, pairs: Sequence[PairReport]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("tensor", min_width=15)
    table.add_column("shape", no_wrap=True)
    table.add_column("bits", justify="right", no_wrap=True)
    table.add_column("error of allowed", justify="right", no_wrap=True)
    table.add_column("verdict", min_width=9)
    for pair in pairs:
        table.add_row(f"[bold]{escape(pair.name)}[/bold]")
        rows = [*map(_cells, pair.tensors), ("",) * len(table.columns)]
        # what agrees is never wrapped: all of it in one row, as rich takes long for each
        for row in [map("\n".join, zip(*rows, strict=True))] if pair.ok else rows:
            table.add_row(*row)
    return table


def _cells(tensor: Tensor) -> tuple[str, ...]:
    name = f"  {escape(tensor.name)}"
    if not tensor.allowed_u:
        # nothing was measured: a crash, a missing gradient, a broken contract
        note = f": {tensor.note}" if tensor.note else ""
        return name, _shape(tensor), "", "", f"[red]{_wrong(tensor)}{escape(note)}[/red]"
    error = f"{tensor.error_u:,.1f} u of {tensor.allowed_u:,.0f} u"
    if tensor.ok:
        verdict = "[green]identical[/green]" if tensor.identical else "[green]agrees[/green]"
    else:
        verdict = f"[red]{_wrong(tensor)}{escape(': ' + tensor.note if tensor.note else '')}[/red]"
    return name, _shape(tensor), f"{tensor.bits:.1f}", error, verdict


def _wrong(tensor: Tensor) -> str:
    who = {"hand": "hand wrong", "twin": "twin wrong", "both": "both wrong", "forward": "void"}
    return who.get(tensor.blame or "", "vacuous")


def _shape(tensor: Tensor) -> str:
    return f"({', '.join(map(str, tensor.shape))}{',' * (len(tensor.shape) == 1)})"
