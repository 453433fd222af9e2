"""How much of what was found is told: the verdicts alone, a hint, the line and why, or the right line as well."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal, get_args

from compare.checking.findings import FileReport, Finding, SymbolReport, Verdict
from compare.checking.settings import Settings
from compare.checking.source import Severity

Reveal = Literal["verdict", "hint", "line", "fix"]
# each tells what those before it tell, and more
REVEALS: tuple[Reveal, ...] = get_args(Reveal)

_SEVERITIES: tuple[Severity, ...] = ("note", "warning", "error")
# what running shows, said without the place; the likeliest to help first
_SEEN = {
    "syntax": "a part of it is not Python as it stands",
    "definition": "it cannot be made",
    "constructor": "it cannot be made as it should be",
    "forward": "the forward pass stops",
    "backward": "the backward pass stops",
    "values": "what the forward pass gives is not right",
    "float32": "its numbers are rounded on the way",
    "incomplete": "a part of it is not written yet",
    "determinism": "it does not give the same twice",
    "uninitialised": "it does not give the same twice",
    "caller's arrays": "it changes what is not its own",
}
_VERDICTS: dict[Verdict, str] = {
    "unparsable": _SEEN["syntax"],
    "incomplete": _SEEN["incomplete"],
    "crashes": "it stops before it is through",
}


def told(report: FileReport, reveal: Reveal) -> tuple[Finding, ...]:
    """The findings as far as they are to be told."""
    if reveal == "verdict":
        return ()
    if reveal == "hint":
        return (*_hints(report), *_without_hint(report))
    if reveal == "line":
        return tuple(replace(finding, fix=None) for finding in report.findings)
    return report.findings


def enough(settings: Settings, reveal: Reveal | None, copies: bool = False) -> Settings:
    """The settings that look for as much as is to be told, and for what is fragile where right lines are asked for."""
    fragile = settings.strict or copies or reveal == "fix"
    return replace(settings, mend=reveal != "verdict", fragile=fragile)


def _hints(report: FileReport) -> Iterator[Finding]:
    """Each hint once a symbol: several findings show one mistake."""
    found: dict[tuple[str, str], Severity] = {}
    for finding in report.findings:
        if finding.hint:
            key = (finding.symbol, finding.hint)
            found[key] = max(found.get(key, "note"), finding.severity, key=_SEVERITIES.index)
    for (symbol, hint), severity in found.items():
        yield Finding(symbol, "hint", hint, severity, hint=hint)


def _without_hint(report: FileReport) -> Iterator[Finding]:
    """What is not right and has no hint: that it is so, in general words."""
    hinted = {finding.symbol for finding in report.findings if finding.hint}
    for symbol in report.symbols:
        # of what is blocked the table names the one to blame
        if symbol.verdict not in report.passing and symbol.verdict != "blocked" and symbol.name not in hinted:
            own = [f for f in report.findings if f.symbol == symbol.name and f.severity != "note"]
            # what only warns is no reason, unless there is no other
            errors = [f for f in own if f.severity == "error"]
            yield Finding(symbol.name, "not right", f"{_in_general(symbol, errors or own)}.", "error")
    if not hinted and all(symbol.verdict in report.passing for symbol in report.symbols):
        names = dict.fromkeys(f.symbol for f in report.findings if f.severity == "error")
        yield from (Finding(name, "not right", "Something beside the numbers is not right.", "error") for name in names)


def _in_general(symbol: SymbolReport, findings: Sequence[Finding]) -> str:
    gradients = list(dict.fromkeys(f.gradient.removeprefix("d") for f in findings if f.gradient))
    checks = {finding.check for finding in findings}
    said = next((words for check, words in _SEEN.items() if check in checks), None)
    if gradients and not checks & {"forward", "backward", "values"}:
        several = len(gradients) > 1
        said = f"the gradient{'s' * several} of {listed(gradients)} {'are' if several else 'is'} not right"
    said = said or _VERDICTS.get(symbol.verdict, "it does not keep what it owes its caller")
    return f"{said[:1].upper()}{said[1:]}"


def listed(names: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def worst(findings: Sequence[Finding]) -> Severity:
    """The gravest of the severities."""
    return max((finding.severity for finding in findings), key=_SEVERITIES.index)
