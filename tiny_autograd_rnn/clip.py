"""Gradient clipping by the global norm as a pure function: of any list of gradients, and of those of one layer."""

from collections.abc import Sequence
from typing import Annotated

import autograd.numpy as np
from autograd.builtins import tuple as traced_tuple
from autograd.tracer import getval

from tiny_autograd_rnn.signature import POSITIVE, Array, Float, specified


def global_norm(grads: Sequence[Array]) -> Array:
    """‖g‖ = √(Σ g²) over all elements of all gradients, without overflow: the largest is taken out before squaring."""
    # not traced: m √(Σ (g/m)²) is the same for every m, so no gradient flows through m
    m = max(np.abs(getval(grad).real).max() for grad in grads) or 1.0
    norm: Array = np.sqrt(sum(np.sum((grad / m) * (grad / m)) for grad in grads)) * m
    return norm


def clipped(grads: Sequence[Array], max_norm: float) -> list[Array]:
    """g s, with s = max_norm/‖g‖ where ‖g‖ > max_norm, else 1; g is all the gradients as one long vector"""
    norm = global_norm(grads)
    s = float(max_norm) / norm if getval(norm).real > max_norm else 1.0
    return [grad * s for grad in grads]


@specified
def clip_grads(
    dW: Float[Array, "D H"], db: Float[Array, "H"], /, *, max_norm: Annotated[float, POSITIVE] = 1.0
) -> tuple[Annotated[Float[Array, "D H"], "dW"], Annotated[Float[Array, "H"], "db"]]:
    """dW, db = dW s, db s, s = max_norm/‖g‖ where ‖g‖ = √(Σ dW² + Σ db²) > max_norm, else 1"""
    return traced_tuple(clipped([dW, db], max_norm))
