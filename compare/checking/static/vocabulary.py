"""What files of this kind call things, and what they take for granted."""

import re

from compare.checking.static.tree import words

# names that a file of this kind uses as if everybody had them
GRANTED_FUNCTIONS = words(
    "np numpy softmax sigmoid relu tanh cross_entropy_error clip_grads rel_error eval_numerical_gradient "
    "eval_numerical_gradient_array affine_forward affine_backward rnn_step_forward rnn_step_backward rnn_forward "
    "rnn_backward word_embedding_forward word_embedding_backward lstm_step_forward lstm_step_backward "
    "lstm_forward lstm_backward temporal_affine_forward temporal_affine_backward temporal_softmax_loss "
    "softmax_loss GPU"
)
GRANTED_CLASSES = words(
    "RNN LSTM GRU TimeRNN TimeLSTM TimeGRU TimeBiLSTM Embedding TimeEmbedding EmbeddingDot MatMul Affine "
    "TimeAffine Sigmoid Tanh Relu ReLU Softmax SoftmaxWithLoss TimeSoftmaxWithLoss SigmoidWithLoss "
    "TimeSigmoidWithLoss Dropout TimeDropout LayerNorm BatchNormalization BaseModel SimpleRnnlm Rnnlm"
)
GRANTED = GRANTED_FUNCTIONS | GRANTED_CLASSES
PYTHON_2 = words("xrange unicode raw_input reduce basestring unichr long file reload cmp execfile")

# layers whose inputs are numbers, so that the layer below waits for a gradient
_FLOAT_LAYERS = words(
    "rnn lstm gru timernn timelstm timegru timebilstm bilstm affine timeaffine matmul sigmoid tanh relu softmax "
    "softmaxwithloss timesoftmaxwithloss sigmoidwithloss timesigmoidwithloss dropout timedropout layernorm "
    "batchnormalization batchnorm rnncell lstmcell grucell vanillarnn linear dense"
)
_FLOAT_FUNCTIONS = re.compile(
    r"^(rnn|lstm|gru|affine|temporal_affine|relu|sigmoid|tanh|layernorm|batchnorm|dropout)(_step|_cell)?_backward$"
)
_PARTS = (
    "x|xs|x0|X|h|hs|h0|H0|c|cs|c0|y|ys|a|A|z|r|i|f|g|o|s|p|q|t|u|v|W|Wx|Wh|Wo|Wi|Wf|Wc|Wg|Wz|Wr|Wxh|Whh|Why|"
    "b|bx|bh|by|bi|bf|bo|bg|bc|out|outs|score|scores|logits|loss|gamma|beta|emb|embed|next|prev|"
    "(prev|next|last)_?[hcx]|[hcx]_?(prev|next|last|t|raw|hat)|h_hat|tanh|sigmoid|tanh_c|hx|hidden|state"
)
_GRADIENT = re.compile(rf"^d_?({_PARTS})(_?\d)?$")
_WEIGHT = re.compile(r"^d_?(W\w{0,4}|b[a-z]?|gamma|beta|w)(_?(\d|t|i|step))?_?$")
_STATE = re.compile(r"^d_?((prev|next|last)_?[hc]?|[hc]_?(prev|next|last|t)?)$")
_ARRAY = re.compile(
    r"^(d_?)?((prev|next|last)_)?(x|h|c|y|W|Wx|Wh|b|out|hidden|state)s?(_(prev|next|last))?0?$|^(ts|dout|douts|scores)$"
)


def gives_gradient(name: str) -> bool:
    """Whether a class or backward function of this name has a layer below it that waits for its answer."""
    return re.sub(r"[_\d]+|layer$|^my", "", name.lower()) in _FLOAT_LAYERS or bool(_FLOAT_FUNCTIONS.match(name))


def is_gradient(name: str) -> bool:
    """`dx`, `dh_prev`, `dWx`, `d_out`: the name of a gradient."""
    return bool(_GRADIENT.match(name))


def is_weight_gradient(name: str) -> bool:
    """`dWx`, `db`, `dgamma`: the name of the gradient of something that is learned."""
    return bool(_WEIGHT.match(name))


def is_state_gradient(name: str) -> bool:
    """`dh`, `dh_prev`, `dprev_c`, `dnext_h`: the name of a gradient that goes from step to step."""
    return bool(_STATE.match(name))


def is_array(name: str) -> bool:
    """Whether a parameter of this name is an array by convention."""
    return bool(_ARRAY.match(name))
