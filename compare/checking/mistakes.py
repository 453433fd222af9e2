"""Findings put together as a person reads them: one mistake, all that shows it, why it is one, and the right line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from compare.checking.findings import FileReport, Finding, Fix
from compare.checking.reveal import Reveal, told, worst
from compare.checking.source import Place, Severity


@dataclass(frozen=True)
class Mistake:
    """The findings of one cause: `observations` show it, `cause` is said once, `place` is the line that is wrong."""

    symbol: str
    severity: Severity
    place: Place | None
    checks: tuple[str, ...]
    observations: tuple[str, ...]
    cause: str | None
    fix: Fix | None

    @property
    def where(self) -> str:
        """The place as a person would say it; "" for a layer's without one."""
        return self.place.text if self.place else "" if self.symbol else "the file"

    @property
    def title(self) -> str:
        """Where, in which layer and by which check, on one line."""
        return " · ".join(filter(None, (self.where, self.symbol, ", ".join(self.checks))))

    @property
    def lines(self) -> Iterator[str]:
        """All of it as plain text."""
        yield f"{self.severity} {self.title}"
        yield from (f"  {text}" for text in self.observations)
        if self.cause:
            yield f"  why: {self.cause}"
        yield from (f"  {line.text}" for line in self.diff)

    @property
    def diff(self) -> tuple["DiffLine", ...]:
        """The lines to take away and to put in; () without a fix."""
        if self.fix is None:
            return ()
        found = [(each, sign, line, code) for each in (self.fix, *self.fix.also) for sign, line, code in _changes(each)]
        width = max((len(_number(each, line)) for each, _, line, _ in found), default=0)
        return tuple(DiffLine(sign, f"{_number(each, line):>{width}}", code) for each, sign, line, code in found)


@dataclass(frozen=True)
class DiffLine:
    """One line to take away, "-", or to put in, "+", with its number in the file as given."""

    sign: str
    number: str
    code: str

    @property
    def text(self) -> str:
        return f"{self.number} {self.sign} {self.code}".rstrip()


def mistakes(report: FileReport, reveal: Reveal) -> tuple[Mistake, ...]:
    """The findings put together, as far as they are to be told, by place."""
    groups: dict[object, list[Finding]] = {}
    # which findings belong together is known by the fix, and the line that is wrong is the fix's, told or not
    for finding in report.findings if reveal == "line" else told(report, reveal):
        if report.strict or not finding.advice:
            groups.setdefault(_key(finding), []).append(finding)
    found = sorted(map(_mistake, groups.values()), key=_order)
    return tuple(replace(mistake, fix=mistake.fix if reveal == "fix" else None) for mistake in found)


def visible(text: str) -> str:
    """A stranger's text with everything that a terminal would obey written out."""
    return "".join(c if c.isprintable() or c in "\t\n" else c.encode("unicode_escape").decode() for c in text)


def _key(finding: Finding) -> object:
    """What the findings of one mistake share; of those that nothing explains, what the line above them says."""
    place = (finding.place.cell, finding.place.line) if finding.place else None
    if finding.cause:
        return finding.symbol, finding.cause, finding.fix or place
    return finding.symbol, place, finding.severity, finding.check


def _mistake(findings: Sequence[Finding]) -> Mistake:
    first = findings[0]
    messages = dict.fromkeys(visible(f.message) for f in findings if f.message != f.cause)
    cause = visible(first.cause) if first.cause else None
    checks = tuple(dict.fromkeys(finding.check for finding in findings))
    place = Place(first.fix.cell, first.fix.line) if first.fix else first.place
    return Mistake(first.symbol, worst(findings), place, checks, tuple(messages), cause, first.fix)


def _order(mistake: Mistake) -> tuple[int, int]:
    return (mistake.place.cell or 0, mistake.place.line) if mistake.place else (0, 0)


def _changes(fix: Fix) -> Iterator[tuple[str, int, str]]:
    for sign, text in (("-", fix.before), ("+", fix.after)):
        for offset, code in enumerate(text.split("\n") if text else ()):
            yield sign, fix.line + offset, visible(code)


def _number(fix: Fix, line: int) -> str:
    """As in the table of symbols."""
    return str(line) if fix.cell is None else f"{fix.cell}:{line}"
