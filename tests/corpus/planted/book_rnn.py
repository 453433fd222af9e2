"""Faults planted in the book's RNN."""

from corpus.entries import BLOCKED, CRASHES, FRAGILE, INCOMPLETE, UNPARSABLE, WRONG, In

PLAIN = In("book_plain.py")
PUBLISHED = In("book_published.py")
EINSUM = In("book_einsum.py")
OPTIONS = In("book_options.py")
JAPANESE = In("book_japanese.py")
PYTHON2 = In("book_python2.py")
INHERITANCE = In("book_inheritance.py")
MODELS = In("book_models.py")
NOTEBOOK = In("book_notebook.ipynb")
EXPORT = In("book_export.txt")
REPO = In("repo/ch05/time_layers.py")

SQUARE = "D == H, where it is silently wrong"
BLANK_RNN = '''

class RNN:
    """練習問題"""
    def __init__(self, Wx, Wh, b):
        pass

    def forward(self, x, h_prev):
        pass

    def backward(self, dh_next):
        pass
'''
PLAIN_STEP_BACK = """        Wx, Wh, b = self.params
        x, h_prev, h_next = self.cache

        da = dh_next * (1 - h_next ** 2)
        db = np.sum(da, axis=0)
        dWh = np.dot(h_prev.T, da)
        dh_prev = np.dot(da, Wh.T)
        dWx = np.dot(x.T, da)
        dx = np.dot(da, Wx.T)

        self.grads[0][...] = dWx
        self.grads[1][...] = dWh
        self.grads[2][...] = db
        return dx, dh_prev
"""

