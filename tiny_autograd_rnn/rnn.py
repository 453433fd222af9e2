"""The simple recurrent layer, one step and T steps, as pure functions."""

from typing import Annotated

import autograd.numpy as np

from tiny_autograd_rnn.signature import Array, Float, specified, unchecked


@specified
def rnn(
    x: Float[Array, "N D"],
    h_prev: Float[Array, "N H"],
    /,
    Wx: Float[Array, "D H"],
    Wh: Float[Array, "H H"],
    b: Float[Array, "H"],
) -> Annotated[Float[Array, "N H"], "h"]:
    """h = tanh(x Wx + h_prev Wh + b)"""
    return np.tanh(np.dot(x, Wx) + np.dot(h_prev, Wh) + b)


@specified
def time_rnn(
    xs: Float[Array, "N T D"],
    h0: Float[Array, "N H"],
    /,
    Wx: Float[Array, "D H"],
    Wh: Float[Array, "H H"],
    b: Float[Array, "H"],
) -> Annotated[Float[Array, "N T H"], "hs"]:
    """hs[:, t] = tanh(xs[:, t] Wx + hs[:, t-1] Wh + b), hs[:, -1] = h0"""
    hs, h = [], h0
    for t in range(xs.shape[1]):
        h = unchecked(rnn)(xs[:, t], h, Wx, Wh, b)
        hs.append(h)
    # one node for all T states: np.stack would make T of them, each of which walks through all T
    return np.swapaxes(np.array(hs), 0, 1)
