"""The simple recurrent layer over T steps, with everything that no step waits for outside the loop."""

import numpy as np

from manual import rnn
from manual._axes import Array
from manual.fused._work import Work, batch_major, rows, time_major


class TimeRNN(rnn.TimeRNN):
    """`manual.TimeRNN` with one product for all projections and one for each weight's gradient.

    Wx (D, H), Wh (H, H), b (H,); xs (N, T, D) -> hs (N, T, H); state and truncation as there.

    Derivation: docs/fused.md. Sums over time of products are products over all T·N rows; only h[t-1] Wh and its way
    back wait for the step before.
    """

    def __init__(self, Wx: Array, Wh: Array, b: Array, *, stateful: bool = False) -> None:
        super().__init__(Wx, Wh, b, stateful=stateful)
        self.work = Work()

    def forward(self, xs: Array) -> Array:
        """hs (N, T, H) from xs (N, T, D)."""
        (xs,) = self.axes.forward(self.h if self.stateful else None, xs=(xs, "N T D"))
        return batch_major(self.run(time_major(self.work, "xs", xs)))

    def backward(self, dhs: Array) -> Array:
        """dxs (N, T, D) from dhs (N, T, H); the gradient of h0 goes into `.dh`, the others into `grads`."""
        (dhs,) = self.axes.backward(dhs=(dhs, "N T H"))
        return batch_major(self.run_back(time_major(self.work, "dhs", dhs)))

    def run(self, xs: Array) -> Array:
        """hs (T, N, H) from xs (T, N, D), unchecked, and good until the next run; xs is kept for the way back."""
        Wx, Wh, b = self.params
        T, N, _ = xs.shape
        H, dtype = len(Wh), Wh.dtype
        self.xs = xs
        self.hs = self.work("hs", (1 + T, N, H), dtype)
        step = self.work("step", (N, H), dtype)

        # a copy in line with the cache: every step reads all of it
        lined_Wh = self.work("lined_Wh", Wh.shape, dtype)
        lined_Wh[...] = Wh
        self.hs[0] = 0 if self.h is None or not self.stateful else self.h
        hs = self.hs[1:]
        # a[t] = x[t] Wx + b                        of all steps at once, where the states will stand
        np.matmul(rows(xs), Wx, out=rows(hs))
        np.add(hs, b, out=hs)
        for h_prev, h in zip(self.hs, hs, strict=False):
            # h[t] = tanh(a[t] + h[t-1] Wh)
            np.dot(h_prev, lined_Wh, out=step)
            np.add(h, step, out=h)
            np.tanh(h, out=h)
        self.h = hs[-1].copy()
        return hs

    def run_back(self, dhs: Array, dh: Array | None = None) -> Array:
        """dxs (T, N, D) from dhs (T, N, H) and dh (N, H), unchecked, and good until the next run."""
        Wx, Wh, _ = self.params
        T, N, H = dhs.shape
        dtype, hs = Wh.dtype, self.hs[1:]
        da = self.work("da", (T, N, H), dtype)
        dxs = self.work("dxs", (T, N, len(Wx)), dtype)
        WhT = self.work("WhT", (H, H), dtype)
        # a product with a matrix that is turned in memory is up to twice as fast as with a turned view
        WhT[...] = Wh.T

        # tanh′ = 1 − h²                            of all steps at once, where the gradients will stand
        np.multiply(hs, hs, out=da)
        np.subtract(1, da, out=da)
        # ∂L/∂h[T-1] from later sequences = 0: the truncation, unless it is given
        dh = np.zeros((N, H), dtype=dtype) if dh is None else dh.copy()
        for t in reversed(range(T)):
            # da[t] = (dhs[t] + da[t+1] Whᵀ) ⊙ (1 − h[t]²)
            np.add(dhs[t], dh, out=dh)
            np.multiply(da[t], dh, out=da[t])
            np.dot(da[t], WhT, out=dh)
        self.dh = dh

        # dWx = Σₜ x[t]ᵀ da[t],  dWh = Σₜ h[t-1]ᵀ da[t]
        np.matmul(rows(self.xs).T, rows(da), out=self.grads[0])
        np.matmul(rows(self.hs[:-1]).T, rows(da), out=self.grads[1])
        # db = Σₜ Σₙ da[n, t]
        self.grads[2][...] = da.sum(axis=1).sum(axis=0)
        # dx[t] = da[t] Wxᵀ
        np.matmul(rows(da), Wx.T, out=rows(dxs))
        return dxs