PLANTED = (
    PLAIN(
        "rnn-dh-scaled-in-place",
        "in-place",
        "da = dh_next * (1 - h_next ** 2)",
        "dh_next *= (1 - h_next ** 2)\n        da = dh_next",
        RNN=FRAGILE,
    ),
    PYTHON2(
        "rnn-dh-scaled-in-place-python2",
        "in-place",
        "delta = (1 - h_next * h_next) * dh_next",
        "dh_next *= 1 - h_next * h_next\n        delta = dh_next",
        RNN=FRAGILE,
    ),
    PLAIN("rnn-np-doat", "name", "a = np.dot(x, Wx)", "a = np.doat(x, Wx)", RNN=CRASHES, TimeRNN=BLOCKED),
    PLAIN("rnn-self-grad", "name", "self.grads[0][...]", "self.grad[0][...]", RNN=CRASHES, TimeRNN=BLOCKED),
    NOTEBOOK("rnn-h-perv", "name", "np.dot(h_prev.T, dt)", "np.dot(h_perv.T, dt)", RNN=CRASHES, TimeRNN=BLOCKED),
    JAPANESE("rnn-np-sqaure", "name", "np.square(h_next)", "np.sqaure(h_next)", RNN=CRASHES, TimeRNN=BLOCKED),
    EXPORT("rnn-init-int", "name", "def __init__", "def __int__", RNN=CRASHES | INCOMPLETE, TimeRNN=BLOCKED),
    PLAIN("rnn-backward-pass", "blank", PLAIN_STEP_BACK, "        pass\n", RNN=INCOMPLETE, TimeRNN=BLOCKED),
    MODELS(
        "rnn-dh-prev-none",
        "blank",
        "dh_prev = np.dot(dt, Wh.T)",
        "dh_prev = None  # TODO",
        RNN=INCOMPLETE | WRONG,
        TimeRNN=BLOCKED,
        SimpleRnnlm=BLOCKED,
    ),
    PLAIN("rnn-dx-by-wh", "matrix", "np.dot(da, Wx.T)", "np.dot(da, Wh.T)", RNN=WRONG, TimeRNN=BLOCKED),
    PUBLISHED("rnn-wh-not-turned", "matrix", "np.dot(ds, Wh.T)", "np.dot(ds, Wh)", RNN=WRONG, TimeRNN=BLOCKED),
    EXPORT(
        "rnn-dh-prev-like-dwx",
        "matrix",
        "dh_prev = np.dot(dt, Wh.T)",
        "dh_prev = np.dot(x.T, dt)",
        RNN=WRONG,
        TimeRNN=BLOCKED,
    ),
    PLAIN(
        "rnn-dwx-dwh-exchanged",
        "matrix",
        "dWh = np.dot(h_prev.T, da)",
        "dWh = np.dot(x.T, da)",
        "dWx = np.dot(x.T, da)",
        "dWx = np.dot(h_prev.T, da)",
        RNN=CRASHES | WRONG,
        TimeRNN=BLOCKED,
        hides=SQUARE,
    ),
    EINSUM("rnn-einsum-wh-not-turned", "matrix", "'nh,kh->nk', dz", "'nk,kh->nh', dz", RNN=WRONG, TimeRNN=BLOCKED),
    PLAIN(
        "rnn-cache-freed",
        "cache-eaten",
        "x, h_prev, h_next = self.cache\n",
        "x, h_prev, h_next = self.cache\n        self.cache = None\n",
        RNN=FRAGILE,
        TimeRNN=BLOCKED | FRAGILE,
    ),
    INHERITANCE("rnn-saved-popped", "cache-eaten", "h = self.saved", "h = self.__dict__.pop('saved')", RNN=FRAGILE),
    PLAIN(
        "rnn-grads-exchanged",
        "slot",
        "self.grads[0][...] = dWx",
        "self.grads[1][...] = dWx",
        "self.grads[1][...] = dWh",
        "self.grads[0][...] = dWh",
        RNN=CRASHES | WRONG,
        TimeRNN=BLOCKED,
        hides=SQUARE,
    ),
    PUBLISHED(
        "rnn-db-into-dwx",
        "slot",
        "self.grads[2][...] = db",
        "self.grads[0][...] = db",
        RNN=WRONG,
        TimeRNN=BLOCKED,
    ),
    MODELS(
        "rnn-returns-exchanged",
        "slot",
        "return dx, dh_prev",
        "return dh_prev, dx",
        RNN=WRONG,
        TimeRNN=BLOCKED,
        SimpleRnnlm=BLOCKED,
    ),
    PLAIN(
        "rnn-no-colon",
        "syntax",
        "def backward(self, dh_next):",
        "def backward(self, dh_next)",
        RNN=UNPARSABLE,
        TimeRNN=BLOCKED,
    ),
    PUBLISHED("rnn-no-comma", "syntax", "(x, h_prev, h_next)", "(x, h_prev h_next)", RNN=UNPARSABLE, TimeRNN=BLOCKED),
    JAPANESE(
        "rnn-open-bracket",
        "syntax",
        "dWh = np.dot(h_prev.T, dt)",
        "dWh = np.dot(h_prev.T, dt",
        RNN=UNPARSABLE,
        TimeRNN=BLOCKED,
    ),
    PLAIN(
        "rnn-cache-other-order",
        "cache-order",
        "x, h_prev, h_next = self.cache",
        "h_prev, x, h_next = self.cache",
        RNN=CRASHES | WRONG,
        TimeRNN=BLOCKED,
        hides=SQUARE,
    ),
    EXPORT(
        "rnn-cache-never-stored",
        "cache-order",
        "        self.cache = (x, h_prev, h_next)\n",
        "",
        RNN=CRASHES,
        TimeRNN=BLOCKED,
    ),
    MODELS(
        "rnn-h-next-is-tuple",
        "comma-unpack",
        "np.dot(x, Wx) + b)",
        "np.dot(x, Wx) + b),",
        RNN=CRASHES,
        TimeRNN=BLOCKED,
        SimpleRnnlm=BLOCKED,
    ),
    PLAIN("rnn-no-square", "derivation", "(1 - h_next ** 2)", "(1 - h_next)", RNN=WRONG, TimeRNN=BLOCKED),
    OPTIONS("rnn-no-slope", "derivation", "* (1 - self.h_next ** 2)", "", RNN=WRONG, TimeRNN=BLOCKED),
    REPO("rnn-upstream-ignored", "derivation", "dt = dh_next * (1", "dt = (1", RNN=WRONG, TimeRNN=BLOCKED),
    NOTEBOOK("rnn-slope-of-h-prev", "derivation", "(1 - h_next ** 2)", "(1 - h_prev ** 2)", RNN=WRONG, TimeRNN=BLOCKED),
    PLAIN("rnn-no-bias", "forward", "np.dot(h_prev, Wh) + b", "np.dot(h_prev, Wh)", RNN=WRONG, TimeRNN=BLOCKED),
    PYTHON2("rnn-wh-turned", "forward", "np.dot(h_prev, Wh)", "np.dot(h_prev, Wh.T)", RNN=WRONG, TimeRNN=BLOCKED),
    JAPANESE(
        "rnn-one-slot-for-all",
        "loop-index",
        "self.grads[i][...] = grad\n        return dx",
        "self.grads[0][...] = grad\n        return dx",
        RNN=CRASHES | WRONG,
        TimeRNN=BLOCKED,
        hides=SQUARE,
    ),
    JAPANESE(
        "rnn-blank-below",
        "shadowed",
        "        dW[...] = np.dot(onehot.T, dout)\n        return None\n",
        "        dW[...] = np.dot(onehot.T, dout)\n        return None\n" + BLANK_RNN,
        RNN=INCOMPLETE,
        TimeRNN=BLOCKED,
    ),
    NOTEBOOK(
        "rnn-db-mean",
        "ratio",
        "db = np.sum(dt, axis=0)",
        "db = np.mean(dt, axis=0)",
        RNN=WRONG,
        TimeRNN=BLOCKED,
        hides="N == 1",
    ),
    OPTIONS(
        "rnn-dwx-over-n",
        "ratio",
        "np.dot(self.x.T, dt)",
        "np.dot(self.x.T, dt) / len(dt)",
        RNN=WRONG,
        TimeRNN=BLOCKED,
        hides="N == 1",
    ),
    PLAIN(
        "rnn-db-other-axis",
        "axes",
        "np.sum(da, axis=0)",
        "np.sum(da, axis=1)",
        RNN=CRASHES | WRONG,
        TimeRNN=BLOCKED,
        hides="N == H, where it is silently wrong",
    ),
    INHERITANCE(
        "rnn-grads-added",
        "beyond",
        "            mine[...] = grad",
        "            mine += grad",
        RNN=FRAGILE,
        AffineLayer=FRAGILE,
        EmbeddingLayer=FRAGILE,
    ),
    PYTHON2(
        "rnn-grads-bound-anew",
        "beyond",
        "self.grads[0][...] = np.dot(x.T, delta)",
        "self.grads[0] = np.dot(x.T, delta)",
        RNN=FRAGILE,
    ),
)
