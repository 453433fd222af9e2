"""Which of the known conventions a forward pass follows: the order of the gates, and where a reset gate acts."""

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations, product
from typing import Any

import numpy as np

from compare.agreement import Array, relative_error
from compare.cases import sizes
from compare.checking.convention import Convention
from compare.checking.sandbox import Session, StrangerError
from compare.checking.subjects import Subject
from compare.checking.trial import STRANGE, Trial
from compare.inputs import Case, Inputs
from compare.runs import Hand, twin_forward

# far from rounding, in float32 too, and far from another convention
_SAME = 1e-4


def settled(subject: Subject, session: Session, keeps_state: bool) -> Trial:
    """The subject with the conventions of its forward pass; where it fits none, with those that it is nearest to.

    A mistake changes what comes out, and another convention changes it too: with the right one less is changed.
    """
    nearest: Trial | None = None
    least = math.inf
    for convention, options in candidates(subject):
        trial = Trial(subject, session, convention, options, keeps_state)
        nearest = nearest or trial
        if not (subject.role.gates or subject.role.conventions):
            return trial
        try:
            distance = _distance(trial)
        except StrangerError as error:
            if error.kind != "exception":
                break
            continue
        except STRANGE:
            break
        # what is drawn says little of how it is scaled: of a layer that draws nothing but the same counts
        if distance < least and not (subject.role.draws and distance):
            nearest, least = trial, distance
        if distance == 0:
            break
    assert nearest is not None
    return nearest


def _distance(trial: Trial) -> float:
    """How far the outputs are from the twin's, by the sum of squares; 0 where they are the same up to rounding."""
    case = Case("conventions", sizes(trial.signature))
    inputs, pair = trial.inputs(case), trial.pair(case)
    found, wanted = Hand(pair, inputs).forward(inputs), twin_forward(pair, inputs)
    if any(found[name].shape != out.shape for name, out in wanted.items()):
        return math.inf
    if all(relative_error(found[name], out) < _SAME for name, out in wanted.items()):
        return 0.0
    off = sum(float(np.sum(np.square(found[name] - out))) for name, out in wanted.items())
    return off if math.isfinite(off) else math.inf


def by_others(trial: Trial, inputs: Inputs) -> Iterator[dict[str, Array]]:
    """What the twin gives by every other convention, on the parameters that the stranger has by this one."""
    learned = trial.signature.params
    given = trial.convention.theirs([inputs.arguments[a.name] for a in learned], learned)
    for convention, options in candidates(trial.subject):
        if (convention, options) != (trial.convention, trial.options):
            ours = dict(zip((a.name for a in learned), convention.ours(given, learned), strict=True))
            pair = replace(trial.pair(inputs.case), options=options)
            yield twin_forward(pair, replace(inputs, arguments={**inputs.arguments, **ours}))


def candidates(subject: Subject) -> Iterator[tuple[Convention, dict[str, Any]]]:
    """The conventions that there are for a layer of its kind, the usual one first."""
    role = subject.role
    names = list(role.conventions)
    orders = ["".join(order) for order in permutations(role.gates)]
    first = [role.first or role.gates]
    for order in first + [order for order in orders if order not in first]:
        for negated in ("", "z") if "z" in role.gates else ("",):
            for values in product(*role.conventions.values()):
                yield Convention(role.gates, order, negated), dict(zip(names, values, strict=True))
