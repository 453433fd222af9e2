"""Stand-ins of the functions that the book's files take for granted, and of its base of all models."""

from collections.abc import Callable
from typing import Any

import numpy as np

from manual.activation import sigmoid
from manual.softmax import softmax


class BaseModel:
    """The book's base of all models."""

    def __init__(self) -> None:
        self.params, self.grads = None, None

    def forward(self, *args: Any) -> Any:
        """To be defined by a model."""
        raise NotImplementedError

    def backward(self, *args: Any) -> Any:
        """To be defined by a model."""
        raise NotImplementedError

    def save_params(self, file_name: Any = None) -> None:
        """Nothing is saved."""

    load_params = save_params


def cross_entropy_error(y: Any, t: Any) -> Any:
    """The mean of −log y at the labels, which are ids or one-hot rows."""
    y, t = np.atleast_2d(y), np.asarray(t)
    ids = t.reshape(y.shape).argmax(axis=1) if t.size == y.size else t.reshape(-1)
    return -np.sum(np.log(y[np.arange(len(y)), ids] + 1e-7)) / len(y)


def clip_grads(grads: Any, max_norm: float) -> None:
    """Scale gradients down in place, to a norm of `max_norm` together."""
    rate = max_norm / (np.sqrt(sum(np.sum(grad**2) for grad in grads)) + 1e-6)
    for grad in grads if rate < 1 else ():
        grad *= rate


def convert_one_hot(corpus: Any, vocab_size: int) -> Any:
    """A one-hot row for every id."""
    return np.eye(vocab_size, dtype=np.int32)[corpus]


def relu(x: Any) -> Any:
    """The larger of 0 and x."""
    return np.maximum(0, x)


FUNCTIONS: dict[str, Callable[..., Any] | type] = {
    "sigmoid": sigmoid,
    "softmax": softmax,
    "relu": relu,
    "cross_entropy_error": cross_entropy_error,
    "clip_grads": clip_grads,
    "convert_one_hot": convert_one_hot,
    "BaseModel": BaseModel,
}
