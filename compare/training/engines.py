"""The two derivations as engines: the same parameters and chunks go in, loss and gradients come out."""

from collections.abc import Callable, Sequence
from typing import Any

import autograd.numpy  # noqa: F401 (registers NumPy's functions, as the pure side does)
import numpy as np
from autograd.differential_operators import make_vjp

import manual.clip
import tiny_autograd_rnn.clip
from compare.agreement import Array
from compare.training.models import Architecture


class Engine:
    """One derivation over its own parameters, with the recurrent state that it carries from chunk to chunk.

    The arrays in `params` may change in place between steps. `ratio` is the probability of a dropout, None for a
    model without one.
    """

    name: str
    # the gradients, shortened to a global norm where theirs is larger: by each side's own function
    clipped: Callable[[Sequence[Array], float], Sequence[Array]]

    def __init__(
        self, model: Architecture, params: list[Array], ratio: float | None = None, *, train: bool = True
    ) -> None:
        self.model = model
        self.params = params
        self.ratio = ratio
        self.options = {} if ratio is None else {"ratio": ratio, "train": train}

    def step(self, xs: Array, ts: Array, masks: Sequence[Array] = ()) -> tuple[float, list[Array]]:
        """(mean loss in nats, gradient of every parameter) on the chunk; the state moves on.

        The gradients stop at the chunk's border, and are good until the next step.
        """
        raise NotImplementedError

    def loss(self, xs: Array, ts: Array, masks: Sequence[Array] = ()) -> float:
        """The mean loss in nats alone; the state moves on."""
        raise NotImplementedError

    @property
    def state(self) -> tuple[Array, ...]:
        """The carried state, in the order of the twin's data; empty for zero."""
        raise NotImplementedError

    def go_on(self, state: tuple[Array, ...]) -> None:
        """Take the next step from this state, as `state` gave it."""
        raise NotImplementedError

    def evaluating(self) -> "Engine":
        """Another engine over the same parameters, without dropout; its state begins at zero."""
        return type(self)(self.model, self.params, self.ratio, train=False)

    def masks(self, N: int, seed: Sequence[int] = ()) -> list[Array]:
        """A mask for every dropout: a unit is kept with probability 1 − ratio; without a seed, all are."""
        if self.ratio is None:
            return []
        shapes = self.model.shapes(self.model.masks, N=N, **self.model.sizes(self.params)).values()
        draw = np.random.default_rng(seed).random
        return [draw(shape) >= self.ratio if seed else np.ones(shape, bool) for shape in shapes]


class Manual(Engine):
    """The backward passes derived by hand, fused."""

    name = "manual"
    clipped = staticmethod(manual.clip.clipped)

    def __init__(
        self, model: Architecture, params: list[Array], ratio: float | None = None, *, train: bool = True
    ) -> None:
        super().__init__(model, params, ratio, train=train)
        self.hand = self._class()(*params, **self.options)

    def _class(self) -> Callable[..., Any]:
        return self.model.hand

    def step(self, xs: Array, ts: Array, masks: Sequence[Array] = ()) -> tuple[float, list[Array]]:
        loss = self.hand.forward(xs, ts, *masks)
        self.hand.backward()
        return float(loss), self.hand.grads

    def loss(self, xs: Array, ts: Array, masks: Sequence[Array] = ()) -> float:
        return float(self.hand.forward(xs, ts, *masks))

    @property
    def state(self) -> tuple[Array, ...]:
        states = tuple(getattr(self.hand, name) for name in self.model.states)
        return () if states[0] is None else states

    def go_on(self, state: tuple[Array, ...]) -> None:
        if state:
            self.hand.set_state(*state)
        else:
            self.hand.reset_state()


class Plain(Manual):
    """The backward passes derived by hand, as the documents teach them."""

    name = "plain"

    def _class(self) -> Callable[..., Any]:
        return self.model.plain


class Autograd(Engine):
    """The pure loss, differentiated by autograd."""

    name = "autograd"
    clipped = staticmethod(tiny_autograd_rnn.clip.clipped)

    def __init__(
        self, model: Architecture, params: list[Array], ratio: float | None = None, *, train: bool = True
    ) -> None:
        super().__init__(model, params, ratio, train=train)
        self._state: tuple[Array, ...] = ()

    def step(self, xs: Array, ts: Array, masks: Sequence[Array] = ()) -> tuple[float, list[Array]]:
        data = self._data(xs, ts, masks)

        def forward(*params: Array) -> Any:
            return self.model.twin(*data, *params, **self.options)

        vjp, (loss, *state) = make_vjp(forward, argnum=tuple(range(len(self.params))))(*self.params)
        # autograd has 1/cosh² for the derivative of tanh: cosh overflows for a saturated unit, and 0 is right
        with np.errstate(over="ignore"):
            # no gradient from the chunk after this one: the truncation
            grads = vjp((np.ones_like(loss), *(np.zeros_like(s) for s in state)))
        # plain data: what the next chunk starts from has no history
        self._state = tuple(state)
        return float(loss), list(grads)

    def loss(self, xs: Array, ts: Array, masks: Sequence[Array] = ()) -> float:
        loss, *state = self.model.twin(*self._data(xs, ts, masks), *self.params, **self.options)
        self._state = tuple(state)
        return float(loss)

    @property
    def state(self) -> tuple[Array, ...]:
        return self._state

    def go_on(self, state: tuple[Array, ...]) -> None:
        self._state = state

    def _data(self, xs: Array, ts: Array, masks: Sequence[Array]) -> tuple[Array, ...]:
        """Text, masks and state in the twin's order."""
        return (xs, ts, *masks, *(self._state or self._zero(len(xs))))

    def _zero(self, N: int) -> list[Array]:
        shapes = self.model.shapes(self.model.signature.states, N=N, **self.model.sizes(self.params))
        return [np.zeros(shape, self.params[0].dtype) for shape in shapes.values()]


ENGINES: dict[str, tuple[type[Engine], ...]] = {
    "manual": (Manual,),
    "plain": (Plain,),
    "autograd": (Autograd,),
    "both": (Manual, Autograd),
}
