"""The step by JAX: one compiled function of loss and gradients, the recurrence as a scan."""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from compare.agreement import Array
from compare.bench.contenders.step import Step
from compare.bench.problem import Problem


def build(problem: Problem, threads: int) -> Step:
    """How many threads XLA uses was settled before it was imported: by its flags, and by the cores of the process."""
    loss = {"rnn": _rnn, "lstm": _lstm}[problem.recurrent]
    compiled = jax.jit(jax.value_and_grad(loss))
    params, xs, ts = jax.device_put((problem.params, problem.xs, problem.ts))
    latest: list[Any] = [0.0, ()]

    def take() -> None:
        latest[:] = jax.block_until_ready(compiled(params, xs, ts))

    return Step(take, lambda: float(latest[0]), lambda: [np.asarray(grad) for grad in latest[1]])


def _rnn(params: Sequence[Array], xs: Array, ts: Array) -> Any:
    embed_W, Wx, Wh, b, W, c = params

    def step(h: Any, a: Any) -> tuple[Any, Any]:
        h = jnp.tanh(a + h @ Wh)
        return h, h

    # the projections of all inputs before the scan: JAX is quicker so than with each in its step
    projected = embed_W[xs.T] @ Wx + b
    _, hs = jax.lax.scan(step, jnp.zeros((len(xs), len(Wh)), projected.dtype), projected)
    return _cross_entropy(hs @ W + c, ts)


def _lstm(params: Sequence[Array], xs: Array, ts: Array) -> Any:
    embed_W, Wx, Wh, b, W, bias = params

    def step(state: Any, a: Any) -> tuple[Any, Any]:
        h, c = state
        f, g, i, o = jnp.split(a + h @ Wh, 4, axis=1)
        c = jax.nn.sigmoid(f) * c + jnp.tanh(g) * jax.nn.sigmoid(i)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h

    projected = embed_W[xs.T] @ Wx + b
    zero = jnp.zeros((len(xs), len(Wh)), projected.dtype)
    _, hs = jax.lax.scan(step, (zero, zero), projected)
    return _cross_entropy(hs @ W + bias, ts)


def _cross_entropy(logits: Any, ts: Array) -> Any:
    log_p = jax.nn.log_softmax(logits)
    return -jnp.mean(jnp.take_along_axis(log_p, ts.T[..., None], axis=-1))
