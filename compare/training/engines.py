"""The two derivations as engines: the same parameters and chunks go in, loss and gradients come out."""

from typing import Any, Protocol

import autograd.numpy  # noqa: F401 (registers NumPy's functions, as the pure side does)
import numpy as np
from autograd.differential_operators import make_vjp

from compare.agreement import Array
from manual import SimpleRnnlm
from tiny_autograd_rnn import simple_rnnlm

PARAMS = ("embed_W", "rnn_Wx", "rnn_Wh", "rnn_b", "affine_W", "affine_b")


def initial(V: int, D: int, H: int, dtype: Any, seed: int) -> list[Array]:
    """The book's start, in the order of PARAMS: normal numbers over 100 (embed_W), √D (rnn_Wx), √H; biases 0."""
    randn = np.random.default_rng(seed).standard_normal
    params = [
        randn((V, D)) / 100,
        randn((D, H)) / np.sqrt(D),
        randn((H, H)) / np.sqrt(H),
        np.zeros(H),
        randn((H, V)) / np.sqrt(H),
        np.zeros(V),
    ]
    return [param.astype(dtype) for param in params]


class Engine(Protocol):
    """One derivation over its own parameters, with the recurrent state that it carries from chunk to chunk.

    The arrays in `params` may change in place between steps.
    """

    name: str
    params: list[Array]

    def __init__(self, params: list[Array]) -> None: ...

    def step(self, xs: Array, ts: Array) -> tuple[float, list[Array]]:
        """(mean loss in nats, gradient of every parameter) on the chunk; the state moves on.

        The gradients stop at the chunk's border, and are good until the next step.
        """
        ...

    def loss(self, xs: Array, ts: Array) -> float:
        """The mean loss in nats alone; the state moves on."""
        ...

    def reset(self) -> None:
        """Go on from a state of zero."""
        ...


class Manual:
    """The backward passes derived by hand."""

    name = "manual"

    def __init__(self, params: list[Array]) -> None:
        self.params = params
        self.model = SimpleRnnlm(*params)

    def step(self, xs: Array, ts: Array) -> tuple[float, list[Array]]:
        loss = self.model.forward(xs, ts)
        self.model.backward()
        return float(loss), self.model.grads

    def loss(self, xs: Array, ts: Array) -> float:
        return float(self.model.forward(xs, ts))

    def reset(self) -> None:
        self.model.reset_state()


class Autograd:
    """The pure loss, differentiated by autograd."""

    name = "autograd"

    def __init__(self, params: list[Array]) -> None:
        self.params = params
        self.h: Array | None = None

    def step(self, xs: Array, ts: Array) -> tuple[float, list[Array]]:
        h0 = self._h0(xs)

        def forward(*params: Array) -> Any:
            return simple_rnnlm(xs, ts, h0, *params)

        vjp, (loss, h) = make_vjp(forward, argnum=tuple(range(len(PARAMS))))(*self.params)
        # autograd has 1/cosh² for the derivative of tanh: cosh overflows for a saturated unit, and 0 is right
        with np.errstate(over="ignore"):
            # no gradient from the chunk after this one: the truncation
            grads = vjp((np.ones_like(loss), np.zeros_like(h)))
        # plain data: what the next chunk starts from has no history
        self.h = h
        return float(loss), list(grads)

    def loss(self, xs: Array, ts: Array) -> float:
        loss, self.h = simple_rnnlm(xs, ts, self._h0(xs), *self.params)
        return float(loss)

    def reset(self) -> None:
        self.h = None

    def _h0(self, xs: Array) -> Array:
        Wh = self.params[2]
        return np.zeros((len(xs), len(Wh)), Wh.dtype) if self.h is None else self.h


ENGINES: dict[str, tuple[type[Engine], ...]] = {
    "manual": (Manual,),
    "autograd": (Autograd,),
    "both": (Manual, Autograd),
}
