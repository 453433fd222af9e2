"""The three questions, in this order, for one pair on one case, and the worst answer over all cases.

1. Do the two forward passes agree?
2. Is each backward pass the derivative of its own forward pass?
3. Do the two gradients agree?
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from compare.agreement import Array, bits, precision, relative_error, unit_roundoff
from compare.blame import question_derivatives, wrong_backward, wrong_forward
from compare.cases import cases, left_out
from compare.contract import broken
from compare.inputs import Case, Inputs
from compare.pair import Pair
from compare.paths import SHORT
from compare.reference import Reference, redrawn, reference
from compare.report import PairReport, Tensor
from compare.rounding import WIDE, own_error_u, promised_u
from compare.runs import Run, run_hand


def compare_pair(pair: Pair, dtype: Any = np.float64, seeds: int = 3, chosen: Sequence[Case] = ()) -> PairReport:
    """The hand against its twin over all cases: the worst row of each tensor, and what else is amiss.

    A comparison that could not have failed is not passed: what the inputs left out is a row of its own, not ok,
    and so is every part of the layer contract that the hand breaks.
    """
    references = [reference(pair, case, dtype) for case in chosen or cases(pair, seeds)]
    results = [judge(pair, ref) for ref in references]
    rows = [_worst(answers) for answers in zip(*results, strict=True)]
    if all(row.ok for row in rows):
        missing = [
            *_never_moved(references),
            *_never_both(references),
            *left_out(pair.signature, [ref.inputs for ref in references]),
        ]
        rows += [_finding(f"not tried: {what}", "inputs") for what in missing]
        rows += [_finding(what, "hand") for what in broken(pair, dtype)]
    return PairReport(pair.title, _path(pair.twin), _path(pair.hand), tuple(rows), pair.family)


def judge(pair: Pair, ref: Reference, redraws: int = 9) -> tuple[Tensor, ...]:
    """One row a tensor: outputs first, then gradients, which are not judged where the outputs disagree.

    Most are within what the path allows. Where one is not, the own errors of both sides count too; and where these
    are more than they may be, the inputs may be at fault: a sum that cancels, or a 1 − h² of saturated units alone. So
    the hand is judged on others; one that is at fault is so on those too.
    """
    try:
        run = run_hand(pair, ref.inputs)
    except Exception as error:  # anybody's code may fail in any way
        note = f"{type(error).__name__}: {error}"
        return tuple(_missing(ref, name, note) for name in ref.run.tensors)
    rows = _agreeing(pair, ref, run, {})
    if rows:
        return rows
    own_u = _own_errors(pair, ref, run)
    if redraws > 0 and (not ref.resolves() or max(own_u.values()) > promised_u(ref.inputs.dtype) / 8):
        # a hand alone that rounds so much is more often at fault than the inputs are
        return judge(pair, redrawn(ref), redraws - (3 if ref.resolves() else 1))
    return _agreeing(pair, ref, run, own_u) or _blamed(pair, ref, run, own_u)


def _agreeing(pair: Pair, ref: Reference, run: Run, own_u: Mapping[str, float]) -> tuple[Tensor, ...]:
    """The rows if all of them agree, and are derivatives too; otherwise none."""
    outputs, grads = _rows(ref, run, own_u)
    if all(row.ok for row in outputs + grads) and _asked(ref):
        grads = question_derivatives(pair, ref, grads, run)
    return (*outputs, *grads) if all(row.ok for row in outputs + grads) else ()


def _asked(ref: Reference) -> bool:
    """Whether the derivative is asked about too: not at special values, nor where an axis hides a mistake.

    Nor over a long sequence: it repeats the steps of a short one, and the two sides agree on it.
    """
    sizes = ref.inputs.case.sizes
    return not ref.inputs.case.special and min(sizes.values()) > 1 and sizes.get("T", 0) <= SHORT


def _blamed(pair: Pair, ref: Reference, run: Run, own_u: Mapping[str, float]) -> tuple[Tensor, ...]:
    """All rows, where at least one disagrees, with the side that is wrong."""
    outputs, grads = _rows(ref, run, own_u)
    outputs = [
        row if row.ok or row.note else _with_blame(row, wrong_forward(ref, row.name, run.outputs[row.name]))
        for row in outputs
    ]
    if not all(row.ok for row in outputs):
        note = "not judged: the forward passes disagree"
        grads = [replace(row, ok=False, blame="forward", note=note) for row in grads]
    elif not all(row.ok for row in grads):
        grads = [
            row if row.ok or row.note else _with_blame(row, wrong_backward(pair, ref, row.name, run.grads[row.name]))
            for row in grads
        ]
    else:
        grads = question_derivatives(pair, ref, grads, run)
    return (*outputs, *grads)


def _rows(ref: Reference, run: Run, own_u: Mapping[str, float]) -> tuple[list[Tensor], list[Tensor]]:
    """Questions 1 and 3 for all outputs and all gradients; without the hand's own errors, by the path alone."""
    outputs = [_row(ref, name, run.outputs[name], own_u.get(name)) for name in ref.run.outputs]
    return outputs, [_row(ref, name, run.grads[name], own_u.get(name)) for name in ref.run.grads]


