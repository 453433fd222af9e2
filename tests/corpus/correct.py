"""The correct files, what is in them, and what is fragile in them all the same."""

from corpus.entries import Correct

SINGLE = "buffers of float32"
SUMS = "a buffer of float32 for its output"
EATEN = "backward eats its cache; NaN where all labels are ignored, or a probability under an ignored one is 0"
LOG_ZERO = "NaN where a probability under a masked label is 0"
EPSILON = "1e-7 in the logarithm; 2-D targets are told from labels by their size"
MODEL = "its loss layer is fragile, or its weights are made as float32"
STAND_IN = "weights made as float32"
STALE = "backward in evaluation uses the mask of the last training pass"

RECURRENT = ("RNN", "TimeRNN")
GATED = ("LSTM", "TimeLSTM")
COURSE_RNN = ("rnn_step", "rnn")
COURSE_LSTM = ("lstm_step", "lstm")

CORRECT = (
    # book style: classes
    Correct("book_plain.py", (*RECURRENT, "Embedding", "TimeEmbedding", "TimeAffine", "TimeSoftmaxWithLoss")),
    Correct(
        "book_published.py",
        (*RECURRENT, *GATED, "TimeEmbedding", "TimeAffine", "TimeSoftmaxWithLoss"),
        fragile={"TimeRNN": SINGLE, "TimeLSTM": SINGLE, "TimeEmbedding": SUMS, "TimeSoftmaxWithLoss": EATEN},
    ),
    Correct(
        "book_layers.py",
        ("MatMul", "Affine", "Softmax", "SoftmaxWithLoss", "Sigmoid", "SigmoidWithLoss", "Embedding"),
        debatable={"SoftmaxWithLoss": EPSILON, "SigmoidWithLoss": EPSILON},
    ),
    Correct("book_gru.py", ("GRU", "TimeGRU"), fragile={"TimeGRU": SINGLE}),
    Correct("book_gru_no_bias.py", ("GRU", "TimeGRU")),
    Correct("book_gru_reset_after.py", ("GRU", "TimeGRU")),
    Correct("book_einsum.py", (*RECURRENT, "TimeAffine", "Embedding")),
    Correct("book_typed.py", (*GATED, "Affine")),
    Correct("book_hoisted.py", ("TimeRNN", "TimeLSTM")),
    Correct("book_torch_order.py", GATED),
    Correct("book_helpers.py", ("Sigmoid", *GATED, "TimeSoftmaxWithLoss")),
    Correct("book_options.py", (*RECURRENT, "GRU", "TimeGRU")),
    Correct("book_tabs.py", ("Sigmoid", "MatMul", "Affine", "SigmoidWithLoss")),
    Correct("book_two_spaces.py", ("Embedding", "TimeEmbedding", "TimeAffine", "TimeSoftmaxWithLoss")),
    Correct("book_japanese.py", (*RECURRENT, "Embedding"), fragile={"TimeRNN": SINGLE}),
    Correct("book_python2.py", ("Affine", *RECURRENT), python2=True),
    Correct("book_old_numpy.py", ("Embedding", "TimeEmbedding", "SoftmaxWithLoss")),
    Correct(
        "book_inheritance.py",
        ("AffineLayer", "EmbeddingLayer", "Sigmoid", "Softmax", "RNN", "TimeAffine"),
        like={"AffineLayer": "Affine", "EmbeddingLayer": "Embedding"},
    ),
    Correct(
        "book_attributes.py",
        ("Affine", "Sigmoid", "SoftmaxWithLoss"),
        debatable={"Affine": "no lists `params` and `grads`, but attributes that are bound anew"},
    ),
    Correct("book_cupy.py", ("Affine", "Embedding", "TimeEmbedding", "LSTM"), fragile={"TimeEmbedding": SUMS}),
    Correct(
        "book_dropout.py",
        ("TimeDropout", "SigmoidWithLoss", "TimeSigmoidWithLoss"),
        fragile={"TimeDropout": STALE, "TimeSigmoidWithLoss": SINGLE},
    ),
    Correct("book_models.py", (*RECURRENT, "SimpleRnnlm"), debatable={"SimpleRnnlm": STAND_IN}),
    Correct("book_rnnlm.py", ("Rnnlm",), debatable={"Rnnlm": STAND_IN}),
    Correct(
        "book_notebook.ipynb",
        (*RECURRENT, "Embedding", "TimeEmbedding", "TimeSoftmaxWithLoss"),
        fragile={"TimeSoftmaxWithLoss": EATEN},
    ),
    Correct("book_export.txt", (*RECURRENT, "TimeAffine", "MatMul"), fragile={"TimeRNN": SINGLE}),
    Correct("repo/common/layers.py", ("MatMul", "Embedding", "SoftmaxWithLoss")),
    Correct("repo/ch05/time_layers.py", (*RECURRENT, "TimeEmbedding", "TimeSoftmaxWithLoss")),
    # course style: pairs of functions
    Correct(
        "cs231n_rnn_layers.py",
        (*COURSE_RNN, "word_embedding", *COURSE_LSTM, "temporal_affine", "temporal_softmax_loss"),
        fragile={"temporal_softmax_loss": LOG_ZERO},
    ),
    Correct("cs231n_einsum.py", (*COURSE_RNN, "temporal_affine", "temporal_softmax_loss")),
    Correct("cs231n_hoisted.py", ("rnn", "lstm")),
    Correct(
        "cs231n_python2.py",
        (*COURSE_RNN, "word_embedding", "temporal_softmax_loss"),
        fragile={"temporal_softmax_loss": LOG_ZERO},
        python2=True,
    ),
    Correct("cs231n_tabs.py", ("affine", *COURSE_LSTM)),
    Correct("cs231n_one_hot.py", ("word_embedding", "affine", "temporal_affine", "temporal_softmax_loss")),
    Correct("cs231n_closures.py", (*COURSE_RNN, "lstm_step")),
    Correct("cs231n_crlf.py", ("word_embedding", "temporal_affine", "temporal_softmax_loss")),
    Correct("cs231n_typed.py", (*COURSE_RNN, "word_embedding")),
    Correct("cs231n_torch_order.py", COURSE_LSTM),
    Correct("cs231n_affine.py", ("affine", "temporal_affine", "word_embedding")),
    Correct("cs231n_notebook.ipynb", (*COURSE_RNN, "word_embedding", "temporal_softmax_loss")),
)
