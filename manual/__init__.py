"""The layers with their backward passes derived by hand; depends on numpy only.

Each has its twin, the forward pass alone, in the file of the same name in `tiny_autograd_rnn/`.
"""

from manual.affine import Affine, TimeAffine
from manual.embedding import Embedding, TimeEmbedding
from manual.rnn import RNN, TimeRNN
from manual.simple_rnnlm import SimpleRnnlm
from manual.softmax import Softmax, TimeSoftmaxWithLoss

__all__ = [
    "RNN",
    "Affine",
    "Embedding",
    "SimpleRnnlm",
    "Softmax",
    "TimeAffine",
    "TimeEmbedding",
    "TimeRNN",
    "TimeSoftmaxWithLoss",
]
