"""The planted faults are where they are said to be, and the graders cannot be pleased by a report that is wrong."""

import difflib
from collections import Counter
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.peers.__main__ import Asked
from benchmarks.peers.asking import Answer, Checker
from benchmarks.peers.checkers import rel_error
from benchmarks.repairs.change import Change, Span
from benchmarks.repairs.grade import Grade, graded
from benchmarks.repairs.plants import Candidate, Plant, candidates, planted, plants
from benchmarks.repairs.sources import HERE, Source
from benchmarks.repairs.table import below, misses, table
from benchmarks.repairs.verdicts import as_good, of_source, other_seeds, report_on
from compare.cases import cases
from compare.checking import battery
from compare.checking.findings import FileReport, Finding, Fix
from compare.checking.roles import BY_CLASS, BY_FUNCTION, BY_LOSS
from compare.checking.source import Place
from compare.pairs import PAIRS

SOURCE = Source(HERE / "book_recurrent.py")
ONE, TWO = plants(), plants(two=True)


def candidate(operator: str, segment: str) -> Candidate:
    """The first change of an operator after which a piece of text stands in the source."""
    return next(c for c in candidates(SOURCE).values() if c.operator == operator and segment in c.text)


TRANSPOSE = candidate("products.transpose_missing", "return delta @ Wx, delta @ Wh.T")
SLOT = candidate("order.slot", "self.grads[1][...] = x.T @ delta")
PLANT = planted((TRANSPOSE,))
BOTH = planted((SLOT, TRANSPOSE))
LINE = next(i for i, line in enumerate(SOURCE.text.split("\n"), 1) if "return delta @ Wx.T" in line)


def report(*findings: Finding, mended: str | None = None) -> FileReport:
    return FileReport("x.py", findings=findings, mended=mended)


def finding(line: int, kind: str | None = "transpose", fix: Fix | None = None, severity: str = "error") -> Finding:
    told = "a cause" if kind else None
    place = Place(None, line)
    return Finding("RNN", "gradient", "off", severity, place, cause=told, fix=fix, kind=kind)  # type: ignore[arg-type]


def grade(plant: Plant, told: FileReport, passes: bool = True) -> Grade:
    return graded(plant, told, 0.1, lambda _: passes)


FIX = Fix(LINE, "return delta @ Wx", "return delta @ Wx.T")


def test_there_are_enough_plants_of_every_layer_in_both_halves() -> None:
    assert min(Counter(p.protocol for p in ONE).values()) >= 300
    assert min(Counter(p.protocol for p in TWO).values()) >= 100
    layers = {role.name for table in (BY_CLASS, BY_FUNCTION, BY_LOSS) for role in table.values()}
    assert {p.layer for p in ONE} == layers
    assert len({p.id for p in ONE}) == len(ONE)
    assert len({p.text for p in (*ONE, *TWO)}) == len(ONE) + len(TWO)
    assert min(Counter((p.protocol, p.half) for p in (*ONE, *TWO)).values()) >= 150


def test_no_pair_of_faults_shows_one_of_the_other_half() -> None:
    halves = {p.id: p.half for p in ONE}
    assert all(halves[part] == p.half for p in TWO for part in p.id.split("+"))


@pytest.mark.parametrize("plant", [*ONE[::9], *TWO[::9]], ids=lambda plant: plant.id)
def test_the_text_differs_from_the_right_one_at_the_lines_of_the_fault_only(plant: Plant) -> None:
    right, faulty = plant.source.text.split("\n"), plant.text.split("\n")
    near = {line + by for fault in plant.faults for line in fault.lines for by in (-1, 0, 1)}
    for tag, _, _, first, last in difflib.SequenceMatcher(None, right, faulty, autojunk=False).get_opcodes():
        if tag != "equal":
            assert set(range(first + 1, max(last, first + 1) + 1)) <= near


@given(st.lists(st.text("ab\n", max_size=4), min_size=3, max_size=8), st.data())
def test_a_change_tells_its_lines_in_the_changed_text(parts: list[str], data: st.DataObject) -> None:
    """Every line that is new in the changed text is one of those told."""
    text = "".join(f"{i}{part}" for i, part in enumerate(parts))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    change = Change(
        (
            Span(
                start,
                end,
                data.draw(st.sampled_from(("", "X", "X\n", "X\nX"))),
            ),
        ),
        frozenset(),
    )
    new = {i for i, line in enumerate(change.apply(text).split("\n"), 1) if "X" in line}
    assert new <= change.lines(text)


def test_the_lines_of_two_faults_count_the_lines_that_the_other_one_moves() -> None:
    added = candidate("statements.shadowed", "    def forward(self, x, h_prev):\n        pass\n")
    first, second = planted((added, TRANSPOSE)).faults
    moved = planted((added, TRANSPOSE)).text.split("\n")
    assert any("pass" in moved[line - 1] for line in first.lines)
    assert [moved[line - 1].strip() for line in second.lines] == ["return delta @ Wx, delta @ Wh.T"]


def test_a_right_fix_at_the_right_line_is_worth_all() -> None:
    got = grade(PLANT, report(finding(LINE, fix=FIX), mended=SOURCE.text))
    assert (got.line, got.cause, got.repaired, got.wrong_advice) == (True, True, True, False)


def test_the_mended_text_is_what_is_judged() -> None:
    for judged, repaired in (("the text", True), ("another", False)):
        told = report(finding(LINE), mended="the text")
        assert graded(PLANT, told, 0.1, lambda text, judged=judged: text == judged).repaired is repaired  # type: ignore[misc]


