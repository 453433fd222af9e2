"""The language model with one GRU as one pure function: its loss, and the state to carry on."""

from typing import Annotated

from autograd.builtins import tuple as traced_tuple

from tiny_autograd_rnn.affine import time_affine
from tiny_autograd_rnn.embedding import time_embedding
from tiny_autograd_rnn.gru import Order, Reset, time_gru
from tiny_autograd_rnn.signature import (
    GATES,
    IDS,
    LABELS,
    ONE_HOT,
    TWO_BIASES,
    Array,
    Float,
    Int,
    Shaped,
    specified,
    unchecked,
)
from tiny_autograd_rnn.softmax import time_softmax_with_loss


@specified
def gru_rnnlm(
    xs: Annotated[Int[Array, "N T"], IDS],
    ts: Annotated[Int[Array, "N T"], LABELS] | Annotated[Shaped[Array, "N T V"], ONE_HOT],
    h0: Float[Array, "N H"],
    /,
    embed_W: Float[Array, "V D"],
    gru_Wx: Float[Array, "D 3*H"],
    gru_Wh: Float[Array, "H 3*H"],
    gru_b: Annotated[Float[Array, "3*H"], GATES] | Annotated[Float[Array, "2 3*H"], TWO_BIASES],
    affine_W: Float[Array, "H V"],
    affine_b: Float[Array, "V"],
    *,
    order: Order = "zrh",
    reset: Reset = "after",
    ignore_label: int = -1,
) -> tuple[Annotated[Float[Array, ""], "loss"], Annotated[Float[Array, "N H"], "h"]]:
    """loss = time_softmax_with_loss(time_affine(hs), ts), hs = time_gru(time_embedding(xs), h0), h = hs[:, -1]"""
    xs = unchecked(time_embedding)(xs, embed_W)
    hs = unchecked(time_gru)(xs, h0, gru_Wx, gru_Wh, gru_b, order=order, reset=reset)
    scores = unchecked(time_affine)(hs, affine_W, affine_b)
    loss = unchecked(time_softmax_with_loss)(scores, ts, ignore_label=ignore_label)
    return traced_tuple((loss, hs[:, -1]))
