"""The language model with two LSTMs, dropout between all layers, and one weight for embedding and scores."""

import numpy as np

from manual._axes import Array, Axes
from manual.affine import TimeAffine
from manual.dropout import TimeDropout
from manual.embedding import TimeEmbedding
from manual.lstm import ORDERS, TimeLSTM
from manual.softmax import TimeSoftmaxWithLoss
from manual.stacked_lstm import TwoLSTMs


class BetterRnnlm(TwoLSTMs):
    """loss = TimeSoftmaxWithLoss(drop₃(LSTM₂(drop₂(LSTM₁(drop₁(embed_W[xs]))))) embed_Wᵀ + affine_b, ts).

    embed_W (V, H), lstm1_Wx (H, 4H), lstm1_Wh (H, 4H), lstm1_b (4H,), the same for lstm2, affine_b (V,);
    xs (N, T) ids, ts (N, T) labels or one-hot (N, T, V), masks (3, N, H), True for a unit that is kept -> loss ().

    A mask holds for all time steps (variational dropout, Gal & Ghahramani 2016); `ratio` is the part that is dropped.
    With `train` False nothing is. The states of both LSTMs are carried as (2, N, H), until `reset_state`.

    Derivation: the chain rule, last layer first. embed_W is read twice, as rows and as columns (weight tying, Press &
    Wolf 2017), so its gradient is the sum.

    Raises ValueError for a ratio or an order that there is not.
    """

    Embedding, Recurrent = TimeEmbedding, TimeLSTM

    def __init__(
        self,
        embed_W: Array,
        lstm1_Wx: Array,
        lstm1_Wh: Array,
        lstm1_b: Array,
        lstm2_Wx: Array,
        lstm2_Wh: Array,
        lstm2_b: Array,
        affine_b: Array,
        *,
        ratio: float = 0.5,
        train: bool = True,
        order: str = "fgio",
        ignore_label: int = -1,
    ) -> None:
        self.axes = Axes(
            "BetterRnnlm",
            embed_W=(embed_W, "V H"),
            lstm1_Wx=(lstm1_Wx, "H 4H"),
            lstm1_Wh=(lstm1_Wh, "H 4H"),
            lstm1_b=(lstm1_b, "4H"),
            lstm2_Wx=(lstm2_Wx, "H 4H"),
            lstm2_Wh=(lstm2_Wh, "H 4H"),
            lstm2_b=(lstm2_b, "4H"),
            affine_b=(affine_b, "V"),
        )
        self.axes.option("ratio", ratio, "0 <= ratio < 1")
        self.axes.option("train", train, True, False)
        self.axes.option("order", order, *ORDERS)
        self.train = train
        self.embedding = self.Embedding(embed_W)
        self.drops = tuple(TimeDropout(ratio=ratio) for _ in range(3))
        first = self.Recurrent(lstm1_Wx, lstm1_Wh, lstm1_b, stateful=True, order=order)
        second = self.Recurrent(lstm2_Wx, lstm2_Wh, lstm2_b, stateful=True, order=order)
        self.layers = (first, second)
        # a view: the affine layer follows every change of embed_W
        self.affine = TimeAffine(embed_W.T, affine_b)
        self.loss = TimeSoftmaxWithLoss(ignore_label=ignore_label)
        self.params = [embed_W, *first.params, *second.params, affine_b]
        self.grads = [np.zeros_like(embed_W), *first.grads, *second.grads, self.affine.grads[1]]

    def predict(self, xs: Array) -> Array:
        """The scores (N, T, V) of the next id, from ids xs (N, T), with nothing dropped; they move the states on.

        There is no loss to go back from, so that a backward pass waits for the next forward pass.
        """
        # checked before any layer runs, so that a bad argument leaves every layer as it was
        (xs,) = self.axes.forward(self.h, xs=(xs, "N T", "0 <= id < V"))
        self.axes.forget()
        keep_all = np.ones((3, len(xs), len(self.params[2])), dtype=bool)
        return self._scores(xs, keep_all, train=False)

    def forward(self, xs: Array, ts: Array, masks: Array) -> Array:
        """loss () from ids xs (N, T), labels ts (N, T) or (N, T, V), and masks (3, N, H)."""
        ids = (ts, "N T", f"0 <= id < V or id == {self.loss.ignore_label}")
        xs, ts, masks = self.axes.forward(
            self.h,
            xs=(xs, "N T", "0 <= id < V"),
            ts=(ts, "N T V", "one-hot") if np.ndim(ts) == 3 else ids,
            masks=(masks, "3 N H", "mask"),
        )
        return self.loss.forward(self._scores(xs, masks, self.train), ts)

    def backward(self, dout: Array | float = 1, dh: Array | None = None, dc: Array | None = None) -> None:
        """All gradients from dout (), into `grads`, `.dh` and `.dc`.

        dh and dc (2, N, H) are the gradients of the last states and memories that come back from the sequence after
        this one; without them the backward pass is truncated there.
        """
        (dout,) = self.axes.backward(dout=(dout, ""))
        if dh is not None:
            (dh,) = self.axes.backward(dh=(dh, "2 N H"))
        if dc is not None:
            (dc,) = self.axes.backward(dc=(dc, "2 N H"))

        dhs = self.affine.backward(self.loss.backward(dout))
        for k in (1, 0):
            # hs was dropped for its reader above, but not for the next sequence
            dhs = self.drops[k + 1].backward(dhs)
            if dh is not None:
                # ∂L/∂h[T-1] = dhs[T-1] + what the next sequence sends back
                dhs[:, -1, :] += dh[k]
            dhs = self.layers[k].backward(dhs, None if dc is None else dc[k])
        self.embedding.backward(self.drops[0].backward(dhs))
        # ∂L/∂embed_W = the rows' gradient + (the columns' gradient)ᵀ
        self.grads[0][...] = self.embedding.grads[0] + self.affine.grads[0].T

    def _scores(self, xs: Array, masks: Array, train: bool) -> Array:
        for drop in self.drops:
            drop.train = train
        hs = self.drops[0].forward(self.embedding.forward(xs), masks[0])
        for lstm, drop, mask in zip(self.layers, self.drops[1:], masks[1:], strict=True):
            hs = drop.forward(lstm.forward(hs), mask)
        return self.affine.forward(hs)
