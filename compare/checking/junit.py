"""Reports as JUnit's XML, which graders and CI read: a suite a file, a test case a symbol."""

from collections.abc import Sequence
from xml.etree import ElementTree

from compare.checking.findings import FileReport, SymbolReport
from compare.checking.mistakes import Mistake, mistakes
from compare.checking.reveal import Reveal


def junit(reports: Sequence[FileReport], reveal: Reveal = "line") -> bytes:
    """The XML document; a symbol that is not right is a failure, a file that could not be read an error."""
    root = ElementTree.Element("testsuites")
    for report in reports:
        failures = sum(s.verdict not in report.passing for s in report.symbols)
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=_legal(report.path),
            tests=str(len(report.symbols) + bool(report.unreadable)),
            failures=str(failures),
            errors=str(int(bool(report.unreadable))),
            time=f"{report.seconds:.3f}",
        )
        if report.unreadable:
            case = ElementTree.SubElement(suite, "testcase", name="read", classname=_legal(report.path))
            ElementTree.SubElement(case, "error", message=_legal(report.unreadable))
        found = mistakes(report, reveal)
        for symbol in report.symbols:
            _case(suite, report, symbol, [mistake for mistake in found if mistake.symbol == symbol.name])
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _case(suite: ElementTree.Element, report: FileReport, symbol: SymbolReport, found: Sequence[Mistake]) -> None:
    case = ElementTree.SubElement(suite, "testcase", name=_legal(symbol.name), classname=_legal(report.path))
    said = _legal("\n".join(line for mistake in found for line in mistake.lines))
    if symbol.verdict not in report.passing:
        failure = ElementTree.SubElement(case, "failure", message=symbol.verdict, type=symbol.verdict)
        failure.text = said
    elif said:
        ElementTree.SubElement(case, "system-out").text = said


def _legal(text: str) -> str:
    """The text without the characters that XML has no way to write."""
    return "".join(
        c if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff" else "?" for c in text
    )
