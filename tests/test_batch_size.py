"""A carried state meets another batch size: refused in words that help, and nothing is lost."""

import re
from dataclasses import replace

import numpy as np
import pytest

from compare.cases import sizes
from compare.inputs import Case, draw
from compare.pair import Pair
from compare.pairs import PAIRS
from compare.runs import Hand


@pytest.mark.parametrize("pair", [p for p in PAIRS if p.layer and p.signature.states], ids=lambda pair: pair.title)
def test_another_batch_size_is_refused_with_the_state_and_both_shapes(pair: Pair) -> None:
    inputs = draw(pair.signature, Case("usual", sizes(pair.signature)))
    hand = Hand(pair, inputs)
    hand.forward(inputs)
    state = hand.layer.h
    data = {a.name: np.delete(inputs.arguments[a.name], 0, a.forms[0].at("N")) for a in hand.given}
    fewer = replace(inputs, arguments={**inputs.arguments, **data})
    with pytest.raises(ValueError, match="carried state h has shape") as error:
        hand.forward_on(fewer)
    wanted = (*state.shape[:-2], state.shape[-2] - 1, state.shape[-1])
    assert {f"{state.shape}", f"{wanted}"} <= set(re.findall(r"\([\d, ]+\)", str(error.value)))
    assert np.array_equal(hand.layer.h, state)
    hand.layer.reset_state()
    hand.forward_on(fewer)
    assert hand.layer.h.shape == wanted
