"""Activations, element by element, with their backward passes derived by hand."""

import numpy as np

from manual._axes import Array, Axes


def sigmoid(x: Array) -> Array:
    """σ(x) = 1 / (1 + exp(−x)), without overflow: exp is only taken of what is not positive."""
    positive = x > 0
    # e = exp(−|x|)
    e = np.exp(np.where(positive, -x, x))
    # σ(x) = 1/(1 + e) where x > 0, else e/(1 + e)
    y: Array = np.where(positive, 1, e) / (1 + e)
    return y


class Sigmoid:
    """y = 1 / (1 + exp(−x)), element by element.

    x (N, D) -> y (N, D).

    Derivation: with e = exp(−x), ∂y/∂x = e/(1 + e)² = y (1 − y), since 1 − y = e/(1 + e).
    """

    def __init__(self) -> None:
        self.axes = Axes("Sigmoid")
        self.params: list[Array] = []
        self.grads: list[Array] = []
        self.y: Array | None = None

    def forward(self, x: Array) -> Array:
        """y (N, D) from x (N, D)."""
        (x,) = self.axes.forward(x=(x, "N D"))
        # y = σ(x)
        self.y = sigmoid(x)
        return self.y

    def backward(self, dy: Array) -> Array:
        """dx (N, D) from dy (N, D)."""
        (dy,) = self.axes.backward(dy=(dy, "N D"))
        assert self.y is not None
        # dx = dy ⊙ σ′(x) = dy ⊙ y ⊙ (1 − y)      exactly 0 where y is 0 or 1
        dx: Array = dy * self.y * (1 - self.y)
        return dx


class Tanh:
    """y = tanh(x), element by element.

    x (N, D) -> y (N, D).

    Derivation: tanh = sinh/cosh, so ∂y/∂x = (cosh² − sinh²)/cosh² = 1 − y².
    """

    def __init__(self) -> None:
        self.axes = Axes("Tanh")
        self.params: list[Array] = []
        self.grads: list[Array] = []
        self.y: Array | None = None

    def forward(self, x: Array) -> Array:
        """y (N, D) from x (N, D)."""
        (x,) = self.axes.forward(x=(x, "N D"))
        # y = tanh(x)
        self.y = np.tanh(x)
        return self.y

    def backward(self, dy: Array) -> Array:
        """dx (N, D) from dy (N, D)."""
        (dy,) = self.axes.backward(dy=(dy, "N D"))
        assert self.y is not None
        # dx = dy ⊙ tanh′(x) = dy ⊙ (1 − y²)      exactly 0 where y is 1 or −1
        dx: Array = dy * (1 - self.y**2)
        return dx


class Relu:
    """y = max(x, 0), element by element.

    x (N, D) -> y (N, D).

    Derivation: y = x where x > 0 and y = 0 elsewhere, with the slopes 1 and 0. At 0 there is no derivative: 0 is
    taken, as the documents do.
    """

    def __init__(self) -> None:
        self.axes = Axes("Relu")
        self.params: list[Array] = []
        self.grads: list[Array] = []
        self.positive: Array | None = None

    def forward(self, x: Array) -> Array:
        """y (N, D) from x (N, D)."""
        (x,) = self.axes.forward(x=(x, "N D"))
        # of a complex number (x + iε d, the complex step) the real part alone says where it is
        self.positive = x.real > 0
        # y = x where x > 0, else 0
        y: Array = np.where(self.positive, x, 0)
        return y

    def backward(self, dy: Array) -> Array:
        """dx (N, D) from dy (N, D)."""
        (dy,) = self.axes.backward(dy=(dy, "N D"))
        assert self.positive is not None
        # dx = dy where x > 0, else 0
        dx: Array = np.where(self.positive, dy, 0)
        return dx
