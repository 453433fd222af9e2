"""The arguments that a layer must refuse: those that its twin refuses, each with a sentence that names the culprit."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from compare.agreement import Array
from compare.inputs import Inputs
from compare.pair import Pair
from compare.runs import Hand
from tiny_autograd_rnn.forms import BINARY, LABELS, MASK, ONE_HOT, POSITIVE, RATIO, Argument
from tiny_autograd_rnn.signature import Signature

Refusal = (TypeError, ValueError, RuntimeError)


def refusals(pair: Pair, inputs: Inputs) -> Iterator[str]:
    """A sentence for every bad argument that the hand takes without objection, or refuses in words of its own."""
    for argument in pair.signature.arguments:
        for what, bad in (*bad_arguments(argument, inputs), *_other_kinds(pair, argument, inputs)):
            changed = replace(inputs, arguments={**inputs.arguments, argument.name: bad})
            told = _refused(pair.twin, *changed.arguments.values())
            if told:
                wanted = _as_the_hand_says(pair, argument, told)
                yield from _must_refuse(*wanted, what, _forward, pair, changed)
                # scores alone take the first of the data: nothing there to be at odds with the others
                if hasattr(pair.hand, "predict") and argument is pair.signature.data[0] and ", as " not in told:
                    yield from _must_refuse(*wanted, f"{what} in predict", _predict, pair, changed)
    for name, value in bad_options(pair.signature):
        told = _refused(partial(pair.twin, **{name: value}), *inputs.arguments.values())
        changed = replace(inputs, case=replace(inputs.case, options={**inputs.case.options, name: value}))
        opening = f"{pair.hand.__name__}: {told.partition(': ')[2]}"
        yield from _must_refuse(name, opening, f"the option {value!r}", Hand, pair, changed)
    layer = pair.hand.__name__
    backward = f"{layer}.backward: "
    for output in pair.signature.outputs:
        name = _upstream(pair, inputs, output)
        for what, bad in bad_cotangents(inputs.cotangents[output.name]):
            changed = replace(inputs, cotangents={**inputs.cotangents, output.name: bad})
            opening = f"{backward}{name} {'is a list' if isinstance(bad, list) else ''}"
            yield from _must_refuse(name, opening, what, _backward, pair, changed)
    yield from _must_refuse("forward", backward, "backward without it", _early_backward, pair, inputs)
    if hasattr(pair.hand, "predict"):
        yield from _must_refuse("forward", backward, "backward after predict", _backward_after_predict, pair, inputs)
    if pair.signature.states:
        first = next(iter(_fewer(pair, inputs)))
        shape = _fewer(pair, inputs)[first].shape
        opening = f"{layer}.forward: {first} has shape {shape}, N = {shape[0]}, but the carried state "
        what = "another batch size than that of the carried one"
        yield from _must_refuse("state", opening, what, _other_batch, pair, inputs)


def _as_the_hand_says(pair: Pair, argument: Argument, told: str) -> tuple[str, str]:
    """The name and the sentence wanted of the hand, from the twin's: `affine: W …` is `Affine: W …`.

    A state is set under its own name, h0 as h, by a call of its own; where its batch size does not fit the data, the
    hand sees that later than the twin, and no sentence is asked for.
    """
    sentence = told.partition(": ")[2]
    culprit, source = sentence.split()[0], sentence.partition(", as ")[2].partition(" ")[0]
    names = {a.name: a.name.removesuffix("0") for a in pair.signature.states}
    name = names.get(argument.name, argument.name)
    if culprit in names:
        known = source in {a.name for a in pair.signature.data}
        said = re.sub(rf"\b{culprit}\b", names[culprit], sentence)
        return name, "" if known else f"{pair.hand.__name__}.set_state: {said}"
    learned = culprit in {a.name for a in pair.signature.params}
    return name, f"{pair.hand.__name__}{'' if learned else '.forward'}: {sentence}"


def _other_kinds(pair: Pair, argument: Argument, inputs: Inputs) -> Iterator[tuple[str, Any]]:
    """No array at all; too few axes; many faults, of which the first is told; for a parameter, a dtype of its own."""
    good = inputs.arguments[argument.name]
    yield "a number", 1.0
    yield "too few axes", good[0]
    if argument.note == MASK:
        yield "floats", good.astype(float)
    if argument.floats:
        yield "nothing but NaN", np.full_like(good, np.nan)
    if argument in pair.signature.params[1:]:
        yield from ((f"dtype {dtype.__name__}", good.astype(dtype)) for dtype in (np.half, np.longdouble))


def bad_arguments(argument: Argument, inputs: Inputs) -> Iterator[tuple[str, Any]]:
    """What is wrong, and the argument in which it is; some axes may be free to have another size."""
    good = inputs.arguments[argument.name]
    yield "a list", good.tolist()
    yield "a wrong number of axes", good[..., np.newaxis, np.newaxis]
    yield "an empty axis", good[:0]
    for axis, named in enumerate(argument.axes):
        yield f"a wrong size of axis {named.text}", np.concatenate([good, good.take([0], axis)], axis)
        if not named.letter and named.times > 1:
            yield f"a smaller size of axis {named.text}", good.take(range(named.times - 1), axis)
        if named.letter and named.times > 1:
            more = good.take(range(named.times), axis, mode="wrap")
            yield f"a larger size of axis {named.text}", np.concatenate([good, more], axis)
    if argument.floats or argument.note == MASK:
        yield "integers", np.ones(good.shape, int)
        numbers = (np.nan, np.inf) if argument.floats else ()
        yield from ((f"a value {number}", _spoilt(good, number)) for number in numbers)
        return
    V = 2 if argument.note == BINARY else inputs.case.sizes["V"]
    below = -2 if argument.note == LABELS else -1
    yield "floats", good.astype(float)
    yield from ((f"an id {number}", _spoilt(good, number)) for number in (V, V + 1, below))
    if any(form.note == ONE_HOT for form in argument.forms):
        for what, row in (
            ("a row without a 1", ()),
            ("a row of two halves", (0.5, 0.5)),
            ("a row of two ones", (1, 1)),
            ("a row of two ones whose sum is 1", (1, 1, -1)),
        ):
            targets = np.eye(V)[np.zeros(good.shape, int)]
            targets.reshape(-1, V)[-1] = [*row, *[0] * V][:V]
            yield what, targets


def bad_options(signature: Signature) -> Iterator[tuple[str, Any]]:
    """An option, and a value that it may not have; of a rule, the numbers at its border."""
    borders: dict[str, tuple[Any, ...]] = {RATIO: (1, 1.5, -1e-9, np.nan, "0.5"), POSITIVE: (0, -1.0, np.nan, "1")}
    for name, option in signature.keywords.items():
        bad = borders.get(option.rule, ("no such value",) if option.choices else ())
        yield from ((name, value) for value in bad)


def bad_cotangents(good: Array) -> Iterator[tuple[str, Any]]:
    """What is wrong, and the upstream gradient in which it is; one that ends early would lose the rest in silence."""
    yield "a list", [good.tolist()]
    yield "a wrong number of axes", np.stack([good] * 2)
    yield "a NaN", good * np.nan
    for axis in range(good.ndim):
        yield f"a gradient cut short along axis {axis}", good.take(range(good.shape[axis] - 1), axis)


def _upstream(pair: Pair, inputs: Inputs, output: Argument) -> str:
    """What the hand calls the gradient of an output: the name of that parameter of its backward pass."""
    place = pair.signature.outputs.index(output)
    return list(inspect.signature(Hand(pair, inputs).layer.backward).parameters)[place]


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
    name: str, opening: str, what: str, call: Callable[[Pair, Inputs], Any], pair: Pair, inputs: Inputs
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
    elif not message.startswith(opening):
        yield f"{name}: refuses {what} in other words than {opening!r}: {message}"


def _forward(pair: Pair, inputs: Inputs) -> Mapping[str, Any]:
    return Hand(pair, inputs).forward(inputs)


def _predict(pair: Pair, inputs: Inputs) -> Any:
    return Hand(pair, inputs).layer.predict(inputs.arguments[pair.signature.data[0].name])


def _backward(pair: Pair, inputs: Inputs) -> Mapping[str, Any]:
    hand = Hand(pair, inputs)
    hand.forward(inputs)
    return hand.backward(inputs.cotangents)


def _early_backward(pair: Pair, inputs: Inputs) -> Mapping[str, Any]:
    return Hand(pair, inputs).backward(inputs.cotangents)


def _backward_after_predict(pair: Pair, inputs: Inputs) -> Mapping[str, Any]:
    hand = Hand(pair, inputs)
    hand.forward(inputs)
    hand.layer.predict(inputs.arguments[pair.signature.data[0].name])
    return hand.backward(inputs.cotangents)


def _other_batch(pair: Pair, inputs: Inputs) -> None:
    hand = Hand(pair, inputs)
    hand.forward(inputs)
    hand.forward_on(replace(inputs, arguments={**inputs.arguments, **_fewer(pair, inputs)}))


def _fewer(pair: Pair, inputs: Inputs) -> dict[str, Array]:
    """The data of all but the first of the batch."""
    batch = {a.name: a.forms[0].at("N") for a in Hand(pair, inputs).given}
    return {name: np.delete(inputs.arguments[name], 0, axis) for name, axis in batch.items()}
