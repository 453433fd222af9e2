"""What is asked of a stranger's layer: its numbers on every kind of input, then what a layer owes its caller.

The numbers decide whether it is right; what leaves the numbers of a first pass right is *fragile*. Nothing stops at the
first failure.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from compare.cases import cases, sizes
from compare.checking.checks import CHECKS, Broken
from compare.checking.sandbox import StrangerError
from compare.checking.source import Severity
from compare.checking.trial import STRANGE, Outcome, Row, Trial
from compare.inputs import Case
from compare.pair import Pair
from tiny_autograd_rnn.forms import ONE_HOT, STEP_MASK, TWO_BIASES

Kind = Literal["core", "edge"]

# steps enough that what is carried over time shows; a stranger's loops may be slow
LONG = 12
# with a single class, targets in either form have the same shape
EDGES = ("extreme logits", "saturated gates", "all ignored", ONE_HOT, "V = 1")


def battery_cases(trial: Trial) -> Iterator[tuple[Kind, Case]]:
    """The cases of the twin that any layer of its kind must take, and those at which a sound one still works."""
    pair = Pair(lambda: None, trial.subject.role.twin, long=LONG, name=trial.subject.name)
    for case in cases(pair, seeds=2):
        exact = trial.subject.role.exact
        if (case.options or case.special in (TWO_BIASES, STEP_MASK)) and not exact:
            continue
        # a mask that the layer draws is no case of ours
        if not (trial.subject.role.draws and "mask" in case.special):
            edge = (case.special in EDGES or case.name in EDGES) and not exact
            # who turns one-hot targets into ids means to take them
            meant = case.special == ONE_HOT and "argmax" in trial.subject.text
            yield ("edge" if edge and not meant else "core"), case


def numbers(trial: Trial, forward_only: bool = False) -> Iterator[tuple[Kind, Outcome]]:
    """The outcome of every case; after an exception on the usual sizes the others would end with it too.

    `forward_only`: what a backward pass does is not asked about. Why it stops at a layer that had to be ended: each
    further case would take as long.
    """
    for kind, case in battery_cases(trial):
        outcome = trial.run(case)
        if forward_only:
            raised = outcome.error if outcome.stage in ("constructor", "forward") else None
            outcome = replace(outcome, grads=(), error=raised)
        yield kind, outcome
        if isinstance(outcome.error, StrangerError) and outcome.error.kind != "exception":
            return
        if outcome.error and case.name == "seed 0":
            return


def contract(trial: Trial, right: bool) -> Iterator[Broken]:
    """Every check of the contract that fits the protocol, and the numbers, right or not.

    An exception is a finding of the check that it ends.
    """
    case = Case("contract", sizes(trial.signature))
    again = True
    for check in CHECKS:
        if trial.subject.role.protocol not in check.protocols or (check.of_right and not right):
            continue
        if check.goes_back_twice and not again:
            continue
        try:
            for broken in check.ask(trial, case):
                again = again and broken.check != "second_backward"
                fails = trial.subject.role.exact and broken.severity == "warning"
                yield replace(broken, severity="error") if fails else broken
        except STRANGE as error:
            message = f"{check.name}: {type(error).__name__ if not isinstance(error, StrangerError) else ''} {error}"
            severity: Severity = "error" if check.must_run else "warning"
            yield Broken(check.name.replace(" ", "_"), message.replace(":  ", ": "), severity, raised=True)
            if isinstance(error, StrangerError) and error.kind != "exception":
                # what had to be ended once would have to be ended at every check
                return


def worst(rows: list[Row]) -> Row:
    """The row that says most of a tensor: the first that is off, on the plainest case; else that of the fewest bits."""
    off = [row for row in rows if row.grade == "off"]
    return off[0] if off else min(rows, key=lambda row: (row.grade == "agrees", row.bits))
