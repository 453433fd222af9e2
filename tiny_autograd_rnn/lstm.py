"""The long short-term memory, one step and T steps, as pure functions."""

from typing import Annotated, Literal, TypeAlias

import autograd.numpy as np
from autograd.builtins import tuple as traced_tuple

from tiny_autograd_rnn.activation import logistic
from tiny_autograd_rnn.signature import GATES, Array, Float, specified

Order: TypeAlias = Literal["fgio", "ifgo", "ifog"]


@specified
def lstm(
    x: Float[Array, "N D"],
    h_prev: Float[Array, "N H"],
    c_prev: Float[Array, "N H"],
    /,
    Wx: Float[Array, "D 4*H"],
    Wh: Float[Array, "H 4*H"],
    b: Annotated[Float[Array, "4*H"], GATES],
    *,
    order: Order = "fgio",
) -> tuple[Annotated[Float[Array, "N H"], "h"], Annotated[Float[Array, "N H"], "c"]]:
    """a = x Wx + h_prev Wh + b, c = σ(a_f) ⊙ c_prev + tanh(a_g) ⊙ σ(a_i), h = σ(a_o) ⊙ tanh(c)"""
    return traced_tuple(_step(x, h_prev, c_prev, Wx, Wh, b, order))


@specified
def time_lstm(
    xs: Float[Array, "N T D"],
    h0: Float[Array, "N H"],
    c0: Float[Array, "N H"],
    /,
    Wx: Float[Array, "D 4*H"],
    Wh: Float[Array, "H 4*H"],
    b: Annotated[Float[Array, "4*H"], GATES],
    *,
    order: Order = "fgio",
) -> tuple[Annotated[Float[Array, "N T H"], "hs"], Annotated[Float[Array, "N H"], "c"]]:
    """hs[:, t], c[t] = lstm(xs[:, t], hs[:, t-1], c[t-1]), hs[:, -1] = h0, c[-1] = c0"""
    return traced_tuple(unrolled(xs, h0, c0, Wx, Wh, b, order))


def unrolled(
    xs: Array, h0: Array, c0: Array, Wx: Array, Wh: Array, b: Array, order: Order = "fgio"
) -> tuple[Array, Array]:
    """All T states and the last memory, as a plain tuple: for other functions to go on with."""
    hs, h, c = [], h0, c0
    for t in range(xs.shape[1]):
        h, c = _step(xs[:, t], h, c, Wx, Wh, b, order)
        hs.append(h)
    # one node for all T states: np.stack would make T of them, each of which walks through all T
    return np.swapaxes(np.array(hs), 0, 1), c


def _step(x: Array, h_prev: Array, c_prev: Array, Wx: Array, Wh: Array, b: Array, order: Order) -> tuple[Array, Array]:
    H = len(Wh)
    a = np.dot(x, Wx) + np.dot(h_prev, Wh) + b
    at_f, at_g, at_i, at_o = (slice(k * H, (k + 1) * H) for k in map(order.index, "fgio"))
    # one σ over all columns, of which g's are not read: fewer nodes than three
    s = logistic(a)
    c = s[:, at_f] * c_prev + np.tanh(a[:, at_g]) * s[:, at_i]
    return s[:, at_o] * np.tanh(c), c
