"""States that are carried, set, reset and left out, and predictions that move them on."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from compare.agreement import relative_error, unit_roundoff
from compare.contract._same import copies, copy, different, with_arguments, with_options
from compare.inputs import Inputs
from compare.pair import Pair
from compare.refusals import Refusal
from compare.runs import Hand
from tiny_autograd_rnn.softmax import time_softmax_with_loss


def state_is_carried_set_and_reset(pair: Pair, inputs: Inputs) -> Iterator[str]:
    states = pair.signature.states
    if not states:
        return
    hand = Hand(pair, inputs)
    hand.forward(inputs)
    carried = {a.name: copy(getattr(hand.layer, a.name[:-1])) for a in states}
    on = copies(hand.forward_on(inputs))
    for name in different(on, Hand(pair, inputs).forward(with_arguments(inputs, carried))):
        yield f"{name} of a second sequence does not go on from the state that the first one left"
    hand.layer.reset_state()
    zero = with_arguments(inputs, {a.name: np.zeros_like(inputs.arguments[a.name]) for a in states})
    for name in different(hand.forward_on(inputs), Hand(pair, inputs).forward(zero)):
        yield f"{name} does not begin from zero after reset_state()"
    fresh = Hand(pair, inputs)
    for name in (f"{d}{a.name[:-1]}" for a in states for d in ("", "d")):
        if getattr(fresh.layer, name, "missing") is not None:
            yield f"{name} is not None before the first sequence"
    for name in different(fresh.forward_on(inputs), Hand(pair, inputs).forward(zero)):
        yield f"{name} of the first sequence does not begin from zero"
    given = {a.name: inputs.arguments[a.name].copy() for a in states}
    hand.layer.set_state(*given.values())
    for array in given.values():
        array[...] = 0
    for name in different(hand.forward_on(inputs), Hand(pair, inputs).forward(inputs)):
        yield f"{name} follows an array that the caller changed after set_state()"


def state_is_forgotten_unless_stateful(pair: Pair, inputs: Inputs) -> Iterator[str]:
    if "stateful" not in pair.options:
        return
    hand = Hand(replace(pair, options={}), inputs)
    first = copies(hand.forward_on(inputs))
    for name in different(first, hand.forward_on(inputs)):
        yield f"{name} depends on the sequence before, although the layer is not stateful"
    twice = {a.name: np.concatenate([inputs.arguments[a.name]] * 2, a.forms[0].at("N")) for a in hand.given}
    try:
        hand.forward_on(with_arguments(inputs, twice))
    except Refusal as error:
        yield f"another batch size is refused, although the layer is not stateful: {error}"


def state_that_is_left_out_is_zero(pair: Pair, inputs: Inputs) -> Iterator[str]:
    """Of several states, the first may be set alone; of what the next sequence sends back, each part may be missing."""
    first, *others = (a.name for a in pair.signature.states) if pair.signature.states else ("",)
    if others:
        zero = with_arguments(inputs, {name: np.zeros_like(inputs.arguments[name]) for name in others})
        alone = Hand(pair, inputs)
        alone.layer.set_state(inputs.arguments[first])
        for name in different(alone.forward_on(inputs), Hand(pair, inputs).forward(zero)):
            yield f"{name} does not begin from {others[0]} = 0 when {first} is set alone"
    hand = Hand(pair, inputs)
    hand.forward(inputs)
    for left in hand.carried:
        cotangents = {**inputs.cotangents, left.name: np.zeros_like(inputs.cotangents[left.name])}
        wanted = hand.backward(cotangents)
        del cotangents[left.name]
        for name in different(hand.backward(cotangents), wanted):
            yield f"{name} is not that of d{left.name} = 0 when it is left out"


def prediction_gives_the_scores_of_the_loss(pair: Pair, inputs: Inputs) -> Iterator[str]:
    """`predict` of a model: the scores that its loss is made of in evaluation, and the same states after it."""
    if not hasattr(pair.hand, "predict"):
        return
    if "train" in pair.signature.keywords:
        inputs = with_options(inputs, train=False)
    model, predicting = Hand(pair, inputs), Hand(pair, inputs)
    outputs = copies(model.forward(inputs))
    predicting.set_state(inputs)
    scores = predicting.layer.predict(inputs.arguments["xs"])
    for name in different({o.name: getattr(predicting.layer, o.name) for o in model.carried}, outputs):
        yield f"{name} after predict is not that after forward"
    ignored = {**pair.signature.options, **inputs.case.options}["ignore_label"]
    loss = time_softmax_with_loss(scores, inputs.arguments["ts"], ignore_label=ignored)
    if relative_error(np.asarray(loss), np.asarray(outputs["loss"])) > 64 * unit_roundoff(inputs.dtype):
        yield "predict gives other scores than those that the loss is made of"
