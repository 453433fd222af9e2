"""A file's report on the terminal: a table of symbols, a paragraph for each mistake, one line that concludes."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.segment import Segment, Segments
from rich.style import Style
from rich.table import Table

from compare.checking.findings import VERDICTS, FileReport, SymbolReport
from compare.checking.mistakes import DiffLine, Mistake, mistakes
from compare.checking.reveal import Reveal

COLOURS = {
    "correct": "green",
    "fragile": "yellow",
    "blocked": "yellow",
    "incomplete": "yellow",
    "wrong": "red",
    "crashes": "red",
    "unparsable": "red",
}
SEVERITIES = {"error": "red", "warning": "yellow", "note": "dim"}
_SIGNS = {"-": Style(color="red"), "+": Style(color="green")}


def show(report: FileReport, console: Console, reveal: Reveal = "line") -> None:
    """Print a report: the table, as much of the findings as is to be told, the conclusion."""
    console.print(f"[bold]{escape(report.path)}[/bold]", soft_wrap=True)
    if report.unreadable:
        console.print(escape(report.unreadable), style="red", soft_wrap=True)
        return
    if report.symbols:
        console.print(_table(report.symbols))
    for mistake in mistakes(report, reveal):
        _paragraph(mistake, console)
    console.print(escape(conclusion(report)), style="bold green" if report.ok else "bold red", soft_wrap=True)


def summary(reports: Sequence[FileReport], console: Console) -> None:
    """A folder's last lines: how many files, and of which verdict their symbols are."""
    counts = {verdict: sum(s.verdict == verdict for r in reports for s in r.symbols) for verdict in VERDICTS}
    said = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    unread = sum(bool(r.unreadable) for r in reports)
    fine = sum(r.ok for r in reports)
    console.print(
        f"{fine} of {len(reports)} files have nothing wrong{f'; {unread} could not be read' if unread else ''}. "
        f"Symbols: {said or 'none'}.",
        style="bold",
        soft_wrap=True,
    )


def conclusion(report: FileReport) -> str:
    """One sentence: all right, or how many of the symbols are not."""
    if not report.symbols:
        return (
            "No handwritten layer found. A layer is known by its name, such as TimeRNN or rnn_step_forward; of one "
            "that is called otherwise, say what it is like: --like TimeRNN."
        )
    bad = [s.name for s in report.symbols if s.verdict not in report.passing]
    count = len(report.symbols)
    if bad:
        return f"{len(bad)} of {count} symbols are not right: {', '.join(bad)}."
    fragile = sum(s.verdict == "fragile" for s in report.symbols)
    if not report.ok:
        return "Every symbol's numbers are right, but the file is not."
    return f"All {count} symbols are right{f', {fragile} of them fragile' if fragile else ''}."


def _table(symbols: Sequence[SymbolReport]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("symbol", "line", "verdict"):
        table.add_column(column, no_wrap=column != "symbol", justify="right" if column == "line" else "left")
    table.add_column("bits", justify="right", no_wrap=True)
    table.add_column("not right")
    for symbol in symbols:
        verdict = f"[{COLOURS[symbol.verdict]}]{symbol.verdict}[/]"
        by = f" by {escape(symbol.blocked_by)}" if symbol.blocked_by else ""
        bits = f"{max(0.0, min(t.bits for t in symbol.tensors)):.0f}" if symbol.tensors else ""
        wrong = ", ".join(t.name for t in symbol.tensors if not t.ok)
        place = symbol.place
        line = str(place.line) if place.cell is None else f"{place.cell}:{place.line}"
        table.add_row(escape(symbol.name), line, verdict + by, bits, escape(wrong))
    return table


def _paragraph(mistake: Mistake, console: Console) -> None:
    severity = f"[{SEVERITIES[mistake.severity]}]{mistake.severity}[/]"
    console.print(f"{severity} {escape(mistake.title)}", soft_wrap=True)
    for text in mistake.observations:
        console.print(Padding(escape(text), (0, 0, 0, 2)))
    if mistake.cause:
        console.print(Padding(f"[bold]why:[/] {escape(mistake.cause)}", (0, 0, 0, 2)))
    for line in mistake.diff:
        _code(line, console)


def _code(line: DiffLine, console: Console) -> None:
    """A line of code as it is: neither wrapped nor its tabs expanded, so that it can be taken from the screen."""
    segments = [Segment("  "), Segment(line.text, _SIGNS[line.sign]), Segment.line()]
    console.print(Segments(segments), end="", soft_wrap=True)
