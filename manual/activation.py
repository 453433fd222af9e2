"""Activations, element by element, with their backward passes derived by hand."""

import numpy as np

from manual._axes import Array


def sigmoid(x: Array) -> Array:
    """σ(x) = 1 / (1 + exp(−x)), without overflow: exp is only taken of what is not positive."""
    positive = x > 0
    # e = exp(−|x|)
    e = np.exp(np.where(positive, -x, x))
    # σ(x) = 1/(1 + e) where x > 0, else e/(1 + e)
    y: Array = np.where(positive, 1, e) / (1 + e)
    return y
