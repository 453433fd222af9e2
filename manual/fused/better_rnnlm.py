"""The language model with two LSTMs, of which both and the embedding are fused."""

from manual import better_rnnlm
from manual.fused.embedding import TimeEmbedding
from manual.fused.lstm import TimeLSTM


class BetterRnnlm(better_rnnlm.BetterRnnlm):
    """`manual.BetterRnnlm` of fused layers where there are some: same parameters, same calls, same gradients.

    Scores and loss are the plain ones: their weight is the embedding's too, and what drops out stands between.
    """

    Embedding, Recurrent = TimeEmbedding, TimeLSTM
