"""Dropout, of rows and of sequences, as pure functions; the mask is data."""

from typing import Annotated

import autograd.numpy as np

from tiny_autograd_rnn.signature import MASK, RATIO, STEP_MASK, Array, Bool, Float, specified


@specified
def dropout(
    x: Float[Array, "N D"],
    mask: Annotated[Bool[Array, "N D"], MASK],
    /,
    *,
    ratio: Annotated[float, RATIO] = 0.5,
    train: bool = True,
) -> Float[Array, "N D"]:
    """out = x ⊙ mask / (1 − ratio), or x in evaluation"""
    return x * mask / (1 - float(ratio)) if train else x


@specified
def time_dropout(
    xs: Float[Array, "N T D"],
    mask: Annotated[Bool[Array, "N D"], MASK] | Annotated[Bool[Array, "N T D"], STEP_MASK],
    /,
    *,
    ratio: Annotated[float, RATIO] = 0.5,
    train: bool = True,
) -> Float[Array, "N T D"]:
    """out[:, t] = xs[:, t] ⊙ mask[:, t] / (1 − ratio), or xs in evaluation; a mask without steps is that of all"""
    if not train:
        return xs
    steps = np.expand_dims(mask, 1) if mask.ndim == 2 else mask
    return xs * steps / (1 - float(ratio))
