"""Faults planted in the book's losses, and in SimpleRnnlm and Rnnlm."""

from corpus.entries import BLOCKED, CRASHES, FRAGILE, INCOMPLETE, UNPARSABLE, WRONG, In

PLAIN = In("book_plain.py")
PUBLISHED = In("book_published.py")
LAYERS = In("book_layers.py")
HELPERS = In("book_helpers.py")
TABS = In("book_tabs.py")
TWO_SPACES = In("book_two_spaces.py")
OLD_NUMPY = In("book_old_numpy.py")
ATTRIBUTES = In("book_attributes.py")
DROPOUT = In("book_dropout.py")
MODELS = In("book_models.py")
RNNLM = In("book_rnnlm.py")
NOTEBOOK = In("book_notebook.ipynb")
REPO = In("repo/common/layers.py")
REPO_TIME = In("repo/ch05/time_layers.py")

KEPT_ALL = "no label is ignored"
LAYERS_LOSS_BACK = """        batch_size = self.t.shape[0]

        dx = self.y.copy()
        dx[np.arange(batch_size), self.t] -= 1
        dx *= dout
        dx = dx / batch_size

        return dx
"""
BLANK_LOSS = """

class SoftmaxWithLoss:
    def forward(self, x, t):
        pass

    def backward(self, dout=1):
        pass
"""

