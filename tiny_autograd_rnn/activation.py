"""Activations, element by element, as pure functions."""

from typing import Annotated

import autograd.numpy as np
from autograd.tracer import getval

from tiny_autograd_rnn.signature import LOGITS, Array, Float, specified


def logistic(x: Array) -> Array:
    """σ(x) = 1 / (1 + exp(−x)), without overflow: exp is only taken of what is not positive."""
    # not np.where, through which autograd turns float32 gradients into float64
    positive = (getval(x) > 0).astype(getval(x).dtype)
    # e = exp(−|x|), with a sign that is not traced: |x| has no derivative at 0, and there both branches are one
    e = np.exp(x * (1 - 2 * positive))
    # σ(x) = 1/(1 + e) where x > 0, else e/(1 + e)
    y: Array = (positive + (1 - positive) * e) / (1 + e)
    return y


@specified
def sigmoid(x: Annotated[Float[Array, "N D"], LOGITS], /) -> Annotated[Float[Array, "N D"], "y"]:
    """y = 1 / (1 + exp(−x))"""
    return logistic(x)


@specified
def tanh(x: Annotated[Float[Array, "N D"], LOGITS], /) -> Annotated[Float[Array, "N D"], "y"]:
    """y = tanh(x)"""
    return np.tanh(x)


@specified
def relu(x: Annotated[Float[Array, "N D"], LOGITS], /) -> Annotated[Float[Array, "N D"], "y"]:
    """y = max(x, 0), with derivative 0 at 0"""
    # not np.maximum, whose derivative at 0 is 1/2 to autograd
    return x * (getval(x).real > 0)
