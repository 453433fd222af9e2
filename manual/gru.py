"""The gated recurrent unit, one step and T steps, with its backward pass derived by hand."""

import numpy as np

from manual._axes import Array, Axes
from manual.activation import sigmoid

ORDERS = ("zrh", "rzh")
RESETS = ("after", "before")


class GRU:
    """One step of a gated recurrent unit, with p = x Wx + bx and q = h_prev Wh + bh cut into three gates:

    z = σ(p_z + q_z), r = σ(p_r + q_r), ĥ = tanh(p_h + r ⊙ q_h), h = (1 − z) ⊙ h_prev + z ⊙ ĥ.

    Wx (D, 3H), Wh (H, 3H), b (3H,), which is bx with bh = 0, or both as (2, 3H); x (N, D), h_prev (N, H) -> h (N, H).

    `reset`: "after", the reset gate acts on the product with the state, r ⊙ (h_prev Wh_h + bh_h), as in cuDNN and
    torch; "before", on the state itself, (r ⊙ h_prev) Wh_h + bh_h, as in Cho et al. (2014) and in the book.
    `order` says where the gates stand in the columns: "zrh" as in the book, "rzh" as in torch. torch's z is 1 − z
    here: negate its columns to convert, σ(−a) = 1 − σ(a).

    Derivation: h_prev has up to four readers (z, r, ĥ and the sum itself), so its gradients add up.

    Raises ValueError for an order or a reset that there is not.
    """

    def __init__(self, Wx: Array, Wh: Array, b: Array, *, order: str = "zrh", reset: str = "after") -> None:
        self.axes = Axes("GRU", Wx=(Wx, "D 3H"), Wh=(Wh, "H 3H"), b=(b, "2 3H" if np.ndim(b) == 2 else "3H"))
        self.axes.option("order", order, *ORDERS)
        self.axes.option("reset", reset, *RESETS)
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.order = order
        self.reset = reset
        self.cache: tuple[Array, ...] | None = None

    def forward(self, x: Array, h_prev: Array) -> Array:
        """h (N, H) from x (N, D) and h_prev (N, H)."""
        x, h_prev = self.axes.forward(x=(x, "N D"), h_prev=(h_prev, "N H"))
        Wx, Wh, b = self.params
        bx, bh = b if b.ndim == 2 else (b, np.zeros_like(b))

        # p = x Wx + bx,  q = h_prev Wh + bh
        p = np.dot(x, Wx) + bx
        q = np.dot(h_prev, Wh) + bh
        z = sigmoid(self._gate("z", p + q))
        r = sigmoid(self._gate("r", p + q))
        if self.reset == "after":
            # ĥ = tanh(p_h + r ⊙ q_h)
            recalled = r * self._gate("h", q)
        else:
            # ĥ = tanh(p_h + (r ⊙ h_prev) Wh_h + bh_h)
            recalled = np.dot(r * h_prev, self._gate("h", Wh)) + self._gate("h", bh)
        h_hat = np.tanh(self._gate("h", p) + recalled)
        # h = (1 − z) ⊙ h_prev + z ⊙ ĥ
        h: Array = (1 - z) * h_prev + z * h_hat

        self.cache = (x, h_prev, z, r, h_hat, self._gate("h", q))
        return h

    def backward(self, dh: Array) -> tuple[Array, Array]:
        """(dx, dh_prev) from dh (N, H); the gradients of Wx, Wh and b go into `grads`, in place."""
        (dh,) = self.axes.backward(dh=(dh, "N H"))
        assert self.cache is not None
        Wx, Wh, b = self.params
        x, h_prev, z, r, h_hat, q_h = self.cache

        # dh_prev = dh ⊙ (1 − z) + …         the sum itself
        dh_prev = dh * (1 - z)
        # ∂L/∂(p_h + …) = (dh ⊙ z) ⊙ (1 − ĥ²)
        da_h = dh * z * (1 - h_hat**2)
        if self.reset == "after":
            # dr = ∂L/∂(r ⊙ q_h) ⊙ q_h,  dq_h = ∂L/∂(r ⊙ q_h) ⊙ r
            dr, dq_h = da_h * q_h, da_h * r
            read = h_prev
        else:
            # ∂L/∂(r ⊙ h_prev) = da_h Wh_hᵀ,  dr = that ⊙ h_prev,  dh_prev = … + that ⊙ r
            d_read = np.dot(da_h, self._gate("h", Wh).T)
            dr, dq_h = d_read * h_prev, da_h
            dh_prev = dh_prev + d_read * r
            read = r * h_prev

        # dp: the gradients of x Wx + bx;  dq: those of the products with the state
        dp, dq = (np.empty((len(x), Wx.shape[1]), dtype=Wx.dtype) for _ in "pq")
        # da_z = (dh ⊙ (ĥ − h_prev)) ⊙ z (1 − z),  da_r = dr ⊙ r (1 − r)
        self._gate("z", dp)[...] = self._gate("z", dq)[...] = dh * (h_hat - h_prev) * z * (1 - z)
        self._gate("r", dp)[...] = self._gate("r", dq)[...] = dr * r * (1 - r)
        self._gate("h", dp)[...] = da_h
        self._gate("h", dq)[...] = dq_h

        # dWx = xᵀ dp,  dWh = h_prevᵀ dq, but for ĥ (what its product reads)ᵀ dq_h
        self.grads[0][...] = np.dot(x.T, dp)
        self.grads[1][...] = np.dot(h_prev.T, dq)
        self._gate("h", self.grads[1])[...] = np.dot(read.T, dq_h)
        # dbx = Σₙ dp[n],  dbh = Σₙ dq[n]
        self.grads[2][...] = np.stack([dp.sum(axis=0), dq.sum(axis=0)]) if b.ndim == 2 else dp.sum(axis=0)
        if self.reset == "before":
            # the product for ĥ read r ⊙ h_prev: its way back was gone above
            self._gate("h", dq)[...] = 0
        # dh_prev = … + dq Whᵀ,  dx = dp Wxᵀ
        return np.dot(dp, Wx.T), dh_prev + np.dot(dq, Wh.T)

    def _gate(self, gate: str, columns: Array) -> Array:
        """The H columns of one gate, as a view into (…, 3H)."""
        H = len(self.params[1])
        k = self.order.index(gate)
        return columns[..., k * H : (k + 1) * H]