PLANTED = (
    ATTRIBUTES(
        "softmax-loss-logits-shifted",
        "in-place",
        "shifted = x - np.max(x, axis=1, keepdims=True)",
        "x -= np.max(x, axis=1, keepdims=True)\n        shifted = x",
        SoftmaxWithLoss=FRAGILE,
    ),
    PLAIN(
        "time-softmax-arrange",
        "name",
        "np.arange(N * T), ts]\n        ls",
        "np.arrange(N * T), ts]\n        ls",
        TimeSoftmaxWithLoss=CRASHES,
    ),
    NOTEBOOK("time-softmax-dim", "name", "if ts.ndim == 3", "if ts.dim == 3", TimeSoftmaxWithLoss=CRASHES),
    REPO("softmax-loss-arg-max", "name", "log_softmax(x)[np", "logsoftmax(x)[np", SoftmaxWithLoss=CRASHES),
    PUBLISHED(
        "time-softmax-bakcward",
        "name",
        "def backward(self, dout=1)",
        "def bakcward(self, dout=1)",
        TimeSoftmaxWithLoss=INCOMPLETE | CRASHES,
    ),
    LAYERS("softmax-loss-backward-blank", "blank", LAYERS_LOSS_BACK, "        pass\n", SoftmaxWithLoss=INCOMPLETE),
    TWO_SPACES(
        "time-softmax-backward-none",
        "blank",
        "    return dxs\n",
        "    return None\n",
        nth=2,
        TimeSoftmaxWithLoss=INCOMPLETE | WRONG,
    ),
    MODELS(
        "simple-rnnlm-no-backward",
        "blank",
        "    def backward(self, dout=1):\n",
        "    def backward(self, dout=1):\n"
        "        # TODO: all layers, from the last to the first\n"
        "        raise NotImplementedError\n",
        SimpleRnnlm=INCOMPLETE,
    ),
    PLAIN(
        "time-softmax-t-n-turned",
        "axes",
        "return dx.reshape((N, T, V))",
        "return dx.reshape((T, N, V))",
        TimeSoftmaxWithLoss=WRONG,
        hides="N == T",
    ),
    REPO_TIME(
        "time-softmax-labels-of-time",
        "axes",
        "ts = ts.reshape(N * T)",
        "ts = ts.T.reshape(N * T)",
        TimeSoftmaxWithLoss=WRONG,
        hides="N == 1 or T == 1",
    ),
    MODELS(
        "simple-rnnlm-wx-turned",
        "axes",
        "rnn_Wx = (rn(D, H)",
        "rnn_Wx = (rn(H, D)",
        SimpleRnnlm=CRASHES,
        hides="D == H",
    ),
    RNNLM("rnnlm-h-for-d", "axes", "TimeLSTM(init(D, 4 * H)", "TimeLSTM(init(H, 4 * H)", Rnnlm=CRASHES, hides="D == H"),
    DROPOUT(
        "time-sigmoid-loss-first-steps",
        "time-sum",
        "loss += layer.forward(xs[:, t], ts[:, t])",
        "loss = layer.forward(xs[:, t], ts[:, t])",
        TimeSigmoidWithLoss=WRONG,
        hides="T == 1",
    ),
    TWO_SPACES(
        "time-softmax-last-loss-only",
        "time-sum",
        "loss -= z[ts[n, t]] - np",
        "loss = -z[ts[n, t]] + np",
        TimeSoftmaxWithLoss=WRONG,
    ),
    PLAIN("time-softmax-cache-eaten", "cache-eaten", "dx = ys.copy()", "dx = ys", TimeSoftmaxWithLoss=FRAGILE),
    LAYERS("softmax-loss-cache-eaten", "cache-eaten", "dx = self.y.copy()", "dx = self.y", SoftmaxWithLoss=FRAGILE),
    HELPERS("time-softmax-closure-eaten", "cache-eaten", "d = p.copy()", "d = p", TimeSoftmaxWithLoss=FRAGILE),
    TWO_SPACES(
        "time-softmax-probabilities-eaten",
        "cache-eaten",
        "      dxs[n, t] = ps[n, t]\n",
        "      ps[n, t, ts[n, t]] -= 1\n      dxs[n, t] = ps[n, t]\n",
        "      dxs[n, t, ts[n, t]] -= 1\n",
        "",
        TimeSoftmaxWithLoss=FRAGILE,
    ),
    MODELS(
        "simple-rnnlm-grads-of-params",
        "slot",
        "self.grads += layer.grads",
        "self.grads += layer.params",
        SimpleRnnlm=WRONG,
    ),
    REPO("softmax-loss-no-colon", "syntax", "if t.ndim == 2:", "if t.ndim == 2", SoftmaxWithLoss=UNPARSABLE),
    HELPERS(
        "time-softmax-double-else",
        "syntax",
        "            return 0.0\n",
        "            return 0.0\n        else if M == 1:\n            pass\n",
        TimeSoftmaxWithLoss=UNPARSABLE,
    ),
    PLAIN(
        "time-softmax-cache-other-order",
        "cache-order",
        "ts, ys, mask, count, (N, T, V) = self.cache",
        "ts, ys, count, mask, (N, T, V) = self.cache",
        TimeSoftmaxWithLoss=CRASHES,
    ),
    REPO_TIME(
        "time-softmax-cache-ys-ts",
        "cache-order",
        "ts, ys, mask, n_kept, (N, T, V) = self",
        "ys, ts, mask, n_kept, (N, T, V) = self",
        TimeSoftmaxWithLoss=CRASHES,
    ),
    NOTEBOOK(
        "time-softmax-cache-not-unpacked",
        "comma-unpack",
        "ts, ys, mask, (N, T, V) = self.cache",
        "ts, ys, mask, N, T, V = self.cache",
        TimeSoftmaxWithLoss=CRASHES,
    ),
    LAYERS(
        "softmax-loss-none-unpacked",
        "comma-unpack",
        "        self.params, self.grads = [], []\n        self.y = None  # what",
        "        self.params, self.grads = []\n        self.y = None  # what",
        SoftmaxWithLoss=CRASHES,
    ),
    MODELS(
        "simple-rnnlm-order-kept",
        "recurrent",
        "for layer in reversed(self.layers):",
        "for layer in self.layers:",
        SimpleRnnlm=CRASHES,
    ),
    RNNLM(
        "rnnlm-gradient-not-passed-on",
        "recurrent",
        "            dout = layer.backward(dout)\n",
        "            dx = layer.backward(dout)\n",
        Rnnlm=CRASHES,
    ),
    PLAIN(
        "time-softmax-mask-left-out",
        "derivation",
        "        dx *= mask[:, np.newaxis]\n",
        "",
        TimeSoftmaxWithLoss=WRONG,
        hides=KEPT_ALL,
    ),
    PUBLISHED(
        "time-softmax-dout-ignored",
        "derivation",
        "        dx *= dout\n",
        "",
        TimeSoftmaxWithLoss=WRONG,
        hides="dout == 1",
    ),
    LAYERS(
        "sigmoid-loss-sign", "derivation", "(self.y - self.t) * dout", "(self.t - self.y) * dout", SigmoidWithLoss=WRONG
    ),
    ATTRIBUTES(
        "softmax-loss-dout-ignored",
        "derivation",
        "return dx * dout",
        "return dx",
        SoftmaxWithLoss=WRONG,
        hides="dout == 1",
    ),
    DROPOUT(
        "sigmoid-loss-extra-slope",
        "derivation",
        "dout * (sigmoid(self.x) - self.t)",
        "dout * (sigmoid(self.x) - self.t) * sigmoid(self.x)",
        SigmoidWithLoss=WRONG,
        TimeSigmoidWithLoss=BLOCKED,
    ),
    REPO_TIME(
        "time-softmax-one-not-taken-off",
        "derivation",
        "        dx[np.arange(N * T), ts] -= 1\n",
        "",
        TimeSoftmaxWithLoss=WRONG,
    ),
    REPO(
        "softmax-loss-one-hot-other-axis",
        "forward",
        "t = t.argmax(axis=1)",
        "t = t.argmax(axis=0)",
        SoftmaxWithLoss=CRASHES | WRONG,
        hides="labels that are not one-hot",
    ),
    PLAIN(
        "time-softmax-one-hot-other-axis",
        "forward",
        "ts = ts.argmax(axis=2)",
        "ts = ts.argmax(axis=1)",
        TimeSoftmaxWithLoss=CRASHES | WRONG,
        hides="labels that are not one-hot",
    ),
    NOTEBOOK("time-softmax-no-minus", "forward", "loss = -np.sum(ls)", "loss = np.sum(ls)", TimeSoftmaxWithLoss=WRONG),
    OLD_NUMPY(
        "softmax-loss-sign", "forward", "np.mean(log_z - picked)", "np.mean(picked - log_z)", SoftmaxWithLoss=WRONG
    ),
    TABS(
        "sigmoid-loss-terms-exchanged",
        "forward",
        "t * pos + (1 - t) * neg",
        "t * neg + (1 - t) * pos",
        SigmoidWithLoss=WRONG,
    ),
    PLAIN(
        "time-softmax-ignored-counted",
        "forward",
        "        ls = ls * mask\n",
        "",
        TimeSoftmaxWithLoss=WRONG,
        hides=KEPT_ALL,
    ),
    DROPOUT(
        "time-sigmoid-loss-layers-t",
        "loop-index",
        "self.layers[t].backward(dout)",
        "self.layers[T].backward(dout)",
        TimeSigmoidWithLoss=CRASHES,
    ),
    TWO_SPACES(
        "time-softmax-wrong-row",
        "loop-index",
        "dxs[n, t] = ps[n, t]",
        "dxs[n, t] = ps[t, n]",
        TimeSoftmaxWithLoss=CRASHES | WRONG,
    ),
    REPO(
        "softmax-loss-blank-below",
        "shadowed",
        "        dx = dx / N\n        return dx\n",
        "        dx = dx / N\n        return dx\n" + BLANK_LOSS,
        SoftmaxWithLoss=INCOMPLETE,
    ),
    DROPOUT(
        "time-sigmoid-loss-step-left-out",
        "empty",
        "dout *= 1 / T\n        for t in range(T):",
        "dout *= 1 / T\n        for t in range(1, T):",
        TimeSigmoidWithLoss=WRONG,
    ),
    TWO_SPACES(
        "time-softmax-dxs-from-empty",
        "empty",
        "dxs = np.zeros_like(ps)",
        "dxs = np.empty_like(ps)",
        TimeSoftmaxWithLoss=WRONG,
        hides=KEPT_ALL,
    ),
    PLAIN("time-softmax-over-nt", "ratio", "dx /= count", "dx /= N * T", TimeSoftmaxWithLoss=WRONG, hides=KEPT_ALL),
    REPO_TIME(
        "time-softmax-loss-over-n",
        "ratio",
        "loss = -np.sum(ls[mask]) / n_kept",
        "loss = -np.sum(ls[mask]) / N",
        TimeSoftmaxWithLoss=WRONG,
    ),
    LAYERS(
        "softmax-loss-not-over-n", "ratio", "        dx = dx / batch_size\n", "", SoftmaxWithLoss=WRONG, hides="N == 1"
    ),
    TABS("sigmoid-loss-sum", "ratio", "np.mean(t * pos", "np.sum(t * pos", SigmoidWithLoss=WRONG, hides="N == 1"),
    OLD_NUMPY(
        "softmax-loss-over-v", "ratio", "N = self.y.shape[0]", "N = self.y.size", SoftmaxWithLoss=CRASHES | WRONG
    ),
    ATTRIBUTES(
        "softmax-loss-twice-over-n",
        "ratio",
        "return dx * dout",
        "return dx * dout / batch_size",
        SoftmaxWithLoss=WRONG,
        hides="N == 1",
    ),
    DROPOUT(
        "time-sigmoid-loss-over-t-twice",
        "ratio",
        "return loss / T",
        "return loss / T / T",
        TimeSigmoidWithLoss=WRONG,
        hides="T == 1",
    ),
    PLAIN(
        "time-softmax-all-ignored",
        "beyond",
        "count = max(int(mask.sum()), 1)",
        "count = int(mask.sum())",
        TimeSoftmaxWithLoss=FRAGILE,
        hides="one label is kept",
    ),
    REPO_TIME(
        "time-softmax-log-of-zero",
        "beyond",
        "ls = log_softmax(xs)[np.arange(N * T), ts]",
        "ls = np.log(softmax(xs))[np.arange(N * T), ts] * mask",
        "np.sum(ls[mask])",
        "np.sum(ls)",
        TimeSoftmaxWithLoss=FRAGILE,
    ),
    MODELS(
        "simple-rnnlm-stateless", "beyond", "rnn_b, stateful=True", "rnn_b, stateful=False", SimpleRnnlm=FRAGILE | WRONG
    ),
)
