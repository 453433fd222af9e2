"""What a layer owes its caller beside right numbers, as small named checks of a handwritten layer.

Each check takes a pair and inputs, and yields a sentence for everything that is not kept. The numbers of a first
run are known to be right when the checks are run.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from compare.agreement import Array
from compare.cases import sizes
from compare.inputs import Case, Inputs, draw
from compare.pair import Pair
from compare.refusals import Refusal, bad_arguments, refusals
from compare.runs import Hand


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


def second_backward_gives_the_same(pair: Pair, inputs: Inputs) -> Iterator[str]:
    hand = Hand(pair, inputs)
    hand.forward(inputs)
    first, second = hand.backward(inputs.cotangents), hand.backward(inputs.cotangents)
    for name in _different(first, second):
        yield f"{name} differs when backward is called twice"


def second_run_gives_the_same(pair: Pair, inputs: Inputs) -> Iterator[str]:
    hand, fresh = Hand(pair, inputs), Hand(pair, inputs)
    other = draw(pair.signature, replace(inputs.case, seed=1)).astype(inputs.dtype)
    if not pair.signature.params:
        # nothing learned gives the dtype, so that it may be another one each time
        other = other.astype(np.float32 if inputs.dtype == np.float64 else np.float64)
    _run(hand, other)
    for name in _different(_run(hand, inputs), _run(fresh, inputs)):
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
    kept = _copies({name: np.asarray(output) for name, output in outputs.items()})
    hand.backward(copied.cotangents)
    for name in _different(inputs.arguments, copied.arguments):
        yield f"{name} of the caller's is changed"
    for name in _different(inputs.cotangents, copied.cotangents):
        yield f"the upstream gradient d{name} is changed"
    for name in _different(kept, outputs):
        yield f"the output {name} is changed by backward"


def upstream_gradient_is_linear(pair: Pair, inputs: Inputs) -> Iterator[str]:
    hand = Hand(pair, inputs)
    hand.forward(inputs)
    once = hand.backward(inputs.cotangents)
    twice = hand.backward({name: 2 * cotangent for name, cotangent in inputs.cotangents.items()})
    # a factor of 2 changes no rounding
    for name in _different({n: 2 * g for n, g in once.items() if g is not None}, twice):
        yield f"{name} is not doubled when the upstream gradient is"


def upstream_gradient_of_a_loss_is_1_by_default(pair: Pair, inputs: Inputs) -> Iterator[str]:
    if pair.signature.outputs[0].axes:
        return
    hand = Hand(pair, inputs)
    hand.forward(inputs)
    default = [_copy(hand.layer.backward()), *map(_copy, hand.layer.grads)]
    explicit = [_copy(hand.layer.backward(1)), *map(_copy, hand.layer.grads)]
    if not all(map(np.array_equal, default, explicit)):
        yield "backward() differs from backward(1)"
    number = [_copy(hand.layer.backward(0.1)), *map(_copy, hand.layer.grads)]
    array = [_copy(hand.layer.backward(np.array(0.1, inputs.dtype))), *map(_copy, hand.layer.grads)]
    if not all(map(np.array_equal, number, array)):
        yield "backward(0.1) differs from backward of an array of 0.1"


def state_is_carried_set_and_reset(pair: Pair, inputs: Inputs) -> Iterator[str]:
    states = pair.signature.states
    if not states:
        return
    hand = Hand(pair, inputs)
    hand.forward(inputs)
    carried = {a.name: _copy(getattr(hand.layer, a.name[:-1])) for a in states}
    on = _copies(hand.forward_on(inputs))
    for name in _different(on, Hand(pair, inputs).forward(_with(inputs, carried))):
        yield f"{name} of a second sequence does not go on from the state that the first one left"
    hand.layer.reset_state()
    zero = _with(inputs, {a.name: np.zeros_like(inputs.arguments[a.name]) for a in states})
    for name in _different(hand.forward_on(inputs), Hand(pair, inputs).forward(zero)):
        yield f"{name} does not begin from zero after reset_state()"
    fresh = Hand(pair, inputs)
    for name in (f"{d}{a.name[:-1]}" for a in states for d in ("", "d")):
        if getattr(fresh.layer, name, "missing") is not None:
            yield f"{name} is not None before the first sequence"
    for name in _different(fresh.forward_on(inputs), Hand(pair, inputs).forward(zero)):
        yield f"{name} of the first sequence does not begin from zero"
    given = {a.name: inputs.arguments[a.name].copy() for a in states}
    hand.layer.set_state(*given.values())
    for array in given.values():
        array[...] = 0
    for name in _different(hand.forward_on(inputs), Hand(pair, inputs).forward(inputs)):
        yield f"{name} follows an array that the caller changed after set_state()"


def state_is_forgotten_unless_stateful(pair: Pair, inputs: Inputs) -> Iterator[str]:
    if "stateful" not in pair.options:
        return
    hand = Hand(replace(pair, options={}), inputs)
    first = _copies(hand.forward_on(inputs))
    for name in _different(first, hand.forward_on(inputs)):
        yield f"{name} depends on the sequence before, although the layer is not stateful"
    twice = {a.name: np.concatenate([inputs.arguments[a.name]] * 2, a.forms[0].at("N")) for a in hand.given}
    try:
        hand.forward_on(_with(inputs, twice))
    except Refusal as error:
        yield f"another batch size is refused, although the layer is not stateful: {error}"


def switches_may_be_turned_between_passes(pair: Pair, inputs: Inputs) -> Iterator[str]:
    """An option that is True or False, and an attribute of the layer: a backward pass goes with its forward pass."""
    for name, option in pair.signature.keywords.items():
        if option.choices != (True, False) or not hasattr(Hand(pair, inputs).layer, name):
            continue
        for value in (True, False):
            fresh, other = (Hand(pair, _with_options(inputs, **{name: start})) for start in (value, not value))
            wanted = _run(fresh, inputs)
            other.forward(inputs)
            setattr(other.layer, name, value)
            for tensor in _different(_run(other, inputs), wanted):
                yield f"{tensor} does not follow {name}, which was switched before the forward pass"
            fresh.forward(inputs)
            setattr(fresh.layer, name, not value)
            for tensor in _different(fresh.backward(inputs.cotangents), wanted):
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
                layers[0].forward_on(_with(other, {argument.name: bad}))
                # a size that is free is no fault
                layers[0].forward(inputs)
    runs = [layers[0].backward(other.cotangents), layers[1].backward(inputs.cotangents)]
    if pair.signature.params:
        mixed = _with(inputs, {a.name: other.arguments[a.name] for a in pair.signature.data})
        runs[0] |= layers[0].forward(mixed)
        runs[1] |= layers[1].forward(inputs)
    for name, wanted in runs[1].items():
        if _different({name: wanted}, runs[0]) or np.asarray(runs[0][name]).dtype != np.asarray(wanted).dtype:
            yield f"{name} depends on the dtype of what comes in, or on what was refused"


CHECKS = (
    nothing_of_the_callers_changes,
    second_backward_gives_the_same,
    second_run_gives_the_same,
    gradients_stay_in_place,
    upstream_gradient_is_linear,
    upstream_gradient_of_a_loss_is_1_by_default,
    state_is_carried_set_and_reset,
    state_is_forgotten_unless_stateful,
    switches_may_be_turned_between_passes,
    dtype_is_that_of_the_layer,
    refusals,
)


def _run(hand: Hand, inputs: Inputs) -> dict[str, Any]:
    return {**_copies(hand.forward(inputs)), **hand.backward(inputs.cotangents)}


def _with(inputs: Inputs, arguments: Mapping[str, Array]) -> Inputs:
    return replace(inputs, arguments={**inputs.arguments, **arguments})


def _with_options(inputs: Inputs, **options: Any) -> Inputs:
    return replace(inputs, case=replace(inputs.case, options={**inputs.case.options, **options}))


def _copy(array: Any) -> Any:
    return None if array is None else np.array(array)


def _copies(arrays: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _copy(array) for name, array in arrays.items()}


def _different(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return [name for name in one if not np.array_equal(np.asarray(one[name]), np.asarray(other[name]))]
