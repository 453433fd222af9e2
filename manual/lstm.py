"""The long short-term memory, one step and T steps, with its backward pass derived by hand."""

import numpy as np

from manual._axes import Array, Axes
from manual.activation import sigmoid

ORDERS = ("fgio", "ifgo", "ifog")


class LSTM:
    """One step of a long short-term memory, with a = x Wx + h_prev Wh + b cut into four gates:

    f = σ(a_f), g = tanh(a_g), i = σ(a_i), o = σ(a_o); c = f ⊙ c_prev + g ⊙ i; h = o ⊙ tanh(c).

    Wx (D, 4H), Wh (H, 4H), b (4H,); x (N, D), h_prev (N, H), c_prev (N, H) -> h (N, H), c (N, H).

    `order` says where the gates stand in the columns: "fgio" as in the book, "ifgo" as in torch, "ifog" as in
    CS231n (`compare.gates.reorder` converts). f forgets, i lets in, g is what is let in, o lets out.

    Derivation: c has two readers, h and the next step, so its gradients add up; σ′ = σ (1 − σ), tanh′ = 1 − tanh².

    Raises ValueError for an order that there is not.
    """

    def __init__(self, Wx: Array, Wh: Array, b: Array, *, order: str = "fgio") -> None:
        self.axes = Axes("LSTM", Wx=(Wx, "D 4H"), Wh=(Wh, "H 4H"), b=(b, "4H"))
        self.axes.option("order", order, *ORDERS)
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.order = order
        self.cache: tuple[Array, ...] | None = None

    def forward(self, x: Array, h_prev: Array, c_prev: Array) -> tuple[Array, Array]:
        """(h, c), each (N, H), from x (N, D), h_prev (N, H) and c_prev (N, H)."""
        x, h_prev, c_prev = self.axes.forward(x=(x, "N D"), h_prev=(h_prev, "N H"), c_prev=(c_prev, "N H"))
        Wx, Wh, b = self.params

        # a = x Wx + h_prev Wh + b
        a = np.dot(x, Wx) + np.dot(h_prev, Wh) + b
        f = sigmoid(self._gate("f", a))
        g = np.tanh(self._gate("g", a))
        i = sigmoid(self._gate("i", a))
        o = sigmoid(self._gate("o", a))
        # c = f ⊙ c_prev + g ⊙ i
        c = f * c_prev + g * i
        # h = o ⊙ tanh(c)
        tanh_c = np.tanh(c)
        h = o * tanh_c

        self.cache = (x, h_prev, c_prev, f, g, i, o, tanh_c)
        return h, c

    def backward(self, dh: Array, dc: Array) -> tuple[Array, Array, Array]:
        """(dx, dh_prev, dc_prev) from dh (N, H) and dc (N, H); the others go into `grads`, in place."""
        dh, dc = self.axes.backward(dh=(dh, "N H"), dc=(dc, "N H"))
        assert self.cache is not None
        Wx, Wh, b = self.params
        x, h_prev, c_prev, f, g, i, o, tanh_c = self.cache

        # ∂L/∂c = dc + dh ⊙ o ⊙ (1 − tanh²(c))      the next step's, and that of h
        dc = dc + dh * o * (1 - tanh_c**2)
        # dc_prev = ∂L/∂c ⊙ f
        dc_prev = dc * f

        da = np.empty((len(x), len(b)), dtype=Wx.dtype)
        # da_f = (∂L/∂c ⊙ c_prev) ⊙ f (1 − f)
        self._gate("f", da)[...] = dc * c_prev * f * (1 - f)
        # da_g = (∂L/∂c ⊙ i) ⊙ (1 − g²)
        self._gate("g", da)[...] = dc * i * (1 - g**2)
        # da_i = (∂L/∂c ⊙ g) ⊙ i (1 − i)
        self._gate("i", da)[...] = dc * g * i * (1 - i)
        # da_o = (dh ⊙ tanh(c)) ⊙ o (1 − o)
        self._gate("o", da)[...] = dh * tanh_c * o * (1 - o)

        # db = Σₙ da[n],  dWh = h_prevᵀ da,  dWx = xᵀ da
        self.grads[2][...] = np.sum(da, axis=0)
        self.grads[1][...] = np.dot(h_prev.T, da)
        self.grads[0][...] = np.dot(x.T, da)
        # dh_prev = da Whᵀ,  dx = da Wxᵀ
        return np.dot(da, Wx.T), np.dot(da, Wh.T), dc_prev

    def _gate(self, gate: str, columns: Array) -> Array:
        """The H columns (N, H) of one gate, as a view into (N, 4H)."""
        H = len(self.params[1])
        k = self.order.index(gate)
        return columns[:, k * H : (k + 1) * H]


