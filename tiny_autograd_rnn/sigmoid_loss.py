"""The binary cross-entropy of logits, of rows and of sequences, as pure functions."""

from typing import Annotated

import autograd.numpy as np
from autograd.tracer import getval

from tiny_autograd_rnn.signature import BINARY, LOGITS, Array, Float, Int, specified


@specified
def sigmoid_with_loss(
    x: Annotated[Float[Array, "N"], LOGITS], t: Annotated[Int[Array, "N"], BINARY], /
) -> Annotated[Float[Array, ""], "loss"]:
    """loss = −(1/N) Σ (t log σ(x) + (1 − t) log(1 − σ(x)))"""
    return _mean_cross_entropy(x, t)


@specified
def time_sigmoid_with_loss(
    xs: Annotated[Float[Array, "N T"], LOGITS], ts: Annotated[Int[Array, "N T"], BINARY], /
) -> Annotated[Float[Array, ""], "loss"]:
    """loss = −(1/(N T)) Σ (t log σ(x) + (1 − t) log(1 − σ(x)))"""
    return _mean_cross_entropy(xs, ts)


def _mean_cross_entropy(x: Array, t: Array) -> Array:
    # −log σ(x) = softplus(−x) where t is 1, −log(1 − σ(x)) = softplus(x) where t is 0
    return np.sum(_softplus(x * (1 - 2 * t).astype(getval(x).dtype))) / t.size


def _softplus(x: Array) -> Array:
    """log(1 + exp x) = max(x, 0) + log(1 + exp(−|x|)), without overflow: exp is only taken of what is not positive."""
    # a sign that is not traced: neither max(x, 0) nor |x| has a derivative at 0, but their sum has
    positive = (getval(x).real > 0).astype(getval(x).dtype)
    return x * positive + np.log1p(np.exp(x * (1 - 2 * positive)))
