"""Two LSTMs, one upon the other, over T steps, with their backward pass derived by hand."""

import numpy as np

from manual._axes import Array, Axes
from manual.lstm import ORDERS, TimeLSTM


class TwoLSTMs:
    """The states of two stateful LSTMs, as (2, N, H): what a stack and a model of them share."""

    axes: Axes
    layers: tuple[TimeLSTM, TimeLSTM]

    @property
    def h(self) -> Array | None:
        """The carried states (2, N, H), None after `reset_state`."""
        return _together(*(layer.h for layer in self.layers))

    @property
    def c(self) -> Array | None:
        """The carried memories (2, N, H), None after `reset_state`."""
        return _together(*(layer.c for layer in self.layers))

    @property
    def dh(self) -> Array | None:
        """The gradient (2, N, H) of the states that the latest forward pass began with."""
        return _together(*(layer.dh for layer in self.layers))

    @property
    def dc(self) -> Array | None:
        """The gradient (2, N, H) of the memories that the latest forward pass began with."""
        return _together(*(layer.dc for layer in self.layers))

    def set_state(self, h: Array, c: Array | None = None) -> None:
        """Start the next forward pass from copies of h (2, N, H) and c (2, N, H), of zero without c."""
        if c is None:
            c = np.zeros_like(h)
        h, c = self.axes.state("set_state", h=(h, "2 N H"), c=(c, "2 N H"))
        for layer, state, memory in zip(self.layers, h, c, strict=True):
            layer.set_state(state, memory)

    def reset_state(self) -> None:
        """Start the next forward pass from zero."""
        for layer in self.layers:
            layer.reset_state()


class TimeStackedLSTM(TwoLSTMs):
    """Two layers of `TimeLSTM`: hs = LSTM₂(LSTM₁(xs)); a third would be stacked in the same way.

    Wx1 (D, 4H), Wh1 (H, 4H), b1 (4H,), Wx2 (H, 4H), Wh2 (H, 4H), b2 (4H,); xs (N, T, D) -> hs (N, T, H).

    The states of both layers are carried as (2, N, H) in `.h` and `.c`, their gradients in `.dh` and `.dc`.

    Derivation: the chain rule, last layer first: what LSTM₂ sends back to its inputs is what LSTM₁ gets.
    """

    def __init__(
        self,
        Wx1: Array,
        Wh1: Array,
        b1: Array,
        Wx2: Array,
        Wh2: Array,
        b2: Array,
        *,
        stateful: bool = False,
        order: str = "fgio",
    ) -> None:
        self.axes = Axes(
            "TimeStackedLSTM",
            Wx1=(Wx1, "D 4H"),
            Wh1=(Wh1, "H 4H"),
            b1=(b1, "4H"),
            Wx2=(Wx2, "H 4H"),
            Wh2=(Wh2, "H 4H"),
            b2=(b2, "4H"),
        )
        self.axes.option("order", order, *ORDERS)
        first = TimeLSTM(Wx1, Wh1, b1, stateful=stateful, order=order)
        second = TimeLSTM(Wx2, Wh2, b2, stateful=stateful, order=order)
        self.layers = (first, second)
        self.params = [*first.params, *second.params]
        self.grads = [*first.grads, *second.grads]
        self.stateful = stateful

    def forward(self, xs: Array) -> Array:
        """hs (N, T, H) from xs (N, T, D)."""
        (xs,) = self.axes.forward(self.h if self.stateful else None, xs=(xs, "N T D"))
        first, second = self.layers
        # hs = LSTM₂(LSTM₁(xs))
        return second.forward(first.forward(xs))

    def backward(self, dhs: Array, dh: Array | None = None, dc: Array | None = None) -> Array:
        """dxs (N, T, D) from dhs (N, T, H).

        dh and dc (2, N, H) are the gradients of the last states and memories that come back from the sequence after
        this one; without them the backward pass is truncated there.
        """
        (dhs,) = self.axes.backward(dhs=(dhs, "N T H"))
        N, T, H = dhs.shape
        zero = np.zeros((2, N, H), dtype=dhs.dtype)
        dh, dc = self.axes.backward(dh=(zero if dh is None else dh, "2 N H"), dc=(zero if dc is None else dc, "2 N H"))
        for layer, last, memory in zip(self.layers[::-1], dh[::-1], dc[::-1], strict=True):
            dhs = dhs.copy()
            # ∂L/∂h[T-1] = dhs[T-1] + what the next sequence sends back
            dhs[:, -1, :] += last
            # ∂L/∂(the layer's inputs): the gradient of the outputs of the layer below
            dhs = layer.backward(dhs, memory)
        return dhs


def _together(first: Array | None, second: Array | None) -> Array | None:
    return None if first is None or second is None else np.stack([first, second])
