"""Relations in time: of what steps add up to, and of tensors that have a step for each t."""

import numpy as np

from compare.locating.operations import equal
from compare.locating.question import Question, Relation


def some_shares(q: Question) -> Relation | None:
    """The share of a step alone, or one missing or twice."""
    for t, share in enumerate(q.shares):
        if equal(q.found, share):
            return Relation("accumulate", f"is the share of t = {t} alone, not the sum over all steps")
        if equal(q.found, q.wanted - share):
            return Relation("loop", f"lacks the share of t = {t}")
        if equal(q.found, q.wanted + share):
            return Relation("loop", f"has the share of t = {t} twice")
    return None


def not_carried(q: Question) -> Relation | None:
    """The gradient that would come out if nothing were carried from step t + 1 to step t."""
    for carried, gradients in q.tape.cut.items():
        cut = gradients.get(q.name)
        if cut is not None and equal(q.found, cut) and not equal(cut, q.wanted):
            return Relation("term", f"lacks what comes back through time: ∂L/∂{carried} of t + 1 never arrives at t")
    return None


def in_time(q: Question) -> Relation | None:
    """Wrong at some steps of a sequence."""
    if q.T < 2:
        return None
    right = [equal(q.found[:, t], q.wanted[:, t]) for t in range(q.T)]
    if right == [False] * (q.T - 1) + [True]:
        return Relation("", "is right at the last step, wrong before: what comes from t + 1 is lost or wrong")
    if right == [True] + [False] * (q.T - 1):
        return Relation("", "is right at the first step, wrong after it: the state is not carried on as it should be")
    if equal(q.found, q.wanted[:, ::-1]):
        return Relation("loop", "has the steps in reversed order of time")
    for shift in (1, -1):
        if equal(np.delete(q.found, -1 if shift > 0 else 0, 1), np.delete(q.wanted, 0 if shift > 0 else -1, 1)):
            at = "t − 1" if shift > 0 else "t + 1"
            return Relation("index", f"is shifted by one step: what belongs to t stands at {at}")
    wrong = [t for t in range(q.T) if not right[t]]
    if len(wrong) < q.T:
        empty = " and zero there" if not q.found[:, wrong].any() else ""
        return Relation("loop", f"is wrong at t = {', '.join(map(str, wrong))} only{empty}")
    return None
