"""What the twin says on some inputs: its results, the truth behind them, and the rounding to allow for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from compare.inputs import Case, Inputs, draw
from compare.pair import Pair
from compare.paths import counted
from compare.rounding import WIDE, allowed_u, own_error_u, promised_u
from compare.runs import Run, run_twin


@dataclass(frozen=True)
class Reference:
    """The twin's run in the dtype asked for, and the operations on the longest paths to its tensors."""

    pair: Pair
    inputs: Inputs
    run: Run
    operations: Mapping[str, float]

    @staticmethod
    def on(pair: Pair, inputs: Inputs) -> "Reference":
        """What the twin says on these inputs."""
        return Reference(pair, inputs, *counted(pair, inputs))

    @cached_property
    def truth(self) -> Run | None:
        """The twin's run in `np.longdouble`: asked for only where the paths do not explain a difference."""
        return run_twin(self.pair, self.inputs.astype(WIDE)) if WIDE else None

    def allowed_u(self, name: str, hand_u: float | None = None) -> float:
        """The allowed distance between hand and twin in one tensor, in u: for the path, and for their own errors.

        `hand_u` is the hand's own error; without it the path alone counts, which is all that most tensors need.
        """
        result = self.run.tensors[name]
        own = (0.0, 0.0) if hand_u is None else (self._own_u(name), hand_u)
        return allowed_u(result.dtype, self.operations[name], result.size, *own)

    def resolves(self) -> bool:
        """Whether the twin's own rounding leaves the promised error in sight, in every tensor."""
        return self.truth is None or all(self._own_u(n) <= promised_u(t.dtype) / 8 for n, t in self.run.tensors.items())

    def _own_u(self, name: str) -> float:
        result = self.run.tensors[name]
        return own_error_u(result, self.truth.tensors[name] if self.truth else None, result.dtype)


def reference(pair: Pair, case: Case, dtype: Any) -> Reference:
    """The twin on the inputs of a case."""
    return Reference.on(pair, draw(pair.signature, case).astype(dtype))


def redrawn(ref: Reference, draws: int = 100) -> Reference:
    """The twin on other inputs, for inputs on which rounding hides the error promised to be caught.

    Where a tensor's largest element is the small rest of large ones, no correct computation has many bits. The data
    are smaller each time: no unit that saturates, no variance that is large beside LayerNorm's ε. A mask that drops
    everything is no way out: a gradient that has become zero shows nothing.
    """
    case = ref.inputs.case
    for draw_number in range(1, draws + 1):
        other = replace(case, seed=case.seed + 1000 * draw_number, scale=case.scale / 2)
        found = reference(ref.pair, other, ref.inputs.dtype)
        if all(found.run.tensors[name].any() for name, tensor in ref.run.tensors.items() if tensor.any()):
            break
    return found
