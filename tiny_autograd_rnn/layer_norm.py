"""Layer normalisation as a pure function."""

from typing import Annotated

import autograd.numpy as np

from tiny_autograd_rnn.signature import POSITIVE, Array, Float, specified


@specified
def layer_norm(
    x: Float[Array, "N D"],
    /,
    gamma: Float[Array, "D"],
    beta: Float[Array, "D"],
    *,
    eps: Annotated[float, POSITIVE] = 1e-5,
) -> Float[Array, "N D"]:
    """out = γ ⊙ (x − μ) / √(σ² + ε) + β, μ = (1/D) Σ x[n, d], σ² = (1/D) Σ (x[n, d] − μ)²"""
    D = x.shape[1]
    # not np.mean, through which autograd turns float32 gradients into float64
    centred = x - np.sum(x, axis=1, keepdims=True) / D
    variance = np.sum(centred**2, axis=1, keepdims=True) / D
    return gamma * (centred / np.sqrt(variance + float(eps))) + beta
