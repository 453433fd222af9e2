"""The language model of the documents: embedding, stateful TimeRNN, affine, softmax loss."""

from manual._axes import Array, Axes
from manual._language_model import LanguageModel
from manual.rnn import TimeRNN


class SimpleRnnlm(LanguageModel):
    """loss = TimeSoftmaxWithLoss(TimeAffine(TimeRNN(TimeEmbedding(xs))), ts).

    embed_W (V, D), rnn_Wx (D, H), rnn_Wh (H, H), rnn_b (H,), affine_W (H, V), affine_b (V,);
    xs (N, T) ids, ts (N, T) labels or one-hot (N, T, V) -> loss ().

    The chain, its backward pass and the carried state: `LanguageModel`.
    """

    Recurrent = TimeRNN

    def __init__(
        self,
        embed_W: Array,
        rnn_Wx: Array,
        rnn_Wh: Array,
        rnn_b: Array,
        affine_W: Array,
        affine_b: Array,
        *,
        ignore_label: int = -1,
    ) -> None:
        axes = Axes(
            "SimpleRnnlm",
            embed_W=(embed_W, "V D"),
            rnn_Wx=(rnn_Wx, "D H"),
            rnn_Wh=(rnn_Wh, "H H"),
            rnn_b=(rnn_b, "H"),
            affine_W=(affine_W, "H V"),
            affine_b=(affine_b, "V"),
        )
        rnn = self.Recurrent(rnn_Wx, rnn_Wh, rnn_b, stateful=True)
        super().__init__(axes, embed_W, rnn, affine_W, affine_b, ignore_label)
