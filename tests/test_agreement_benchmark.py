"""The benchmark of false alarms and misses, on a few comparisons; and that it would tell of either."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.agreement import alarms, misses, summary
from benchmarks.planted import Plant, with_plant
from benchmarks.random_cases import MOST, Outcome, examine, random_case
from compare.cases import cases
from compare.judge import judge
from compare.pair import Pair
from compare.pairs import PAIRS
from compare.reference import reference


def small(number: int) -> Outcome:
    """A comparison of sizes up to 12, to be quick."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("benchmarks.random_cases.MOST", {axis: min(most, 12) for axis, most in MOST.items()})
        return examine(7, number, planted=True)


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    return [small(number) for number in range(2 * len(PAIRS))]


def test_correct_layers_raise_no_alarm(outcomes: list[Outcome]) -> None:
    assert not alarms(outcomes)
    assert all(outcome.strain < 1 for outcome in outcomes)


def test_planted_errors_are_seen(outcomes: list[Outcome]) -> None:
    assert not misses(outcomes)
    assert sum(outcome.caught is not None for outcome in outcomes) > len(outcomes) / 2


def test_every_pair_comes_in_both_dtypes(outcomes: list[Outcome]) -> None:
    assert {(o.pair, o.dtype) for o in outcomes} == {(p.title, d) for p in PAIRS for d in ("float64", "float32")}


def test_a_number_gives_the_same_comparison_again(outcomes: list[Outcome]) -> None:
    assert small(3) == outcomes[3]


def test_an_alarm_and_a_miss_are_counted(outcomes: list[Outcome]) -> None:
    wrong = [replace(outcomes[0], alarms=("dW",)), replace(outcomes[1], caught=False), outcomes[2]]
    found = summary(wrong, seed=7, first=0, seconds=1.0)
    assert [o["number"] for o in found["alarms"]] == [0]
    assert [o["number"] for o in found["misses"]] == [1]
    assert found["comparisons"] == 3


def test_sizes_reach_both_ends() -> None:
    rng = np.random.default_rng(0)
    model = next(pair for pair in PAIRS if pair.title == "SimpleRnnlm")
    drawn = [random_case(rng, model, np.float64).sizes for _ in range(3000)]
    for axis in model.signature.axes:
        assert min(sizes[axis] for sizes in drawn) == 1
        assert 0.9 * MOST[axis] < max(sizes[axis] for sizes in drawn) <= MOST[axis]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.title)
def test_an_error_can_be_planted_in_every_tensor(pair: Pair) -> None:
    ref = reference(pair, cases(pair, seeds=1)[0], np.float64)
    for name in ref.run.tensors:
        for narrow in (None, "float64"):
            rows = judge(with_plant(pair, Plant(name, 0.5, 1e-9, narrow)), ref)
            assert [row.name for row in rows if not row.ok and row.blame != "forward"] == [name]
