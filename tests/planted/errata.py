"""Each mistake of docs/errata.md, by its number, planted alone into right source."""

from collections.abc import Mapping

from planted import Mistake

RNN, EMBEDDING, AFFINE, SOFTMAX = (f"manual/{name}.py" for name in ("rnn", "embedding", "affine", "softmax"))
DOCUMENTS = "tests/planted/documents.py"

CLASS_RNN = 'class RNN:\n    """One step'
ONE_STEP_BACK = "            layer = self.layers[t]\n            # ∂L"
UNROLLED = """        for t in reversed(range(T)):
            layer = self.layers[t]
            # ∂L/∂h[t] = dhs[t] + (∂h[t+1]/∂h[t])ᵀ ∂L/∂h[t+1]
            dx, dh = layer.backward(dhs[:, t, :] + dh)
            dxs[:, t, :] = dx
"""
LOOKED_UP = """        for t in range(T):
            layer = Embedding(W)
            # out[:, t] = W[xs[:, t]]
            out[:, t, :] = layer.forward(xs[:, t])
            self.layers.append(layer)
        return out
"""
KEPT = "np.where(mask, ls, 0)"
SAFE_LOG = """        zs = xs - xs.max(axis=1, keepdims=True)
        ls = (zs - np.log(np.exp(zs).sum(axis=1, keepdims=True)))[np.arange(N * T), ts]
"""
LOG_OF_P = """        ls = np.log(ys[np.arange(N * T), ts])
"""
CHECKED = """ids = (ts, "N T", f"0 <= id < V or id == {self.ignore_label}")"""


def _dedented(lines: str) -> str:
    return "".join(line[4:] for line in lines.splitlines(keepends=True))


def _one(layer: str, file: str, old: str, new: str, dtype: str = "float64") -> Mistake:
    return Mistake(layer, file, ((old, new),), dtype)


