"""Gradient clipping by the global norm: of any list of gradients, and as a layer with its own backward pass."""

from collections.abc import Sequence

import numpy as np

from manual._axes import Array, Axes


def global_norm(grads: Sequence[Array]) -> Array:
    """‖g‖ = √(Σ g²) over all elements of all gradients, without overflow: the largest is taken out before squaring."""
    # m = max |g|; of complex numbers (the complex step) by the real part, as any m gives the same ‖g‖
    m = max(np.abs(grad.real).max() for grad in grads) or 1.0
    # ‖g‖ = m √(Σ (g/m)²)
    norm: Array = np.sqrt(sum(np.sum((grad / m) ** 2) for grad in grads)) * m
    return norm


def scale(norm: Array, max_norm: float) -> Array | float:
    """s = max_norm/‖g‖ where ‖g‖ > max_norm, else 1."""
    return max_norm / norm if norm.real > max_norm else 1.0


def clipped(grads: Sequence[Array], max_norm: float) -> list[Array]:
    """g s: the gradients as one long vector, shortened to max_norm where it is longer; always new arrays."""
    s = scale(global_norm(grads), float(max_norm))
    return [grad * s for grad in grads]


class ClipGrads:
    """Two gradients clipped by their common norm: g s, with s = max_norm/‖g‖ where ‖g‖ > max_norm, else 1.

    dW (D, H), db (H,) -> dW (D, H), db (H,); g is both as one long vector, ‖g‖ = √(Σ dW² + Σ db²).

    Derivation: where s = 1 nothing is changed. Elsewhere ∂‖g‖/∂g[j] = g[j]/‖g‖, so ∂s/∂g[j] = −s g[j]/‖g‖², and

        ∂(g[i] s)/∂g[j] = s (δ[i, j] − g[i] g[j]/‖g‖²):

    what points along g is taken out of the gradient, as the length of the result is always the same.
    """

    def __init__(self, *, max_norm: float = 1.0) -> None:
        self.axes = Axes("ClipGrads")
        self.axes.option("max_norm", max_norm, "above 0")
        self.params: list[Array] = []
        self.grads: list[Array] = []
        self.max_norm = float(max_norm)
        self.cache: tuple[tuple[Array, ...], float] | None = None

    def forward(self, dW: Array, db: Array) -> tuple[Array, ...]:
        """dW (D, H) and db (H,), clipped."""
        g = self.axes.forward(dW=(dW, "D H"), db=(db, "H"))
        self.cache = (g, self.max_norm)
        # g s
        return tuple(clipped(g, self.max_norm))

    def backward(self, ddW: Array, ddb: Array) -> tuple[Array, ...]:
        """The gradients of dW (D, H) and db (H,), from those of the clipped ones."""
        c = self.axes.backward(ddW=(ddW, "D H"), ddb=(ddb, "H"))
        assert self.cache is not None
        g, max_norm = self.cache
        norm = global_norm(g)
        s = scale(norm, max_norm)

        # a = ⟨c, g⟩/‖g‖², or 0 where nothing was clipped      divided twice, as ‖g‖² would overflow
        a = sum(np.sum(c[i] * g[i]) for i in range(2)) / norm / norm if norm > max_norm else 0.0
        # dg[j] = Σᵢ c[i] ∂(g[i] s)/∂g[j] = s (c[j] − a g[j])
        return tuple(s * (c[i] - a * g[i]) for i in range(2))
