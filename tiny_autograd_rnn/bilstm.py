"""The bidirectional LSTM over T steps, as a pure function."""

from typing import Annotated

import autograd.numpy as np

from tiny_autograd_rnn.lstm import Order, unrolled
from tiny_autograd_rnn.signature import GATES, Array, Float, specified


@specified
def time_bilstm(
    xs: Float[Array, "N T D"],
    /,
    fwd_Wx: Float[Array, "D 4*H"],
    fwd_Wh: Float[Array, "H 4*H"],
    fwd_b: Annotated[Float[Array, "4*H"], GATES],
    bwd_Wx: Float[Array, "D 4*H"],
    bwd_Wh: Float[Array, "H 4*H"],
    bwd_b: Annotated[Float[Array, "4*H"], GATES],
    *,
    order: Order = "fgio",
) -> Annotated[Float[Array, "N T 2*H"], "hs"]:
    """hs = [time_lstm(xs), time_lstm(xs backwards) backwards], side by side, both from states of zero"""
    zero = np.zeros((len(xs), len(fwd_Wh)), fwd_Wh.dtype)
    forwards, _ = unrolled(xs, zero, zero, fwd_Wx, fwd_Wh, fwd_b, order)
    backwards, _ = unrolled(xs[:, ::-1], zero, zero, bwd_Wx, bwd_Wh, bwd_b, order)
    return np.concatenate([forwards, backwards[:, ::-1]], axis=2)
