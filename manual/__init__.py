"""The layers with their backward passes derived by hand; depends on numpy only.

Each has its twin, the forward pass alone, in the file of the same name in `tiny_autograd_rnn/`.
"""

from manual.affine import Affine, TimeAffine
from manual.bilstm import TimeBiLSTM
from manual.embedding import Embedding, TimeEmbedding
from manual.gru import GRU, TimeGRU
from manual.lstm import LSTM, TimeLSTM
from manual.rnn import RNN, TimeRNN
from manual.simple_rnnlm import SimpleRnnlm
from manual.softmax import Softmax, TimeSoftmaxWithLoss
from manual.stacked_lstm import TimeStackedLSTM

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "Affine",
    "Embedding",
    "SimpleRnnlm",
    "Softmax",
    "TimeAffine",
    "TimeBiLSTM",
    "TimeEmbedding",
    "TimeGRU",
    "TimeLSTM",
    "TimeRNN",
    "TimeSoftmaxWithLoss",
    "TimeStackedLSTM",
]
