"""Gradient clipping by the global norm: of any list of gradients, and as a layer with its own backward pass."""

from collections.abc import Sequence

import numpy as np

from manual._axes import Array, Axes


def measured(grads: Sequence[Array]) -> tuple[list[Array], Array, Array | float]:
    """u, ρ and m, where g = m u, m is the largest |g| of all gradients, and ρ = ‖u‖: g² could overflow, u² cannot.

    All gradients are taken as one long vector g, so that its norm is ‖g‖ = m ρ = √(Σ g²).
    """
    # of complex numbers (the complex step) by the real part: ‖g‖ is the same for any m
    m = max(np.abs(grad.real).max() for grad in grads) or 1.0
    u = [grad / m for grad in grads]
    # ρ = √(Σ u²)
    rho: Array = np.sqrt(sum(np.sum(part**2) for part in u))
    return u, rho, m


def clipped(grads: Sequence[Array], max_norm: float) -> Sequence[Array]:
    """The gradients, shortened to ‖g‖ = max_norm where ‖g‖ is larger; elsewhere they themselves."""
    u, rho, m = measured(grads)
    # a norm that is no number is no legal one: it spoils all gradients, which is seen, rather than none
    if m * rho.real <= max_norm:
        return grads
    # g max_norm/‖g‖ = u max_norm/ρ
    return [part * (float(max_norm) / rho) for part in u]


class ClipGrads:
    """Two gradients clipped by their common norm: g s, with s = max_norm/‖g‖ where ‖g‖ > max_norm, else 1.

    dW (D, H), db (H,) -> dW (D, H), db (H,); g is both as one long vector, ‖g‖ = √(Σ dW² + Σ db²).

    Derivation: where s = 1 nothing is changed. Elsewhere ∂‖g‖/∂g[j] = g[j]/‖g‖, so ∂s/∂g[j] = −s g[j]/‖g‖², and

        ∂(g[i] s)/∂g[j] = s (δ[i, j] − g[i] g[j]/‖g‖²) = s (δ[i, j] − u[i] u[j]/ρ²), with u and ρ of `measured`:

    what points along g is taken out of the gradient, as the length of the result is always the same.
    """

    def __init__(self, *, max_norm: float = 1.0) -> None:
        self.axes = Axes("ClipGrads")
        self.axes.option("max_norm", max_norm, "above 0")
        self.params: list[Array] = []
        self.grads: list[Array] = []
        self.max_norm = float(max_norm)
        self.cache: tuple[tuple[Array, ...], float] | None = None

    def forward(self, dW: Array, db: Array) -> tuple[Array, Array]:
        """dW (D, H) and db (H,), clipped."""
        g = self.axes.forward(dW=(dW, "D H"), db=(db, "H"))
        self.cache = (g, self.max_norm)
        # g s
        dW, db = clipped(g, self.max_norm)
        return dW, db

    def backward(self, ddW: Array, ddb: Array) -> tuple[Array, Array]:
        """The gradients of dW (D, H) and db (H,), from those of the clipped ones."""
        ddW, ddb = self.axes.backward(ddW=(ddW, "D H"), ddb=(ddb, "H"))
        assert self.cache is not None
        g, max_norm = self.cache
        (uW, ub), rho, m = measured(g)
        if m * rho <= max_norm:
            return ddW, ddb

        # with c = (ddW, ddb) as one long vector too:   a = ⟨c, u⟩/ρ²
        a = (np.sum(ddW * uW) + np.sum(ddb * ub)) / rho**2
        # s = max_norm/‖g‖
        s = max_norm / rho / m
        # dg[j] = Σᵢ c[i] s (δ[i, j] − u[i] u[j]/ρ²) = s (c[j] − a u[j])
        return s * (ddW - a * uW), s * (ddb - a * ub)
