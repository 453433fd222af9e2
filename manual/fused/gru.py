"""The gated recurrent unit over T steps, with everything that no step waits for outside the loop."""

import numpy as np

from manual import gru
from manual._axes import Array
from manual.fused._work import Work, batch_major, rows, time_major


class TimeGRU(gru.TimeGRU):
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
        np.matmul(rows(xs), Wx, out=rows(self.gates))
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
                    np.add(gate, 1, out=gate)
                    np.divide(1, gate, out=gate)
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
                np.subtract(1, z, out=h)
                np.multiply(h, h_prev, out=h)
                np.multiply(z, h_hat, out=part)
                np.add(h, part, out=h)
        self.h = self.hs[-1].copy()
        return self.hs[1:]

    def run_back(self, dhs: Array, dh: Array | None = None) -> Array:
        """dxs (T, N, D) from dhs (T, N, H) and dh (N, H), unchecked, and good until the next run."""
        Wx, Wh, b = self.params
        T, N, H = dhs.shape
        dtype = Wh.dtype
        # the gradients of x Wx + bx, and of the products with the state
        dp, dq = (self.work(name, (T, N, 3 * H), dtype) for name in ("dp", "dq"))
        WhT = self.work("WhT", (3 * H, H), dtype)
        # a product with a matrix that is turned in memory is up to twice as fast as with a turned view
        WhT[...] = Wh.T
        part, back = (self.work(name, (N, H), dtype) for name in ("part", "back"))
        # ∂L/∂h[T-1] from later sequences = 0: the truncation, unless it is given
        dh = np.zeros((N, H), dtype=dtype) if dh is None else dh.copy()

        at = self.order.index("h") * H
        before = slice(at, at + H)
        gates, dps, dqs = (list(zip(*self._split(a), strict=True)) for a in (self.gates, dp, dq))
        for t in reversed(range(T)):
            (z, r, h_hat), (dp_z, dp_r, dp_h), (dq_z, dq_r, dq_h) = gates[t], dps[t], dqs[t]
            recall, h_prev = self.recalls[t], self.hs[t]
            # ∂L/∂h[t] = dhs[t] + what the step after it sends back
            np.add(dhs[t], dh, out=dh)
            # da_h = (dh ⊙ z) ⊙ (1 − ĥ²)
            np.multiply(h_hat, h_hat, out=part)
            np.subtract(1, part, out=part)
            np.multiply(part, z, out=part)
            np.multiply(part, dh, out=dp_h)
            # da_z = (dh ⊙ (ĥ − h_prev)) ⊙ z (1 − z)
            np.subtract(h_hat, h_prev, out=part)
            np.multiply(part, dh, out=part)
            np.multiply(part, z, out=part)
            np.subtract(1, z, out=dp_z)
            # dh_prev = dh ⊙ (1 − z) + …
            np.multiply(dh, dp_z, out=dh)
            np.multiply(part, dp_z, out=dp_z)
            np.subtract(1, r, out=part)
            if self.reset == "after":
                # da_r = (da_h ⊙ q_h) ⊙ r (1 − r),  dq_h = da_h ⊙ r
                np.multiply(dp_h, r, out=dq_h)
                np.multiply(dq_h, recall, out=dp_r)
                np.multiply(dp_r, part, out=dp_r)
            else:
                # ∂L/∂(r ⊙ h_prev) = da_h Wh_hᵀ,  da_r = (that ⊙ h_prev) ⊙ r (1 − r),  dh_prev = … + that ⊙ r
                dq_h[...] = dp_h
                np.matmul(dp_h, WhT[before], out=back)
                np.multiply(back, r, out=back)
                np.add(dh, back, out=dh)
                np.multiply(back, h_prev, out=back)
                np.multiply(back, part, out=dp_r)
            dq_z[...], dq_r[...] = dp_z, dp_r
            if self.reset == "after":
                np.dot(dq[t], WhT, out=back)
            else:
                # the product for ĥ read r ⊙ h_prev: its way back is gone above
                part[...] = dq_h
                dq_h[...] = 0
                np.dot(dq[t], WhT, out=back)
                dq_h[...] = part
            np.add(dh, back, out=dh)
        self.dh = dh

        # dWx = Σₜ x[t]ᵀ dp[t],  dWh = Σₜ h[t-1]ᵀ dq[t], but for ĥ Σₜ (what its product reads)ᵀ dq_h[t]
        np.matmul(rows(self.xs).T, rows(dp), out=self.grads[0])
        np.matmul(rows(self.hs[:-1]).T, rows(dq), out=self.grads[1])
        if self.reset == "before":
            self.grads[1][:, before] = np.matmul(rows(self.recalls).T, rows(dq)[:, before])
        # dbx = Σₜ Σₙ dp[n, t],  dbh = Σₜ Σₙ dq[n, t]
        sums = [a.sum(axis=1).sum(axis=0) for a in (dp, dq)]
        self.grads[2][...] = np.stack(sums) if b.ndim == 2 else sums[0]
        # dx[t] = dp[t] Wxᵀ
        dxs = self.work("dxs", (T, N, len(Wx)), dtype)
        np.matmul(rows(dp), Wx.T, out=rows(dxs))
        return dxs

    def _split(self, columns: Array) -> tuple[Array, ...]:
        """The H columns of z, r and h each, as views into (…, 3H)."""
        H = len(self.params[1])
        return tuple(columns[..., k * H : (k + 1) * H] for k in map(self.order.index, "zrh"))
