"""Layer normalisation, with its backward pass derived by hand."""

import numpy as np

from manual._axes import Array, Axes


class LayerNorm:
    """out = γ ⊙ x̂ + β, where x̂ = (x − μ) / √(σ² + ε), with mean and variance over the D numbers of each row.

    gamma (D,), beta (D,); x (N, D) -> out (N, D).

    μ[n] = (1/D) Σ x[n, d], σ²[n] = (1/D) Σ (x[n, d] − μ[n])²: the biased variance.

    Derivation: with r = 1/√(σ² + ε), x̂[i] = (x[i] − μ) r. There ∂μ/∂x[j] = 1/D and ∂σ²/∂x[j] = 2 (x[j] − μ)/D,
    in which the part through μ is gone, as Σ (x[i] − μ) = 0. So ∂r/∂x[j] = −½ r³ ∂σ²/∂x[j] = −r² x̂[j]/D, and

        ∂x̂[i]/∂x[j] = (δ[i, j] − 1/D) r + (x[i] − μ) (−r² x̂[j]/D) = r (δ[i, j] − 1/D − x̂[i] x̂[j]/D).
    """

    def __init__(self, gamma: Array, beta: Array, *, eps: float = 1e-5) -> None:
        self.axes = Axes("LayerNorm", gamma=(gamma, "D"), beta=(beta, "D"))
        self.axes.option("eps", eps, "above 0")
        self.params = [gamma, beta]
        self.grads = [np.zeros_like(gamma), np.zeros_like(beta)]
        self.eps = float(eps)
        self.cache: tuple[Array, Array] | None = None

    def forward(self, x: Array) -> Array:
        """out (N, D) from x (N, D)."""
        (x,) = self.axes.forward(x=(x, "N D"))
        gamma, beta = self.params
        N, D = x.shape

        # x − μ, μ = (1/D) Σ_d x[d]
        centred = x - np.sum(x, axis=1, keepdims=True) / D
        # r = 1/√(σ² + ε), σ² = (1/D) Σ_d (x[d] − μ)²
        r = 1 / np.sqrt(np.sum(centred**2, axis=1, keepdims=True) / D + self.eps)
        # x̂ = (x − μ) r
        x_hat = centred * r

        self.cache = (x_hat, r)
        # out = γ ⊙ x̂ + β
        return gamma * x_hat + beta

    def backward(self, dout: Array) -> Array:
        """dx (N, D) from dout (N, D); the gradients of gamma and beta go into `grads`, in place."""
        (dout,) = self.axes.backward(dout=(dout, "N D"))
        assert self.cache is not None
        gamma, beta = self.params
        x_hat, r = self.cache
        N, D = dout.shape

        # dγ = Σₙ dout[n] ⊙ x̂[n]           γ and β were broadcast over the batch
        dgamma = np.sum(dout * x_hat, axis=0)
        # dβ = Σₙ dout[n]
        dbeta = np.sum(dout, axis=0)
        # dx̂ = dout ⊙ γ
        dx_hat = dout * gamma
        # dx[j] = Σᵢ dx̂[i] ∂x̂[i]/∂x[j] = r (dx̂[j] − (1/D) Σᵢ dx̂[i] − x̂[j] (1/D) Σᵢ dx̂[i] x̂[i])
        mean = np.sum(dx_hat, axis=1, keepdims=True) / D
        along = np.sum(dx_hat * x_hat, axis=1, keepdims=True) / D
        dx: Array = r * (dx_hat - mean - x_hat * along)

        self.grads[0][...] = dgamma
        self.grads[1][...] = dbeta
        return dx
