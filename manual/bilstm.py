"""The bidirectional LSTM over T steps, with its backward pass derived by hand."""

import numpy as np

from manual._axes import Array, Axes
from manual.lstm import ORDERS, TimeLSTM


class TimeBiLSTM:
    """Two LSTMs over the same sequence, one from each end: hs[:, t] = [forwards[:, t], backwards[:, T-1-t]].

    fwd_Wx, bwd_Wx (D, 4H), fwd_Wh, bwd_Wh (H, 4H), fwd_b, bwd_b (4H,); xs (N, T, D) -> hs (N, T, 2H).

    Both begin from states of zero: what comes after the sequence is not known, so that there is nothing to carry.

    Derivation: the halves of hs are turned as in the forward pass; xs has two readers, so its gradients add up.
    """

    def __init__(
        self,
        fwd_Wx: Array,
        fwd_Wh: Array,
        fwd_b: Array,
        bwd_Wx: Array,
        bwd_Wh: Array,
        bwd_b: Array,
        *,
        order: str = "fgio",
    ) -> None:
        self.axes = Axes(
            "TimeBiLSTM",
            fwd_Wx=(fwd_Wx, "D 4H"),
            fwd_Wh=(fwd_Wh, "H 4H"),
            fwd_b=(fwd_b, "4H"),
            bwd_Wx=(bwd_Wx, "D 4H"),
            bwd_Wh=(bwd_Wh, "H 4H"),
            bwd_b=(bwd_b, "4H"),
        )
        self.axes.option("order", order, *ORDERS)
        self.forwards = TimeLSTM(fwd_Wx, fwd_Wh, fwd_b, order=order)
        self.backwards = TimeLSTM(bwd_Wx, bwd_Wh, bwd_b, order=order)
        self.params = [*self.forwards.params, *self.backwards.params]
        self.grads = [*self.forwards.grads, *self.backwards.grads]

    def forward(self, xs: Array) -> Array:
        """hs (N, T, 2H) from xs (N, T, D)."""
        (xs,) = self.axes.forward(xs=(xs, "N T D"))
        # hs = [LSTM(xs), turned(LSTM(turned(xs)))]
        return np.concatenate([self.forwards.forward(xs), self.backwards.forward(xs[:, ::-1])[:, ::-1]], axis=2)

    def backward(self, dhs: Array) -> Array:
        """dxs (N, T, D) from dhs (N, T, 2H); the gradients of the parameters go into `grads`, in place."""
        (dhs,) = self.axes.backward(dhs=(dhs, "N T 2H"))
        H = dhs.shape[2] // 2
        # dxs = the forward half's + turned(the backward half's, from turned gradients)
        return self.forwards.backward(dhs[:, :, :H]) + self.backwards.backward(dhs[:, ::-1, H:])[:, ::-1]
