"""Relations of some rows or elements, of summands and of factors."""

import numpy as np

from compare.locating.operations import equal
from compare.locating.question import Question, Relation
from compare.locating.recognising import says_something
from compare.locating.trace import options
from tiny_autograd_rnn.forms import IDS, LABELS, MASK, ONE_HOT, STEP_MASK


def repeated_ids(q: Question) -> Relation | None:
    """Rows that belong to ids that occur more than once."""
    ids = q.data(IDS)
    if ids is None or q.wanted.ndim != 2 or q.wanted.shape[0] <= ids.max(initial=0):
        return None
    times = np.bincount(ids.ravel(), minlength=len(q.wanted))
    off = np.abs(q.found - q.wanted).max(axis=1) > 1e-9 * np.abs(q.wanted).max()
    if not off.any() or (times[off] < 2).any():
        return None
    if equal(q.found, q.wanted * np.maximum(times, 1)[:, None]):
        return Relation("repeated ids", "has the row of an id that occurs k times k times too large")
    said = ", ".join(map(str, np.flatnonzero(off)[:4]))
    return Relation("repeated ids", f"is wrong only in the rows of repeated ids ({said}): one overwrites another")


def mask(q: Question) -> Relation | None:
    """Wrong only where a label is ignored or a unit dropped."""
    given, mask = q.data(LABELS, ONE_HOT), q.data(MASK, STEP_MASK)
    dropped = None
    if given is not None and q.wanted.shape[:-1] == given.shape:
        run = q.tape.traced
        dropped = given == options(run.pair, run.inputs).get("ignore_label", -1)
    elif mask is not None and mask.shape == q.wanted.shape:
        dropped = ~mask
    if dropped is None or not dropped.any() or dropped.all():
        return None
    if equal(q.found[~dropped], q.wanted[~dropped]):
        return Relation("factor", "is wrong only where the mask drops: the mask is missing, or is not applied here")
    return None


def factor(q: Question) -> Relation | None:
    """Elementwise a value of the tape too many or too few."""
    if not says_something(q.wanted):
        return None
    with np.errstate(all="ignore"):
        for ratio, verb in ((q.found / q.wanted, "has the factor"), (q.wanted / q.found, "lacks the factor")):
            match = q.tape.factors.recognise(ratio, tolerance=1e-7)
            if match and match.how in ("same", "reshaped"):
                too = " too many" if verb.startswith("has") else ""
                return Relation("factor", f"{verb} {match.said}{too}")
    return None


def summand(q: Question) -> Relation | None:
    """Something on the tape too many or too few."""
    for rest, verb, sign in ((q.wanted - q.found, "lacks", ""), (q.found - q.wanted, "has", " too many")):
        match = q.tape.recognise(rest)
        if match and match.how in ("same", "negated"):
            minus = "−" if match.how == "negated" else ""
            return Relation("term", f"{verb} the summand {minus}{match.entry.said}{sign}")
    return None


def something_else(q: Question) -> Relation | None:
    match = q.tape.recognise(q.found)
    if match is None:
        return None
    if match.entry.whole is not None and equal(match.entry.whole, q.wanted):
        return Relation("term", f"is only {match.said}")
    return Relation("operand", f"is {match.said} instead")