class TimeGRU:
    """T steps of `GRU`: hs[:, t] = GRU(xs[:, t], hs[:, t-1]), with hs[:, -1] = h0.

    Wx (D, 3H), Wh (H, 3H), b (3H,) or (2, 3H); xs (N, T, D) -> hs (N, T, H).

    h0 is zero, unless the layer is `stateful`: then it is the last state of the forward pass before, or what
    `set_state` gave. The gradient that goes out to it is left in `.dh`; from later sequences none comes in
    (truncated BPTT).

    Derivation: the cells unrolled, as in `TimeRNN`.
    """

    def __init__(
        self, Wx: Array, Wh: Array, b: Array, *, stateful: bool = False, order: str = "zrh", reset: str = "after"
    ) -> None:
        self.axes = Axes("TimeGRU", Wx=(Wx, "D 3H"), Wh=(Wh, "H 3H"), b=(b, "2 3H" if np.ndim(b) == 2 else "3H"))
        self.axes.option("order", order, *ORDERS)
        self.axes.option("reset", reset, *RESETS)
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.layers: list[GRU] = []
        self.h: Array | None = None
        self.dh: Array | None = None
        self.stateful = stateful
        self.order = order
        self.reset = reset

    def forward(self, xs: Array) -> Array:
        """hs (N, T, H) from xs (N, T, D)."""
        (xs,) = self.axes.forward(self.h if self.stateful else None, xs=(xs, "N T D"))
        Wx, Wh, b = self.params
        N, T, D = xs.shape
        H = len(Wh)

        if not self.stateful or self.h is None:
            self.h = np.zeros((N, H), dtype=Wx.dtype)

        self.layers = []
        hs = np.empty((N, T, H), dtype=Wx.dtype)
        for t in range(T):
            layer = GRU(Wx, Wh, b, order=self.order, reset=self.reset)
            # h[t] = GRU(x[t], h[t-1])
            self.h = layer.forward(xs[:, t, :], self.h)
            hs[:, t, :] = self.h
            self.layers.append(layer)
        return hs

    def backward(self, dhs: Array) -> Array:
        """dxs (N, T, D) from dhs (N, T, H); the gradient of h0 goes into `.dh`, the others into `grads`."""
        (dhs,) = self.axes.backward(dhs=(dhs, "N T H"))
        Wx, Wh, b = self.params
        N, T, H = dhs.shape

        dxs = np.empty((N, T, len(Wx)), dtype=Wx.dtype)
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
