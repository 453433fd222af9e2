"""The language model with one LSTM from fused layers."""

from manual import rnnlm
from manual.fused._language_model import LanguageModel
from manual.fused.lstm import TimeLSTM


class Rnnlm(rnnlm.Rnnlm, LanguageModel):
    """`manual.Rnnlm` of fused layers: same parameters, same calls, same gradients but for rounding."""

    Recurrent = TimeLSTM
