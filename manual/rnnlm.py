"""The language model with one LSTM: embedding, stateful TimeLSTM, affine, softmax loss."""

import numpy as np

from manual._axes import Array, Axes
from manual._language_model import LanguageModel
from manual.lstm import ORDERS, TimeLSTM


class Rnnlm(LanguageModel):
    """loss = TimeSoftmaxWithLoss(TimeAffine(TimeLSTM(TimeEmbedding(xs))), ts).

    embed_W (V, D), lstm_Wx (D, 4H), lstm_Wh (H, 4H), lstm_b (4H,), affine_W (H, V), affine_b (V,);
    xs (N, T) ids, ts (N, T) labels or one-hot (N, T, V) -> loss ().

    The chain, its backward pass and the carried state: `LanguageModel`; here the memory c is carried too.
    """

    Recurrent = TimeLSTM

    def __init__(
        self,
        embed_W: Array,
        lstm_Wx: Array,
        lstm_Wh: Array,
        lstm_b: Array,
        affine_W: Array,
        affine_b: Array,
        *,
        order: str = "fgio",
        ignore_label: int = -1,
    ) -> None:
        axes = Axes(
            "Rnnlm",
            embed_W=(embed_W, "V D"),
            lstm_Wx=(lstm_Wx, "D 4H"),
            lstm_Wh=(lstm_Wh, "H 4H"),
            lstm_b=(lstm_b, "4H"),
            affine_W=(affine_W, "H V"),
            affine_b=(affine_b, "V"),
        )
        axes.option("order", order, *ORDERS)
        lstm = self.Recurrent(lstm_Wx, lstm_Wh, lstm_b, stateful=True, order=order)
        super().__init__(axes, embed_W, lstm, affine_W, affine_b, ignore_label)

    @property
    def c(self) -> Array | None:
        """The carried memory (N, H), None after `reset_state`."""
        return self.recurrent.c

    @property
    def dc(self) -> Array | None:
        """The gradient (N, H) of the memory that the latest forward pass began with."""
        return self.recurrent.dc

    def backward(self, dout: Array | float = 1, dh: Array | None = None, dc: Array | None = None) -> None:
        """All gradients from dout (), into `grads`, `.dh` and `.dc`.

        dh and dc (N, H) are the gradients of the last state and memory that come back from the sequence after this
        one; without them the backward pass is truncated there.
        """
        if dc is not None:
            (dc,) = self.axes.backward(dc=(dc, "N H"))
        self._back(*self._upstream(dout, dh), dc)

    def set_state(self, h: Array, c: Array | None = None) -> None:
        """Start the next forward pass from copies of h (N, H) and c (N, H), of zero without c."""
        if c is None:
            c = np.zeros_like(h)
        h, c = self.axes.state("set_state", h=(h, "N H"), c=(c, "N H"))
        self.recurrent.set_state(h, c)
