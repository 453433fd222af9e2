"""What the checker says of a text as it stands, without mending it: whether a fault was planted, or is gone again."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from benchmarks.repairs.sources import Source
from compare.cases import cases
from compare.checking.findings import VERDICTS, FileReport, Verdict
from compare.checking.run import check_file
from compare.checking.settings import Settings
from compare.inputs import Case
from compare.pair import Pair

OTHER_SEEDS = 7000
AS_IT_STANDS = Settings({}, mend=False)


def report_on(text: str, name: str, settings: Settings = AS_IT_STANDS) -> FileReport:
    """The report on a text as a file of its own."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.py"
        path.write_bytes(text.encode())
        return check_file(path, settings)


def verdicts(report: FileReport) -> dict[str, Verdict]:
    """The verdict on every symbol."""
    return {symbol.name: symbol.verdict for symbol in report.symbols}


def of_source(source: Source) -> dict[str, Verdict]:
    """The verdicts on a right file."""
    return verdicts(report_on(source.text, source.name))


def as_good(report: FileReport, right: Mapping[str, Verdict]) -> bool:
    """Whether a file passes, and no symbol of it is judged worse than in the right file."""
    found = verdicts(report)
    return report.ok and all(n in found and VERDICTS.index(found[n]) <= VERDICTS.index(v) for n, v in right.items())


@contextmanager
def other_seeds() -> Iterator[None]:
    """Every case drawn anew: what was mended until it passed must pass on numbers that nobody saw."""

    def drawn(pair: Pair, seeds: int = 3) -> tuple[Case, ...]:
        return tuple(replace(case, seed=case.seed + OTHER_SEEDS) for case in cases(pair, seeds))

    with patch("compare.checking.battery.cases", drawn):
        yield
