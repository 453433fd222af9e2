"""The simple recurrent layer, one step and T steps, with its backward pass derived by hand."""

import numpy as np

from manual._axes import Array, Axes


class RNN:
    """One step of a simple recurrent network: h = tanh(x Wx + h_prev Wh + b).

    Wx (D, H), Wh (H, H), b (H,); x (N, D), h_prev (N, H) -> h (N, H).

    Derivation: backpropagation through the four nodes of the forward line (matrix products, sum, tanh), as
    in the documents; a matrix product Y = A B has dA = dY Bᵀ and dB = Aᵀ dY.
    """

    def __init__(self, Wx: Array, Wh: Array, b: Array) -> None:
        self.axes = Axes("RNN", Wx=(Wx, "D H"), Wh=(Wh, "H H"), b=(b, "H"))
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.cache: tuple[Array, Array, Array] | None = None

    def forward(self, x: Array, h_prev: Array) -> Array:
        """h (N, H) from x (N, D) and h_prev (N, H)."""
        x, h_prev = self.axes.forward(x=(x, "N D"), h_prev=(h_prev, "N H"))
        Wx, Wh, b = self.params

        # a = x Wx + h_prev Wh + b
        a = np.dot(x, Wx) + np.dot(h_prev, Wh) + b
        # h = tanh(a)
        h = np.tanh(a)

        self.cache = (x, h_prev, h)
        return h

    def backward(self, dh: Array) -> tuple[Array, Array]:
        """(dx, dh_prev) from dh (N, H); the gradients of Wx, Wh and b go into `grads`, in place."""
        (dh,) = self.axes.backward(dh=(dh, "N H"))
        assert self.cache is not None
        Wx, Wh, b = self.params
        x, h_prev, h = self.cache

        # da = dh ⊙ tanh′(a) = dh ⊙ (1 − h²)
        da = dh * (1 - h**2)
        # db = Σₙ da[n]                    b was broadcast over the batch
        db = np.sum(da, axis=0)
        # dWh = h_prevᵀ da
        dWh = np.dot(h_prev.T, da)
        # dh_prev = da Whᵀ
        dh_prev = np.dot(da, Wh.T)
        # dWx = xᵀ da
        dWx = np.dot(x.T, da)
        # dx = da Wxᵀ
        dx = np.dot(da, Wx.T)

        self.grads[0][...] = dWx
        self.grads[1][...] = dWh
        self.grads[2][...] = db
        return dx, dh_prev


class TimeRNN:
    """T steps of `RNN`: hs[:, t] = tanh(xs[:, t] Wx + hs[:, t-1] Wh + b), with hs[:, -1] = h0.

    Wx (D, H), Wh (H, H), b (H,); xs (N, T, D) -> hs (N, T, H).

    h0 is zero, unless the layer is `stateful`: then it is the last state of the forward pass before, or what
    `set_state` gave. The backward pass is truncated at the border of the sequence (truncated BPTT): no
    gradient comes in from later sequences, and the one that goes out to h0 is left in `.dh`.

    Derivation: the cells unrolled. A state has two readers, the output at its step and the next step, so its
    gradients add up; the weights are read at every step, so theirs do too.
    """

    def __init__(self, Wx: Array, Wh: Array, b: Array, *, stateful: bool = False) -> None:
        self.axes = Axes("TimeRNN", Wx=(Wx, "D H"), Wh=(Wh, "H H"), b=(b, "H"))
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.layers: list[RNN] = []
        self.h: Array | None = None
        self.dh: Array | None = None
        self.stateful = stateful

    def forward(self, xs: Array) -> Array:
        """hs (N, T, H) from xs (N, T, D)."""
        (xs,) = self.axes.forward(self.h if self.stateful else None, xs=(xs, "N T D"))
        Wx, Wh, b = self.params
        N, T, D = xs.shape
        D, H = Wx.shape

        if not self.stateful or self.h is None:
            self.h = np.zeros((N, H), dtype=Wx.dtype)

        self.layers = []
        hs = np.empty((N, T, H), dtype=Wx.dtype)
        for t in range(T):
            layer = RNN(Wx, Wh, b)
            # h[t] = tanh(x[t] Wx + h[t-1] Wh + b)
            self.h = layer.forward(xs[:, t, :], self.h)
            hs[:, t, :] = self.h
            self.layers.append(layer)
        return hs

    def backward(self, dhs: Array) -> Array:
        """dxs (N, T, D) from dhs (N, T, H); the gradient of h0 goes into `.dh`, the others into `grads`."""
        (dhs,) = self.axes.backward(dhs=(dhs, "N T H"))
        Wx, Wh, b = self.params
        N, T, H = dhs.shape
        D, H = Wx.shape

        dxs = np.empty((N, T, D), dtype=Wx.dtype)
        grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        # ∂L/∂h[T-1] from later sequences = 0: the truncation
        dh = np.zeros((N, H), dtype=Wx.dtype)
        for t in reversed(range(T)):
            layer = self.layers[t]
            # ∂L/∂h[t] = dhs[t] + (∂h[t+1]/∂h[t])ᵀ ∂L/∂h[t+1]
            dx, dh = layer.backward(dhs[:, t, :] + dh)
            dxs[:, t, :] = dx
            # dW = Σₜ dW[t]
            for i, grad in enumerate(layer.grads):
                grads[i] += grad

        for i, grad in enumerate(grads):
            self.grads[i][...] = grad
        self.dh = dh
        return dxs

    def set_state(self, h: Array) -> None:
        """Start the next forward pass of a stateful layer from a copy of h (N, H)."""
        (self.h,) = self.axes.state("set_state", h=(h, "N H"))

    def reset_state(self) -> None:
        """Start the next forward pass from zero."""
        self.h = None
