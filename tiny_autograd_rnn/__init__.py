"""The layers as pure functions, which autograd differentiates; each is the specification of its twin in `manual/`."""

from tiny_autograd_rnn.affine import affine, time_affine
from tiny_autograd_rnn.embedding import embedding, time_embedding
from tiny_autograd_rnn.rnn import rnn, time_rnn
from tiny_autograd_rnn.simple_rnnlm import simple_rnnlm
from tiny_autograd_rnn.softmax import softmax, time_softmax_with_loss

__all__ = [
    "affine",
    "embedding",
    "rnn",
    "simple_rnnlm",
    "softmax",
    "time_affine",
    "time_embedding",
    "time_rnn",
    "time_softmax_with_loss",
]
