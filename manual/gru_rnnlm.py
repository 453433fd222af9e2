"""The language model with one GRU: embedding, stateful TimeGRU, affine, softmax loss."""

import numpy as np

from manual._axes import Array, Axes
from manual._language_model import LanguageModel
from manual.gru import ORDERS, RESETS, TimeGRU


class GruRnnlm(LanguageModel):
    """loss = TimeSoftmaxWithLoss(TimeAffine(TimeGRU(TimeEmbedding(xs))), ts).

    embed_W (V, D), gru_Wx (D, 3H), gru_Wh (H, 3H), gru_b (3H,) or (2, 3H), affine_W (H, V), affine_b (V,);
    xs (N, T) ids, ts (N, T) labels or one-hot (N, T, V) -> loss ().

    The chain, its backward pass and the carried state: `LanguageModel`.
    """

    Recurrent = TimeGRU

    def __init__(
        self,
        embed_W: Array,
        gru_Wx: Array,
        gru_Wh: Array,
        gru_b: Array,
        affine_W: Array,
        affine_b: Array,
        *,
        order: str = "zrh",
        reset: str = "after",
        ignore_label: int = -1,
    ) -> None:
        axes = Axes(
            "GruRnnlm",
            embed_W=(embed_W, "V D"),
            gru_Wx=(gru_Wx, "D 3H"),
            gru_Wh=(gru_Wh, "H 3H"),
            gru_b=(gru_b, "2 3H" if np.ndim(gru_b) == 2 else "3H"),
            affine_W=(affine_W, "H V"),
            affine_b=(affine_b, "V"),
        )
        axes.option("order", order, *ORDERS)
        axes.option("reset", reset, *RESETS)
        gru = self.Recurrent(gru_Wx, gru_Wh, gru_b, stateful=True, order=order, reset=reset)
        super().__init__(axes, embed_W, gru, affine_W, affine_b, ignore_label)
