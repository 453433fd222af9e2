"""The cases that a pair is compared on, read off its signature, and what a set of cases must not leave out."""

from collections.abc import Iterable

from compare.inputs import DISTINCT, Case, Inputs
from tiny_autograd_rnn.signature import IDS, LABELS, LOGITS, ONE_HOT, Signature

LONG = 200


def sizes(signature: Signature) -> dict[str, int]:
    """A size for each axis, no two alike: an axis that has no size of its own gets the next free one."""
    found: dict[str, int] = {}
    for axis in signature.axes:
        free = max([*DISTINCT.values(), *found.values()]) + 1
        found[axis] = DISTINCT.get(axis, free)
    return found


def cases(signature: Signature, seeds: int = 3) -> tuple[Case, ...]:
    """Several seeds, every axis at 1 in turn, a long sequence, and what the notes in the signature call for."""
    base = sizes(signature)
    notes = {form.note for a in signature.arguments for form in a.forms}
    found = [Case(f"seed {seed}", base, seed) for seed in range(seeds)]
    found += [Case(f"{axis} = 1", {**base, axis: 1}) for axis in base]
    if "T" in base:
        # over all chunks, where there are several
        steps = LONG // base.get("K", 1)
        found.append(Case(f"T = {steps}", {**base, "T": steps}))
    if signature.params:
        found.append(Case("zero weights", base, special="zero weights"))
    if LOGITS in notes:
        found.append(Case("extreme logits", base, special="extreme logits"))
    if ONE_HOT in notes:
        found.append(Case("one-hot", base, special=ONE_HOT))
    if LABELS in notes:
        found.append(Case("all ignored", base, special="all ignored"))
        # one label alone: a mean over it is no mean
        found.append(Case("N = T = 1", {**base, "N": 1, "T": 1}))
        # a class like any other, and a number that is no index of one
        found += [Case(f"ignore_label {label}", base, options={"ignore_label": label}) for label in (2, -100)]
    return tuple(found)


def left_out(signature: Signature, drawn: Iterable[Inputs]) -> tuple[str, ...]:
    """What none of the inputs tried, so that a fault there would have passed."""
    drawn = tuple(drawn)
    missing = []
    if not any(len(set(i.case.sizes.values())) == len(i.case.sizes) for i in drawn):
        missing.append("axes of different sizes: equal ones hide a transpose")
    for argument in signature.data:
        arrays = [(i, i.arguments[argument.name]) for i in drawn]
        if argument.note == IDS:
            batch = argument.axes.index("N")
            if not any((a.take([0], batch) == a.take([-1], batch)).any() and a.shape[batch] > 1 for _, a in arrays):
                missing.append(f"repeated ids in {argument.name}")
        if argument.note == LABELS:
            labels = [(a, i.case.options.get("ignore_label", signature.options["ignore_label"])) for i, a in arrays]
            if not any(
                (a == label).any() and (a != label).any() for a, label in labels if a.ndim == len(argument.axes)
            ):
                missing.append(f"ignored labels among others in {argument.name}")
        if argument in signature.states and not any(a.any() for _, a in arrays):
            missing.append(f"a state {argument.name} other than zero")
    for output in signature.outputs:
        if all((i.cotangents[output.name] == 1).all() for i in drawn):
            missing.append(f"an upstream gradient d{output.name} other than 1")
    return tuple(missing)
