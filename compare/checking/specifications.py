"""The pure functions that strangers' layers are compared with, where their protocol keeps something back.

The book's layers return their sequence and keep the last memory to themselves; CS231n's LSTM begins from a memory of
zero; some GRUs have no bias; one loss is summed over the batch's labels and divided by N.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Annotated, Any

import autograd.numpy as np

from tiny_autograd_rnn.gru import Reset, gru, time_gru
from tiny_autograd_rnn.lstm import time_lstm
from tiny_autograd_rnn.signature import (
    GATES,
    LABELS,
    LOGITS,
    MASK,
    RATIO,
    Array,
    Bool,
    Float,
    Int,
    Signature,
    specified,
    unchecked,
)
from tiny_autograd_rnn.softmax import time_softmax_with_loss


@cache
def leading(twin: Callable[..., Any]) -> Callable[..., Any]:
    """The twin with its first output only: the others stay inside the layer."""
    signature = Signature.of(twin)
    if len(signature.outputs) == 1:
        return twin
    bare = unchecked(twin)

    def first(*arguments: Any, **options: Any) -> Any:
        return bare(*arguments, **options)[0]

    first.__name__ = twin.__name__
    vars(first).update(specification=replace(signature, outputs=signature.outputs[:1]))
    return first


@specified
def lstm_from_zero(
    xs: Float[Array, "N T D"],
    h0: Float[Array, "N H"],
    /,
    Wx: Float[Array, "D 4*H"],
    Wh: Float[Array, "H 4*H"],
    b: Annotated[Float[Array, "4*H"], GATES],
) -> Annotated[Float[Array, "N T H"], "hs"]:
    """hs = time_lstm(xs, h0, 0): the first memory is zero."""
    return unchecked(time_lstm)(xs, h0, np.zeros_like(h0), Wx, Wh, b)[0]


@specified
def gru_without_bias(
    x: Float[Array, "N D"],
    h_prev: Float[Array, "N H"],
    /,
    Wx: Float[Array, "D 3*H"],
    Wh: Float[Array, "H 3*H"],
    *,
    reset: Reset = "after",
) -> Annotated[Float[Array, "N H"], "h"]:
    """h = gru(x, h_prev) with b = 0."""
    return unchecked(gru)(x, h_prev, Wx, Wh, 0 * Wx[0], reset=reset)


@specified
def time_gru_without_bias(
    xs: Float[Array, "N T D"],
    h0: Float[Array, "N H"],
    /,
    Wx: Float[Array, "D 3*H"],
    Wh: Float[Array, "H 3*H"],
    *,
    reset: Reset = "after",
) -> Annotated[Float[Array, "N T H"], "hs"]:
    """hs = time_gru(xs, h0) with b = 0."""
    return unchecked(time_gru)(xs, h0, Wx, Wh, 0 * Wx[0], reset=reset)


@specified
def temporal_softmax_loss(
    xs: Annotated[Float[Array, "N T V"], LOGITS], ts: Annotated[Int[Array, "N T"], LABELS], /, *, ignore_label: int = -1
) -> Annotated[Float[Array, ""], "loss"]:
    """loss = −(1/N) Σ log softmax(xs[n, t])[ts[n, t]] over the kept labels."""
    kept = (ts != ignore_label).sum()
    return unchecked(time_softmax_with_loss)(xs, ts, ignore_label=ignore_label) * (kept / len(ts))


@specified
def dropout(
    x: Float[Array, "N D"],
    mask: Annotated[Bool[Array, "N D"], MASK],
    /,
    *,
    ratio: Annotated[float, RATIO] = 0.4,
    scaled: bool = True,
) -> Annotated[Float[Array, "N D"], "out"]:
    """out = x ⊙ mask / (1 − ratio), or x ⊙ mask where what is kept is scaled in evaluation only."""
    return x * mask / (1 - ratio if scaled else 1)


@specified
def time_dropout(
    xs: Float[Array, "N T D"],
    mask: Annotated[Bool[Array, "N T D"], MASK],
    /,
    *,
    ratio: Annotated[float, RATIO] = 0.4,
    scaled: bool = True,
) -> Annotated[Float[Array, "N T D"], "out"]:
    """out = xs ⊙ mask / (1 − ratio), or xs ⊙ mask where what is kept is scaled in evaluation only."""
    return xs * mask / (1 - ratio if scaled else 1)
