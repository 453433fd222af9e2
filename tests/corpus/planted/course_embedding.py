"""Faults planted in the course's word_embedding."""

from corpus.entries import CRASHES, FRAGILE, INCOMPLETE, UNPARSABLE, WRONG, In

LAYERS = In("cs231n_rnn_layers.py")
PYTHON2 = In("cs231n_python2.py")
ONE_HOT = In("cs231n_one_hot.py")
CRLF = In("cs231n_crlf.py")
TYPED = In("cs231n_typed.py")
AFFINES = In("cs231n_affine.py")
NOTEBOOK = In("cs231n_notebook.ipynb")

NO_REPEAT = "no id twice"
AFFINES_END = "        dW[v] = dout[x == v].sum(axis=0)\n    return dW\n"
BLANK_EMBEDDING = "\n\ndef word_embedding_backward(dout, cache):\n    dW = None\n    return dW\n"

PLANTED = (
    TYPED("cs231n-embedding-np-add-on", "name", "np.add.at(dW", "np.add.on(dW", word_embedding=CRASHES),
    CRLF("cs231n-embedding-cache-key", "name", "cache['shape']", "cache['shpae']", word_embedding=CRASHES),
    LAYERS(
        "cs231n-embedding-backward-to-do",
        "blank",
        "    x, W = cache\n    dW = np.zeros_like(W)\n    np.add.at(dW, x, dout)\n",
        "    # HINT: look up np.add.at\n    pass\n",
        word_embedding=INCOMPLETE,
    ),
    CRLF(
        "cs231n-embedding-d-v-turned",
        "axes",
        "V, D = cache['shape']",
        "D, V = cache['shape']",
        word_embedding=CRASHES,
        hides="V == D",
    ),
    AFFINES(
        "cs231n-embedding-out-v-wide",
        "axes",
        "out = np.zeros((N, T, D))",
        "out = np.zeros((N, T, V))",
        word_embedding=CRASHES | WRONG,
        hides="V == D",
    ),
    PYTHON2(
        "cs231n-embedding-cleared-in-the-loop",
        "time-sum",
        "  for n in xrange(N):\n    for t",
        "  for n in xrange(N):\n    dW = np.zeros_like(W)\n    for t",
        word_embedding=WRONG,
        hides="N == 1",
    ),
    ONE_HOT(
        "cs231n-embedding-not-turned",
        "matrix",
        "onehot.reshape(-1, V).T.dot(",
        "onehot.reshape(V, -1).dot(",
        word_embedding=WRONG | CRASHES,
    ),
    CRLF(
        "cs231n-embedding-cache-popped", "cache-eaten", "cache['shape']", "cache.pop('shape')", word_embedding=FRAGILE
    ),
    NOTEBOOK(
        "cs231n-embedding-no-bracket",
        "syntax",
        "np.add.at(dW, x, dout)",
        "np.add.at(dW, x, dout",
        word_embedding=UNPARSABLE,
    ),
    LAYERS(
        "cs231n-embedding-cache-exchanged", "cache-order", "cache = (x, W)", "cache = (W, x)", word_embedding=CRASHES
    ),
    AFFINES(
        "cs231n-embedding-cache-of-d",
        "cache-order",
        "return out, (x, V)",
        "return out, (x, D)",
        word_embedding=WRONG,
        hides="V == D",
    ),
    PYTHON2(
        "cs231n-embedding-cache-not-unpacked",
        "comma-unpack",
        "x, W = cache\n  N",
        "x = cache\n  N",
        word_embedding=CRASHES,
    ),
    ONE_HOT(
        "cs231n-embedding-one-hot-other-axis",
        "forward",
        "onehot[n, t, x[n, t]] = 1",
        "onehot[n, x[n, t], t] = 1",
        word_embedding=CRASHES | WRONG,
    ),
    NOTEBOOK(
        "cs231n-embedding-of-columns",
        "forward",
        "out = W[x]",
        "out = W[:, x].transpose(1, 2, 0)",
        word_embedding=CRASHES | WRONG,
    ),
    PYTHON2(
        "cs231n-embedding-first-step-only",
        "loop-index",
        "dW[x[n, t]] += dout[n, t]",
        "dW[x[n, 0]] += dout[n, t]",
        word_embedding=WRONG,
        hides="T == 1",
    ),
    AFFINES(
        "cs231n-embedding-last-word-left-out",
        "loop-index",
        "for v in range(V):",
        "for v in range(V - 1):",
        word_embedding=WRONG,
        hides="the last id does not occur",
    ),
    LAYERS(
        "cs231n-embedding-overwritten",
        "scatter",
        "np.add.at(dW, x, dout)",
        "dW[x] = dout",
        word_embedding=WRONG,
        hides=NO_REPEAT,
    ),
    NOTEBOOK(
        "cs231n-embedding-added-once",
        "scatter",
        "np.add.at(dW, x, dout)",
        "dW[x] += dout",
        word_embedding=WRONG,
        hides=NO_REPEAT,
    ),
    PYTHON2(
        "cs231n-embedding-loop-overwrites",
        "scatter",
        "dW[x[n, t]] += dout[n, t]",
        "dW[x[n, t]] = dout[n, t]",
        word_embedding=WRONG,
        hides=NO_REPEAT,
    ),
    PYTHON2(
        "cs231n-embedding-all-per-id",
        "scatter",
        "dW[x[n, t]] += dout[n, t]",
        "dW[x[n, t]] += dout[x == x[n, t]].sum(axis=0)",
        word_embedding=WRONG,
        hides=NO_REPEAT,
    ),
    AFFINES(
        "cs231n-embedding-first-of-repeated",
        "scatter",
        "dW[v] = dout[x == v].sum(axis=0)",
        "dW[v] = dout[x == v][:1].sum(axis=0)",
        word_embedding=WRONG,
        hides=NO_REPEAT,
    ),
    AFFINES(
        "cs231n-embedding-blank-below",
        "shadowed",
        AFFINES_END,
        AFFINES_END + BLANK_EMBEDDING,
        word_embedding=INCOMPLETE,
    ),
    NOTEBOOK(
        "cs231n-embedding-from-empty", "empty", "dW = np.zeros(shape)", "dW = np.empty(shape)", word_embedding=WRONG
    ),
    AFFINES(
        "cs231n-embedding-mean-of-repeated",
        "ratio",
        "dout[x == v].sum(axis=0)",
        "dout[x == v].sum(axis=0) / max((x == v).sum(), 1)",
        word_embedding=WRONG,
        hides=NO_REPEAT,
    ),
    ONE_HOT(
        "cs231n-embedding-float32",
        "beyond",
        "onehot = np.zeros(x.shape + (V,))",
        "onehot = np.zeros(x.shape + (V,), dtype='f')",
        "return onehot.dot(W), onehot",
        "return onehot.dot(W.astype('f')), onehot",
        word_embedding=FRAGILE,
    ),
    CRLF(
        "cs231n-embedding-gradient-in-cache",
        "beyond",
        "  dW = np.zeros((V, D))",
        "  dW = cache.setdefault('dW', np.zeros((V, D)))",
        "dW[:, d] = np.bincount",
        "dW[:, d] += np.bincount",
        word_embedding=FRAGILE,
    ),
)
