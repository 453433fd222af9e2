"""Two mistakes in a row: what gets the derivation farther is kept, though more is right only after both."""

from collections.abc import Iterator

import numpy as np
import pytest
from strangers import RNN, edited

from compare.checking.run import check_text
from compare.checking.settings import Settings
from compare.mending.advancing import advancing
from compare.mending.attempts import Attempts
from compare.mending.edit import Edit, Proposal
from compare.mending.locate import Located, located
from compare.mending.manuscript import Manuscript
from compare.mending.search import Budget
from compare.mending.workshop import Workshop

DT, DH = "dt = dh_next * (1 - h_next ** 2)", "dh_prev = np.dot(dt, Wh.T)"
# the first makes all gradients wrong, the second one of them
TWICE = edited(edited(RNN, DT, "dt = dh_next + h_next"), DH, "dh_prev = np.dot(dt, Wh)")


def at_work(text: str) -> Iterator[tuple[Attempts, Located]]:
    """A wrong layer in its session, and where it goes wrong."""
    manuscript = Manuscript.of(text, "layers.py")
    workshop = Workshop("RNN", Settings({}), Budget.of(60))
    judgement, subject = workshop.judged(manuscript), workshop.subject(manuscript)
    assert judgement
    assert subject
    with workshop.session(manuscript) as session, np.errstate(all="ignore"):
        attempts = Attempts(manuscript.document, subject, judgement, session)
        _, records = attempts.measured()
        yield attempts, located(attempts, records)


@pytest.fixture
def twice() -> Iterator[tuple[Attempts, Located]]:
    yield from at_work(TWICE)


def line(number: int, text: str) -> Proposal:
    return Proposal((Edit("layers.py", number, number, (f"        {text}",)),), 1.0)


def test_the_first_of_two_is_made_right_and_nothing_else_is_kept(
    twice: tuple[Attempts, Located],
) -> None:
    attempts, where = twice
    right, still_wrong, later = line(19, DT), line(19, "dt = dh_next * h_next"), line(20, DH)
    inserted = Proposal((Edit("layers.py", 19, 18, (f"        {DT}",)),))
    budget = Budget.of(60)
    kept = list(advancing(attempts, [later, still_wrong, inserted, right], where, budget))
    assert [each.proposal for each in kept] == [right]
    assert not kept[0].score.right
    # what stands elsewhere is not even tried
    assert budget.tried == 2


def test_where_nothing_is_wrong_nothing_is_tried() -> None:
    for attempts, where in at_work(edited(RNN, DT, f"{DT}\n        # right")):
        assert where.wrong is None
        budget = Budget.of(60)
        assert list(advancing(attempts, [line(19, "dt = dh_next")], where, budget)) == []
        assert budget.tried == 0


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("dt = dh_next * (1 - h_next)", "dh_prev = np.dot(dt, Wh)"),
        ("dt = dh_next * h_next", "dh_prev = np.dot(dh_next, Wh.T)"),
    ],
)
def test_both_are_mended(first: str, second: str) -> None:
    report = check_text(edited(edited(RNN, DT, first), DH, second), "layers.py", Settings({}, mend=True, seconds=60))
    assert report.mended is not None
    assert {f.fix.line for f in report.findings if f.fix} == {19, 20}
    assert check_text(report.mended, "layers.py", Settings({}, mend=False)).ok
