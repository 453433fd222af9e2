"""Where two tensors differ, in words."""

import numpy as np
import pytest

from compare.checking.where import listed, where
from tiny_autograd_rnn.forms import Axis

AXES = tuple(map(Axis.of, ("N", "T", "H")))


def differing(*at: object) -> str:
    wanted = np.ones((5, 4, 6))
    found = wanted.copy()
    found[at] = 2
    return where(found, wanted, AXES, 1e-6)


def test_everywhere_is_nowhere_in_particular() -> None:
    assert differing(slice(None)) == ""


def test_the_same_is_nowhere() -> None:
    assert where(np.ones((5, 4, 6)), np.ones((5, 4, 6)), AXES, 1e-6) == ""


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ((slice(None), slice(0, 3)), "only at time steps 0 to 2 of 4"),
        ((slice(None), 3), "only at time step 3 of 4"),
        ((0,), "only at batch row 0 of 5"),
        ((slice(None), slice(None), [1, 4]), "only at hidden columns 1 and 4 of 6"),
        ((0, 3), "only at batch row 0 of 5; only at time step 3 of 4"),
    ],
)
def test_a_part_is_named(at: tuple[object, ...], said: str) -> None:
    assert differing(*at) == said


def test_gates_are_named_by_their_letters() -> None:
    wanted = np.ones((3, 8))
    found = wanted.copy()
    found[:, 2:4] = 0
    axes = (Axis.of("D"), Axis.of("4*H"))
    assert where(found, wanted, axes, 1e-6, "fgio") == "only in the columns of gate g (order fgio)"
    found[:, 6:] = 0
    assert where(found, wanted, axes, 1e-6, "fgio") == "only in the columns of gates g and o (order fgio)"


def test_a_number_that_is_none_differs() -> None:
    found = np.ones((5, 4, 6))
    found[2, 1] = np.nan
    assert where(found, np.ones((5, 4, 6)), AXES, 1e-6) == "only at batch row 2 of 5; only at time step 1 of 4"


def test_what_is_within_what_is_allowed_does_not_count() -> None:
    assert where(np.ones((5, 4, 6)) + 1e-9, np.ones((5, 4, 6)), AXES, 1e-6) == ""


def test_another_shape_has_no_place() -> None:
    assert where(np.ones((2, 4, 6)), np.ones((5, 4, 6)), AXES, 1e-6) == ""
    assert where(np.array(1.0), np.array(2.0), (), 1e-6) == ""


@pytest.mark.parametrize(
    ("indices", "said"),
    [
        ([3], "3"),
        ([0, 1], "0 and 1"),
        ([0, 2, 5], "0, 2 and 5"),
        ([2, 3, 4], "2 to 4"),
        (list(range(0, 20, 2)), "0, 2, 4, 6, 8, 10 and 4 more"),
    ],
)
def test_indices_are_listed(indices: list[int], said: str) -> None:
    assert listed(np.array(indices)) == said
