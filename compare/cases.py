"""The cases that a pair is compared on, read off its signature, and what a set of cases must not leave out."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from compare.agreement import Array
from compare.inputs import DISTINCT, EXTREME, HUGE, Case, Inputs
from compare.pair import Pair
from tiny_autograd_rnn.forms import (
    BINARY,
    GATES,
    GRADIENT,
    IDS,
    LABELS,
    LOGITS,
    MASK,
    ONE_HOT,
    POSITIVE,
    RATIO,
    STEP_MASK,
    TWO_BIASES,
    Argument,
)
from tiny_autograd_rnn.signature import Signature

# beside the default: a number that is not its own complement, and one that drops nothing; one below, one above; a
# whole number may come as an int
TRIED = {RATIO: (0.2, 0), POSITIVE: (1e-3, 1000)}


def sizes(signature: Signature) -> dict[str, int]:
    """A size for each axis, no two alike: an axis that has no size of its own gets the next free one."""
    found: dict[str, int] = {}
    for axis in signature.axes:
        free = max([*DISTINCT.values(), *found.values()]) + 1
        found[axis] = DISTINCT.get(axis, free)
    return found


def cases(pair: Pair, seeds: int = 3) -> tuple[Case, ...]:
    """Several seeds, every axis at 1 in turn, a long sequence, and what the notes and options call for."""
    signature = pair.signature
    base = sizes(signature)
    notes = {form.note for a in signature.arguments for form in a.forms}
    found = [Case(f"seed {seed}", base, seed) for seed in range(seeds)]
    # of a model over chunks, a single chunk alone: the other axes are the model's own
    found += [Case(f"{axis} = 1", {**base, axis: 1}) for axis in base if pair.layer or axis == "K"]
    if "T" in base:
        # over all chunks, where there are several
        steps = pair.long // base.get("K", 1)
        found.append(Case(f"T = {steps}", {**base, "T": steps}))
    if signature.params and pair.layer:
        found.append(Case("zero weights", base, special="zero weights"))
    if LOGITS in notes:
        # rows enough that some are sure of a wrong target
        found.append(Case("extreme logits", {**base, "N": 4 * base["N"]}, special="extreme logits"))
    if GATES in notes:
        found.append(Case("saturated gates", base, special="saturated gates"))
    if GRADIENT in notes:
        found.append(Case("huge gradients", base, special="huge gradients"))
        # none at all; and norms a little below 1 and above, though no number is as large
        found += [Case(f"gradients times {scale}", base, scale=scale) for scale in (0, 0.15, 0.25)]
    found += [Case(note, base, special=note) for note in (ONE_HOT, STEP_MASK, TWO_BIASES) if note in notes]
    if MASK in notes:
        found += [Case(special, base, special=special) for special in ("mask keeps all", "mask keeps none")]
    if LABELS in notes:
        found.append(Case("all ignored", base, special="all ignored"))
    if LABELS in notes and pair.layer:
        # one label alone: a mean over it is no mean
        found.append(Case("N = T = 1", {**base, **{axis: 1 for axis in ("N", "T") if axis in base}}))
        # a class like any other, and a number that is no index of one
        found += [Case(f"ignore_label {label}", base, options={"ignore_label": label}) for label in (2, -100)]
    return (*found, *_options(signature, base, notes))


def _options(signature: Signature, base: Mapping[str, int], notes: set[str]) -> Iterator[Case]:
    """Every option at every other value that it has; at those that are names, with every form of the parameters."""
    forms = ("", TWO_BIASES) if TWO_BIASES in notes else ("",)
    for name, option in signature.keywords.items():
        for value in (*option.choices, *TRIED.get(option.rule, ())):
            if value != option.default:
                for form in forms:
                    yield Case(f"{name} {value} {form}".strip(), base, special=form, options={name: value})


def left_out(signature: Signature, drawn: Iterable[Inputs]) -> tuple[str, ...]:
    """What none of the inputs tried, so that a fault there would have passed."""
    drawn = tuple(drawn)
    missing = []
    if not any(len(set(i.case.sizes.values())) == len(i.case.sizes) for i in drawn):
        missing.append("axes of different sizes: equal ones hide a transpose")
    for argument in signature.arguments:
        missing += _untried(signature, argument, [(i, i.arguments[argument.name]) for i in drawn])
    gradients = [a.name for a in signature.arguments if a.note == GRADIENT]
    largest = [max(float(np.abs(i.arguments[name]).max()) for name in gradients) for i in drawn if gradients]
    if gradients and 0 not in largest:
        missing.append("gradients that are all zero")
    if gradients and max(largest) < HUGE:
        missing.append("gradients whose squares overflow")
    for option, given in signature.keywords.items():
        ratios = {i.case.options.get(option, given.default) for i in drawn}
        if given.rule == RATIO and ratios <= {0, 0.5}:
            missing.append(f"a {option} that drops some and is not its own complement")
    for output in signature.outputs:
        if all((i.cotangents[output.name] == 1).all() for i in drawn):
            missing.append(f"an upstream gradient d{output.name} other than 1")
    return tuple(missing)


def _untried(signature: Signature, argument: Argument, arrays: list[tuple[Inputs, Array]]) -> Iterator[str]:
    """What the values of one argument, over all inputs, never were."""
    name, values = argument.name, [a for _, a in arrays]
    usual = [a for a in values if a.ndim == len(argument.axes)]
    if argument.note == IDS and not any(_repeats(a, argument.forms[0].at("N")) for a in usual):
        yield f"repeated ids in {name}"
    if argument.note == LABELS:
        default = signature.options["ignore_label"]
        labels = [i.case.options.get("ignore_label", default) for i, a in arrays if a.ndim == len(argument.axes)]
        if not any((a == label).any() and (a != label).any() for a, label in zip(usual, labels, strict=True)):
            yield f"ignored labels among others in {name}"
    if argument.note == LOGITS and not any(np.abs(a).max() >= EXTREME for a in values):
        yield f"logits {name} so far apart that probabilities underflow"
    if argument.note == BINARY:
        yield from (f"a {number} in {name}" for number in (0, 1) if not any((a == number).any() for a in values))
    if argument.note == MASK:
        if not any(a.any() and not a.all() for a in usual):
            yield f"a mask {name} that keeps some"
        if not any(a.all() for a in usual):
            yield f"a mask {name} that keeps all"
        if not any(not a.any() for a in usual):
            yield f"a mask {name} that keeps none"
    for form in argument.forms:
        own = [a for a in values if a.ndim == len(form.axes)]
        if form.note == STEP_MASK and not any((a != a.take([0], form.at("T"))).any() for a in own):
            yield f"a mask {name} that differs from step to step"
    if argument.note == GATES:
        largest = [float(np.abs(a).max()) for a in values]
        if not any(number < 10 for number in largest):
            yield f"gates that do not saturate by {name}"
        if not any(number >= EXTREME / 10 for number in largest):
            yield f"gates that saturate by {name}"
    if argument in signature.states and not any(a.any() for a in values):
        yield f"a state {name} other than zero"


def _repeats(ids: Any, batch: int) -> bool:
    return ids.shape[batch] > 1 and bool((ids.take([0], batch) == ids.take([-1], batch)).any())