def _row(ref: Reference, name: str, found: Any, hand_u: float | None) -> Tensor:
    """Question 1 or 3 for one tensor."""
    b = ref.run.tensors[name]
    if found is None:
        return _missing(ref, name, "missing")
    a = np.asarray(found)
    if a.shape != b.shape:
        return _missing(ref, name, f"has shape {a.shape}, wanted {b.shape}")
    if a.dtype != b.dtype:
        return _missing(ref, name, f"has dtype {a.dtype}, wanted {b.dtype}")
    error, allowed = relative_error(a, b), ref.allowed_u(name, hand_u)
    error_u = error / unit_roundoff(b.dtype)
    return Tensor(name, b.shape, bits(error, precision(b.dtype)), error == 0, error_u, allowed, error_u <= allowed)


def _own_errors(pair: Pair, ref: Reference, run: Run) -> dict[str, float]:
    """How far each tensor of the hand is from the hand in `np.longdouble`, in u; 0 where it cannot compute in that."""
    found = {}
    wide = _wide(pair, ref.inputs)
    for name, b in ref.run.tensors.items():
        a, truth = run.tensors[name], wide.get(name)
        comparable = a is not None and truth is not None and np.shape(a) == truth.shape
        found[name] = own_error_u(np.asarray(a), truth, b.dtype) if comparable else 0.0
    return found


def _wide(pair: Pair, inputs: Inputs) -> dict[str, Array]:
    """The hand in the widest precision; nothing where it cannot compute in it, so that nothing is allowed for it."""
    if not WIDE:
        return {}
    try:
        run = run_hand(pair, inputs.astype(WIDE))
    except Exception:  # anybody's code may fail in any way
        return {}
    return {name: np.asarray(tensor) for name, tensor in run.tensors.items() if tensor is not None}


def _never_moved(references: Sequence[Reference]) -> list[str]:
    names = references[0].run.grads
    return [
        f"a gradient {name} other than zero" for name in names if not any(r.run.grads[name].any() for r in references)
    ]


def _never_both(references: Sequence[Reference]) -> Iterator[str]:
    """Of an output that bears the name of an input, which is that input changed or left as it is: both must come."""
    for name in references[0].run.outputs:
        if name in references[0].inputs.arguments:
            same = [np.array_equal(r.run.outputs[name], r.inputs.arguments[name]) for r in references]
            if all(same):
                yield f"a {name} that comes out changed"
            if not any(same):
                yield f"a {name} that comes out as it went in"


def _worst(rows: Sequence[Tensor]) -> Tensor:
    """The row under most strain, with the shape of the first case; identical only if all are."""
    worst = max(rows, key=lambda row: row.strain)
    return replace(worst, shape=rows[0].shape, identical=all(row.identical for row in rows))


def _with_blame(row: Tensor, blame: str) -> Tensor:
    return replace(row, blame=blame)


def _missing(ref: Reference, name: str, note: str) -> Tensor:
    return Tensor(name, ref.run.tensors[name].shape, 0.0, False, np.inf, 0.0, False, "hand", note)


def _finding(what: str, blame: str) -> Tensor:
    return Tensor(what, (), 0.0, False, np.inf, 0.0, False, blame)


def _path(thing: Any) -> str:
    return f"{thing.__module__}.{thing.__qualname__}"
