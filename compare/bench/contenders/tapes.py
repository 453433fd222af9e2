"""The steps that autograd derives: of our twins, and of the forward pass as one would write it down."""

from collections.abc import Sequence
from typing import Any

import autograd.numpy as np
from autograd import value_and_grad

from compare.agreement import Array
from compare.bench.contenders.step import Step
from compare.bench.problem import Problem
from compare.training.engines import Autograd


def twin(problem: Problem, threads: int) -> Step:
    """The pure functions of `tiny_autograd_rnn`, as `train --engine autograd` differentiates them."""
    engine = Autograd(problem.model, problem.params)
    latest: list[Any] = [0.0, ()]

    def take() -> None:
        engine.go_on(())
        latest[:] = engine.step(problem.xs, problem.ts)

    return Step(take, lambda: latest[0], lambda: latest[1])


def straightforward(problem: Problem, threads: int) -> Step:
    """x @ Wx + h @ Wh + b at each step, states stacked, log-softmax."""
    differentiated = value_and_grad({"rnn": _rnn, "lstm": _lstm}[problem.recurrent])
    latest: list[Any] = [0.0, ()]

    def take() -> None:
        latest[:] = differentiated(problem.params, problem.xs, problem.ts)

    return Step(take, lambda: float(latest[0]), lambda: latest[1])


def _rnn(params: Sequence[Array], xs: Array, ts: Array) -> Any:
    embed_W, Wx, Wh, b, W, c = params
    x = embed_W[xs]
    h, hs = np.zeros((len(xs), len(Wh)), x.dtype), []
    for t in range(xs.shape[1]):
        h = np.tanh(x[:, t] @ Wx + h @ Wh + b)
        hs.append(h)
    return _cross_entropy(np.stack(hs, axis=1) @ W + c, ts)


def _lstm(params: Sequence[Array], xs: Array, ts: Array) -> Any:
    embed_W, Wx, Wh, b, W, bias = params
    x, H = embed_W[xs], len(Wh)
    h, c, hs = np.zeros((len(xs), H), x.dtype), np.zeros((len(xs), H), x.dtype), []
    for t in range(xs.shape[1]):
        a = x[:, t] @ Wx + h @ Wh + b
        f, g, i, o = (a[:, k * H : (k + 1) * H] for k in range(4))
        c = _sigmoid(f) * c + np.tanh(g) * _sigmoid(i)
        h = _sigmoid(o) * np.tanh(c)
        hs.append(h)
    return _cross_entropy(np.stack(hs, axis=1) @ W + bias, ts)


def _sigmoid(x: Array) -> Any:
    return 1 / (1 + np.exp(-x))


def _cross_entropy(logits: Any, ts: Array) -> Any:
    z = logits - np.max(logits, axis=-1, keepdims=True)
    log_p = z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))
    n, t = np.indices(ts.shape)
    # a sum, not np.mean, of which autograd makes float64
    return -np.sum(log_p[n, t, ts]) / ts.size
