"""What is remembered of the cases is what would be drawn and computed anew, and nobody can change it."""

from dataclasses import replace

import numpy as np
import pytest

from compare.cases import sizes
from compare.checking import remembered
from compare.checking.roles import named
from compare.inputs import Case, Inputs, draw
from compare.pair import Pair
from compare.reference import Reference

ROLE = named("TimeRNN")
assert ROLE
TWIN, SIGNATURE = ROLE.twin, ROLE.signature
CASE = Case("usual", sizes(SIGNATURE))


@pytest.mark.parametrize(
    "case", [CASE, replace(CASE, seed=1), replace(CASE, scale=0.5), replace(CASE, special="zero weights")]
)
def test_what_is_remembered_is_what_is_drawn(case: Case) -> None:
    for _ in range(2):
        found, wanted = remembered.inputs(TWIN, case), draw(SIGNATURE, case)
        for name, array in wanted.arguments.items():
            np.testing.assert_array_equal(found.arguments[name], array)


def test_who_writes_into_what_was_drawn_changes_his_own_alone() -> None:
    remembered.inputs(TWIN, CASE).arguments["xs"][...] = 7
    assert not (remembered.inputs(TWIN, CASE).arguments["xs"] == 7).any()


def test_another_state_to_begin_from_is_another_question() -> None:
    pair = Pair(lambda: None, TWIN, name="TimeRNN")
    given = remembered.inputs(TWIN, CASE)
    zero = replace(given, arguments={**given.arguments, "h0": np.zeros_like(given.arguments["h0"])})

    def outputs(inputs: Inputs, keeps_state: bool) -> dict[str, object]:
        return remembered.reference(pair, inputs, keeps_state).run.tensors

    for inputs, keeps in ((given, True), (zero, False)) * 2:
        for name, tensor in Reference.on(pair, inputs).run.tensors.items():
            np.testing.assert_array_equal(outputs(inputs, keeps)[name], tensor)
