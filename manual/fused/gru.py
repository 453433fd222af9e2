"""The gated recurrent unit over T steps, with everything that no step waits for outside the loop."""

import numpy as np

from manual import gru
from manual._axes import Array
from manual.fused._recurrent import Receive, Recurrent, Steps, blocks
from manual.fused._work import Work, rows


class TimeGRU(Recurrent, gru.TimeGRU):
    """`manual.TimeGRU` with one product for all projections and one for each weight's gradient.

    Wx (D, 3H), Wh (H, 3H), b (3H,) or (2, 3H); xs (N, T, D) -> hs (N, T, H); state, truncation, `order` and `reset`
    as there.

    Derivation: docs/fused.md. Sums over time of products are products over all T·N rows; what the product for ĥ reads,
    h[t-1] or r ⊙ h[t-1], is kept for all steps.
    """

    def __init__(
        self, Wx: Array, Wh: Array, b: Array, *, stateful: bool = False, order: str = "zrh", reset: str = "after"
    ) -> None:
        super().__init__(Wx, Wh, b, stateful=stateful, order=order, reset=reset)
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
        bx, bh = b if b.ndim == 2 else (b, np.zeros_like(b))
        T, N, _ = xs.shape
        H, dtype = len(Wh), Wh.dtype
        self.xs = xs
        self.hs = self.work("hs", (1 + T, N, H), dtype)
        self.gates = self.work("gates", (T, N, 3 * H), dtype)
        # q_h, which r acts on, or r ⊙ h_prev
        self.recalls = self.work("recalls", (T, N, H), dtype)
        q, part = self.work("q", (N, 3 * H), dtype), self.work("part", (N, H), dtype)
        q_z, q_r, q_h = self._split(q)

        self.hs[0] = 0 if self.h is None or not self.stateful else self.h
        # p[t] = x[t] Wx + bx                       of all steps at once, where the gates will stand
        self._project(self.gates)
        np.add(self.gates, bx, out=self.gates)
        steps = zip(*self._split(self.gates), self.recalls, self.hs, self.hs[1:], strict=False)
        # exp overflows for a gate that is shut, and 1/(1 + ∞) = 0 is right
        with np.errstate(over="ignore"):
            for z, r, h_hat, recall, h_prev, h in steps:
                # q = h_prev Wh + bh
                np.dot(h_prev, Wh, out=q)
                np.add(q, bh, out=q)
                for gate, own in ((z, q_z), (r, q_r)):
                    # σ(a) = 1/(1 + exp(−a)),  a = p + q
                    np.add(gate, own, out=gate)
                    np.negative(gate, out=gate)
                    np.exp(gate, out=gate)
                    np.add(gate, self.one, out=gate)
                    np.divide(self.one, gate, out=gate)
                if self.reset == "after":
                    # ĥ = tanh(p_h + r ⊙ q_h)
                    recall[...] = q_h
                    np.multiply(r, q_h, out=part)
                else:
                    # ĥ = tanh(p_h + (r ⊙ h_prev) Wh_h + bh_h)
                    np.multiply(r, h_prev, out=recall)
                    np.matmul(recall, self._split(Wh)[2], out=part)
                    np.add(part, self._split(bh)[2], out=part)
                np.add(h_hat, part, out=h_hat)
                np.tanh(h_hat, out=h_hat)
                # h = (1 − z) ⊙ h_prev + z ⊙ ĥ
                np.subtract(self.one, z, out=h)
                np.multiply(h, h_prev, out=h)
                np.multiply(z, h_hat, out=part)
                np.add(h, part, out=h)
        self.h = self.hs[-1].copy()
        return self.hs[1:]

    def run_back(self, dhs: Array, receive: Receive, dh: Array | None = None) -> None:
        """dxs of some steps after the other to `receive`, from dhs (T, N, H) and dh (N, H), unchecked."""
        _, Wh, b = self.params
        T, N, H = dhs.shape
        # a product with a matrix that is turned in memory is up to twice as fast as with a turned view
        self.WhT = self.work("WhT", (3 * H, H), Wh.dtype)
        self.WhT[...] = Wh.T
        # ∂L/∂h[T-1] from later sequences = 0: the truncation, unless it is given
        dh = np.zeros((N, H), dtype=Wh.dtype) if dh is None else dh.copy()
        for some in blocks(dhs):
            # the gradients of x Wx + bx, and of the products with the state
            dp, dq = (self.work(name, (some.stop - some.start, N, 3 * H), Wh.dtype) for name in ("dp", "dq"))
            self._through(some, dhs, dp, dq, dh)
            self._collect(some, dp, dq, receive, some.stop < T)
        self.dh = dh

    def _back_to_Wh(self, some: slice, dq: Array, more: bool) -> None:
        reads = (self.hs[:-1], self.hs[:-1], self.recalls if self.reset == "before" else self.hs[:-1])
        # dWh = Σₜ (what the product reads)ᵀ dq[t]
        for read, dWh, dq_gate in zip(reads, self._split(self.grads[1]), self._split(dq), strict=True):
            self._add_product(dWh, rows(read[some]), rows(dq_gate), more)

    def _through(self, some: slice, dhs: Array, dp: Array, dq: Array, dh: Array) -> None:
        """dp and dq of some steps; dh, which comes from the step after them, becomes the one before them."""
        part, back = (self.work(name, dh.shape, dh.dtype) for name in ("part", "back"))
        WhT_h = self._split(self.WhT.T)[2].T
        of_gates = (zip(*self._split(columns[::-1]), strict=True) for columns in (self.gates[some], dp, dq))
        steps = (steps[::-1] for steps in (dhs[some], dq, self.recalls[some], self.hs[some]))
        for dh_t, dq_t, recall, h_prev, (z, r, h_hat), (dp_z, dp_r, dp_h), (dq_z, dq_r, dq_h) in zip(
            *steps, *of_gates, strict=True
        ):
            # ∂L/∂h[t] = dhs[t] + what the step after it sends back
            np.add(dh_t, dh, out=dh)
            # da_h = (dh ⊙ z) ⊙ (1 − ĥ²)
            np.multiply(h_hat, h_hat, out=part)
            np.subtract(self.one, part, out=part)
            np.multiply(part, z, out=part)
            np.multiply(part, dh, out=dp_h)
            # da_z = (dh ⊙ (ĥ − h_prev)) ⊙ z (1 − z)
            np.subtract(h_hat, h_prev, out=part)
            np.multiply(part, dh, out=part)
            np.multiply(part, z, out=part)
            np.subtract(self.one, z, out=dp_z)
            # dh_prev = dh ⊙ (1 − z) + …
            np.multiply(dh, dp_z, out=dh)
            np.multiply(part, dp_z, out=dp_z)
            np.subtract(self.one, r, out=part)
            if self.reset == "after":
                # da_r = (da_h ⊙ q_h) ⊙ r (1 − r),  dq_h = da_h ⊙ r
                np.multiply(dp_h, r, out=dq_h)
                np.multiply(dq_h, recall, out=dp_r)
                np.multiply(dp_r, part, out=dp_r)
            else:
                # ∂L/∂(r ⊙ h_prev) = da_h Wh_hᵀ,  da_r = (that ⊙ h_prev) ⊙ r (1 − r),  dh_prev = … + that ⊙ r
                dq_h[...] = dp_h
                np.matmul(dp_h, WhT_h, out=back)
                np.multiply(back, r, out=back)
                np.add(dh, back, out=dh)
                np.multiply(back, h_prev, out=back)
                np.multiply(back, part, out=dp_r)
            dq_z[...], dq_r[...] = dp_z, dp_r
            if self.reset == "after":
                np.dot(dq_t, self.WhT, out=back)
            else:
                # the product for ĥ read r ⊙ h_prev: its way back is gone above
                part[...] = dq_h
                dq_h[...] = 0
                np.dot(dq_t, self.WhT, out=back)
                dq_h[...] = part
            np.add(dh, back, out=dh)

    def _split(self, columns: Array) -> tuple[Array, ...]:
        """The H columns of z, r and h each, as views into (…, 3H)."""
        H = len(self.params[1])
        return tuple(columns[..., k * H : (k + 1) * H] for k in map(self.order.index, "zrh"))
