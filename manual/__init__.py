"""The layers with their backward passes derived by hand; depends on numpy only.

Each has its twin, the forward pass alone, in the file of the same name in `tiny_autograd_rnn/`.
"""

from manual.activation import Relu, Sigmoid, Tanh
from manual.affine import Affine, MatMul, TimeAffine
from manual.better_rnnlm import BetterRnnlm
from manual.bilstm import TimeBiLSTM
from manual.clip import ClipGrads
from manual.dropout import Dropout, TimeDropout
from manual.embedding import Embedding, TimeEmbedding
from manual.gru import GRU, TimeGRU
from manual.gru_rnnlm import GruRnnlm
from manual.layer_norm import LayerNorm
from manual.lstm import LSTM, TimeLSTM
from manual.rnn import RNN, TimeRNN
from manual.rnnlm import Rnnlm
from manual.sigmoid_loss import SigmoidWithLoss, TimeSigmoidWithLoss
from manual.simple_rnnlm import SimpleRnnlm
from manual.softmax import Softmax, SoftmaxWithLoss, TimeSoftmaxWithLoss
from manual.stacked_lstm import TimeStackedLSTM

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "Affine",
    "BetterRnnlm",
    "ClipGrads",
    "Dropout",
    "Embedding",
    "GruRnnlm",
    "LayerNorm",
    "MatMul",
    "Relu",
    "Rnnlm",
    "Sigmoid",
    "SigmoidWithLoss",
    "SimpleRnnlm",
    "Softmax",
    "SoftmaxWithLoss",
    "Tanh",
    "TimeAffine",
    "TimeBiLSTM",
    "TimeDropout",
    "TimeEmbedding",
    "TimeGRU",
    "TimeLSTM",
    "TimeRNN",
    "TimeSigmoidWithLoss",
    "TimeSoftmaxWithLoss",
    "TimeStackedLSTM",
]
