"""The grades as a table, by mistake and by half; of the half that is held back, only the totals."""

import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.repairs.grade import Grade

# what is to be reached, in percent and in seconds
LINE, CAUSE, REPAIRED, BOTH_REPAIRED = 95, 90, 90, 75
MEDIAN, LATE = 2.0, 15.0


@dataclass(frozen=True)
class Totals:
    """Grades added up: shares in percent, seconds a file."""

    count: int
    line: float
    cause: float
    repaired: float
    wrong: int
    median: float
    late: float

    @staticmethod
    def of(grades: Sequence[Grade]) -> "Totals":
        """The totals of at least one grade."""

        def share(good: Sequence[bool]) -> float:
            return 100 * sum(good) / len(grades)

        seconds = sorted(g.seconds for g in grades)
        return Totals(
            len(grades),
            share([g.line for g in grades]),
            share([g.cause for g in grades]),
            share([g.repaired for g in grades]),
            sum(g.wrong_advice for g in grades),
            statistics.median(seconds),
            seconds[min(int(0.95 * len(seconds)), len(seconds) - 1)],
        )

    @property
    def text(self) -> str:
        shares = f"{self.line:6.1f} {self.cause:6.1f} {self.repaired:9.1f} {self.wrong:6}"
        return f"{self.count:5} {shares} {self.median:7.2f} {self.late:6.2f}"


HEAD = f"{'':40} {'of':>5} {'line':>6} {'cause':>6} {'repaired':>9} {'wrong':>6} {'median':>7} {'95 %':>6}"


def table(grades: Sequence[Grade]) -> str:
    """A row for every mistake in the half that one may look at, and one for each half."""
    return "\n".join([HEAD, *(f"{name:40} {Totals.of(some).text}" for name, some in _rows(grades))])


def below(grades: Sequence[Grade]) -> list[str]:
    """What falls short, half by half."""
    return [f"{name}: {said}" for name, some in _halves(grades) for said in _short(Totals.of(some), _two(some))]


def misses(grades: Sequence[Grade]) -> str:
    """Every miss of the half that one may look at: what was wanted, and what was said."""
    lines = []
    for grade in grades:
        good = (grade.line or _two([grade])) and (grade.cause or _two([grade])) and grade.repaired
        if grade.plant.half == "tuned" and (not good or grade.wrong_advice):
            lines.append(f"{grade.plant.id}: {_missed(grade)}")
            for fault in grade.plant.faults:
                wanted = f"line {' or '.join(map(str, sorted(fault.lines)))}: {', '.join(sorted(fault.kinds))}"
                lines.append(f"    wanted {wanted}")
            lines += [f"    got {said}" for said in grade.said]
    return "\n".join(lines)


def _missed(grade: Grade) -> str:
    parts = {"line": grade.line, "cause": grade.cause, "repaired": grade.repaired, "right": not grade.wrong_advice}
    return ", ".join(f"not {name}" for name, good in parts.items() if not good)


def _rows(grades: Sequence[Grade]) -> Iterator[tuple[str, Sequence[Grade]]]:
    groups: dict[str, list[Grade]] = defaultdict(list)
    for grade in grades:
        if grade.plant.half == "tuned" and not _two([grade]):
            groups[grade.plant.operator].append(grade)
    yield from sorted(groups.items())
    yield from _halves(grades)


def _halves(grades: Sequence[Grade]) -> Iterator[tuple[str, Sequence[Grade]]]:
    for two in (False, True):
        for protocol in ("book", "course"):
            for half in ("tuned", "held back"):
                some = [
                    g for g in grades
                    if (g.plant.half, g.plant.protocol, len(g.plant.faults) > 1) == (half, protocol, two)
                ]  # fmt: skip
                if some:
                    yield f"{protocol}, {'two faults' if two else 'one fault'}, {half}", some


def _two(grades: Sequence[Grade]) -> bool:
    return any(len(grade.plant.faults) > 1 for grade in grades)


def _short(totals: Totals, two: bool) -> Iterator[str]:
    wanted = [("repaired", totals.repaired, BOTH_REPAIRED if two else REPAIRED)]
    if not two:
        wanted += [("line", totals.line, LINE), ("cause", totals.cause, CAUSE)]
    yield from (f"{name} {share:.1f} %, wanted {least} %" for name, share, least in wanted if share < least)
    if totals.wrong:
        yield f"{totals.wrong} times wrong advice"
    if totals.median >= MEDIAN:
        yield f"median {totals.median:.2f} s, wanted below {MEDIAN:g} s"
    if totals.late >= LATE:
        yield f"95 % below {totals.late:.2f} s, wanted {LATE:g} s"
