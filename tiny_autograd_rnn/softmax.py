"""Softmax, and the softmax cross-entropy of rows and of sequences, as pure functions."""

from typing import Annotated

import autograd.numpy as np
from autograd.tracer import getval

from tiny_autograd_rnn.affine import time_affine
from tiny_autograd_rnn.signature import IDS, LABELS, LOGITS, ONE_HOT, Array, Float, Int, Shaped, specified, unchecked


@specified
def softmax(x: Annotated[Float[Array, "N V"], LOGITS], /) -> Annotated[Float[Array, "N V"], "p"]:
    """p[n, v] = exp x[n, v] / Σᵤ exp x[n, u]"""
    e = np.exp(x - _largest(x))
    return e / np.sum(e, axis=-1, keepdims=True)


@specified
def softmax_with_loss(
    x: Annotated[Float[Array, "N V"], LOGITS],
    t: Annotated[Int[Array, "N"], IDS] | Annotated[Shaped[Array, "N V"], ONE_HOT],
    /,
) -> Annotated[Float[Array, ""], "loss"]:
    """loss = −(1/N) Σ log softmax(x[n])[t[n]]"""
    if t.ndim == 2:
        t = t.argmax(axis=1)
    return -np.sum(_log_softmax(x)[np.arange(len(t)), t]) / len(t)


@specified
def time_softmax_with_loss(
    xs: Annotated[Float[Array, "N T V"], LOGITS],
    ts: Annotated[Int[Array, "N T"], LABELS] | Annotated[Shaped[Array, "N T V"], ONE_HOT],
    /,
    *,
    ignore_label: int = -1,
) -> Annotated[Float[Array, ""], "loss"]:
    """loss = −(1/M) Σ log softmax(xs[n, t])[ts[n, t]] over the M kept labels"""
    if ts.ndim == 3:
        ts = ts.argmax(axis=2)
    n, t = np.nonzero(ts != ignore_label)
    if len(n) == 0:
        return np.sum(0 * xs)
    return -np.sum(_log_softmax(xs)[n, t, ts[n, t]]) / len(n)


@specified
def time_affine_softmax_with_loss(
    hs: Float[Array, "N T H"],
    ts: Annotated[Int[Array, "N T"], LABELS] | Annotated[Shaped[Array, "N T V"], ONE_HOT],
    /,
    W: Float[Array, "H V"],
    b: Float[Array, "V"],
    *,
    ignore_label: int = -1,
) -> Annotated[Float[Array, ""], "loss"]:
    """loss = time_softmax_with_loss(time_affine(hs), ts)"""
    return unchecked(time_softmax_with_loss)(unchecked(time_affine)(hs, W, b), ts, ignore_label=ignore_label)


def _log_softmax(x: Array) -> Array:
    """log p = z − log Σᵥ exp z[v], z = x − max x"""
    z = x - _largest(x)
    return z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))


def _largest(x: Array) -> Array:
    # not traced: softmax(x − c) is the same for every c, so no gradient flows through c
    largest: Array = getval(x).max(axis=-1, keepdims=True)
    return largest