class TimeLSTM:
    """T steps of `LSTM`: hs[:, t], c[t] = LSTM(xs[:, t], hs[:, t-1], c[t-1]), with hs[:, -1] = h0 and c[-1] = c0.

    Wx (D, 4H), Wh (H, 4H), b (4H,); xs (N, T, D) -> hs (N, T, H), and the last memory (N, H) in `.c`.

    h0 and c0 are zero, unless the layer is `stateful`: then they are the last ones of the forward pass before, or
    what `set_state` gave. The gradients that go out to them are left in `.dh` and `.dc`; from later sequences none
    comes in (truncated BPTT), unless `backward` is given one for the last memory.

    Derivation: the cells unrolled; h and c of a step are read by the next one, and h by the output too.
    """

    def __init__(self, Wx: Array, Wh: Array, b: Array, *, stateful: bool = False, order: str = "fgio") -> None:
        self.axes = Axes("TimeLSTM", Wx=(Wx, "D 4H"), Wh=(Wh, "H 4H"), b=(b, "4H"))
        self.axes.option("order", order, *ORDERS)
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.layers: list[LSTM] = []
        self.h: Array | None = None
        self.c: Array | None = None
        self.dh: Array | None = None
        self.dc: Array | None = None
        self.stateful = stateful
        self.order = order

    def forward(self, xs: Array) -> Array:
        """hs (N, T, H) from xs (N, T, D)."""
        (xs,) = self.axes.forward(self.h if self.stateful else None, xs=(xs, "N T D"))
        Wx, Wh, b = self.params
        N, T, D = xs.shape
        H = len(Wh)

        if not self.stateful or self.h is None or self.c is None:
            self.h = np.zeros((N, H), dtype=Wx.dtype)
            self.c = np.zeros((N, H), dtype=Wx.dtype)

        self.layers = []
        hs = np.empty((N, T, H), dtype=Wx.dtype)
        for t in range(T):
            layer = LSTM(Wx, Wh, b, order=self.order)
            # h[t], c[t] = LSTM(x[t], h[t-1], c[t-1])
            self.h, self.c = layer.forward(xs[:, t, :], self.h, self.c)
            hs[:, t, :] = self.h
            self.layers.append(layer)
        return hs

    def backward(self, dhs: Array, dc: Array | None = None) -> Array:
        """dxs (N, T, D) from dhs (N, T, H); the gradients of h0 and c0 go into `.dh` and `.dc`, the others in `grads`.

        dc (N, H) is the gradient of the last memory that comes back from the sequence after this one; without it the
        backward pass is truncated there.
        """
        (dhs,) = self.axes.backward(dhs=(dhs, "N T H"))
        Wx, Wh, b = self.params
        N, T, H = dhs.shape
        if dc is None:
            # ∂L/∂c[T-1] from later sequences = 0: the truncation
            dc = np.zeros((N, H), dtype=Wx.dtype)
        (dc,) = self.axes.backward(dc=(dc, "N H"))

        dxs = np.empty((N, T, len(Wx)), dtype=Wx.dtype)
        grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        dh = np.zeros((N, H), dtype=Wx.dtype)
        for t in reversed(range(T)):
            layer = self.layers[t]
            # ∂L/∂h[t] = dhs[t] + what the step after it sends back; ∂L/∂c[t] = what that sends back
            dx, dh, dc = layer.backward(dhs[:, t, :] + dh, dc)
            dxs[:, t, :] = dx
            # dW = Σₜ dW[t]
            for i, grad in enumerate(layer.grads):
                grads[i] += grad

        for i, grad in enumerate(grads):
            self.grads[i][...] = grad
        self.dh, self.dc = dh, dc
        return dxs

    def set_state(self, h: Array, c: Array | None = None) -> None:
        """Start the next forward pass of a stateful layer from copies of h (N, H) and c (N, H), of zero without c."""
        if c is None:
            c = np.zeros_like(h)
        self.h, self.c = self.axes.state("set_state", h=(h, "N H"), c=(c, "N H"))

    def reset_state(self) -> None:
        """Start the next forward pass from zero."""
        self.h, self.c = None, None
