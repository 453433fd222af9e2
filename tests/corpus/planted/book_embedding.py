"""Faults planted in the book's Embedding and TimeEmbedding."""

from corpus.entries import BLOCKED, CRASHES, FRAGILE, INCOMPLETE, UNPARSABLE, WRONG, In

PLAIN = In("book_plain.py")
PUBLISHED = In("book_published.py")
LAYERS = In("book_layers.py")
EINSUM = In("book_einsum.py")
TWO_SPACES = In("book_two_spaces.py")
JAPANESE = In("book_japanese.py")
OLD_NUMPY = In("book_old_numpy.py")
INHERITANCE = In("book_inheritance.py")
CUPY = In("book_cupy.py")
NOTEBOOK = In("book_notebook.ipynb")
REPO = In("repo/common/layers.py")
REPO_TIME = In("repo/ch05/time_layers.py")

ONE_STEP = "T == 1"
NO_REPEAT = "no id twice"
SCATTER = """    for i, word_id in enumerate(self.idx):
      dW[word_id] += dout[i]
"""
# in the notebook's own text, where a line of code is a string
BLANK_EMBEDDING_CELL = r'''"plt.show()\n",
    "\n",
    "class Embedding:\n",
    "    def __init__(self, W):\n",
    "        pass\n",
    "\n",
    "    def forward(self, idx):\n",
    "        pass\n",
    "\n",
    "    def backward(self, dout):\n",
    "        pass"'''

