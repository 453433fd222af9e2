"""The table of layers: each handwritten class beside the pure function that specifies it, family by family.

Adding a layer is one file in `manual/`, one in `tiny_autograd_rnn/`, and one line here.
"""

from dataclasses import replace

import manual
import tiny_autograd_rnn as pure
from compare.chunks import over_chunks
from compare.pair import Pair
from manual import fused

_STATEFUL = {"stateful": True}

_LAYERS = {
    "recurrent": (
        Pair(manual.RNN, pure.rnn),
        Pair(manual.TimeRNN, pure.time_rnn, _STATEFUL),
        Pair(manual.LSTM, pure.lstm),
        Pair(manual.TimeLSTM, pure.time_lstm, _STATEFUL),
        Pair(manual.TimeStackedLSTM, pure.time_stacked_lstm, _STATEFUL, long=50),
        Pair(manual.TimeBiLSTM, pure.time_bilstm, long=50),
        Pair(manual.GRU, pure.gru),
        Pair(manual.TimeGRU, pure.time_gru, _STATEFUL),
    ),
    "linear": (
        Pair(manual.Embedding, pure.embedding),
        Pair(manual.TimeEmbedding, pure.time_embedding),
        Pair(manual.MatMul, pure.matmul),
        Pair(manual.Affine, pure.affine),
        Pair(manual.TimeAffine, pure.time_affine),
    ),
    "activation": (
        Pair(manual.Sigmoid, pure.sigmoid),
        Pair(manual.Tanh, pure.tanh),
        Pair(manual.Relu, pure.relu),
        Pair(manual.Softmax, pure.softmax),
    ),
    "loss": (
        Pair(manual.SoftmaxWithLoss, pure.softmax_with_loss),
        Pair(manual.TimeSoftmaxWithLoss, pure.time_softmax_with_loss),
        Pair(manual.SigmoidWithLoss, pure.sigmoid_with_loss),
        Pair(manual.TimeSigmoidWithLoss, pure.time_sigmoid_with_loss),
    ),
    "regularisation": (
        Pair(manual.Dropout, pure.dropout),
        Pair(manual.TimeDropout, pure.time_dropout),
        Pair(manual.LayerNorm, pure.layer_norm),
        Pair(manual.ClipGrads, pure.clip_grads),
    ),
}

_MODELS = (
    Pair(manual.SimpleRnnlm, pure.simple_rnnlm),
    Pair(manual.Rnnlm, pure.rnnlm, long=20),
    Pair(manual.GruRnnlm, pure.gru_rnnlm, long=20),
    Pair(manual.BetterRnnlm, pure.better_rnnlm, long=10),
)

# further hands of the same twins; scores and loss in one have a twin of their own
_FUSED = (
    Pair(fused.TimeRNN, pure.time_rnn, _STATEFUL),
    Pair(fused.TimeLSTM, pure.time_lstm, _STATEFUL),
    Pair(fused.TimeGRU, pure.time_gru, _STATEFUL),
    Pair(fused.TimeEmbedding, pure.time_embedding),
    Pair(fused.TimeAffineSoftmaxWithLoss, pure.time_affine_softmax_with_loss),
    Pair(fused.SimpleRnnlm, pure.simple_rnnlm),
    Pair(fused.Rnnlm, pure.rnnlm, long=20),
    Pair(fused.GruRnnlm, pure.gru_rnnlm, long=20),
    Pair(fused.BetterRnnlm, pure.better_rnnlm, long=10),
)


def _end_to_end(model: Pair) -> tuple[Pair, ...]:
    """A model, and the same over chunks with the gradient stopped at their borders and flowing across them."""
    return model, over_chunks(model, truncated=True), over_chunks(model, truncated=False)


FAMILIES: dict[str, tuple[Pair, ...]] = {
    **{family: tuple(replace(pair, family=family) for pair in pairs) for family, pairs in _LAYERS.items()},
    "model": tuple(pair for model in _MODELS for pair in _end_to_end(replace(model, family="model"))),
    "fused": tuple(replace(pair, name=f"fused.{pair.title}", family="fused") for pair in _FUSED),
}

PAIRS = tuple(pair for pairs in FAMILIES.values() for pair in pairs)
MODELS = FAMILIES["model"]
LAYERS = tuple(pair for pair in PAIRS if pair.family not in ("model", "fused"))
# what is compared unasked: each twin with the hand that the documents teach
TAUGHT = (*LAYERS, *MODELS)

# where a second derivative of the whole is cheap enough to be asked for each time
HESSIANS = (MODELS[0],)