@pytest.mark.parametrize(
    ("told", "line", "cause"),
    [
        (report(), False, False),
        (report(finding(LINE, kind=None)), True, False),
        (report(finding(LINE + 1)), True, True),
        (report(finding(LINE + 2)), False, False),
        (report(finding(LINE, kind="sign")), True, False),
        (report(finding(LINE, severity="warning")), False, False),
        # explained elsewhere: the place of what is not explained is no answer any more
        (report(finding(LINE, kind=None), finding(5)), False, False),
        # a fix elsewhere too
        (report(finding(LINE), finding(5, fix=replace(FIX, line=5))), False, True),
    ],
)
def test_what_a_report_without_a_mended_text_is_worth(told: FileReport, line: bool, cause: bool) -> None:
    got = grade(PLANT, told)
    assert (got.line, got.cause, got.repaired) == (line, cause, False)


def test_advice_is_wrong_where_the_mended_file_still_fails() -> None:
    assert grade(PLANT, report(finding(5, fix=replace(FIX, line=5)), mended="x"), passes=False).wrong_advice
    assert grade(PLANT, report(finding(LINE, fix=FIX), mended="x"), passes=False).wrong_advice
    assert grade(PLANT, report(finding(LINE, fix=FIX))).wrong_advice
    assert not grade(PLANT, report(finding(LINE), mended="x"), passes=False).wrong_advice
    assert not grade(PLANT, report(finding(5, fix=replace(FIX, line=5)), mended="x")).wrong_advice


def test_of_two_faults_both_have_to_be_named_and_one_fix_alone_is_no_wrong_advice() -> None:
    other = min(BOTH.faults[0].lines)
    slot = finding(other, kind="slot")
    assert not grade(BOTH, report(finding(LINE, fix=FIX))).line
    assert not grade(BOTH, report(finding(LINE, fix=FIX))).wrong_advice
    assert grade(BOTH, report(slot, finding(LINE))).line
    assert grade(BOTH, report(slot, finding(LINE))).cause
    assert grade(BOTH, report(finding(30, fix=replace(FIX, line=30))), passes=False).wrong_advice


def test_a_fault_that_leaves_right_numbers_right_may_be_told_as_a_warning() -> None:
    warned = report(finding(LINE, severity="warning"))
    assert grade(replace(PLANT, fragile=True), warned).line
    assert not grade(replace(PLANT, fragile=True), report(replace(warned.findings[0], symbol="TimeRNN"))).line


def test_the_checker_passes_a_right_file_and_not_a_faulty_one() -> None:
    right = of_source(SOURCE)
    with other_seeds():
        assert as_good(report_on(SOURCE.text, SOURCE.name), right)
    assert not as_good(report_on(PLANT.text, SOURCE.name), right)
    assert not as_good(report_on("import numpy as np\n", SOURCE.name), right)


def test_other_seeds_are_other_numbers_in_every_case() -> None:
    with other_seeds():
        drawn = vars(battery)["cases"](PAIRS[0], seeds=2)
    usual = cases(PAIRS[0], seeds=2)
    assert [c.name for c in drawn] == [c.name for c in usual]
    assert not {c.seed for c in drawn} & {c.seed for c in usual}
    assert vars(battery)["cases"] is cases


def test_every_share_that_is_too_low_is_told_and_held_back_misses_are_not_shown() -> None:
    good = [replace(grade(PLANT, report(finding(LINE, fix=FIX), mended="x")), plant=replace(PLANT, half=half))
            for half in ("tuned", "held back")]  # fmt: skip
    assert below(good) == []
    bad = [replace(g, line=False, cause=False, repaired=False, wrong_advice=True, seconds=16.0) for g in good]
    assert len(below(bad)) == 2 * 6
    assert misses(good) == ""
    assert misses(bad[:1]).startswith(PLANT.id)
    assert misses(bad[1:]) == ""
    assert PLANT.operator in table(bad[:1])
    assert PLANT.operator not in table(bad[1:])


def test_an_operator_never_changes_what_is_no_layer() -> None:
    source = Source(HERE / "book_losses.py")
    helper = range(*(source.text.index(name) for name in ("def log_softmax", "class SoftmaxWithLoss")))
    for each in islice(candidates(source).values(), 400):
        assert all(span.start not in helper for span in each.change.spans)


def test_another_checker_is_asked_in_a_process_of_its_own() -> None:
    with Checker("CS231n rel_error", 60) as checker:
        accepted = checker.ask(SOURCE.path, SOURCE.text, "RNN")
        assert accepted.ended == "passes", accepted.said
        wrong = candidate("ratio.doubled", "self.grads[0][...] = 2 * x.T @ delta")
        objects = checker.of_plant(planted((wrong,)))
        raises = checker.of_plant(PLANT)
    assert objects.ended == "objects"
    assert "dWx error" in objects.said
    assert raises.ended == "crashes"
    assert Asked(PLANT, raises, True).traceback
    assert not Asked(PLANT, raises, True).line


def test_what_another_checker_said_is_searched_for_line_cause_and_right_line() -> None:
    said = Asked(PLANT, Answer("objects", f"line {LINE}: transpose: return delta @ Wx.T, delta @ Wh.T", 0.1), True)
    assert (said.line, said.cause, said.repaired) == (True, True, True)
    silent = replace(said, answer=Answer("objects", "gradients differ at line 1", 0.1))
    assert (silent.line, silent.cause, silent.repaired) == (False, False, False)


def test_rel_error_is_that_of_the_worst_element() -> None:
    assert rel_error(np.array([1.0, 3.0]), np.array([1.0, 1.0])) == pytest.approx(0.5)
