"""A document judged, symbol by symbol, and all of what is amiss reported."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from compare.checking.apart import judge_apart
from compare.checking.findings import PASSING, FileReport, Finding, SymbolReport
from compare.checking.judged import Judged, dead
from compare.checking.judgement import poisoned
from compare.checking.sandbox import Failure, Session, StrangerError
from compare.checking.sentences import downgraded, findings
from compare.checking.settings import Settings
from compare.checking.source import Document, Problem, Severity
from compare.checking.static import inspect
from compare.checking.subjects import Subject, subjects
from compare.checking.verdicts import reports_of

# what reading finds wrong with a file whatever running shows
STANDING = ("shadowed", "syntax", "not handwritten")


@dataclass(frozen=True)
class Whole:
    """A document's report, and what it was made of: the subjects judged, by name."""

    report: FileReport
    judged: Mapping[str, Judged]


def check_document(document: Document, settings: Settings) -> Whole:
    """Every subject with its verdict, and all findings in the order of the file."""
    every_subject = subjects(document, settings.like, settings.pairs)
    found = [subject for subject in every_subject if settings.asks(subject.name, subject.forward.place)]
    problems = [*document.problems, *inspect(document)]
    judged: Mapping[str, Judged] = {}
    failures: tuple[Failure, ...] = ()
    if found:
        # a stranger's numbers may be any, and so what comes of them
        with np.errstate(all="ignore"):
            judged, failures = _all_judged(found, document, settings)
    ordered = [judged[subject.name] for subject in found]
    symbols = tuple(report for one in ordered for report in reports_of(one))
    every = [*_of_problems(problems, symbols, settings), *_of_failures(failures, document, symbols)]
    every += [finding for one in ordered for finding in one.findings]
    return Whole(FileReport(document.path, symbols, tuple(_in_order(every)), strict=settings.strict), judged)


def _all_judged(
    found: list[Subject], document: Document, settings: Settings
) -> tuple[Mapping[str, Judged], tuple[Failure, ...]]:
    """The subjects by their names, and what failed while the definitions were made."""
    judged: dict[str, Judged] = {}
    failures: tuple[Failure, ...] = ()
    try:
        with Session(document.units, document.modules, settings.limits) as session:
            for subject in needed_first(found):
                judged[subject.name] = judge_apart(subject, judged, document, session, settings)
            failures = session.failures
        judged |= _with_poison(judged, document, settings)
    except StrangerError as error:
        # the definitions themselves end the process, or something did so when they were made once more
        judged |= {s.name: judged.get(s.name) or dead(s, error, document) for s in found}
    return judged, failures


def needed_first(found: list[Subject]) -> list[Subject]:
    """The subjects, each after those that its code names."""
    ordered: list[Subject] = []
    waiting = list(found)
    while waiting:
        names = {d.name for s in waiting for d in s.definitions}
        ready = [s for s in waiting if not (set(s.needs) & names - {d.name for d in s.definitions})] or waiting[:1]
        ordered += ready
        waiting = [s for s in waiting if s not in ready]
    return ordered


def _with_poison(judged: Mapping[str, Judged], document: Document, settings: Settings) -> dict[str, Judged]:
    """Those that take memory as it comes and passed so far, once more where that memory holds what is no number."""
    asked = {n: j.judgement for n, j in judged.items() if j.judgement and j.verdict in PASSING and _empties(j.subject)}
    if not asked:
        return {}
    found = {}
    with Session(document.units, document.modules, settings.limits, poison=True) as session:
        for name, judgement in asked.items():
            broken = tuple(poisoned(judgement, session))
            if broken:
                worse = replace(judgement, broken=judgement.broken + broken)
                said = tuple(findings(worse, document))
                found[name] = replace(judged[name], judgement=worse, verdict=worse.verdict, findings=said)
    return found


def _empties(subject: Subject) -> bool:
    """Whether the code takes memory as it comes: without it there is nothing to poison."""
    return "empty" in subject.text


def _of_problems(problems: list[Problem], symbols: tuple[SymbolReport, ...], settings: Settings) -> Iterator[Finding]:
    """What was seen without running; what belongs to a symbol with right numbers is no error."""
    verdicts = {symbol.name: symbol.verdict for symbol in symbols}
    for problem in problems:
        if not settings.asks(problem.symbol, problem.place):
            continue
        finding = Finding(problem.symbol, problem.check, problem.message, problem.severity, problem.place)
        passing = verdicts.get(problem.symbol, "correct" if problem.symbol else "wrong") in PASSING
        yield downgraded(finding) if passing and problem.check not in STANDING else finding


def _of_failures(
    failures: tuple[Failure, ...], document: Document, symbols: tuple[SymbolReport, ...]
) -> Iterator[Finding]:
    """What went wrong while the definitions were made."""
    for failure in failures:
        place = document.place(failure.label, failure.line)
        severity: Severity = "error" if failure.name in {s.name for s in symbols} else "note"
        yield Finding(failure.name, "definition", failure.message, severity, place)


def _in_order(every: list[Finding]) -> list[Finding]:
    """By place, and each once: reading and running may say the same of one line."""

    def key(finding: Finding) -> tuple[int, int, int]:
        place = finding.place
        return (place.cell or 0, place.line, place.column or 0) if place else (0, 0, 0)

    return sorted(dict.fromkeys(_said_once(every)), key=key)


def _said_once(every: list[Finding]) -> Iterator[Finding]:
    """Without the exceptions that reading foretold: it says what was meant, too."""
    read = {
        (f.symbol, f.place.cell, f.place.line) for f in every if f.place and f.severity == "error" and not _raised(f)
    }
    for finding in every:
        place = finding.place
        if not (_raised(finding) and place and (finding.symbol, place.cell, place.line) in read):
            yield finding


def _raised(finding: Finding) -> bool:
    return finding.check in ("forward", "backward", "constructor")