MISTAKES: Mapping[int, Mistake] = {
    # both documents
    1: _one("RNN", RNN, CLASS_RNN, f"In [None]:\n{CLASS_RNN}"),
    2: _one("RNN", RNN, "import numpy as np\n", ""),
    # RNN
    3: _one("RNN", RNN, "dh_prev = np.dot(da, Wh.T)", "dh_prev = np.dot(x.T, da)"),
    4: _one("RNN", RNN, "self.grads[0][...] = dWx", "self.grad[0][...] = dWx"),
    5: _one(
        "RNN",
        RNN,
        'x, h_prev = self.axes.forward(x=(x, "N D"), h_prev=(h_prev, "N H"))',
        'self.axes.seen = {**self.axes.learned, "N": (len(x), "x")}',
    ),
    6: _one(
        "RNN", RNN, '        (dh,) = self.axes.backward(dh=(dh, "N H"))\n        assert self.cache is not None\n', ""
    ),
    # TimeRNN
    7: _one("TimeRNN", RNN, "hs = np.empty((N, T, H), dtype=Wx.dtype)", "hs = np.empty((N, T, H), dtype='f')"),
    8: _one("TimeRNN", RNN, "self.h = np.zeros((N, H), dtype=Wx.dtype)", "self.h = np.zeros((N, H), dtype='f')"),
    9: _one("TimeRNN", RNN, "layer.forward(xs[:, t, :], self.h)", "layer.forward(xs(:, t, :), self.h)"),
    10: _one("TimeRNN", RNN, "self.layers.append(layer)", "self.layer.append(layer)"),
    11: _one("TimeRNN", RNN, "dxs = np.empty((N, T, D), dtype=Wx.dtype)", "dxs = np.empty((N, T, D), dtype='f')"),
    12: _one("TimeRNN", RNN, "for t in reversed(range(T)):", "for i in reversed(range(T)):"),
    13: _one("TimeRNN", RNN, ONE_STEP_BACK, ONE_STEP_BACK.replace("layers[t]", "layers(t)")),
    14: _one("TimeRNN", RNN, "enumerate(layer.grads)", "enumerate(layer, grads)"),
    15: _one(
        "TimeRNN", RNN, UNROLLED, UNROLLED.replace("for t", "for i").replace("s[t]", "s[i]").replace(", t,", ", i,")
    ),
    16: _one(
        "TimeRNN",
        RNN,
        '(self.h,) = self.axes.state("set_state", h=(h, "N H"))',
        'self.axes.state("set_state", h=(h, "N H"))\n        self.h = h',
    ),
    17: _one("TimeRNN", RNN, "self.axes.forward(self.h if self.stateful else None, xs=", "self.axes.forward(xs="),
    18: _one("TimeRNN", RNN, '        (dhs,) = self.axes.backward(dhs=(dhs, "N T H"))\n', ""),
    # TimeEmbedding
    19: _one(
        "TimeEmbedding",
        EMBEDDING,
        LOOKED_UP,
        "        return out\n" + _dedented(LOOKED_UP).replace("    return out\n", ""),
    ),
    20: _one("TimeEmbedding", EMBEDDING, LOOKED_UP, LOOKED_UP.replace("        return", "    return")),
    21: _one("TimeEmbedding", EMBEDDING, LOOKED_UP, LOOKED_UP.replace("for t", "for i")),
    22: _one("TimeEmbedding", EMBEDDING, "dtype=W.dtype", "dtype='f'"),
    23: _one("TimeEmbedding", EMBEDDING, "class Embedding:", "class AnotherEmbedding:"),
    24: Mistake(
        "TimeEmbedding",
        EMBEDDING,
        (
            ("(xs,) = self.axes.forward(xs=(xs, ", "self.axes.forward(xs=(abs(xs), "),
            ("(ids,) = self.axes.forward(ids=(ids, ", "self.axes.forward(ids=(abs(ids), "),
        ),
    ),
    25: _one("TimeEmbedding", EMBEDDING, '        (dout,) = self.axes.backward(dout=(dout, "N T D"))\n', ""),
    26: Mistake(
        "TimeEmbedding",
        EMBEDDING,
        (
            ('Axes("TimeEmbedding", W=(W, "V D"))', 'Axes("TimeEmbedding", W=(W, "V D"))\n        self.W = W'),
            ("(W,) = self.params\n        N, T = xs.shape", "W = self.W\n        N, T = xs.shape"),
        ),
    ),
    # TimeAffine
    27: _one("TimeAffine", AFFINE, "rx = xs.reshape(N * T, D)", "rx = rs.reshape(N * T, D)"),
    28: _one("TimeAffine", AFFINE, "rx = self.xs.reshape(N * T, D)", "rx = self.xs.reshape(*self.xs.shape)"),
    29: _one("TimeAffine", AFFINE, "        dW = np.dot(rx.T, dout)\n", ""),
    30: _one("TimeAffine", AFFINE, "over the N·T rows\n        db = np.sum(dout, axis=0)\n", "over the N·T rows\n"),
    31: _one("TimeAffine", AFFINE, "        return dxs.reshape(N, T, D)\n", ""),
    # TimeSoftmaxWithLoss
    32: _one("TimeSoftmaxWithLoss", SOFTMAX, "if ts.ndim == 3:", "if ts.dim == 3:"),
    33: _one("TimeSoftmaxWithLoss", SOFTMAX, "log_p[np.arange(N * T), ts]", "log_p[np.arrange(N * T), ts]"),
    34: _one("TimeSoftmaxWithLoss", DOCUMENTS, "from manual.softmax import softmax\n", ""),
    35: _one("TimeSoftmaxWithLoss", DOCUMENTS, SAFE_LOG, LOG_OF_P),
    36: Mistake("TimeSoftmaxWithLoss", DOCUMENTS, ((SAFE_LOG, LOG_OF_P), (KEPT, "ls * mask"))),
    37: _one("TimeSoftmaxWithLoss", DOCUMENTS, "loss = loss / count", "loss = loss / int(mask.sum())"),
    38: _one(
        "TimeSoftmaxWithLoss", DOCUMENTS, "count = max(int(mask.sum()), 1)", "count = max(mask.sum(), 1)", "float32"
    ),
    39: _one("TimeSoftmaxWithLoss", SOFTMAX, "ts = np.where(mask, ts, 0)\n", "\n"),
    40: _one(
        "TimeSoftmaxWithLoss",
        SOFTMAX,
        'ts=(ts, "N T V", "one-hot")',
        'ts=(ts.argmax(axis=2), "N T", "0 <= id < V")',
    ),
    41: Mistake(
        "TimeSoftmaxWithLoss",
        SOFTMAX,
        (
            ("ids = (ts, ", "ids = (np.maximum(ts, self.ignore_label), "),
            ("xs, ts = self.axes.forward(", "(xs, _), ts = self.axes.forward("),
            ("else ids)\n", "else ids), ts\n"),
        ),
    ),
    42: _one("TimeSoftmaxWithLoss", DOCUMENTS, "ys.copy()", "ys"),
    43: _one("TimeSoftmaxWithLoss", SOFTMAX, "dx[np.arange(N * T), ts] -= 1", "dx[np.arrange(N * T), ts] -= 1"),
    44: _one("TimeSoftmaxWithLoss", DOCUMENTS, "dx /= count", "dx /= mask.sum()"),
}
