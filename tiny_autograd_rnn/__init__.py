"""The layers as pure functions, which autograd differentiates; each is the specification of its twin in `manual/`."""

from tiny_autograd_rnn.activation import relu, sigmoid, tanh
from tiny_autograd_rnn.affine import affine, matmul, time_affine
from tiny_autograd_rnn.better_rnnlm import better_rnnlm
from tiny_autograd_rnn.bilstm import time_bilstm
from tiny_autograd_rnn.clip import clip_grads
from tiny_autograd_rnn.dropout import dropout, time_dropout
from tiny_autograd_rnn.embedding import embedding, time_embedding
from tiny_autograd_rnn.gru import gru, time_gru
from tiny_autograd_rnn.gru_rnnlm import gru_rnnlm
from tiny_autograd_rnn.layer_norm import layer_norm
from tiny_autograd_rnn.lstm import lstm, time_lstm
from tiny_autograd_rnn.rnn import rnn, time_rnn
from tiny_autograd_rnn.rnnlm import rnnlm
from tiny_autograd_rnn.sigmoid_loss import sigmoid_with_loss, time_sigmoid_with_loss
from tiny_autograd_rnn.simple_rnnlm import simple_rnnlm
from tiny_autograd_rnn.softmax import (
    softmax,
    softmax_with_loss,
    time_affine_softmax_with_loss,
    time_softmax_with_loss,
)
from tiny_autograd_rnn.stacked_lstm import time_stacked_lstm

__all__ = [
    "affine",
    "better_rnnlm",
    "clip_grads",
    "dropout",
    "embedding",
    "gru",
    "gru_rnnlm",
    "layer_norm",
    "lstm",
    "matmul",
    "relu",
    "rnn",
    "rnnlm",
    "sigmoid",
    "sigmoid_with_loss",
    "simple_rnnlm",
    "softmax",
    "softmax_with_loss",
    "tanh",
    "time_affine",
    "time_affine_softmax_with_loss",
    "time_bilstm",
    "time_dropout",
    "time_embedding",
    "time_gru",
    "time_lstm",
    "time_rnn",
    "time_sigmoid_with_loss",
    "time_softmax_with_loss",
    "time_stacked_lstm",
]
