"""The matrix product, and the affine layer for one row and for T steps, with their backward passes derived by hand."""

import numpy as np

from manual._axes import Array, Axes


class MatMul:
    """out = x W.

    W (D, H); x (N, D) -> out (N, H).

    Derivation: out[n, h] = Σ_d x[n, d] W[d, h], so that ∂out[n, h]/∂x[n, d] = W[d, h]: the sum over h of
    dout[n, h] W[d, h] is dx = dout Wᵀ, and in the same way dW = xᵀ dout.
    """

    def __init__(self, W: Array) -> None:
        self.axes = Axes("MatMul", W=(W, "D H"))
        self.params = [W]
        self.grads = [np.zeros_like(W)]
        self.x: Array | None = None

    def forward(self, x: Array) -> Array:
        """out (N, H) from x (N, D)."""
        (x,) = self.axes.forward(x=(x, "N D"))
        (W,) = self.params
        self.x = x
        # out = x W
        return np.dot(x, W)

    def backward(self, dout: Array) -> Array:
        """dx (N, D) from dout (N, H); the gradient of W goes into `grads`, in place."""
        (dout,) = self.axes.backward(dout=(dout, "N H"))
        assert self.x is not None
        (W,) = self.params

        # dW = xᵀ dout
        self.grads[0][...] = np.dot(self.x.T, dout)
        # dx = dout Wᵀ
        return np.dot(dout, W.T)


class Affine:
    """out = x W + b.

    W (D, H), b (H,); x (N, D) -> out (N, H).

    Derivation: a matrix product Y = A B has dA = dY Bᵀ and dB = Aᵀ dY; b is broadcast over the batch.
    """

    def __init__(self, W: Array, b: Array) -> None:
        self.axes = Axes("Affine", W=(W, "D H"), b=(b, "H"))
        self.params = [W, b]
        self.grads = [np.zeros_like(W), np.zeros_like(b)]
        self.x: Array | None = None

    def forward(self, x: Array) -> Array:
        """out (N, H) from x (N, D)."""
        (x,) = self.axes.forward(x=(x, "N D"))
        W, b = self.params
        self.x = x
        # out = x W + b
        return np.dot(x, W) + b

    def backward(self, dout: Array) -> Array:
        """dx (N, D) from dout (N, H); the gradients of W and b go into `grads`, in place."""
        (dout,) = self.axes.backward(dout=(dout, "N H"))
        assert self.x is not None
        W, b = self.params

        # db = Σₙ dout[n]
        db = np.sum(dout, axis=0)
        # dW = xᵀ dout
        dW = np.dot(self.x.T, dout)
        # dx = dout Wᵀ
        dx = np.dot(dout, W.T)

        self.grads[0][...] = dW
        self.grads[1][...] = db
        return dx


class TimeAffine:
    """`Affine` at each of T steps, as one product: out[:, t] = xs[:, t] W + b.

    W (D, H), b (H,); xs (N, T, D) -> out (N, T, H).

    Derivation: the steps do not depend on each other, so the N·T rows are one batch.
    """

    def __init__(self, W: Array, b: Array) -> None:
        self.axes = Axes("TimeAffine", W=(W, "D H"), b=(b, "H"))
        self.params = [W, b]
        self.grads = [np.zeros_like(W), np.zeros_like(b)]
        self.xs: Array | None = None

    def forward(self, xs: Array) -> Array:
        """out (N, T, H) from xs (N, T, D)."""
        (xs,) = self.axes.forward(xs=(xs, "N T D"))
        W, b = self.params
        N, T, D = xs.shape

        rx = xs.reshape(N * T, D)
        # out = rx W + b                   rx: the N·T rows of xs
        out: Array = np.dot(rx, W) + b
        self.xs = xs
        return out.reshape(N, T, len(b))

    def backward(self, dout: Array) -> Array:
        """dxs (N, T, D) from dout (N, T, H); the gradients of W and b go into `grads`, in place."""
        (dout,) = self.axes.backward(dout=(dout, "N T H"))
        assert self.xs is not None
        W, b = self.params
        N, T, D = self.xs.shape

        dout = dout.reshape(N * T, -1)
        rx = self.xs.reshape(N * T, D)
        # db = Σᵣ dout[r]                  over the N·T rows
        db = np.sum(dout, axis=0)
        # dW = rxᵀ dout
        dW = np.dot(rx.T, dout)
        # dx = dout Wᵀ
        dxs: Array = np.dot(dout, W.T)

        self.grads[0][...] = dW
        self.grads[1][...] = db
        return dxs.reshape(N, T, D)
