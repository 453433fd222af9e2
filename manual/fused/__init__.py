"""The layers that training spends its time in, derived further: what no step waits for is one product for all.

Each is another hand of the same twin as the layer of its name in `manual`, with the same parameters and calls.
"""

from manual.fused.affine_softmax import TimeAffineSoftmaxWithLoss
from manual.fused.better_rnnlm import BetterRnnlm
from manual.fused.embedding import TimeEmbedding
from manual.fused.gru import TimeGRU
from manual.fused.gru_rnnlm import GruRnnlm
from manual.fused.lstm import TimeLSTM
from manual.fused.rnn import TimeRNN
from manual.fused.rnnlm import Rnnlm
from manual.fused.simple_rnnlm import SimpleRnnlm

__all__ = [
    "BetterRnnlm",
    "GruRnnlm",
    "Rnnlm",
    "SimpleRnnlm",
    "TimeAffineSoftmaxWithLoss",
    "TimeEmbedding",
    "TimeGRU",
    "TimeLSTM",
    "TimeRNN",
]
