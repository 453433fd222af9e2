"""Stand-ins of the course's protocol: forward(*data, *params) gives outputs and a cache, backward(*grads, cache)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

import manual
from compare.checking.child.floats import alike, common
from manual.softmax import log_softmax


class Cache(tuple[Any, ...]):
    """The arguments of a forward pass, x first, as files unpack them; and the layer that ran it."""

    layer: Any
    shape: tuple[int, ...]
    params: int


@dataclass(frozen=True)
class Step:
    """One of our layers as a pair of functions, with so many arguments before its parameters.

    Over time the second argument, if there is one, is the state to begin from; `rows` are all axes but the first.
    """

    make: Callable[..., Any]
    data: int
    time: bool = False
    rows: bool = False

    def forward(self, *arguments: Any) -> Any:
        """The outputs, and the cache."""
        # settings come as a dictionary
        x, *rest = (np.asarray(a) for a in arguments if not isinstance(a, dict))
        dtype = common(x, *rest)
        data, params = (x, *rest)[: self.data], (x, *rest)[self.data :]
        layer = self.make(*alike(dtype, *params))
        given = list(alike(dtype, *data))
        if self.time and len(given) > 1:
            layer.set_state(given.pop())
        if self.rows:
            given = [given[0].reshape(len(x), -1)]
        outputs = layer.forward(*given)
        cache = Cache(arguments)
        cache.layer, cache.shape, cache.params = layer, x.shape, len(params)
        return (*outputs, cache) if isinstance(outputs, tuple) else (outputs, cache)

    def backward(self, *arguments: Any) -> Any:
        """The gradients of the data that have one, of the state, of the parameters."""
        *cotangents, cache = arguments
        layer = cache.layer
        back = layer.backward(*alike(common(*layer.params, *cotangents), *cotangents))
        returned = [] if back is None else list(back) if isinstance(back, tuple) else [back]
        if self.rows:
            returned[0] = returned[0].reshape(cache.shape)
        states = [layer.dh] if self.time and self.data > 1 else []
        grads = (*returned, *states, *(grad.copy() for grad in layer.grads[: cache.params]))
        return grads if len(grads) > 1 else grads[0]


class _Ids:
    """The embedding, for ids along any axes."""

    def __init__(self, W: Any) -> None:
        self.layer = manual.Embedding(W)
        self.params, self.grads = self.layer.params, self.layer.grads

    def forward(self, ids: Any) -> Any:
        return self.layer.forward(ids.reshape(-1)).reshape(*ids.shape, -1)

    def backward(self, dout: Any) -> None:
        self.layer.backward(dout.reshape(-1, dout.shape[-1]))


class _Rows:
    """An activation as ours, for any axes."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.layer = make()
        self.params, self.grads = self.layer.params, self.layer.grads

    def forward(self, x: Any) -> Any:
        return self.layer.forward(x.reshape(len(x), -1)).reshape(x.shape)

    def backward(self, dout: Any) -> Any:
        return self.layer.backward(dout.reshape(len(dout), -1)).reshape(dout.shape)


def softmax_loss(x: Any, y: Any) -> Any:
    """(loss, dx): the mean cross-entropy of rows, and its gradient."""
    loss = manual.SoftmaxWithLoss()
    return loss.forward(x, np.asarray(y)), loss.backward()


def temporal_softmax_loss(x: Any, y: Any, mask: Any, verbose: bool = False) -> Any:
    """(loss, dx): the cross-entropy summed over the kept positions and over time, a mean over the N rows alone."""
    N, T, V = x.shape
    log_p = log_softmax(x)
    at = (*np.ogrid[:N, :T], np.asarray(y))
    dx = np.exp(log_p)
    dx[at] -= 1
    return -np.sum(log_p[at] * mask) / N, dx * np.asarray(mask)[..., np.newaxis] / N


def function(name: str, order: str) -> Any:
    """A function by its name; `order` is that of the gates, "" the course's.

    Raises NameError for a name that there is not.
    """
    if name in _LOSSES:
        return _LOSSES[name]
    step, _, way = name.rpartition("_")
    steps = _steps(order)
    if step not in steps:
        raise NameError(f"there is no function of ours that is called {name}")
    return getattr(steps[step], way)


def _steps(order: str) -> dict[str, Step]:
    gates: dict[str, Any] = {"order": order or "ifog"}
    first, _, reset = order.partition(":")
    resets: dict[str, Any] = {"order": first or "zrh", "reset": reset or "before"}
    return {
        "rnn_step": Step(manual.RNN, 2),
        "lstm_step": Step(partial(manual.LSTM, **gates), 3),
        "gru_step": Step(partial(_with_bias, manual.GRU, **resets), 2),
        "rnn": Step(partial(manual.TimeRNN, stateful=True), 2, time=True),
        "lstm": Step(partial(manual.TimeLSTM, **gates, stateful=True), 2, time=True),
        "gru": Step(partial(_with_bias, manual.TimeGRU, **resets, stateful=True), 2, time=True),
        "word_embedding": Step(_Ids, 1),
        "temporal_affine": Step(manual.TimeAffine, 1),
        "affine": Step(manual.Affine, 1, rows=True),
        "layernorm": Step(manual.LayerNorm, 1),
        "relu": Step(partial(_Rows, manual.Relu), 1),
        "sigmoid": Step(partial(_Rows, manual.Sigmoid), 1),
        "tanh": Step(partial(_Rows, manual.Tanh), 1),
    }


def _with_bias(make: Callable[..., Any], Wx: Any, Wh: Any, *b: Any, **options: Any) -> Any:
    """A GRU, of which files leave the bias out."""
    return make(Wx, Wh, *(b or (np.zeros(Wh.shape[1], Wh.dtype),)), **options)


_LOSSES: dict[str, Callable[..., Any]] = {"softmax_loss": softmax_loss, "temporal_softmax_loss": temporal_softmax_loss}
