"""Faults planted in the course's rnn."""

from corpus.entries import CRASHES, FRAGILE, INCOMPLETE, UNPARSABLE, WRONG, In

LAYERS = In("cs231n_rnn_layers.py")
EINSUM = In("cs231n_einsum.py")
HOISTED = In("cs231n_hoisted.py")
PYTHON2 = In("cs231n_python2.py")
CLOSURES = In("cs231n_closures.py")
TYPED = In("cs231n_typed.py")
NOTEBOOK = In("cs231n_notebook.ipynb")

ONE_STEP = "T == 1"
CLOSURES_END = "one_minus_square = lambda y: 1 - y * y\n"
BLANK_RNN = "\n\ndef rnn_backward(dh, cache):\n    pass\n"

PLANTED = (
    LAYERS(
        "cs231n-rnn-dh-added-to",
        "in-place",
        "dnext_h = dh[:, t, :] + dprev_h",
        "dh[:, t, :] += dprev_h\n        dnext_h = dh[:, t, :]",
        rnn=FRAGILE,
    ),
    HOISTED(
        "cs231n-rnn-hoisted-dh-added-to",
        "in-place",
        "da[:, t] = (dh[:, t] + dprev) *",
        "dh[:, t] += dprev\n        da[:, t] = dh[:, t] *",
        rnn=FRAGILE,
    ),
    TYPED(
        "cs231n-rnn-typed-dh-added-to",
        "in-place",
        "rnn_step_backward(dh[:, t] + dprev, cache[t])",
        "rnn_step_backward(np.add(dh[:, t], dprev, out=dh[:, t]), cache[t])",
        rnn=FRAGILE,
    ),
    PYTHON2(
        "cs231n-rnn-dh0-added-into-dh",
        "in-place",
        "dstep = dh[:, t, :] + dh0",
        "dstep = dh[:, t, :]; dstep += dh0",
        rnn=FRAGILE,
    ),
    HOISTED(
        "cs231n-rnn-shpe",
        "name",
        "N, T, D = x.shape\n    H = Wh.shape[0]\n    xWx = x",
        "N, T, D = x.shpe\n    H = Wh.shape[0]\n    xWx = x",
        rnn=CRASHES,
    ),
    CLOSURES("cs231n-rnn-cahce", "name", "enumerate(cache)", "enumerate(cahce)", rnn=CRASHES),
    LAYERS("cs231n-rnn-backwrad", "name", "def rnn_backward", "def rnn_backwrad", rnn=INCOMPLETE),
    TYPED(
        "cs231n-rnn-forward-not-implemented",
        "blank",
        "    N, T, D = x.shape\n    (H,) = b.shape\n",
        "    raise NotImplementedError\n",
        rnn=INCOMPLETE,
    ),
    EINSUM(
        "cs231n-rnn-backward-pass",
        "blank",
        "    T = dh.shape[1]\n    dxs, dh_t = [None] * T, 0\n",
        "    return None, None, None, None, None\n",
        rnn=INCOMPLETE,
    ),
    LAYERS(
        "cs231n-rnn-h-d-wide", "axes", "h = np.zeros((N, T, H))", "h = np.zeros((N, T, D))", rnn=CRASHES, hides="D == H"
    ),
    LAYERS("cs231n-rnn-h-of-x", "axes", "_, H = h0.shape", "_, T, H = x.shape", rnn=CRASHES, hides="D == H"),
    NOTEBOOK(
        "cs231n-rnn-dwx-turned",
        "axes",
        "np.zeros((D, H)), np.zeros((H, H))",
        "np.zeros((H, D)), np.zeros((H, H))",
        rnn=CRASHES,
        hides="D == H",
    ),
    HOISTED(
        "cs231n-rnn-time-as-batch",
        "axes",
        "h = hs[1:].transpose(1, 0, 2).copy()",
        "h = hs[1:].reshape(N, T, H)",
        rnn=WRONG,
        hides="N == 1 or T == 1",
    ),
    HOISTED(
        "cs231n-rnn-dwh-time-as-batch",
        "axes",
        "hs[:-1].transpose(1, 0, 2).reshape(N * T, H)",
        "hs[:-1].reshape(N * T, H)",
        rnn=WRONG,
        hides="N == 1 or T == 1",
    ),
    PYTHON2(
        "cs231n-rnn-step-of-batch",
        "axes",
        "rnn_step_forward(x[:, t, :]",
        "rnn_step_forward(x[t, :, :]",
        rnn=CRASHES | WRONG,
        hides="N == T, where it is silently wrong",
    ),
    LAYERS("cs231n-rnn-dwx-one-step", "time-sum", "dWx += dWx_t", "dWx = dWx_t", rnn=WRONG, hides=ONE_STEP),
    EINSUM(
        "cs231n-rnn-nothing-added",
        "time-sum",
        "dWx + gWx, dWh + gWh, db + gb",
        "gWx, gWh, gb",
        rnn=WRONG,
        hides=ONE_STEP,
    ),
    PYTHON2(
        "cs231n-rnn-db-after-the-loop", "time-sum", "    db += db_t\n", "  db += db_t\n", rnn=WRONG, hides=ONE_STEP
    ),
    NOTEBOOK("cs231n-rnn-dwh-not-added", "time-sum", "dWh += dWh_t", "dWh + dWh_t", rnn=WRONG),
    TYPED(
        "cs231n-rnn-total-overwritten",
        "time-sum",
        "total[name] = total[name] + part",
        "total[name] = part",
        rnn=WRONG,
        hides=ONE_STEP,
    ),
    HOISTED("cs231n-rnn-wh-not-turned", "matrix", "dprev = da[:, t].dot(Wh.T)", "dprev = da[:, t].dot(Wh)", rnn=WRONG),
    HOISTED(
        "cs231n-rnn-dx-by-wh", "matrix", "flat.dot(Wx.T).reshape(N, T, D)", "flat.dot(Wh.T).reshape(N, T, H)", rnn=WRONG
    ),
    LAYERS(
        "cs231n-rnn-cache-popped",
        "cache-eaten",
        "rnn_step_backward(dnext_h, cache[t])",
        "rnn_step_backward(dnext_h, cache.pop())",
        rnn=FRAGILE,
    ),
    NOTEBOOK(
        "cs231n-rnn-cache-popped-notebook",
        "cache-eaten",
        "dh[:, t, :] + dprev, cache[t])",
        "dh[:, t, :] + dprev, cache.pop())",
        rnn=FRAGILE,
    ),
    CLOSURES(
        "cs231n-rnn-cache-reversed",
        "cache-eaten",
        "    for t, back in reversed(list(enumerate(cache))):\n",
        "    cache.reverse()\n    for t, back in zip(range(len(cache) - 1, -1, -1), cache):\n",
        rnn=FRAGILE,
    ),
    HOISTED(
        "cs231n-rnn-states-squared",
        "cache-eaten",
        "* (1 - hs[t + 1] ** 2)",
        "* np.subtract(1, hs[t + 1] ** 2, out=hs[t + 1])",
        rnn=WRONG,
    ),
    HOISTED(
        "cs231n-rnn-dh0-before-dx",
        "slot",
        "return dx, dprev, dWx, dWh, db",
        "return dprev, dx, dWx, dWh, db",
        rnn=WRONG,
    ),
    PYTHON2("cs231n-rnn-bias-as-buffer", "slot", "db = np.zeros((H,))", "db = b", rnn=WRONG),
    TYPED("cs231n-rnn-dh0-is-dh", "slot", 'return dx, dprev, total["dWx"]', 'return dx, dh, total["dWx"]', rnn=WRONG),
    LAYERS("cs231n-rnn-fence", "syntax", "import numpy as np\n", "```\nimport numpy as np\n"),
    HOISTED("cs231n-rnn-round-brackets", "syntax", "xWx[:, t] + hs[t]", "xWx(:, t) + hs[t]", rnn=UNPARSABLE),
    CLOSURES(
        "cs231n-rnn-no-colon", "syntax", "for t in range(x.shape[1]):", "for t in range(x.shape[1])", rnn=UNPARSABLE
    ),
    HOISTED(
        "cs231n-rnn-cache-order",
        "cache-order",
        "return h, (x, hs, Wx, Wh)",
        "return h, (x, hs, Wh, Wx)",
        rnn=CRASHES | WRONG,
    ),
    NOTEBOOK("cs231n-rnn-cache-not-stored", "cache-order", "cache.append(step)", "cache = step", rnn=CRASHES),
    LAYERS("cs231n-rnn-none-unpacked", "comma-unpack", "h, cache = None, None", "h, cache = None", nth=2, rnn=CRASHES),
    TYPED(
        "cs231n-rnn-five-as-two",
        "comma-unpack",
        "dx[:, t], dprev, dWx, dWh, db = rnn",
        "dx[:, t], dprev = rnn",
        rnn=CRASHES,
    ),
    LAYERS(
        "cs231n-rnn-dh-dropped",
        "recurrent",
        "dnext_h = dh[:, t, :] + dprev_h",
        "dnext_h = dh[:, t, :]",
        rnn=WRONG,
        hides=ONE_STEP,
    ),
    NOTEBOOK(
        "cs231n-rnn-dprev-not-carried",
        "recurrent",
        "dx[:, t, :], dprev, dWx_t",
        "dx[:, t, :], dprev_t, dWx_t",
        rnn=WRONG,
    ),
    HOISTED(
        "cs231n-rnn-dprev-without-dh", "recurrent", "(dh[:, t] + dprev) *", "dh[:, t] *", rnn=WRONG, hides=ONE_STEP
    ),
    EINSUM(
        "cs231n-rnn-dh-t-lost",
        "recurrent",
        "dh[:, t] + dh_t, cache[t]",
        "dh[:, t], cache[t]",
        rnn=WRONG,
        hides=ONE_STEP,
    ),
    HOISTED("cs231n-rnn-slope-of-step-before", "derivation", "hs[t + 1] ** 2", "hs[t] ** 2", rnn=WRONG),
    LAYERS(
        "cs231n-rnn-h-never-filled",
        "forward",
        "h[:, t, :], step_cache = rnn",
        "h_t, step_cache = rnn",
        "prev_h = h[:, t, :]",
        "prev_h = h_t",
        rnn=WRONG,
    ),
    TYPED("cs231n-rnn-h0-ignored", "forward", "prev = h0", "prev = np.zeros_like(h0)", rnn=WRONG, hides="h0 == 0"),
    NOTEBOOK(
        "cs231n-rnn-state-not-carried",
        "forward",
        "prev, step = rnn_step_forward(x[:, t, :], prev,",
        "prev, step = rnn_step_forward(x[:, t, :], h0,",
        rnn=WRONG,
        hides=ONE_STEP,
    ),
    LAYERS("cs231n-rnn-cache-at-t-end", "loop-index", "(dnext_h, cache[t])", "(dnext_h, cache[T])", rnn=CRASHES),
    LAYERS("cs231n-rnn-reversed-number", "loop-index", "reversed(range(T))", "reversed(T)", rnn=CRASHES),
    PYTHON2(
        "cs231n-rnn-cache-of-step-0",
        "loop-index",
        "rnn_step_backward(dstep, cache[t])",
        "rnn_step_backward(dstep, cache[0])",
        rnn=WRONG,
        hides=ONE_STEP,
    ),
    HOISTED("cs231n-rnn-first-step-left-out", "loop-index", "range(T - 1, -1, -1)", "range(T - 1, 0, -1)", rnn=WRONG),
    TYPED(
        "cs231n-rnn-forwards-in-time",
        "loop-index",
        "for t in range(T)[::-1]:",
        "for t in range(T):",
        rnn=WRONG,
        hides=ONE_STEP,
    ),
    CLOSURES("cs231n-rnn-blank-below", "shadowed", CLOSURES_END, CLOSURES_END + BLANK_RNN, rnn=INCOMPLETE),
    LAYERS("cs231n-rnn-dwx-from-empty", "empty", "dWx = np.zeros((D, H))", "dWx = np.empty((D, H))", rnn=WRONG),
    PYTHON2("cs231n-rnn-dh0-from-empty", "empty", "dh0 = np.zeros((N, H))", "dh0 = np.empty((N, H))", rnn=WRONG),
    HOISTED("cs231n-rnn-h0-from-empty", "empty", "    hs[0] = h0\n", "", rnn=WRONG),
    TYPED(
        "cs231n-rnn-weights-over-t",
        "ratio",
        'total["dWx"], total["dWh"]',
        'total["dWx"] / T, total["dWh"] / T',
        rnn=WRONG,
        hides=ONE_STEP,
    ),
    LAYERS("cs231n-rnn-db-over-n", "ratio", "db += db_t", "db += db_t / N", rnn=WRONG, hides="N == 1"),
    NOTEBOOK(
        "cs231n-rnn-default-cache-grows",
        "beyond",
        "def rnn_forward(x, h0, Wx, Wh, b):",
        "def rnn_forward(x, h0, Wx, Wh, b, cache=[]):",
        "    cache = []\\n",
        "    pass\\n",
        rnn=FRAGILE | WRONG | CRASHES,
        hides="the first call",
    ),
    TYPED(
        "cs231n-rnn-float32",
        "beyond",
        "h = np.zeros((N, T, H), dtype=x.dtype)",
        "h = np.zeros((N, T, H), dtype=np.float32)",
        rnn=FRAGILE,
    ),
)
