"""Two LSTMs, one upon the other, over T steps, as a pure function."""

from typing import Annotated

import autograd.numpy as np
from autograd.builtins import tuple as traced_tuple

from tiny_autograd_rnn.lstm import Order, unrolled
from tiny_autograd_rnn.signature import GATES, Array, Float, specified


@specified
def time_stacked_lstm(
    xs: Float[Array, "N T D"],
    h0: Float[Array, "2 N H"],
    c0: Float[Array, "2 N H"],
    /,
    Wx1: Float[Array, "D 4*H"],
    Wh1: Float[Array, "H 4*H"],
    b1: Annotated[Float[Array, "4*H"], GATES],
    Wx2: Float[Array, "H 4*H"],
    Wh2: Float[Array, "H 4*H"],
    b2: Annotated[Float[Array, "4*H"], GATES],
    *,
    order: Order = "fgio",
) -> tuple[
    Annotated[Float[Array, "N T H"], "hs"],
    Annotated[Float[Array, "2 N H"], "h"],
    Annotated[Float[Array, "2 N H"], "c"],
]:
    """hs = time_lstm₂(time_lstm₁(xs)); h, c the last states of both layers"""
    hs1, c1 = unrolled(xs, h0[0], c0[0], Wx1, Wh1, b1, order)
    hs2, c2 = unrolled(hs1, h0[1], c0[1], Wx2, Wh2, b2, order)
    return traced_tuple((hs2, np.array([hs1[:, -1], hs2[:, -1]]), np.array([c1, c2])))
