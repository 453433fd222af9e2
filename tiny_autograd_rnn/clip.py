"""Gradient clipping by the global norm as a pure function: of any list of gradients, and of those of one layer."""

from collections.abc import Sequence
from typing import Annotated

import autograd.numpy as np
from autograd.builtins import tuple as traced_tuple
from autograd.tracer import getval

from tiny_autograd_rnn.signature import GRADIENT, POSITIVE, Array, Float, specified


def clipped(grads: Sequence[Array], max_norm: float) -> Sequence[Array]:
    """g s, with s = max_norm/‖g‖ where ‖g‖ > max_norm, else 1; g is all the gradients as one long vector"""
    # g = m u, ‖g‖ = m ρ: g² could overflow, u² cannot; m is not traced, as ‖g‖ is the same for any m
    m = max(np.abs(getval(grad).real).max() for grad in grads) or 1.0
    u = [grad / m for grad in grads]
    rho = np.sqrt(sum(np.sum(part**2) for part in u))
    if m * getval(rho).real <= max_norm:
        return grads
    return [part * (float(max_norm) / rho) for part in u]


@specified
def clip_grads(
    dW: Annotated[Float[Array, "D H"], GRADIENT],
    db: Annotated[Float[Array, "H"], GRADIENT],
    /,
    *,
    max_norm: Annotated[float, POSITIVE] = 1.0,
) -> tuple[Annotated[Float[Array, "D H"], "dW"], Annotated[Float[Array, "H"], "db"]]:
    """dW, db = dW s, db s, s = max_norm/‖g‖ where ‖g‖ = √(Σ dW² + Σ db²) > max_norm, else 1"""
    # autograd's tuple: a plain one would come back with all-zero gradients
    return traced_tuple(clipped([dW, db], max_norm))
