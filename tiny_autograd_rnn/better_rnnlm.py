"""The language model with two LSTMs, dropout and tied weights as one pure function: its loss, and the states."""

from typing import Annotated

import autograd.numpy as np
from autograd.builtins import tuple as traced_tuple

from tiny_autograd_rnn.affine import time_affine
from tiny_autograd_rnn.dropout import time_dropout
from tiny_autograd_rnn.embedding import time_embedding
from tiny_autograd_rnn.lstm import Order, unrolled
from tiny_autograd_rnn.signature import (
    GATES,
    IDS,
    LABELS,
    MASK,
    ONE_HOT,
    RATIO,
    Array,
    Bool,
    Float,
    Int,
    Shaped,
    specified,
    unchecked,
)
from tiny_autograd_rnn.softmax import time_softmax_with_loss


@specified
def better_rnnlm(
    xs: Annotated[Int[Array, "N T"], IDS],
    ts: Annotated[Int[Array, "N T"], LABELS] | Annotated[Shaped[Array, "N T V"], ONE_HOT],
    masks: Annotated[Bool[Array, "3 N H"], MASK],
    h0: Float[Array, "2 N H"],
    c0: Float[Array, "2 N H"],
    /,
    embed_W: Float[Array, "V H"],
    lstm1_Wx: Float[Array, "H 4*H"],
    lstm1_Wh: Float[Array, "H 4*H"],
    lstm1_b: Annotated[Float[Array, "4*H"], GATES],
    lstm2_Wx: Float[Array, "H 4*H"],
    lstm2_Wh: Float[Array, "H 4*H"],
    lstm2_b: Annotated[Float[Array, "4*H"], GATES],
    affine_b: Float[Array, "V"],
    *,
    ratio: Annotated[float, RATIO] = 0.5,
    train: bool = True,
    order: Order = "fgio",
    ignore_label: int = -1,
) -> tuple[
    Annotated[Float[Array, ""], "loss"],
    Annotated[Float[Array, "2 N H"], "h"],
    Annotated[Float[Array, "2 N H"], "c"],
]:
    """loss = time_softmax_with_loss(drop₃(lstm₂(drop₂(lstm₁(drop₁(embed_W[xs]))))) embed_Wᵀ + affine_b, ts)"""

    def drop(k: int, hs: Array) -> Array:
        return unchecked(time_dropout)(hs, masks[k], ratio=ratio, train=train)

    embedded = drop(0, unchecked(time_embedding)(xs, embed_W))
    hs1, c1 = unrolled(embedded, h0[0], c0[0], lstm1_Wx, lstm1_Wh, lstm1_b, order)
    hs2, c2 = unrolled(drop(1, hs1), h0[1], c0[1], lstm2_Wx, lstm2_Wh, lstm2_b, order)
    # embed_W once more: its gradient is the sum of both uses
    scores = unchecked(time_affine)(drop(2, hs2), embed_W.T, affine_b)
    loss = unchecked(time_softmax_with_loss)(scores, ts, ignore_label=ignore_label)
    return traced_tuple((loss, np.array([hs1[:, -1], hs2[:, -1]]), np.array([c1, c2])))
