"""The embedding layer, for one id a row and for T, with its backward pass derived by hand."""

import numpy as np

from manual._axes import Array, Axes


class Embedding:
    """Row selection: out[n] = W[ids[n]].

    W (V, D); ids (N,), integers with 0 <= id < V -> out (N, D).

    Derivation: as a matrix product with one-hot rows, out = E W with E[n, v] = 1 where v = ids[n], so that
    dW = Eᵀ dout: a row that was read several times gets the sum of its gradients.
    """

    def __init__(self, W: Array) -> None:
        self.axes = Axes("Embedding", W=(W, "V D"))
        self.params = [W]
        self.grads = [np.zeros_like(W)]
        self.ids: Array | None = None

    def forward(self, ids: Array) -> Array:
        """out (N, D) from ids (N,)."""
        (ids,) = self.axes.forward(ids=(ids, "N", "0 <= id < V"))
        (W,) = self.params
        self.ids = ids
        # out[n] = W[ids[n]]
        return W[ids]

    def backward(self, dout: Array) -> None:
        """The gradient of W goes into `grads`, in place; ids have none."""
        (dout,) = self.axes.backward(dout=(dout, "N D"))
        assert self.ids is not None
        (dW,) = self.grads
        dW[...] = 0
        # dW[v] = Σ over n with ids[n] = v of dout[n]      (dW[ids] += dout would keep one n of a repeated id)
        np.add.at(dW, self.ids, dout)


class TimeEmbedding:
    """`Embedding` at each of T steps: out[:, t] = W[xs[:, t]].

    W (V, D); xs (N, T), integers with 0 <= id < V -> out (N, T, D).

    Derivation: every step reads the same W, so the gradients of the steps add up.
    """

    def __init__(self, W: Array) -> None:
        self.axes = Axes("TimeEmbedding", W=(W, "V D"))
        self.params = [W]
        self.grads = [np.zeros_like(W)]
        self.layers: list[Embedding] = []

    def forward(self, xs: Array) -> Array:
        """out (N, T, D) from ids xs (N, T)."""
        (xs,) = self.axes.forward(xs=(xs, "N T", "0 <= id < V"))
        (W,) = self.params
        N, T = xs.shape
        V, D = W.shape

        out = np.empty((N, T, D), dtype=W.dtype)
        self.layers = []
        for t in range(T):
            layer = Embedding(W)
            # out[:, t] = W[xs[:, t]]
            out[:, t, :] = layer.forward(xs[:, t])
            self.layers.append(layer)
        return out

    def backward(self, dout: Array) -> None:
        """The gradient of W goes into `grads`, in place; ids have none."""
        (dout,) = self.axes.backward(dout=(dout, "N T D"))
        (W,) = self.params
        N, T, D = dout.shape

        grad = np.zeros_like(W)
        for t in range(T):
            layer = self.layers[t]
            layer.backward(dout[:, t, :])
            # dW = Σₜ dW[t]
            grad += layer.grads[0]
        self.grads[0][...] = grad