PLANTED = (
    PLAIN(
        "embedding-self-id",
        "name",
        "np.add.at(dW, self.idx, dout)",
        "np.add.at(dW, self.id, dout)",
        Embedding=CRASHES,
        TimeEmbedding=BLOCKED,
    ),
    PUBLISHED("time-embedding-w-small", "name", "V, D = self.W.shape", "V, D = self.w.shape", TimeEmbedding=CRASHES),
    OLD_NUMPY(
        "embedding-np-add-att", "name", "np.add.at(dW", "np.add.att(dW", Embedding=CRASHES, TimeEmbedding=BLOCKED
    ),
    INHERITANCE(
        "embedding-layer-bakward",
        "name",
        "def backward(self, dout):\n        dW = np",
        "def bakward(self, dout):\n        dW = np",
        EmbeddingLayer=INCOMPLETE | CRASHES,
    ),
    TWO_SPACES(
        "embedding-backward-pass",
        "blank",
        "    dW, = self.grads\n    dW[...] = 0\n    # 같은 단어가 여러 번 나오면 더해야 한다\n"
        + SCATTER
        + "    return None\n",
        "    pass\n",
        Embedding=INCOMPLETE | WRONG,
    ),
    OLD_NUMPY("time-embedding-forward-none", "blank", "        return out\n", "", TimeEmbedding=INCOMPLETE | WRONG),
    CUPY(
        "time-embedding-d-v-turned",
        "axes",
        "V, D = self.W.shape",
        "D, V = self.W.shape",
        TimeEmbedding=CRASHES | WRONG,
        hides="V == D",
    ),
    NOTEBOOK(
        "time-embedding-t-n-turned", "axes", "N, T = xs.shape", "T, N = xs.shape", TimeEmbedding=CRASHES, hides="N == T"
    ),
    PLAIN(
        "time-embedding-last-step-only",
        "time-sum",
        "grad += layer.grads[0]",
        "grad = layer.grads[0]",
        TimeEmbedding=WRONG,
        hides=ONE_STEP,
    ),
    REPO_TIME(
        "time-embedding-own-grads", "time-sum", "grad += layer.grads[0]", "grad += self.grads[0]", TimeEmbedding=WRONG
    ),
    TWO_SPACES(
        "time-embedding-cleared-in-the-loop",
        "time-sum",
        "    for n in range(N):\n      for t in range(T):\n        dW[self.xs",
        "    for n in range(N):\n      dW[...] = 0\n      for t in range(T):\n        dW[self.xs",
        TimeEmbedding=WRONG,
        hides="N == 1",
    ),
    EINSUM("embedding-dw-turned", "matrix", "'nv,nd->vd', self", "'nd,nv->vd', self", Embedding=CRASHES | WRONG),
    JAPANESE(
        "embedding-one-hot-not-turned",
        "matrix",
        "np.dot(onehot.T, dout)",
        "np.dot(onehot, dout)",
        Embedding=CRASHES | WRONG,
        hides="N == V, where it is silently wrong",
    ),
    PLAIN(
        "time-embedding-layers-popped",
        "cache-eaten",
        "layer = self.layers[t]\n            layer.backward",
        "layer = self.layers.pop(0)\n            layer.backward",
        TimeEmbedding=FRAGILE,
    ),
    REPO(
        "embedding-idx-freed",
        "cache-eaten",
        "np.add.at(dW, self.idx, dout)",
        "np.add.at(dW, self.idx, dout)\n        self.idx = None",
        Embedding=FRAGILE,
    ),
    TWO_SPACES(
        "embedding-weights-as-buffer",
        "slot",
        "self.grads = [np.zeros_like(W)]",
        "self.grads = [W]",
        Embedding=FRAGILE | WRONG,
    ),
    OLD_NUMPY(
        "time-embedding-slot-1", "slot", "self.grads[0][...] = grad", "self.grads[1][...] = grad", TimeEmbedding=CRASHES
    ),
    TWO_SPACES(
        "time-embedding-return-outside", "syntax", "    return W[xs]\n", "  return W[xs]\n", TimeEmbedding=UNPARSABLE
    ),
    NOTEBOOK(
        "embedding-open-bracket", "syntax", "return W[idx]", "return W[idx", Embedding=UNPARSABLE, TimeEmbedding=BLOCKED
    ),
    LAYERS("embedding-idx-not-stored", "cache-order", "        self.idx = idx\n", "", Embedding=CRASHES | WRONG),
    CUPY(
        "time-embedding-layers-not-stored",
        "cache-order",
        "            self.layers.append(layer)\n",
        "",
        TimeEmbedding=CRASHES,
    ),
    PLAIN(
        "embedding-dw-is-a-list",
        "comma-unpack",
        "dW, = self.grads",
        "dW = self.grads",
        Embedding=CRASHES,
        TimeEmbedding=BLOCKED,
    ),
    LAYERS(
        "embedding-w-is-a-list",
        "comma-unpack",
        "W, = self.params\n        self.idx",
        "W = self.params\n        self.idx",
        Embedding=CRASHES,
    ),
    JAPANESE(
        "embedding-one-hot-other-axis",
        "forward",
        "W[idx]",
        "W[:, idx].T",
        Embedding=CRASHES | WRONG,
        hides="V == D, where it is silently wrong",
    ),
    PUBLISHED(
        "time-embedding-out-never-filled",
        "forward",
        "            out[:, t, :] = layer.forward(xs[:, t])\n",
        "            layer.forward(xs[:, t])\n",
        TimeEmbedding=WRONG,
    ),
    PLAIN(
        "time-embedding-layers-at-t-end",
        "loop-index",
        "layer = self.layers[t]\n            layer.backward",
        "layer = self.layers[T - 1]\n            layer.backward",
        TimeEmbedding=WRONG,
        hides=ONE_STEP,
    ),
    NOTEBOOK(
        "time-embedding-counts-i",
        "loop-index",
        "layer = Embedding(self.W)",
        "layer = Embedding(self.W[i])",
        TimeEmbedding=CRASHES,
    ),
    CUPY(
        "time-embedding-gradient-of-step-0",
        "loop-index",
        "layer.backward(dout[:, t, :])",
        "layer.backward(dout[:, 0, :])",
        TimeEmbedding=WRONG,
        hides=ONE_STEP,
    ),
    NOTEBOOK(
        "embedding-blank-cell-below",
        "shadowed",
        '"plt.show()"',
        BLANK_EMBEDDING_CELL,
        nth=2,
        Embedding=INCOMPLETE,
        TimeEmbedding=BLOCKED,
    ),
    PLAIN(
        "embedding-repeated-overwritten",
        "scatter",
        "np.add.at(dW, self.idx, dout)",
        "dW[self.idx] = dout",
        Embedding=WRONG,
        TimeEmbedding=BLOCKED,
        hides=NO_REPEAT,
    ),
    REPO(
        "embedding-repeated-added-once",
        "scatter",
        "np.add.at(dW, self.idx, dout)",
        "dW[self.idx] += dout",
        Embedding=WRONG,
        hides=NO_REPEAT,
    ),
    TWO_SPACES(
        "embedding-every-id-per-id",
        "scatter",
        "dW[word_id] += dout[i]",
        "np.add.at(dW, self.idx, dout)",
        Embedding=WRONG,
    ),
    TWO_SPACES(
        "time-embedding-overwritten",
        "scatter",
        "dW[self.xs[n, t]] += dout[n, t]",
        "dW[self.xs[n, t]] = dout[n, t]",
        TimeEmbedding=WRONG,
        hides=NO_REPEAT,
    ),
    NOTEBOOK(
        "embedding-notebook-added-once",
        "scatter",
        "np.add.at(dW, self.idx, dout)",
        "dW[self.idx] += dout",
        Embedding=WRONG,
        TimeEmbedding=BLOCKED,
        hides=NO_REPEAT,
    ),
    INHERITANCE(
        "embedding-layer-from-empty",
        "empty",
        "dW = np.zeros_like(self.grads[0])",
        "dW = np.empty_like(self.grads[0])",
        EmbeddingLayer=WRONG,
    ),
    OLD_NUMPY(
        "time-embedding-grad-from-empty", "empty", "np.zeros(self.W.shape", "np.empty(self.W.shape", TimeEmbedding=WRONG
    ),
    CUPY(
        "time-embedding-over-t",
        "ratio",
        "self.grads[0][...] = grad",
        "self.grads[0][...] = grad / T",
        TimeEmbedding=WRONG,
        hides=ONE_STEP,
    ),
    JAPANESE(
        "embedding-over-n",
        "ratio",
        "np.dot(onehot.T, dout)",
        "np.dot(onehot.T, dout) / len(self.idx)",
        Embedding=WRONG,
        hides="N == 1",
    ),
    REPO("embedding-not-cleared", "beyond", "        dW[...] = 0\n", "", Embedding=FRAGILE),
    LAYERS(
        "embedding-gradient-negated",
        "derivation",
        "np.add.at(dW, self.idx, dout)",
        "np.subtract.at(dW, self.idx, dout)",
        Embedding=WRONG,
    ),
)
