"""The language model with one GRU from fused layers."""

from manual import gru_rnnlm
from manual.fused._language_model import LanguageModel
from manual.fused.gru import TimeGRU


class GruRnnlm(gru_rnnlm.GruRnnlm, LanguageModel):
    """`manual.GruRnnlm` of fused layers: same parameters, same calls, same gradients but for rounding."""

    Recurrent = TimeGRU
