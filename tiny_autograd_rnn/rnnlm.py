"""The language model with one LSTM as one pure function: its loss, and the states to carry on."""

from typing import Annotated

from autograd.builtins import tuple as traced_tuple

from tiny_autograd_rnn.affine import time_affine
from tiny_autograd_rnn.embedding import time_embedding
from tiny_autograd_rnn.lstm import Order, unrolled
from tiny_autograd_rnn.signature import GATES, IDS, LABELS, ONE_HOT, Array, Float, Int, Shaped, specified, unchecked
from tiny_autograd_rnn.softmax import time_softmax_with_loss


@specified
def rnnlm(
    xs: Annotated[Int[Array, "N T"], IDS],
    ts: Annotated[Int[Array, "N T"], LABELS] | Annotated[Shaped[Array, "N T V"], ONE_HOT],
    h0: Float[Array, "N H"],
    c0: Float[Array, "N H"],
    /,
    embed_W: Float[Array, "V D"],
    lstm_Wx: Float[Array, "D 4*H"],
    lstm_Wh: Float[Array, "H 4*H"],
    lstm_b: Annotated[Float[Array, "4*H"], GATES],
    affine_W: Float[Array, "H V"],
    affine_b: Float[Array, "V"],
    *,
    order: Order = "fgio",
    ignore_label: int = -1,
) -> tuple[
    Annotated[Float[Array, ""], "loss"],
    Annotated[Float[Array, "N H"], "h"],
    Annotated[Float[Array, "N H"], "c"],
]:
    """loss = time_softmax_with_loss(time_affine(hs), ts), hs, c = time_lstm(time_embedding(xs)), h = hs[:, -1]"""
    hs, c = unrolled(unchecked(time_embedding)(xs, embed_W), h0, c0, lstm_Wx, lstm_Wh, lstm_b, order)
    scores = unchecked(time_affine)(hs, affine_W, affine_b)
    loss = unchecked(time_softmax_with_loss)(scores, ts, ignore_label=ignore_label)
    return traced_tuple((loss, hs[:, -1], c))
