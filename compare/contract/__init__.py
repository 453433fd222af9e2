"""What a layer owes its caller beside right numbers, as small named checks of a handwritten layer.

Each check takes a pair and inputs, and yields a sentence for everything that is not kept. The numbers of a first
run are known to be right when the checks are run.
"""

from typing import Any

from compare.cases import sizes
from compare.contract.passes import (
    dtype_is_that_of_the_layer,
    gradients_stay_in_place,
    nothing_of_the_callers_changes,
    second_backward_gives_the_same,
    second_run_gives_the_same,
    switches_may_be_turned_between_passes,
    upstream_gradient_is_linear,
    upstream_gradient_of_a_loss_is_1_by_default,
)
from compare.contract.states import (
    prediction_gives_the_scores_of_the_loss,
    state_is_carried_set_and_reset,
    state_is_forgotten_unless_stateful,
    state_that_is_left_out_is_zero,
)
from compare.inputs import Case, draw
from compare.pair import Pair
from compare.refusals import refusals


def broken(pair: Pair, dtype: Any) -> list[str]:
    """Every part of the layer contract that the hand breaks; an exception breaks the check that it ends."""
    if not pair.layer:
        return []
    inputs = draw(pair.signature, Case("contract", sizes(pair.signature))).astype(dtype)
    found = []
    for check in CHECKS:
        try:
            found += list(check(pair, inputs.copied()))
        except Exception as error:  # anybody's code may fail in any way
            found.append(f"{check.__name__.replace('_', ' ')}: {type(error).__name__}: {error}")
    return found


CHECKS = (
    nothing_of_the_callers_changes,
    second_backward_gives_the_same,
    second_run_gives_the_same,
    gradients_stay_in_place,
    upstream_gradient_is_linear,
    upstream_gradient_of_a_loss_is_1_by_default,
    state_is_carried_set_and_reset,
    state_is_forgotten_unless_stateful,
    state_that_is_left_out_is_zero,
    prediction_gives_the_scores_of_the_loss,
    switches_may_be_turned_between_passes,
    dtype_is_that_of_the_layer,
    refusals,
)
