"""The language model of the documents from fused layers."""

from manual import simple_rnnlm
from manual.fused._language_model import LanguageModel
from manual.fused.rnn import TimeRNN


class SimpleRnnlm(simple_rnnlm.SimpleRnnlm, LanguageModel):
    """`manual.SimpleRnnlm` of fused layers: same parameters, same calls, same gradients but for rounding."""

    Recurrent = TimeRNN
