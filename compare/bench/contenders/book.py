"""The arrangement of the layers that the book publishes, with what it costs there: no argument is looked at.

A cell of its own for every step, made anew in each forward pass with gradients of zeros; the embedding too, of which
each step fills a whole (V, D) of zeros; softmax with its probabilities kept, and their logarithm taken afterwards.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from compare.agreement import Array
from compare.bench.contenders.step import Step
from compare.bench.problem import Problem


def build(problem: Problem, threads: int) -> Step:
    """Embedding, recurrent layer, affine, softmax loss, one after the other."""
    embed_W, Wx, Wh, b, W, c = problem.params
    recurrent = {"rnn": _RNN, "lstm": _LSTM}[problem.recurrent]
    layers: list[Any] = [_OverTime(_Embedding, embed_W), _OverTime(recurrent, Wx, Wh, b), _Affine(W, c)]
    loss = _Loss(problem.ts)
    latest = [0.0]

    def take() -> None:
        out = problem.xs
        for layer in layers:
            out = layer.forward(out)
        latest[0] = loss.forward(out)
        dout = loss.backward()
        for layer in reversed(layers):
            dout = layer.backward(dout)

    return Step(take, lambda: float(latest[0]), lambda: [grad for layer in layers for grad in layer.grads])


class _OverTime:
    """A cell at each of T steps."""

    def __init__(self, cell: Any, *params: Array) -> None:
        self.cell, self.params = cell, params
        self.grads = [np.zeros_like(param) for param in params]
        self.cells: list[Any] = []

    def forward(self, xs: Array) -> Array:
        self.cells, outs = [], np.empty((*xs.shape[:2], self.params[0].shape[1] // self.cell.gates), dtype="f")
        state = tuple(np.zeros_like(outs[:, 0]) for _ in range(self.cell.states))
        for t in range(xs.shape[1]):
            cell = self.cell(*self.params)
            outs[:, t], *state = cell.forward(xs[:, t], *state)
            self.cells.append(cell)
        return outs

    def backward(self, douts: Array) -> Array | None:
        grads: list[Any] = [0 for _ in self.params]
        dstate = tuple(np.zeros_like(douts[:, 0]) for _ in range(self.cell.states))
        dxs = None if self.cell is _Embedding else np.empty((*douts.shape[:2], len(self.params[0])), dtype="f")
        for t in reversed(range(douts.shape[1])):
            dx, *dstate = self.cells[t].backward(douts[:, t], *dstate)
            if dxs is not None:
                dxs[:, t] = dx
            for i, grad in enumerate(self.cells[t].grads):
                grads[i] += grad
        for mine, grad in zip(self.grads, grads, strict=True):
            mine[...] = grad
        return dxs


class _Cell:
    gates = states = 1

    def __init__(self, *params: Array) -> None:
        self.params = params
        self.grads = [np.zeros_like(param) for param in params]
        self.cache: Any = None

    def _filled(self, x: Array, h_prev: Array, da: Array) -> tuple[Array, Array]:
        Wx, Wh, _ = self.params
        for mine, grad in zip(self.grads, (x.T @ da, h_prev.T @ da, da.sum(axis=0)), strict=True):
            mine[...] = grad
        return da @ Wx.T, da @ Wh.T


class _RNN(_Cell):
    def forward(self, x: Array, h_prev: Array) -> Sequence[Array]:
        Wx, Wh, b = self.params
        h = np.tanh(h_prev @ Wh + x @ Wx + b)
        self.cache = x, h_prev, h
        return h, h

    def backward(self, dout: Array, dh: Array) -> Sequence[Array]:
        x, h_prev, h = self.cache
        return self._filled(x, h_prev, (dout + dh) * (1 - h**2))


class _LSTM(_Cell):
    gates, states = 4, 2

    def forward(self, x: Array, h_prev: Array, c_prev: Array) -> Sequence[Array]:
        Wx, Wh, b = self.params
        H = len(Wh)
        a = x @ Wx + h_prev @ Wh + b
        f, i, o = (1 / (1 + np.exp(-a[:, k * H : (k + 1) * H])) for k in (0, 2, 3))
        g = np.tanh(a[:, H : 2 * H])
        c = f * c_prev + g * i
        h = o * np.tanh(c)
        self.cache = x, h_prev, c_prev, f, g, i, o, c
        return h, h, c

    def backward(self, dout: Array, dh: Array, dc: Array) -> Sequence[Array]:
        x, h_prev, c_prev, f, g, i, o, c = self.cache
        dh, tanh_c = dout + dh, np.tanh(c)
        dc = dc + dh * o * (1 - tanh_c**2)
        gates = (dc * c_prev * f * (1 - f), dc * i * (1 - g**2), dc * g * i * (1 - i), dh * tanh_c * o * (1 - o))
        return (*self._filled(x, h_prev, np.hstack(gates)), dc * f)


class _Embedding(_Cell):
    states = 0

    def forward(self, ids: Array) -> Sequence[Array]:
        self.cache = ids
        return (self.params[0][ids],)

    def backward(self, dout: Array) -> Sequence[Array | None]:
        self.grads[0][...] = 0
        np.add.at(self.grads[0], self.cache, dout)
        return (None,)


class _Affine:
    def __init__(self, W: Array, b: Array) -> None:
        self.params = W, b
        self.grads = [np.zeros_like(W), np.zeros_like(b)]
        self.x: Any = None

    def forward(self, x: Array) -> Array:
        W, b = self.params
        self.x = x
        return (x.reshape(-1, len(W)) @ W + b).reshape(*x.shape[:2], -1)

    def backward(self, dout: Array) -> Array:
        rows, dout = self.x.reshape(-1, len(self.params[0])), dout.reshape(-1, dout.shape[-1])
        self.grads[0][...], self.grads[1][...] = rows.T @ dout, dout.sum(axis=0)
        return (dout @ self.params[0].T).reshape(self.x.shape)


class _Loss:
    def __init__(self, ts: Array) -> None:
        self.ts = ts.reshape(-1)
        self.p: Any = None
        self.shape: tuple[int, ...] = ()

    def forward(self, xs: Array) -> float:
        self.shape, rows = xs.shape, xs.reshape(len(self.ts), -1)
        e = np.exp(rows - rows.max(axis=1, keepdims=True))
        self.p = e / e.sum(axis=1, keepdims=True)
        return float(-np.log(self.p[np.arange(len(self.ts)), self.ts]).sum() / len(self.ts))

    def backward(self) -> Array:
        dx: Array = self.p
        dx[np.arange(len(self.ts)), self.ts] -= 1
        dx *= 1 / len(self.ts)
        return dx.reshape(self.shape)
