"""What a check found, as data: the table, the JSON, the page and the test report are views of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from compare.checking.source import Place, Severity

Verdict = Literal["correct", "fragile", "wrong", "crashes", "incomplete", "unparsable", "blocked"]

# what does not fail a file, unless it is asked to be strict
PASSING: tuple[Verdict, ...] = ("correct", "fragile")
# the worst of several verdicts is the last of this order
VERDICTS: tuple[Verdict, ...] = ("correct", "fragile", "blocked", "incomplete", "wrong", "crashes", "unparsable")


@dataclass(frozen=True)
class Fix:
    """The line as it stands and as it should; `also` are the same mistake's other lines.

    Of several lines, `line` is the first, and both texts have as many lines as it takes; "" before is a line that is
    missing, put in before `line`, and "" after one that is to go.
    """

    line: int
    before: str
    after: str
    cell: int | None = None
    also: tuple["Fix", ...] = ()


@dataclass(frozen=True)
class Finding:
    """One thing that is amiss: in one or two sentences, with the place it is at and the tensor that shows it.

    `symbol` is "" for what belongs to the file. `cause`, its `kind` (of `compare.explaining.cause`) and `fix` are None
    where nothing was found out; a fix is proven. `hint` says as much of the cause as gives nothing away. `advice`: what
    a layer could refuse; people are told only in a strict check, and no mended copy has it.
    """

    symbol: str
    check: str
    message: str
    severity: Severity
    place: Place | None = None
    gradient: str | None = None
    cause: str | None = None
    fix: Fix | None = None
    kind: str | None = None
    hint: str | None = None
    advice: bool = False


@dataclass(frozen=True)
class Agreement:
    """How one tensor of the stranger's agrees with the specification's: the worst of all cases."""

    name: str
    shape: tuple[int, ...]
    bits: float
    ok: bool


@dataclass(frozen=True)
class SymbolReport:
    """The verdict on one class or function, and the tensors that it was judged by."""

    name: str
    verdict: Verdict
    place: Place
    role: str
    blocked_by: str | None = None
    tensors: tuple[Agreement, ...] = ()


@dataclass(frozen=True)
class FileReport:
    """All symbols of a file and all findings, in the order of the file; `unreadable` says why there is nothing.

    `mended` is the whole file with every fix made that was proven, None where there was none to make.
    """

    path: str
    symbols: tuple[SymbolReport, ...] = ()
    findings: tuple[Finding, ...] = ()
    unreadable: str = ""
    strict: bool = False
    seconds: float = 0.0
    mended: str | None = None

    @property
    def ok(self) -> bool:
        """Nothing wrong: every symbol correct, or fragile where that is not asked about."""
        wrong = any(f.severity == "error" for f in self.findings)
        return not self.unreadable and not wrong and all(s.verdict in self.passing for s in self.symbols)

    @property
    def passing(self) -> tuple[Verdict, ...]:
        """The verdicts that do not fail the file."""
        return ("correct",) if self.strict else PASSING


def to_data(report: FileReport, told: Sequence[Finding] | None = None) -> dict[str, Any]:
    """The report as JSON's types; `told` are the findings as far as they are to be told, None for all."""
    data: dict[str, Any] = {
        "ok": report.ok,
        "path": report.path,
        "symbols": [_symbol(symbol) for symbol in report.symbols],
        "findings": [_finding(finding) for finding in (report.findings if told is None else told)],
    }
    return {**data, "error": report.unreadable} if report.unreadable else data


def _symbol(symbol: SymbolReport) -> dict[str, Any]:
    return {
        "name": symbol.name,
        "verdict": symbol.verdict,
        "blocked_by": symbol.blocked_by,
        "cell": symbol.place.cell,
        "line": symbol.place.line,
        "role": symbol.role,
        "tensors": [
            {"name": t.name, "shape": list(t.shape), "bits": round(t.bits, 2), "ok": t.ok} for t in symbol.tensors
        ],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    place = finding.place
    return {
        "symbol": finding.symbol or None,
        "check": finding.check,
        "gradient": finding.gradient,
        "severity": finding.severity,
        "message": finding.message,
        "cell": place.cell if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "cause": finding.cause,
        "fix": {**_fix(finding.fix), "also": [_fix(also) for also in finding.fix.also]} if finding.fix else None,
        "kind": finding.kind,
        "hint": finding.hint,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {"line": fix.line, "before": fix.before, "after": fix.after, "cell": fix.cell}
