"""The gated recurrent unit, one step and T steps, as pure functions."""

from typing import Annotated, Literal, TypeAlias

import autograd.numpy as np

from tiny_autograd_rnn.activation import logistic
from tiny_autograd_rnn.signature import GATES, TWO_BIASES, Array, Float, specified

Order: TypeAlias = Literal["zrh", "rzh"]
Reset: TypeAlias = Literal["after", "before"]


@specified
def gru(
    x: Float[Array, "N D"],
    h_prev: Float[Array, "N H"],
    /,
    Wx: Float[Array, "D 3*H"],
    Wh: Float[Array, "H 3*H"],
    b: Annotated[Float[Array, "3*H"], GATES] | Annotated[Float[Array, "2 3*H"], TWO_BIASES],
    *,
    order: Order = "zrh",
    reset: Reset = "after",
) -> Annotated[Float[Array, "N H"], "h"]:
    """p = x Wx + b, q = h_prev Wh, z, r = σ(p + q), h = (1 − z) ⊙ h_prev + z ⊙ tanh(p_h + r ⊙ q_h)"""
    return _step(x, h_prev, Wx, Wh, b, order, reset)


@specified
def time_gru(
    xs: Float[Array, "N T D"],
    h0: Float[Array, "N H"],
    /,
    Wx: Float[Array, "D 3*H"],
    Wh: Float[Array, "H 3*H"],
    b: Annotated[Float[Array, "3*H"], GATES] | Annotated[Float[Array, "2 3*H"], TWO_BIASES],
    *,
    order: Order = "zrh",
    reset: Reset = "after",
) -> Annotated[Float[Array, "N T H"], "hs"]:
    """hs[:, t] = gru(xs[:, t], hs[:, t-1]), hs[:, -1] = h0"""
    hs, h = [], h0
    for t in range(xs.shape[1]):
        h = _step(xs[:, t], h, Wx, Wh, b, order, reset)
        hs.append(h)
    # one node for all T states: np.stack would make T of them, each of which walks through all T
    return np.swapaxes(np.array(hs), 0, 1)


def _step(x: Array, h_prev: Array, Wx: Array, Wh: Array, b: Array, order: Order, reset: Reset) -> Array:
    H = len(Wh)
    at_z, at_r, at_h = (slice(k * H, (k + 1) * H) for k in map(order.index, "zrh"))
    # with two biases the second belongs to the product with the state, as in cuDNN
    bx, bh = (b[0], b[1]) if b.ndim == 2 else (b, np.zeros_like(b))
    p = np.dot(x, Wx) + bx
    q = np.dot(h_prev, Wh) + bh
    # one σ over all columns, of which h's are not read: fewer nodes than two
    s = logistic(p + q)
    z, r = s[:, at_z], s[:, at_r]
    # the reset gate after the product with the state, or before it
    recalled = r * q[:, at_h] if reset == "after" else np.dot(r * h_prev, Wh[:, at_h]) + bh[at_h]
    return (1 - z) * h_prev + z * np.tanh(p[:, at_h] + recalled)
