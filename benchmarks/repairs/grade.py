"""One report on a faulty file graded: is the line named, the cause right, the file mended, and no advice wrong?"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.repairs.plants import Fault, Plant
from compare.checking.findings import FileReport, Finding, Fix

# a line is named when it is this one or a neighbour: something missing stands between two
NEAR = 1


@dataclass(frozen=True)
class Grade:
    """What a report is worth; `said` is what it told, for those who look at the misses."""

    plant: Plant
    line: bool
    cause: bool
    repaired: bool
    wrong_advice: bool
    seconds: float
    said: tuple[str, ...] = ()


def graded(
    plant: Plant, report: FileReport, seconds: float, passes: Callable[[str], bool], usual: Collection[str] = ()
) -> Grade:
    """The grade of a report; `passes` judges a mended text as a new file.

    `usual` is what the right file is warned of as well, which is no finding about the fault.
    """
    findings = [f for f in _counted(plant, report) if f.message not in usual]
    named = [[*_naming(fault, findings)] for fault in plant.faults]
    fixed = [finding for finding in findings if finding.fix]
    astray = [finding for finding in fixed if not any(_near(fault, finding) for fault in plant.faults)]
    repaired = report.mended is not None and passes(report.mended)
    return Grade(
        plant,
        line=all(named) and not astray,
        cause=all(any(f.kind in fault.kinds for f in told) for fault, told in zip(plant.faults, named, strict=True)),
        repaired=repaired,
        # of a single fault any advice that leaves the file wrong is wrong, at whatever line
        wrong_advice=not repaired and bool(astray if len(plant.faults) > 1 else fixed),
        seconds=seconds,
        said=tuple(_said(finding) for finding in findings),
    )


def _counted(plant: Plant, report: FileReport) -> Iterator[Finding]:
    """The findings that accuse: errors; warnings too where the fault is one of those that leave right numbers right.

    A warning about another layer is about what the right file is warned of as well.
    """
    layers = {_stem(fault.definition) for fault in plant.faults}
    for finding in report.findings:
        warned = plant.fragile and finding.severity == "warning" and _stem(finding.symbol) in layers
        if finding.place and (finding.severity == "error" or warned):
            yield finding


def _naming(fault: Fault, findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings that name a fault's line: by a cause, or by their place where nothing is explained or mended."""
    explained = any(finding.cause or finding.fix for finding in findings)
    for finding in findings:
        if _near(fault, finding) and (finding.cause or finding.fix or not explained):
            yield finding


def _near(fault: Fault, finding: Finding) -> bool:
    """Whether a finding, or its fix, is at a line of the fault or beside one."""
    lines = (_lines(finding.fix) if finding.fix else set()) | ({finding.place.line} if finding.place else set())
    return any(abs(line - each) <= NEAR for line in lines for each in fault.lines)


def _lines(fix: Fix) -> set[int]:
    """All lines that a fix changes."""
    here = set(range(fix.line, fix.line + fix.before.count("\n") + 1))
    return here.union(*(_lines(other) for other in fix.also))


def _stem(name: str) -> str:
    """What a forward and a backward function have in common."""
    return name.removesuffix("_forward").removesuffix("_backward")


def _said(finding: Finding) -> str:
    place = finding.place.text if finding.place else ""
    fix = f"; line {finding.fix.line}: {finding.fix.after.strip()}" if finding.fix else ""
    return f"{place}: {finding.kind}: {finding.cause or finding.message}{fix}"
