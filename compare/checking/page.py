"""A file's report as HTML, for a notebook's output: what the terminal shows, with the reader's own colours."""

from html import escape
from itertools import cycle

from compare.checking.findings import FileReport, SymbolReport
from compare.checking.mistakes import Mistake, mistakes
from compare.checking.reveal import Reveal
from compare.checking.show import conclusion

_COLOURS = {"correct": "#1a7f37", "fragile": "#9a6700", "blocked": "#9a6700", "incomplete": "#9a6700"}
_SEVERITIES = {"error": "#cf222e", "warning": "#9a6700", "note": "#6e7781"}
_SIGNS = {"-": "#cf222e", "+": "#1a7f37"}


def page(report: FileReport, reveal: Reveal = "line") -> str:
    """A fragment: a table of symbols, as much of the findings as is to be told, the conclusion.

    Everything of the file's is escaped.
    """
    if report.unreadable:
        return f"<p><strong>{escape(report.path)}</strong>: {escape(report.unreadable)}</p>"
    rows = "".join(map(_row, report.symbols))
    head = "<tr><th>symbol</th><th>line</th><th>verdict</th><th>bits</th><th>not right</th></tr>"
    table = f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>" if rows else ""
    items = "".join(map(_item, mistakes(report, reveal)))
    return (
        f"<div>{table}{f'<ul>{items}</ul>' if items else ''}<p><strong>{escape(conclusion(report))}</strong></p></div>"
    )


def _row(symbol: SymbolReport) -> str:
    colour = _COLOURS.get(symbol.verdict, "#cf222e")
    place = symbol.place
    bits = f"{max(0.0, min(t.bits for t in symbol.tensors)):.0f}" if symbol.tensors else ""
    by = f" by {symbol.blocked_by}" if symbol.blocked_by else ""
    cells = (
        f"<code>{escape(symbol.name)}</code>",
        str(place.line) if place.cell is None else f"{place.cell}:{place.line}",
        f'<span style="color:{colour}">{symbol.verdict}{escape(by)}</span>',
        bits,
        escape(", ".join(t.name for t in symbol.tensors if not t.ok)),
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _item(mistake: Mistake) -> str:
    severity = f'<span style="color:{_SEVERITIES[mistake.severity]}">{mistake.severity}</span>'
    symbol = f"<code>{escape(mistake.symbol)}</code>" if mistake.symbol else ""
    named = " · ".join(filter(None, (escape(mistake.where), symbol, escape(", ".join(mistake.checks)))))
    said = [f"{severity} {named}", *map(_spoken, mistake.observations)]
    if mistake.cause:
        said.append(f"<strong>why:</strong> {_spoken(mistake.cause)}")
    return f"<li>{'<br>'.join(said)}{_diff(mistake)}</li>"


def _diff(mistake: Mistake) -> str:
    lines = [f'<span style="color:{_SIGNS[line.sign]}">{escape(line.text)}</span>' for line in mistake.diff]
    return f'<pre style="margin:0.3em 0">{chr(10).join(lines)}</pre>' if lines else ""


def _spoken(text: str) -> str:
    """A sentence with what stands in backticks as code."""
    return "".join(
        f"<code>{escape(part)}</code>" if code else escape(part)
        for part, code in zip(text.split("`"), cycle((False, True)), strict=False)
    )
