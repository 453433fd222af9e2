"""From gradients to the next parameters: SGD, Adam, and the global norm."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from compare.agreement import Array


class Optimiser(Protocol):
    """Changes parameters in place; `lr`, the learning rate, may change between updates."""

    lr: float

    def update(self, params: list[Array], grads: Sequence[Array]) -> None: ...

    @property
    def means(self) -> dict[str, list[Array]]:
        """What it remembers of the gradients, by name, a tensor for every parameter."""
        ...

    def go_on(self, steps: int, means: dict[str, list[Array]]) -> None:
        """Take the next update as after this many with these means."""
        ...


class SGD:
    """W ← W − lr ∂L/∂W"""

    def __init__(self, lr: float) -> None:
        self.lr = lr

    def update(self, params: list[Array], grads: Sequence[Array]) -> None:
        for param, grad in zip(params, grads, strict=True):
            param -= self.lr * grad

    @property
    def means(self) -> dict[str, list[Array]]:
        return {}

    def go_on(self, steps: int, means: dict[str, list[Array]]) -> None:
        pass


class Adam:
    """W ← W − lr m̂ / (√v̂ + ε), with running means m of ∂L/∂W and v of its square, corrected for their start at 0.

    Kingma & Ba (2015), algorithm 1, with the paper's β₁ = 0.9, β₂ = 0.999, ε = 1e-8.
    """

    def __init__(self, lr: float) -> None:
        self.lr = lr
        self.beta1, self.beta2, self.eps = 0.9, 0.999, 1e-8
        self.steps = 0
        self.m: list[Array] = []
        self.v: list[Array] = []

    def update(self, params: list[Array], grads: Sequence[Array]) -> None:
        if not self.steps:
            self.m = [np.zeros_like(param) for param in params]
            self.v = [np.zeros_like(param) for param in params]
        self.steps += 1
        unbias1, unbias2 = 1 - self.beta1**self.steps, 1 - self.beta2**self.steps
        for param, grad, m, v in zip(params, grads, self.m, self.v, strict=True):
            # m ← β₁ m + (1 − β₁) g
            m += (1 - self.beta1) * (grad - m)
            # v ← β₂ v + (1 − β₂) g²
            v += (1 - self.beta2) * (grad**2 - v)
            param -= self.lr * (m / unbias1) / (np.sqrt(v / unbias2) + self.eps)

    @property
    def means(self) -> dict[str, list[Array]]:
        return {"m": self.m, "v": self.v}

    def go_on(self, steps: int, means: dict[str, list[Array]]) -> None:
        self.steps, self.m, self.v = steps, means["m"], means["v"]


OPTIMISERS: dict[str, type[SGD] | type[Adam]] = {"sgd": SGD, "adam": Adam}


def global_norm(grads: list[Array]) -> float:
    """√(Σ g²) over the elements of all gradients, summed in float64."""
    return float(np.sqrt(sum(np.sum(np.square(grad, dtype=np.float64)) for grad in grads)))
