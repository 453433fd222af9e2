"""The arguments that a layer must refuse: those that its twin refuses, each with a sentence that names the culprit."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from compare.agreement import Array
from compare.inputs import Inputs
from compare.pairs import Pair
from compare.runs import Hand
from tiny_autograd_rnn.signature import LABELS, ONE_HOT, Argument

Refusal = (TypeError, ValueError, RuntimeError)


def refusals(pair: Pair, inputs: Inputs) -> Iterator[str]:
    """A sentence for every bad argument that the hand takes without objection, or refuses without naming it."""
    for argument in pair.signature.arguments:
        for what, bad in bad_arguments(argument, inputs):
            changed = replace(inputs, arguments={**inputs.arguments, argument.name: bad})
            if _refused(pair.twin, *changed.arguments.values()):
                # a state is set under its own name: h0 comes in as h
                name = argument.name.removesuffix("0") if argument in pair.signature.states else argument.name
                yield from _must_refuse(name, what, _forward, pair, changed)
    for output in pair.signature.outputs:
        for what, bad in bad_cotangents(inputs.cotangents[output.name]):
            changed = replace(inputs, cotangents={**inputs.cotangents, output.name: bad})
            yield from _must_refuse(_upstream(pair, inputs, output), what, _backward, pair, changed)
    yield from _must_refuse("forward", "backward without it", _early_backward, pair, inputs)
    if pair.signature.states:
        yield from _must_refuse("state", "another batch size than that of the carried one", _other_batch, pair, inputs)


def bad_arguments(argument: Argument, inputs: Inputs) -> Iterator[tuple[str, Any]]:
    """What is wrong, and the argument in which it is; some axes may be free to have another size."""
    good = inputs.arguments[argument.name]
    yield "a list", good.tolist()
    yield "a wrong number of axes", good[..., np.newaxis, np.newaxis]
    yield "an empty axis", good[:0]
    for axis, letter in enumerate(argument.axes):
        yield f"a wrong size of axis {letter}", np.concatenate([good, good.take([0], axis)], axis)
    if argument.floats:
        yield "integers", np.ones(good.shape, int)
        yield from ((f"a value {number}", _spoilt(good, number)) for number in (np.nan, np.inf))
        return
    V = inputs.case.sizes["V"]
    yield "floats", good.astype(float)
    yield from ((f"an id {number}", _spoilt(good, number)) for number in (V, -2 if argument.note == LABELS else -1))
    if any(form.note == ONE_HOT for form in argument.forms):
        for what, row in (("a row without a 1", 0.0), ("a row of halves", 0.5), ("a row of ones", 1.0)):
            targets = np.eye(V)[np.zeros(good.shape, int)]
            targets[-1, -1] = row
            yield what, targets


def bad_cotangents(good: Array) -> Iterator[tuple[str, Array]]:
    """What is wrong, and the upstream gradient in which it is; one that ends early would lose the rest in silence."""
    yield "a wrong number of axes", np.stack([good] * 2)
    yield "a NaN", good * np.nan
    for axis in range(good.ndim):
        yield f"a gradient cut short along axis {axis}", good.take(range(good.shape[axis] - 1), axis)


def _upstream(pair: Pair, inputs: Inputs, output: Argument) -> str:
    """What the hand calls the gradient of an output: its own name for the first, `dh` for a carried state h."""
    first, *carried = pair.signature.outputs
    if output in carried:
        return f"d{output.name}"
    return next(iter(inspect.signature(Hand(pair, inputs).layer.backward).parameters))


def _spoilt(good: Array, number: float) -> Array:
    spoilt = good.copy()
    spoilt.flat[-1] = number
    return spoilt


def _refused(function: Callable[..., Any], *arguments: Any) -> str:
    try:
        function(*arguments)
    except Refusal as error:
        return str(error)
    return ""


def _must_refuse(
    name: str, what: str, call: Callable[[Pair, Inputs], Any], pair: Pair, inputs: Inputs
) -> Iterator[str]:
    try:
        message = _refused(call, pair, inputs)
    except Exception as error:  # anybody's code may fail in any way
        yield f"{name}: fails on {what} with {type(error).__name__}: {error}"
        return
    if not message:
        yield f"{name}: takes {what} without objection"
    elif not re.search(rf"\b{name}\b", message):
        yield f"{name}: refuses {what}, but the message does not name it: {message}"


def _forward(pair: Pair, inputs: Inputs) -> Mapping[str, Any]:
    return Hand(pair, inputs).forward(inputs)


def _backward(pair: Pair, inputs: Inputs) -> Mapping[str, Any]:
    hand = Hand(pair, inputs)
    hand.forward(inputs)
    return hand.backward(inputs.cotangents)


def _early_backward(pair: Pair, inputs: Inputs) -> Mapping[str, Any]:
    return Hand(pair, inputs).backward(inputs.cotangents)


def _other_batch(pair: Pair, inputs: Inputs) -> None:
    hand = Hand(pair, inputs)
    hand.forward(inputs)
    fewer = {a.name: inputs.arguments[a.name][1:] for a in hand.given}
    hand.forward_on(replace(inputs, arguments={**inputs.arguments, **fewer}))
