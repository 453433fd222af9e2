"""The language model of the documents as one pure function: its loss, and the state to carry on."""

from typing import Annotated

from autograd.builtins import tuple as traced_tuple

from tiny_autograd_rnn.affine import time_affine
from tiny_autograd_rnn.embedding import time_embedding
from tiny_autograd_rnn.rnn import time_rnn
from tiny_autograd_rnn.signature import IDS, LABELS, ONE_HOT, Array, Float, Int, Shaped, specified, unchecked
from tiny_autograd_rnn.softmax import time_softmax_with_loss


@specified
def simple_rnnlm(
    xs: Annotated[Int[Array, "N T"], IDS],
    ts: Annotated[Int[Array, "N T"], LABELS] | Annotated[Shaped[Array, "N T V"], ONE_HOT],
    h0: Float[Array, "N H"],
    /,
    embed_W: Float[Array, "V D"],
    rnn_Wx: Float[Array, "D H"],
    rnn_Wh: Float[Array, "H H"],
    rnn_b: Float[Array, "H"],
    affine_W: Float[Array, "H V"],
    affine_b: Float[Array, "V"],
    *,
    ignore_label: int = -1,
) -> tuple[Annotated[Float[Array, ""], "loss"], Annotated[Float[Array, "N H"], "h"]]:
    """loss = time_softmax_with_loss(time_affine(hs), ts), hs = time_rnn(time_embedding(xs), h0), h = hs[:, -1]"""
    hs = unchecked(time_rnn)(unchecked(time_embedding)(xs, embed_W), h0, rnn_Wx, rnn_Wh, rnn_b)
    scores = unchecked(time_affine)(hs, affine_W, affine_b)
    loss = unchecked(time_softmax_with_loss)(scores, ts, ignore_label=ignore_label)
    # autograd's tuple: a plain one would come back with all-zero gradients
    return traced_tuple((loss, hs[:, -1]))
