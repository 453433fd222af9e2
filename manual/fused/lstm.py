"""The long short-term memory over T steps, with everything that no step waits for outside the loop."""

import numpy as np

from manual import lstm
from manual._axes import Array
from manual.fused._work import Work, batch_major, rows, time_major


class TimeLSTM(lstm.TimeLSTM):
    """`manual.TimeLSTM` with one product for all projections and one for each weight's gradient.

    Wx (D, 4H), Wh (H, 4H), b (4H,); xs (N, T, D) -> hs (N, T, H), and the last memory in `.c`; state, truncation and
    `order` as there.

    Derivation: docs/fused.md. Sums over time of products are products over all T·N rows; what a step multiplies its
    two upstream gradients by, dh[t] and dc[t], waits for no step.
    """

    def __init__(self, Wx: Array, Wh: Array, b: Array, *, stateful: bool = False, order: str = "fgio") -> None:
        super().__init__(Wx, Wh, b, stateful=stateful, order=order)
        self.work = Work()

    def forward(self, xs: Array) -> Array:
        """hs (N, T, H) from xs (N, T, D)."""
        (xs,) = self.axes.forward(self.h if self.stateful else None, xs=(xs, "N T D"))
        return batch_major(self.run(time_major(self.work, "xs", xs)))

    def backward(self, dhs: Array, dc: Array | None = None) -> Array:
        """dxs (N, T, D) from dhs (N, T, H); the gradients of h0 and c0 go into `.dh` and `.dc`, the others in `grads`.

        dc (N, H) is the gradient of the last memory that comes back from the sequence after this one; without it the
        backward pass is truncated there.
        """
        (dhs,) = self.axes.backward(dhs=(dhs, "N T H"))
        if dc is not None:
            (dc,) = self.axes.backward(dc=(dc, "N H"))
        return batch_major(self.run_back(time_major(self.work, "dhs", dhs), dc=dc))

    def run(self, xs: Array) -> Array:
        """hs (T, N, H) from xs (T, N, D), unchecked, and good until the next run; xs is kept for the way back."""
        Wx, Wh, b = self.params
        T, N, _ = xs.shape
        H, dtype = len(Wh), Wh.dtype
        self.xs = xs
        self.hs = self.work("hs", (1 + T, N, H), dtype)
        self.cs = self.work("cs", (1 + T, N, H), dtype)
        self.tanh_cs = self.work("tanh_cs", (T, N, H), dtype)
        self.gates = self.work("gates", (T, N, 4 * H), dtype)
        step, g = self.work("step", (N, 4 * H), dtype), self.work("g", (N, H), dtype)

        carried = self.stateful and self.h is not None
        self.hs[0], self.cs[0] = (self.h, self.c) if carried else (0, 0)
        # −a[t] = −(x[t] Wx + b)                    of all steps at once, where the gates will stand
        np.matmul(rows(xs), Wx, out=rows(self.gates))
        np.subtract(-b, self.gates, out=self.gates)
        # exp overflows for a gate that is shut, and 1/(1 + ∞) = 0 is right
        with np.errstate(over="ignore"):
            for t in range(T):
                a, h_prev, c_prev, c = self.gates[t], self.hs[t], self.cs[t], self.cs[t + 1]
                # −a[t] = −(x[t] Wx + b) − h[t-1] Wh
                np.dot(h_prev, Wh, out=step)
                np.subtract(a, step, out=a)
                # g = tanh(a_g) = −tanh(−a_g),  σ(a) = 1/(1 + exp(−a)) of all columns, of which g's are not read
                np.tanh(self._gate("g", a), out=g)
                np.exp(a, out=a)
                np.add(a, 1, out=a)
                np.reciprocal(a, out=a)
                np.negative(g, out=self._gate("g", a))
                # c = f ⊙ c_prev + g ⊙ i
                np.multiply(self._gate("f", a), c_prev, out=c)
                np.multiply(self._gate("g", a), self._gate("i", a), out=g)
                np.add(c, g, out=c)
                # h = o ⊙ tanh(c)
                np.tanh(c, out=self.tanh_cs[t])
                np.multiply(self._gate("o", a), self.tanh_cs[t], out=self.hs[t + 1])
        self.h, self.c = self.hs[-1].copy(), self.cs[-1].copy()
        return self.hs[1:]

    def run_back(self, dhs: Array, dh: Array | None = None, dc: Array | None = None) -> Array:
        """dxs (T, N, D) from dhs (T, N, H), dh and dc (N, H), unchecked, and good until the next run."""
        Wx, Wh, _ = self.params
        T, N, H = dhs.shape
        dtype = Wh.dtype
        da = self.work("da", (T, N, 4 * H), dtype)
        dxs = self.work("dxs", (T, N, len(Wx)), dtype)
        WhT = self.work("WhT", (4 * H, H), dtype)
        # a product with a matrix that is turned in memory is up to twice as fast as with a turned view
        WhT[...] = Wh.T
        slope, read = self.work("step_h", (N, H), dtype), self.work("g", (N, H), dtype)
        # ∂L/∂h[T-1] and ∂L/∂c[T-1] from later sequences = 0: the truncation, unless they are given
        dh = np.zeros((N, H), dtype=dtype) if dh is None else dh.copy()
        dc = np.zeros((N, H), dtype=dtype) if dc is None else dc.copy()

        for t in reversed(range(T)):
            f, g, i, o = (self._gate(gate, self.gates[t]) for gate in "fgio")
            c_prev, tanh_c = self.cs[t], self.tanh_cs[t]
            # ∂L/∂h[t] = dhs[t] + da[t+1] Whᵀ
            np.add(dhs[t], dh, out=dh)
            # da_o = (dh ⊙ tanh(c)) ⊙ o (1 − o)
            read_o = np.multiply(dh, o, out=read)
            self._through_sigmoid(np.multiply(read_o, tanh_c, out=slope), o, self._gate("o", da[t]))
            # ∂L/∂c[t] = dc + dh ⊙ o ⊙ (1 − tanh²(c))
            np.multiply(tanh_c, tanh_c, out=slope)
            np.subtract(1, slope, out=slope)
            np.multiply(read_o, slope, out=slope)
            np.add(dc, slope, out=dc)
            # da_g = (∂L/∂c ⊙ i) ⊙ (1 − g²)
            read_i = np.multiply(dc, i, out=read)
            np.multiply(g, g, out=slope)
            np.subtract(1, slope, out=slope)
            np.multiply(read_i, slope, out=self._gate("g", da[t]))
            # da_i = (∂L/∂c ⊙ g) ⊙ i (1 − i)
            self._through_sigmoid(np.multiply(read_i, g, out=slope), i, self._gate("i", da[t]))
            # ∂L/∂c[t-1] = ∂L/∂c ⊙ f
            np.multiply(dc, f, out=dc)
            # da_f = (∂L/∂c ⊙ c_prev) ⊙ f (1 − f)
            self._through_sigmoid(np.multiply(dc, c_prev, out=slope), f, self._gate("f", da[t]))
            np.dot(da[t], WhT, out=dh)
        self.dh, self.dc = dh, dc

        # dWx = Σₜ x[t]ᵀ da[t],  dWh = Σₜ h[t-1]ᵀ da[t]
        np.matmul(rows(self.xs).T, rows(da), out=self.grads[0])
        np.matmul(rows(self.hs[:-1]).T, rows(da), out=self.grads[1])
        # db = Σₜ Σₙ da[n, t]
        self.grads[2][...] = da.sum(axis=1).sum(axis=0)
        # dx[t] = da[t] Wxᵀ
        np.matmul(rows(da), Wx.T, out=rows(dxs))
        return dxs

    @staticmethod
    def _through_sigmoid(upstream: Array, y: Array, da: Array) -> None:
        """da = upstream ⊙ (1 − y), of an upstream gradient that has its factor y already: σ′ = y (1 − y)."""
        np.subtract(1, y, out=da)
        np.multiply(upstream, da, out=da)

    def _gate(self, gate: str, columns: Array) -> Array:
        """The H columns (N, H) of one gate, as a view into (N, 4H)."""
        H = len(self.params[1])
        k = self.order.index(gate)
        return columns[:, k * H : (k + 1) * H]
