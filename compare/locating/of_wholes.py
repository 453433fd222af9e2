"""Relations of a tensor as a whole: nothing, garbage, a ratio, another one, transposed, with its gates exchanged."""

from dataclasses import replace
from itertools import permutations

import numpy as np

from compare.agreement import relative_error
from compare.locating.operations import equal
from compare.locating.question import Question, Relation
from compare.locating.ratios import constant_ratio, name_of
from compare.locating.recognising import says_something
from compare.runs import run_twin


def not_written(q: Question) -> Relation | None:
    """Numbers that stood in memory before."""
    with np.errstate(invalid="ignore"):
        garbage = ~np.isfinite(q.found) | (np.abs(q.found) > 1e100)
    if not garbage.any():
        return None
    text = f"holds {q.found[garbage][0]:.3g}, which no computation gives: memory is read before it is written"
    return Relation("memory", text)


def all_zero(q: Question) -> Relation | None:
    """Nothing at all."""
    if q.found.any() or not q.wanted.any():
        return None
    return Relation("missing", "is all zero: nothing was ever put into it")


def single(q: Question) -> Relation | None:
    """As many bits as float32 keeps."""
    error = relative_error(q.found, q.wanted)
    if not 2.0**-34 < error < 2.0**-18:
        return None
    return Relation("precision", f"agrees to {-np.log2(error):.0f} of 53 bits: rounded to float32 on the way")


def another(q: Question) -> Relation | None:
    """The gradient of another argument."""
    for name, other in q.others.items():
        if says_something(other) and equal(q.found, other):
            return Relation("slot", f"is the gradient of {name}, not of {q.name or 'what it stands for'}")
    return None


def ratio(q: Question) -> Relation | None:
    """A constant times what it should be, and which count the constant is."""
    ratio = constant_ratio(q.found, q.wanted)
    said = name_of(ratio, q.counts) if ratio is not None else ""
    # any two numbers have a ratio
    if ratio is None or (q.wanted.size == 1 and not said):
        return None
    if np.isclose(ratio, -1):
        return Relation("sign", "has the opposite sign")
    text = f"is {said or f'{ratio:.4g} times'} what it should be"
    if q.shares and np.isclose(ratio, 2):
        return Relation("accumulate", f"{text}: counted twice, or kept from a call before")
    upstream = q.counts.get("the upstream gradient")
    if upstream and (np.isclose(ratio, upstream) or np.isclose(ratio, 1 / upstream)):
        used = "used twice" if np.isclose(ratio, upstream) else "ignored"
        return Relation("upstream", f"{text}: the upstream gradient is {used}")
    return Relation("ratio", text)


def transposed(q: Question) -> Relation | None:
    """Its axes exchanged."""
    if q.wanted.ndim < 2:
        return None
    for axes in permutations(range(q.found.ndim)):
        if axes != tuple(range(q.found.ndim)) and equal(q.found.transpose(axes), q.wanted):
            return Relation("transpose", f"is what it should be, transposed: has shape {q.found.shape}")
    return None


def gates_permuted(q: Question) -> Relation | None:
    """The blocks of the gates in another order."""
    gates = q.tape.names.gates
    if not q.found.ndim or not gates.split(q.found.shape[-1]):
        return None
    H, n = gates.H, len(gates.letters)
    blocks = [q.wanted[..., k * H : (k + 1) * H] for k in range(n)]
    letters = q.tape.convention.order or gates.letters
    for order in permutations(range(n)):
        if order != tuple(range(n)) and equal(q.found, np.concatenate([blocks[k] for k in order], axis=-1)):
            stand = "".join(letters[k] for k in order)
            return Relation("index", f"has the gates in the order {stand} in place of {letters}")
    return None


def columns_permuted(q: Question) -> Relation | None:
    """The same columns, or rows, in another order."""
    for axis, what in ((-1, "columns"), (0, "rows")):
        if q.wanted.ndim < 2 or q.wanted.shape[axis] > 512:
            continue
        found, wanted = (np.moveaxis(a, axis, 0).reshape(a.shape[axis], -1) for a in (q.found, q.wanted))
        order = [np.abs(wanted - row).max(axis=1).argmin() for row in found]
        if len(set(order)) == len(order) and equal(found, wanted[order]):
            return Relation("index", f"has the right {what} in another order")
    return None


def upstream_ignored(q: Question) -> Relation | None:
    """The gradient for an upstream gradient of 1."""
    run = q.tape.traced
    if not q.name:
        return None
    ones = {name: np.ones_like(array) for name, array in run.inputs.cotangents.items()}
    plain = run_twin(run.pair, replace(run.inputs, cotangents=ones)).grads.get(f"d{q.name}")
    if plain is None or not equal(q.found, q.tape.theirs(plain)):
        return None
    return Relation("upstream", "is the gradient for an upstream gradient of 1: the one given is ignored")
