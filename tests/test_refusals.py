"""What a layer refuses: hand and twin with one sentence, and nothing of the layer is touched by it."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from compare.cases import sizes
from compare.contract import broken
from compare.inputs import Case, Inputs, draw
from compare.pair import Pair
from compare.pairs import PAIRS
from compare.refusals import Refusal, bad_arguments, bad_cotangents, refusals
from compare.runs import Hand
from tiny_autograd_rnn.signature import Argument

CHECKED = [pair for pair in PAIRS if pair.layer]


def good(pair: Pair) -> Inputs:
    return draw(pair.signature, Case("", sizes(pair.signature)))


BAD: list[tuple[Pair, Argument, str]] = [
    (pair, argument, what)
    for pair in CHECKED
    for argument in pair.signature.arguments
    for what, _ in bad_arguments(argument, good(pair))
]
each_bad = pytest.mark.parametrize(
    ("pair", "argument", "what"), BAD, ids=[f"{pair.title}-{argument.name}-{what}" for pair, argument, what in BAD]
)


def spoilt(pair: Pair, argument: Argument, what: str) -> Inputs:
    inputs = good(pair)
    return replace(inputs, arguments={**inputs.arguments, argument.name: dict(bad_arguments(argument, inputs))[what]})


def refused(call: Any, *arguments: Any) -> Exception | None:
    try:
        call(*arguments)
    except Refusal as error:
        return error
    return None


def forward(pair: Pair, inputs: Inputs) -> None:
    Hand(pair, inputs).forward(inputs)


@each_bad
def test_hand_and_twin_refuse_with_the_same_sentence(pair: Pair, argument: Argument, what: str) -> None:
    inputs = spoilt(pair, argument, what)
    twin, hand = refused(pair.twin, *inputs.arguments.values()), refused(forward, pair, inputs)
    # the size of an axis that no other argument has is free
    assert type(twin) is type(hand)
    if twin is None or "the carried state" in str(hand):
        return
    where, said = str(hand).split(": ", 1)
    assert where.split(".")[0] == pair.hand.__name__
    if argument in pair.signature.states:
        if len(pair.signature.states) > 1 and what == "a wrong size of axis N":
            # set together, before the data are seen: the two states are at odds with each other
            assert re.search(r"set_state: c has shape .* with N = \d, as h has shape", str(hand))
            return
        # set under its own name: h0 comes in as h
        said = re.sub(rf"\b{argument.name[:-1]}\b", argument.name, said)
    assert str(twin) == f"{pair.twin.__name__}: {said}"
    bad = inputs.arguments[argument.name]
    assert re.search(rf"\b{argument.name}\b", said)
    assert str(bad.shape if isinstance(bad, np.ndarray) else type(bad).__name__) in said
    assert "wanted" in said


@each_bad
def test_a_refusal_leaves_no_trace(pair: Pair, argument: Argument, what: str) -> None:
    if argument.learned:
        return
    inputs, bad = good(pair), spoilt(pair, argument, what)
    hand, fresh = Hand(pair, inputs), Hand(pair, inputs)
    for one in (hand, fresh):
        one.forward(inputs)
    call = hand.layer.set_state if argument in pair.signature.states else hand.layer.forward
    given = [argument] if argument in pair.signature.states else hand.given
    if refused(call, *(bad.arguments[a.name] for a in given)) is None:
        return
    assert_same(hand.backward(inputs.cotangents), fresh.backward(inputs.cotangents))
    assert_same(hand.forward_on(inputs), fresh.forward_on(inputs))


@pytest.mark.parametrize("pair", CHECKED, ids=lambda pair: pair.title)
def test_a_refused_upstream_gradient_leaves_the_gradients(pair: Pair) -> None:
    inputs = good(pair)
    hand = Hand(pair, inputs)
    hand.forward(inputs)
    first = hand.backward(inputs.cotangents)
    for output in pair.signature.outputs:
        for _, bad in bad_cotangents(inputs.cotangents[output.name]):
            with pytest.raises(Refusal, match=r"backward: d\w+ "):
                hand.backward({**inputs.cotangents, output.name: bad})
            now = {f"d{a.name}": np.array(g) for a, g in zip(pair.signature.params, hand.layer.grads, strict=True)}
            assert_same(now, first)
    assert_same(hand.backward(inputs.cotangents), first)


@pytest.mark.parametrize("pair", CHECKED, ids=lambda pair: pair.title)
def test_backward_needs_a_forward_pass(pair: Pair) -> None:
    inputs = good(pair)
    told = f"{pair.hand.__name__}.backward: there is no forward pass to go back through"
    with pytest.raises(RuntimeError, match=told):
        Hand(pair, inputs).backward(inputs.cotangents)


@pytest.mark.parametrize("pair", [p for p in CHECKED if len(p.signature.params) > 1], ids=lambda pair: pair.title)
def test_parameters_of_two_dtypes_are_refused(pair: Pair) -> None:
    inputs = good(pair)
    name = pair.signature.params[-1].name
    mixed = replace(inputs, arguments={**inputs.arguments, name: inputs.arguments[name].astype(np.float32)})
    sentence = rf": {name} \(.*\) has dtype float32; wanted float64, as the parameters before it"
    with pytest.raises(TypeError, match=pair.hand.__name__ + sentence):
        Hand(pair, mixed)
    with pytest.raises(TypeError, match=pair.twin.__name__ + sentence):
        pair.twin(*mixed.arguments.values())


@pytest.mark.parametrize("pair", CHECKED, ids=lambda pair: pair.title)
def test_the_contract_finds_nothing_amiss(pair: Pair) -> None:
    assert list(refusals(pair, good(pair))) == []
    assert broken(pair, np.float32) == []


def assert_same(one: Any, other: Any) -> None:
    assert [name for name in one if not np.array_equal(one[name], other[name])] == []
