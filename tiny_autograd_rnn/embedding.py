"""The embedding layer, for one id a row and for T, as pure functions."""

from typing import Annotated

from tiny_autograd_rnn.signature import IDS, Array, Float, Int, specified


@specified
def embedding(ids: Annotated[Int[Array, "N"], IDS], /, W: Float[Array, "V D"]) -> Float[Array, "N D"]:
    """out[n] = W[ids[n]]"""
    return W[ids]


@specified
def time_embedding(xs: Annotated[Int[Array, "N T"], IDS], /, W: Float[Array, "V D"]) -> Float[Array, "N T D"]:
    """out[:, t] = W[xs[:, t]]"""
    return W[xs]
