"""How a stranger's gates stand in its columns, and its parameters as the twin has them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from compare.agreement import Array
from compare.gates import negated, reorder
from tiny_autograd_rnn.forms import Argument


@dataclass(frozen=True)
class Convention:
    """How the stranger's parameters stand to the twin's: the order of their gates; a gate that is one minus ours."""

    gates: str = ""
    order: str = ""
    negated: str = ""

    def theirs(self, params: Sequence[Array], learned: Sequence[Argument]) -> list[Array]:
        """The twin's parameters, or their gradients, as the stranger has them."""
        return [self._theirs(p) if self._gated(a) else p for p, a in zip(params, learned, strict=True)]

    def ours(self, grads: Sequence[Any], learned: Sequence[Argument]) -> list[Any]:
        """The stranger's gradients as the twin has them; what is of another shape stays as it is."""
        return [self._ours(g) if self._gated(a) else g for g, a in zip(grads, learned, strict=False)]

    def _theirs(self, param: Array) -> Array:
        param = negated(param, self.gates, self.negated) if self.negated else param
        return reorder(param, self.gates, self.order)

    def _ours(self, grad: Any) -> Any:
        if not isinstance(grad, np.ndarray) or not grad.ndim or grad.shape[-1] % len(self.gates):
            return grad
        grad = reorder(grad, self.order, self.gates)
        return negated(grad, self.gates, self.negated) if self.negated else grad

    def _gated(self, argument: Argument) -> bool:
        return bool(self.gates) and argument.axes[-1].times == len(self.gates)
