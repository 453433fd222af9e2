"""A language model over K consecutive chunks of text: end to end, both ways to treat the chunk border.

Truncated, the state goes on from chunk to chunk and its gradient stops at the border, as in training. Flowing, the
gradient goes back across it, and K chunks are one long sequence.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from autograd.tracer import getval

from compare.agreement import Array
from compare.pair import Pair
from tiny_autograd_rnn.forms import Argument, Axis
from tiny_autograd_rnn.signature import Signature, unchecked


def over_chunks(model: Pair, *, truncated: bool) -> Pair:
    """The pair of a model whose data have an axis K in front, and whose loss is the sum over K chunks."""
    how = "stopped" if truncated else "flowing"
    hand = type(f"Chunked{model.title}", (Chunked,), {"model": model, "truncated": truncated})
    return Pair(
        hand,
        _chunked(model, truncated),
        name=f"{model.title}, {how}",
        layer=False,
        stopped=truncated,
        # over all chunks
        long=min(model.long, 50),
        family=model.family,
    )


def _chunked(model: Pair, truncated: bool) -> Callable[..., Any]:
    """loss = Σₖ model(xs[k], ts[k], h[k-1]), h[-1] = h0"""
    states = [a.name for a in model.signature.states]

    def chunked(*arrays: Array, **options: Any) -> Any:
        given = dict(zip((a.name for a in model.signature.arguments), arrays, strict=True))
        data = [a.name for a in model.signature.data if a.name not in states]
        loss: Any = 0
        for k in range(len(given[data[0]])):
            chunk = {**given, **{name: given[name][k] for name in data}}
            chunk_loss, *carried = _unpacked(unchecked(model.twin)(*chunk.values(), **options), 1 + len(states))
            loss = loss + chunk_loss
            # as plain data the state carries no gradient back
            given |= zip(states, map(getval, carried) if truncated else carried, strict=True)
        return loss

    chunked.__name__ = chunked.__qualname__ = f"chunked_{model.twin.__name__}"
    vars(chunked).update(specification=_specification(model.signature, chunked.__name__))
    return chunked


def _unpacked(outputs: Any, count: int) -> list[Any]:
    # autograd's tuple has no iterator while it is traced
    return [outputs[i] for i in range(count)]


def _specification(model: Signature, name: str) -> Signature:
    """The model's signature with K chunks of data, and the loss as its only output.

    Without the names that its layers know (a gate order): chaining has nothing to do with them.
    """
    data = tuple(a if a in model.states else _many(a) for a in model.data)
    params = tuple(replace(a, forms=a.forms[:1]) for a in model.params)
    keywords = {n: o for n, o in model.keywords.items() if not o.rule and all(isinstance(c, bool) for c in o.choices)}
    return replace(model, name=name, data=data, params=params, outputs=model.outputs[:1], keywords=keywords)


def _many(argument: Argument) -> Argument:
    form = argument.forms[0]
    return replace(argument, forms=(replace(form, axes=(Axis(1, "K"), *form.axes)),))


class Chunked:
    """The handwritten models of K chunks, chained: the state forwards, its gradient backwards unless truncated."""

    model: Pair
    truncated: bool

    def __init__(self, *params: Array, **options: Any) -> None:
        self.params = list(params)
        self.grads = [np.zeros_like(param) for param in params]
        self.options = options
        self.models: list[Any] = []
        self.names = [a.name.removesuffix("0") for a in self.model.signature.states]
        self.reset_state()

    def forward(self, *data: Array) -> Array:
        """The sum of the chunks' losses, from data that have an axis K in front."""
        self.models = []
        loss: Any = 0
        for chunk in zip(*data, strict=True):
            model = self.model.hand(*self.params, **self.options)
            states = [getattr(self, name) for name in self.names]
            if states[0] is not None:
                model.set_state(*states)
            loss = loss + model.forward(*chunk)
            self.set_state(*(getattr(model, name) for name in self.names))
            self.models.append(model)
        return np.asarray(loss)

    def backward(self, dout: Array | float = 1) -> None:
        """All gradients, last chunk first; the one of h0 into `.dh`."""
        for grad in self.grads:
            grad[...] = 0
        later: dict[str, Any] = {}
        for model in reversed(self.models):
            model.backward(dout, **({} if self.truncated else later))
            later = {f"d{name}": getattr(model, f"d{name}") for name in self.names}
            for grad, chunk_grad in zip(self.grads, model.grads, strict=True):
                grad += chunk_grad
        vars(self).update(later)

    def set_state(self, *states: Array) -> None:
        """Begin the first chunk from copies of the states."""
        vars(self).update(zip(self.names, map(np.array, states), strict=True))

    def reset_state(self) -> None:
        """Begin the first chunk from zero."""
        vars(self).update(dict.fromkeys(self.names))
