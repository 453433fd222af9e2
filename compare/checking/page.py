"""A file's report as HTML, for a notebook's output: what the terminal shows, with the reader's own colours."""

from html import escape

from compare.checking.findings import FileReport, Finding, SymbolReport
from compare.checking.show import conclusion

_COLOURS = {"correct": "#1a7f37", "fragile": "#9a6700", "blocked": "#9a6700", "incomplete": "#9a6700"}
_SEVERITIES = {"error": "#cf222e", "warning": "#9a6700", "note": "#6e7781"}


def page(report: FileReport) -> str:
    """A fragment: a table of symbols, a list of findings, the conclusion. Everything of the file's is escaped."""
    if report.unreadable:
        return f"<p><strong>{escape(report.path)}</strong>: {escape(report.unreadable)}</p>"
    rows = "".join(map(_row, report.symbols))
    head = "<tr><th>symbol</th><th>line</th><th>verdict</th><th>bits</th><th>not right</th></tr>"
    table = f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>" if rows else ""
    items = "".join(map(_item, report.findings))
    return (
        f"<div>{table}{f'<ul>{items}</ul>' if items else ''}<p><strong>{escape(conclusion(report))}</strong></p></div>"
    )


def _row(symbol: SymbolReport) -> str:
    colour = _COLOURS.get(symbol.verdict, "#cf222e")
    place = symbol.place
    bits = f"{min(t.bits for t in symbol.tensors):.0f}" if symbol.tensors else ""
    by = f" by {symbol.blocked_by}" if symbol.blocked_by else ""
    cells = (
        f"<code>{escape(symbol.name)}</code>",
        str(place.line) if place.cell is None else f"{place.cell}:{place.line}",
        f'<span style="color:{colour}">{symbol.verdict}{escape(by)}</span>',
        bits,
        escape(", ".join(t.name for t in symbol.tensors if not t.ok)),
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _item(finding: Finding) -> str:
    place = finding.place.text if finding.place else "the file"
    symbol = f" · <code>{escape(finding.symbol)}</code>" if finding.symbol else ""
    severity = f'<span style="color:{_SEVERITIES[finding.severity]}">{finding.severity}</span>'
    return f"<li>{severity} {escape(place)}{symbol} · {escape(finding.check)}<br>{escape(finding.message)}</li>"
