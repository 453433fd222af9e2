"""The simple recurrent layer over T steps, with everything that no step waits for outside the loop."""

import numpy as np

from manual import rnn
from manual._axes import Array
from manual.fused._recurrent import Receive, Recurrent, Steps, blocks
from manual.fused._work import Work


class TimeRNN(Recurrent, rnn.TimeRNN):
    """`manual.TimeRNN` with one product for all projections and one for each weight's gradient.

    Wx (D, H), Wh (H, H), b (H,); xs (N, T, D) -> hs (N, T, H); state and truncation as there.

    Derivation: docs/fused.md. Sums over time of products are products over all T·N rows; only h[t-1] Wh and its way
    back wait for the step before.
    """

    def __init__(self, Wx: Array, Wh: Array, b: Array, *, stateful: bool = False) -> None:
        super().__init__(Wx, Wh, b, stateful=stateful)
        self.work = Work()
        # of the weights' own dtype: a 1 of another one goes through a buffer
        self.one = Wh.dtype.type(1)

    def backward(self, dhs: Array) -> Array:
        """dxs (N, T, D) from dhs (N, T, H); the gradient of h0 goes into `.dh`, the others into `grads`."""
        (dhs,) = self.axes.backward(dhs=(dhs, "N T H"))
        return self._send(dhs)

    def run(self, xs: Steps) -> Array:
        """hs (T, N, H) from xs (T, N, D), unchecked, and good until the next run; xs is kept for the way back."""
        _, Wh, b = self.params
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
        self._project(hs)
        np.add(hs, b, out=hs)
        for h_prev, h in zip(self.hs, hs, strict=False):
            # h[t] = tanh(a[t] + h[t-1] Wh)
            np.dot(h_prev, lined_Wh, out=step)
            np.add(h, step, out=h)
            np.tanh(h, out=h)
        self.h = hs[-1].copy()
        return hs

    def run_back(self, dhs: Array, receive: Receive, dh: Array | None = None) -> None:
        """dxs of some steps after the other to `receive`, from dhs (T, N, H) and dh (N, H), unchecked."""
        _, Wh, _ = self.params
        T, N, H = dhs.shape
        # a product with a matrix that is turned in memory is up to twice as fast as with a turned view
        WhT = self.work("WhT", (H, H), Wh.dtype)
        WhT[...] = Wh.T
        # ∂L/∂h[T-1] from later sequences = 0: the truncation, unless it is given
        dh = np.zeros((N, H), dtype=Wh.dtype) if dh is None else dh.copy()
        for some in blocks(dhs):
            hs = self.hs[1:][some]
            # tanh′ = 1 − h²                        of these steps at once, where the gradients will stand
            das = np.multiply(hs, hs, out=self.work("da", hs.shape, Wh.dtype))
            np.subtract(self.one, das, out=das)
            for dh_t, da in zip(dhs[some][::-1], das[::-1], strict=True):
                # da[t] = (dhs[t] + da[t+1] Whᵀ) ⊙ (1 − h[t]²)
                np.add(dh_t, dh, out=dh)
                np.multiply(da, dh, out=da)
                np.dot(da, WhT, out=dh)
            self._collect(some, das, das, receive, some.stop < T)
        self.dh = dh
