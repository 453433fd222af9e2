"""Passes called twice, out of turn and with other numbers; nothing of the caller's is changed by any."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import numpy as np

from compare.contract._same import copies, copy, different, run, with_arguments, with_options
from compare.inputs import Inputs, draw
from compare.pair import Pair
from compare.refusals import Refusal, bad_arguments
from compare.runs import Hand


def second_backward_gives_the_same(pair: Pair, inputs: Inputs) -> Iterator[str]:
    hand = Hand(pair, inputs)
    hand.forward(inputs)
    first, second = hand.backward(inputs.cotangents), hand.backward(inputs.cotangents)
    for name in different(first, second):
        yield f"{name} differs when backward is called twice"


def second_run_gives_the_same(pair: Pair, inputs: Inputs) -> Iterator[str]:
    hand, fresh = Hand(pair, inputs), Hand(pair, inputs)
    other = draw(pair.signature, replace(inputs.case, seed=1)).astype(inputs.dtype)
    if not pair.signature.params:
        # nothing learned gives the dtype, so that it may be another one each time
        other = other.astype(np.float32 if inputs.dtype == np.float64 else np.float64)
    run(hand, other)
    for name in different(run(hand, inputs), run(fresh, inputs)):
        yield f"{name} depends on the runs before"


def gradients_stay_in_place(pair: Pair, inputs: Inputs) -> Iterator[str]:
    hand = Hand(pair, inputs)
    before = list(hand.layer.grads)
    for argument, grad in zip(pair.signature.params, before, strict=True):
        if np.any(grad):
            yield f"grads: d{argument.name} is not zero before the first backward"
    hand.forward(inputs)
    hand.backward(inputs.cotangents)
    for argument, old, new in zip(pair.signature.params, before, hand.layer.grads, strict=True):
        if old is not new:
            yield f"grads: d{argument.name} is a new array, wanted the one given at construction, filled in place"
    for argument, param in zip(pair.signature.params, hand.layer.params, strict=True):
        if param is not inputs.arguments[argument.name]:
            yield f"params: {argument.name} is a copy, wanted the array that the constructor was given"


def nothing_of_the_callers_changes(pair: Pair, inputs: Inputs) -> Iterator[str]:
    copied = inputs.copied()
    hand = Hand(pair, copied)
    outputs = hand.forward(copied)
    kept = copies({name: np.asarray(output) for name, output in outputs.items()})
    hand.backward(copied.cotangents)
    for name in different(inputs.arguments, copied.arguments):
        yield f"{name} of the caller's is changed"
    for name in different(inputs.cotangents, copied.cotangents):
        yield f"the upstream gradient d{name} is changed"
    for name in different(kept, outputs):
        yield f"the output {name} is changed by backward"


def upstream_gradient_is_linear(pair: Pair, inputs: Inputs) -> Iterator[str]:
    hand = Hand(pair, inputs)
    hand.forward(inputs)
    once = hand.backward(inputs.cotangents)
    twice = hand.backward({name: 2 * cotangent for name, cotangent in inputs.cotangents.items()})
    # a factor of 2 changes no rounding
    for name in different({n: 2 * g for n, g in once.items() if g is not None}, twice):
        yield f"{name} is not doubled when the upstream gradient is"


def upstream_gradient_of_a_loss_is_1_by_default(pair: Pair, inputs: Inputs) -> Iterator[str]:
    if pair.signature.outputs[0].axes:
        return
    hand = Hand(pair, inputs)
    hand.forward(inputs)
    default = [copy(hand.layer.backward()), *map(copy, hand.layer.grads)]
    explicit = [copy(hand.layer.backward(1)), *map(copy, hand.layer.grads)]
    if not all(map(np.array_equal, default, explicit)):
        yield "backward() differs from backward(1)"
    number = [copy(hand.layer.backward(0.1)), *map(copy, hand.layer.grads)]
    array = [copy(hand.layer.backward(np.array(0.1, inputs.dtype))), *map(copy, hand.layer.grads)]
    if not all(map(np.array_equal, number, array)):
        yield "backward(0.1) differs from backward of an array of 0.1"


def switches_may_be_turned_between_passes(pair: Pair, inputs: Inputs) -> Iterator[str]:
    """An option that is True or False, and an attribute of the layer: a backward pass goes with its forward pass."""
    for name, option in pair.signature.keywords.items():
        if option.choices != (True, False) or not hasattr(Hand(pair, inputs).layer, name):
            continue
        for value in (True, False):
            fresh, other = (Hand(pair, with_options(inputs, **{name: start})) for start in (value, not value))
            wanted = run(fresh, inputs)
            other.forward(inputs)
            setattr(other.layer, name, value)
            for tensor in different(run(other, inputs), wanted):
                yield f"{tensor} does not follow {name}, which was switched before the forward pass"
            fresh.forward(inputs)
            setattr(fresh.layer, name, not value)
            for tensor in different(fresh.backward(inputs.cotangents), wanted):
                yield f"{tensor} follows {name}, which was switched after the forward pass"


def dtype_is_that_of_the_layer(pair: Pair, inputs: Inputs) -> Iterator[str]:
    """What is learned gives the dtype, or else the data of the latest forward pass that was not refused."""
    layers = [Hand(pair, inputs), Hand(pair, inputs)]
    other = inputs.astype(np.float32 if inputs.dtype == np.float64 else np.float64)
    for hand in layers:
        hand.forward(inputs)
    for argument in layers[0].given:
        for _, bad in bad_arguments(argument, other):
            with suppress(*Refusal):
                layers[0].forward_on(with_arguments(other, {argument.name: bad}))
                # a size that is free is no fault
                layers[0].forward(inputs)
    runs = [layers[0].backward(other.cotangents), layers[1].backward(inputs.cotangents)]
    if pair.signature.params:
        mixed = with_arguments(inputs, {a.name: other.arguments[a.name] for a in pair.signature.data})
        runs[0] |= layers[0].forward(mixed)
        runs[1] |= layers[1].forward(inputs)
    for name, wanted in runs[1].items():
        if different({name: wanted}, runs[0]) or np.asarray(runs[0][name]).dtype != np.asarray(wanted).dtype:
            yield f"{name} depends on the dtype of what comes in, or on what was refused"
