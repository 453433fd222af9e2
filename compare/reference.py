"""What the twin says on some inputs: its results, the truth behind them, and the rounding to allow for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from autograd.tracer import getval

from compare.inputs import Case, Inputs, draw
from compare.pair import Pair
from compare.rounding import WIDE, allowed_u, longest_paths, own_error_u, promised_u
from compare.runs import Run, run_twin, traced_twin

_REDRAWS = 10


@dataclass(frozen=True)
class Reference:
    """The twin's run in the dtype asked for, the same in `np.longdouble`, and the operations on the longest paths."""

    inputs: Inputs
    run: Run
    truth: Run | None
    operations: Mapping[str, float]

    def allowed_u(self, name: str, hand_u: float) -> float:
        """The allowed distance between hand and twin in one tensor, in u."""
        result = self.run.tensors[name]
        return allowed_u(result.dtype, self.operations[name], result.size, self._own_u(name), hand_u)

    def resolves(self) -> bool:
        """Whether the twin's own rounding leaves the promised error in sight, in every tensor."""
        return self.truth is None or all(self._own_u(n) <= promised_u(t.dtype) / 8 for n, t in self.run.tensors.items())

    def _own_u(self, name: str) -> float:
        result = self.run.tensors[name]
        return own_error_u(result, self.truth.tensors[name] if self.truth else None, result.dtype)


def reference(pair: Pair, case: Case, dtype: Any) -> Reference:
    """The twin on the first inputs of the case on which rounding does not hide the error promised to be caught.

    Sums that cancel are redrawn: where a tensor's largest element is the small rest of large ones, no correct
    computation has many bits.
    """
    for redraw in range(_REDRAWS):
        # smaller data each time: no variance that is large beside LayerNorm's ε, no unit that saturates
        drawn = replace(case, seed=case.seed + 1000 * redraw, scale=case.scale * 0.5**redraw)
        inputs = draw(pair.signature, drawn).astype(dtype)
        truth = run_twin(pair, inputs.astype(WIDE)) if WIDE else None
        run, operations = _measured(pair, inputs)
        found = Reference(inputs, run, truth, operations)
        if found.resolves():
            break
    return found


def next_reference(pair: Pair, ref: Reference) -> Reference:
    """The twin on the inputs that are drawn when those of a reference are rejected."""
    return reference(pair, replace(ref.inputs.case, seed=ref.inputs.case.seed + 1000), ref.inputs.dtype)


def _measured(pair: Pair, inputs: Inputs) -> tuple[Run, dict[str, float]]:
    """The twin's run, and the rounded operations on the longest path to every output and gradient."""
    floats = [a.name for a in pair.signature.arguments if a.floats]
    runs: list[Run] = []

    def results(*traced: Any) -> list[Any]:
        arguments = {**inputs.arguments, **dict(zip(floats, traced, strict=True))}
        runs.append(traced_twin(pair, replace(inputs, arguments=arguments)))
        return list(runs[0].tensors.values())

    lengths = longest_paths(results, [inputs.arguments[name] for name in floats])
    run = Run(*({n: np.asarray(getval(t)) for n, t in part.items()} for part in (runs[0].outputs, runs[0].grads)))
    return run, dict(zip(run.tensors, lengths, strict=True))
