"""Faults planted in the book's TimeRNN."""

from corpus.entries import BLOCKED, CRASHES, FRAGILE, INCOMPLETE, UNPARSABLE, WRONG, In

PLAIN = In("book_plain.py")
PUBLISHED = In("book_published.py")
EINSUM = In("book_einsum.py")
HOISTED = In("book_hoisted.py")
OPTIONS = In("book_options.py")
JAPANESE = In("book_japanese.py")
PYTHON2 = In("book_python2.py")
MODELS = In("book_models.py")
NOTEBOOK = In("book_notebook.ipynb")
EXPORT = In("book_export.txt")
REPO = In("repo/ch05/time_layers.py")

SQUARE = "D == H, where it is silently wrong"
ONE_STEP = "T == 1"
ADDED_UP = """            for i, grad in enumerate(layer.grads):
                grads[i] += grad

"""

PLANTED = (
    EINSUM(
        "time-rnn-dhs-added-to",
        "in-place",
        "dx, dh = cell.backward(dh_t + dh)",
        "dh_t += dh\n            dx, dh = cell.backward(dh_t)",
        TimeRNN=FRAGILE,
    ),
    HOISTED(
        "time-rnn-hoisted-dhs-added-to",
        "in-place",
        "da[:, t] = (dhs[:, t] + dh) *",
        "dhs[:, t] += dh\n            da[:, t] = dhs[:, t] *",
        TimeRNN=FRAGILE,
    ),
    PUBLISHED("time-rnn-stype", "name", "dtype='f'", "stype='f'", TimeRNN=CRASHES),
    PLAIN("time-rnn-params-for-layers", "name", "layer = self.layers[t]", "layer = self.params[t]", TimeRNN=CRASHES),
    MODELS(
        "time-rnn-self-layer", "name", "self.layers.append", "self.layer.append", TimeRNN=CRASHES, SimpleRnnlm=BLOCKED
    ),
    REPO("time-rnn-shpe", "name", "D, H = Wx.shape", "D, H = Wx.shpe", TimeRNN=CRASHES),
    NOTEBOOK("time-rnn-set-sate", "name", "def set_state", "def set_sate", TimeRNN=CRASHES | INCOMPLETE),
    OPTIONS("time-rnn-statefull-mixed", "name", "not self.statefull", "not self.stateful", TimeRNN=CRASHES),
    PUBLISHED(
        "time-rnn-no-backward",
        "blank",
        "    def backward(self, dhs):\n",
        "    def backward(self, dhs):\n        # TODO: exercise 5.2\n        raise NotImplementedError\n",
        TimeRNN=INCOMPLETE,
    ),
    PLAIN(
        "time-rnn-hs-d-wide",
        "axes",
        "np.empty((N, T, H)",
        "np.empty((N, T, D)",
        TimeRNN=CRASHES | WRONG,
        hides="D == H",
    ),
    PUBLISHED(
        "time-rnn-h-d-turned", "axes", "D, H = Wx.shape", "H, D = Wx.shape", TimeRNN=CRASHES | WRONG, hides="D == H"
    ),
    HOISTED("time-rnn-h-is-n", "axes", "H = Wh.shape[0]", "H = xs.shape[0]", TimeRNN=CRASHES, hides="N == H"),
    EINSUM(
        "time-rnn-time-as-batch",
        "axes",
        "return np.stack(hs, axis=1)",
        "return np.reshape(hs, (N, T, H))",
        TimeRNN=WRONG,
        hides="N == 1 or T == 1",
    ),
    JAPANESE(
        "time-rnn-step-of-batch",
        "axes",
        "xs[:, t, :]",
        "xs[t, :, :]",
        TimeRNN=CRASHES | WRONG,
        hides="N == T, where it is silently wrong",
    ),
    PLAIN("time-rnn-loop-missing", "time-sum", ADDED_UP, "", TimeRNN=WRONG),
    PUBLISHED(
        "time-rnn-own-grads-looped", "time-sum", "enumerate(layer.grads)", "enumerate(self.grads)", TimeRNN=WRONG
    ),
    NOTEBOOK(
        "time-rnn-one-step-kept", "time-sum", "grads[i] += grad", "grads[i] = grad", TimeRNN=WRONG, hides=ONE_STEP
    ),
    EXPORT("time-rnn-empty-list-looped", "time-sum", "enumerate(layer.grads)", "enumerate(grads)", TimeRNN=WRONG),
    OPTIONS("time-rnn-db-not-added", "time-sum", "db += layer", "db[...] = layer", TimeRNN=WRONG, hides=ONE_STEP),
    HOISTED(
        "time-rnn-dwh-first-step",
        "time-sum",
        "states[:, :-1].reshape(N * T, H).T @ flat",
        "states[:, 0].T @ da[:, 0]",
        TimeRNN=WRONG,
        hides=ONE_STEP,
    ),
    HOISTED("time-rnn-wh-not-turned", "matrix", "dh = da[:, t] @ Wh.T", "dh = da[:, t] @ Wh", TimeRNN=WRONG),
    PLAIN(
        "time-rnn-layers-popped", "cache-eaten", "layer = self.layers[t]", "layer = self.layers.pop()", TimeRNN=FRAGILE
    ),
    EINSUM(
        "time-rnn-cells-reversed",
        "cache-eaten",
        "        dxs = []\n",
        "        dxs = []\n        self.cells.reverse()\n",
        "self.cells[::-1]",
        "self.cells",
        TimeRNN=FRAGILE,
    ),
    REPO("time-rnn-bias-as-buffer", "slot", "grads = [0, 0, 0]", "grads = [0, 0, b]", TimeRNN=WRONG),
    NOTEBOOK("time-rnn-round-brackets", "syntax", "xs[:, t, :]", "xs(:, t, :)", TimeRNN=UNPARSABLE),
    PYTHON2("time-rnn-python2-no-colon", "syntax", "for t in xrange(T):", "for t in xrange(T)", TimeRNN=UNPARSABLE),
    PLAIN(
        "time-rnn-layers-not-stored",
        "cache-order",
        "            self.layers.append(layer)\n\n        return hs",
        "\n        return hs",
        TimeRNN=CRASHES,
    ),
    PLAIN(
        "time-rnn-unpacks-none",
        "comma-unpack",
        "self.h, self.dh = None, None",
        "self.h, self.dh = None",
        TimeRNN=CRASHES,
    ),
    PUBLISHED(
        "time-rnn-pair-not-unpacked", "comma-unpack", "dx, dh = layer.backward", "dx = layer.backward", TimeRNN=CRASHES
    ),
    PLAIN("time-rnn-dh-dropped", "recurrent", "dhs[:, t, :] + dh)", "dhs[:, t, :])", TimeRNN=WRONG, hides=ONE_STEP),
    REPO(
        "time-rnn-dh-not-carried", "recurrent", "dx, dh = layer", "dx, dh_prev = layer", TimeRNN=WRONG, hides=ONE_STEP
    ),
    OPTIONS(
        "time-rnn-dh-zero-each-step",
        "recurrent",
        "dx, dh = layer.backward(dhs[:, t, :] + dh)\n",
        "dx, dh = layer.backward(dhs[:, t, :] + dh)\n            dh = np.zeros_like(dh)\n",
        TimeRNN=WRONG,
        hides=ONE_STEP,
    ),
    HOISTED("time-rnn-slope-of-step-before", "derivation", "states[:, t + 1] ** 2", "states[:, t] ** 2", TimeRNN=WRONG),
    HOISTED("time-rnn-dwh-of-new-states", "derivation", "states[:, :-1]", "states[:, 1:]", TimeRNN=WRONG),
    PLAIN("time-rnn-hs-never-filled", "forward", "            hs[:, t, :] = self.h\n", "", TimeRNN=WRONG),
    PUBLISHED("time-rnn-stateful-turned", "forward", "if not self.stateful or", "if self.stateful or", TimeRNN=WRONG),
    REPO(
        "time-rnn-state-not-kept",
        "forward",
        "self.h = layer.forward",
        "h = layer.forward",
        "hs[:, t, :] = self.h",
        "hs[:, t, :] = h",
        TimeRNN=WRONG,
    ),
    PLAIN("time-rnn-layers-at-t-end", "loop-index", "self.layers[t]", "self.layers[T]", TimeRNN=CRASHES),
    PUBLISHED("time-rnn-reversed-number", "loop-index", "reversed(range(T))", "reversed(T)", TimeRNN=CRASHES),
    JAPANESE(
        "time-rnn-grads-1", "loop-index", "grads[i] += grad", "grads[1] += grad", TimeRNN=CRASHES | WRONG, hides=SQUARE
    ),
    EXPORT("time-rnn-counts-i-reads-t", "loop-index", "for t in reversed", "for i in reversed", TimeRNN=CRASHES),
    PYTHON2(
        "time-rnn-forwards-in-time", "loop-index", "xrange(T - 1, -1, -1)", "xrange(T)", TimeRNN=WRONG, hides=ONE_STEP
    ),
    REPO(
        "time-rnn-last-step-left-out",
        "loop-index",
        "for t in range(T):",
        "for t in range(T - 1):",
        TimeRNN=WRONG | CRASHES,
    ),
    HOISTED("time-rnn-first-step-left-out", "loop-index", "range(T - 1, -1, -1)", "range(T - 1, 0, -1)", TimeRNN=WRONG),
    MODELS(
        "time-rnn-first-input-only",
        "loop-index",
        "xs[:, t, :]",
        "xs[:, 0, :]",
        TimeRNN=WRONG,
        SimpleRnnlm=BLOCKED,
        hides=ONE_STEP,
    ),
    OPTIONS("time-rnn-dh-from-empty", "empty", "dh = np.zeros((N, H)", "dh = np.empty((N, H)", TimeRNN=WRONG),
    HOISTED(
        "time-rnn-h0-from-empty",
        "empty",
        "self.h = np.zeros((N, H)",
        "self.h = np.empty((N, H)",
        TimeRNN=WRONG,
        hides="a state that was set",
    ),
    EXPORT(
        "time-rnn-mean-of-steps",
        "ratio",
        "self.grads[i][...] = grad",
        "self.grads[i][...] = grad / T",
        TimeRNN=WRONG,
        hides=ONE_STEP,
    ),
    OPTIONS(
        "time-rnn-grads-not-cleared",
        "beyond",
        "        for grad in self.grads:\n            grad[...] = 0\n",
        "",
        TimeRNN=FRAGILE,
    ),
    PLAIN(
        "time-rnn-float32",
        "beyond",
        "hs = np.empty((N, T, H), dtype=Wx.dtype)",
        "hs = np.empty((N, T, H), dtype='f')",
        TimeRNN=FRAGILE,
    ),
    PLAIN(
        "time-rnn-layers-grow",
        "beyond",
        "self.layers = None\n        self.h, self.dh",
        "self.layers = []\n        self.h, self.dh",
        "        self.layers = []\n        hs = ",
        "        hs = ",
        TimeRNN=FRAGILE | WRONG,
    ),
)
