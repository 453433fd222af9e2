"""Faults planted in the course's temporal_softmax_loss."""

from corpus.entries import CRASHES, FRAGILE, INCOMPLETE, UNPARSABLE, WRONG, In

LAYERS = In("cs231n_rnn_layers.py")
EINSUM = In("cs231n_einsum.py")
PYTHON2 = In("cs231n_python2.py")
ONE_HOT = In("cs231n_one_hot.py")
CRLF = In("cs231n_crlf.py")
NOTEBOOK = In("cs231n_notebook.ipynb")

ALL_KEPT = "nothing is masked"

PLANTED = (
    EINSUM(
        "cs231n-loss-scores-shifted",
        "in-place",
        "z = x - x.max(axis=2, keepdims=True)",
        "x -= x.max(axis=2, keepdims=True)\n    z = x",
        temporal_softmax_loss=FRAGILE,
    ),
    PYTHON2(
        "cs231n-loss-scores-shifted-python2",
        "in-place",
        "  x_flat = x.reshape(N * T, V)\n",
        "  x_flat = x.reshape(N * T, V)\n  x_flat -= x_flat.max(axis=1, keepdims=True)\n",
        temporal_softmax_loss=FRAGILE,
    ),
    LAYERS(
        "cs231n-loss-arrange",
        "name",
        "np.log(probs[np.arange(N * T)",
        "np.log(probs[np.arrange(N * T)",
        temporal_softmax_loss=CRASHES,
    ),
    NOTEBOOK(
        "cs231n-loss-keepdim",
        "name",
        "np.max(x_flat, axis=1, keepdims=True)",
        "np.max(x_flat, axis=1, keepdim=True)",
        temporal_softmax_loss=CRASHES,
    ),
    CRLF(
        "cs231n-loss-dx-none",
        "blank",
        "  dx = dx * mask[:, :, np.newaxis] / N",
        "  dx = None",
        temporal_softmax_loss=INCOMPLETE | WRONG,
    ),
    LAYERS(
        "cs231n-loss-labels-of-time",
        "axes",
        "y_flat = y.reshape(N * T)",
        "y_flat = y.T.reshape(N * T)",
        temporal_softmax_loss=WRONG,
        hides="N == 1 or T == 1",
    ),
    NOTEBOOK(
        "cs231n-loss-dx-t-n",
        "axes",
        "dx_flat.reshape(N, T, V)",
        "dx_flat.reshape(T, N, V)",
        temporal_softmax_loss=WRONG,
        hides="N == T",
    ),
    ONE_HOT(
        "cs231n-loss-last-only",
        "time-sum",
        "loss -= log_p[y[n, t]]",
        "loss = -log_p[y[n, t]]",
        temporal_softmax_loss=WRONG,
    ),
    LAYERS(
        "cs231n-loss-before-dx", "slot", "return loss, dx\n", "return dx, loss\n", temporal_softmax_loss=WRONG | CRASHES
    ),
    CRLF(
        "cs231n-loss-open-bracket",
        "syntax",
        "loss = -(log_probs[rows, cols, y] * mask).sum() / N",
        "loss = -(log_probs[rows, cols, y] * mask.sum() / N",
        temporal_softmax_loss=UNPARSABLE,
    ),
    ONE_HOT(
        "cs231n-loss-unpack-none",
        "comma-unpack",
        "    loss = 0.0\n    dx = np.zeros_like(x)\n",
        "    loss, dx = np.zeros_like(x)\n",
        temporal_softmax_loss=CRASHES,
        hides="N == 2",
    ),
    LAYERS(
        "cs231n-loss-mask-left-out",
        "derivation",
        "    dx_flat *= mask_flat[:, None]\n",
        "",
        temporal_softmax_loss=WRONG,
        hides=ALL_KEPT,
    ),
    EINSUM(
        "cs231n-loss-one-not-taken-off",
        "derivation",
        "np.exp(log_p) - onehot",
        "np.exp(log_p)",
        temporal_softmax_loss=WRONG,
    ),
    CRLF(
        "cs231n-loss-gradient-sign",
        "derivation",
        "dx[rows, cols, y] -= 1",
        "dx[rows, cols, y] += 1",
        temporal_softmax_loss=WRONG,
    ),
    LAYERS(
        "cs231n-loss-no-minus",
        "forward",
        "loss = -np.sum(mask_flat",
        "loss = np.sum(mask_flat",
        temporal_softmax_loss=WRONG,
    ),
    EINSUM(
        "cs231n-loss-one-hot-other-axis", "forward", "np.eye(V)[y]", "np.eye(V)[:, y]", temporal_softmax_loss=CRASHES
    ),
    LAYERS(
        "cs231n-loss-softmax-over-the-batch",
        "forward",
        "np.sum(probs, axis=1, keepdims=True)",
        "np.sum(probs, axis=0, keepdims=True)",
        temporal_softmax_loss=WRONG,
    ),
    PYTHON2(
        "cs231n-loss-mask-left-out-forward",
        "forward",
        "-np.sum(mask_flat * np.log",
        "-np.sum(np.log",
        temporal_softmax_loss=WRONG,
        hides=ALL_KEPT,
    ),
    ONE_HOT(
        "cs231n-loss-last-step-left-out",
        "loop-index",
        "for t in range(T):\n            if not",
        "for t in range(T - 1):\n            if not",
        temporal_softmax_loss=WRONG,
    ),
    ONE_HOT(
        "cs231n-loss-dx-from-empty",
        "empty",
        "dx = np.zeros_like(x)\n    for n",
        "dx = np.empty_like(x)\n    for n",
        temporal_softmax_loss=WRONG,
        hides=ALL_KEPT,
    ),
    LAYERS(
        "cs231n-loss-over-nt",
        "ratio",
        "y_flat])) / N\n",
        "y_flat])) / (N * T)\n",
        temporal_softmax_loss=WRONG,
        hides="T == 1",
    ),
    NOTEBOOK(
        "cs231n-loss-gradient-not-over-n",
        "ratio",
        '    "    dx_flat /= N\\n",\n',
        "",
        temporal_softmax_loss=WRONG,
        hides="N == 1",
    ),
    CRLF(
        "cs231n-loss-over-the-mask",
        "ratio",
        "* mask).sum() / N",
        "* mask).sum() / mask.sum()",
        "np.newaxis] / N",
        "np.newaxis] / mask.sum()",
        temporal_softmax_loss=WRONG,
        hides="the mask keeps N of them",
    ),
    EINSUM(
        "cs231n-loss-gradient-over-t",
        "ratio",
        "np.exp(log_p) - onehot) / N",
        "np.exp(log_p) - onehot) / (N * T)",
        temporal_softmax_loss=WRONG,
        hides="T == 1",
    ),
    CRLF(
        "cs231n-loss-log-of-zero",
        "beyond",
        "(log_probs[rows, cols, y] * mask)",
        "(np.log(np.exp(log_probs[rows, cols, y])) * mask)",
        temporal_softmax_loss=FRAGILE,
    ),
)
