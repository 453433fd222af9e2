"""The checker on the corpus: no false alarm on the correct files, every planted fault found, and nothing else touched.

Three faults of each row in each protocol; `python -m benchmarks.detection` takes all of them.
"""

from pathlib import Path

import pytest
from corpus import CORRECT, SAMPLE, Correct, Planted, correct_of, laid_out, planted_text, wanted

from compare.checking.findings import FileReport
from compare.checking.run import check_file
from compare.checking.settings import Settings


def report_on(file: str, text: str, folder: Path) -> FileReport:
    like = next(correct.like for correct in CORRECT if correct.file == file)
    return check_file(laid_out(file, text, folder), Settings(like, mend=False))


def verdicts(report: FileReport) -> dict[str, str]:
    """By class, and by the stem of a pair of functions: the worse of the two."""
    found: dict[str, list[str]] = {}
    for symbol in report.symbols:
        found.setdefault(symbol.name.removesuffix("_forward").removesuffix("_backward"), []).append(symbol.verdict)
    order = ("correct", "fragile", "blocked", "incomplete", "wrong", "crashes", "unparsable")
    return {name: max(of, key=order.index) for name, of in found.items()}


@pytest.mark.parametrize("correct", CORRECT, ids=lambda correct: correct.file)
def test_a_correct_file_raises_no_alarm(correct: Correct, tmp_path: Path) -> None:
    report = report_on(correct.file, correct.text, tmp_path)
    found = verdicts(report)
    assert {
        symbol: found.get(symbol) for symbol in correct.symbols if found.get(symbol) not in correct.verdicts(symbol)
    } == {}
    assert [finding for finding in report.findings if finding.severity == "error"] == []
    assert report.ok


@pytest.mark.parametrize("planted", SAMPLE, ids=lambda planted: planted.id)
def test_a_planted_fault_is_found_and_nothing_else(planted: Planted, tmp_path: Path) -> None:
    report = report_on(planted.file, planted_text(planted), tmp_path)
    found = verdicts(report)
    off = {s: f"{found.get(s)}, wanted {' or '.join(w)}" for s, w in wanted(planted).items() if found.get(s) not in w}
    assert off == {}
    if not planted.verdicts:
        assert not report.ok
    # a fault says where it is
    lines = planted_text(planted).count("\n") + 1
    worst = [finding for finding in report.findings if finding.severity != "note"]
    assert worst
    assert all(finding.place and 1 <= finding.place.line <= lines for finding in worst)
    assert correct_of(planted).file == planted.file
