"""Faults planted in the course's rnn_step."""

from corpus.entries import BLOCKED, CRASHES, FRAGILE, INCOMPLETE, UNPARSABLE, WRONG, In

LAYERS = In("cs231n_rnn_layers.py")
EINSUM = In("cs231n_einsum.py")
PYTHON2 = In("cs231n_python2.py")
CLOSURES = In("cs231n_closures.py")
TYPED = In("cs231n_typed.py")
NOTEBOOK = In("cs231n_notebook.ipynb")

LAYERS_STEP_BACK = """    x, prev_h, Wx, Wh, next_h = cache
    da = dnext_h * (1 - next_h ** 2)
    dx = np.dot(da, Wx.T)
    dprev_h = np.dot(da, Wh.T)
    dWx = np.dot(x.T, da)
    dWh = np.dot(prev_h.T, da)
    db = np.sum(da, axis=0)
"""
TO_DO = """    ##############################################################################
    # TODO: Implement this function.                                             #
    ##############################################################################
    pass
"""
BLANK_STEP = """

def rnn_step_backward(dnext_h, cache):
    dx, dprev_h, dWx, dWh, db = None, None, None, None, None
    # TODO
    pass
    return dx, dprev_h, dWx, dWh, db
"""
TYPED_END = "    np.add.at(dW, x.reshape(-1), dout.reshape(-1, shape[1]))\n    return dW\n"

PLANTED = (
    LAYERS(
        "cs231n-rnn-step-dh-scaled",
        "in-place",
        "da = dnext_h * (1 - next_h ** 2)",
        "dnext_h *= (1 - next_h ** 2)\n    da = dnext_h",
        rnn_step=FRAGILE,
    ),
    CLOSURES(
        "cs231n-rnn-step-closure-dh-scaled",
        "in-place",
        "da = dnext_h * one_minus_square(next_h)",
        "dnext_h *= one_minus_square(next_h)\n        da = dnext_h",
        rnn_step=FRAGILE,
    ),
    PYTHON2(
        "cs231n-rnn-step-np-tahn", "name", "next_h = np.tanh(a)", "next_h = np.tahn(a)", rnn_step=CRASHES, rnn=BLOCKED
    ),
    LAYERS(
        "cs231n-rnn-step-next-hh",
        "name",
        "cache = (x, prev_h, Wx, Wh, next_h)",
        "cache = (x, prev_h, Wx, Wh, next_hh)",
        rnn_step=CRASHES,
        rnn=BLOCKED,
    ),
    TYPED("cs231n-rnn-step-cache-field", "name", "cache.prev_h.T", "cache.h_prev.T", rnn_step=CRASHES, rnn=BLOCKED),
    EINSUM(
        "cs231n-rnn-step-foward",
        "name",
        "def rnn_step_forward",
        "def rnn_step_foward",
        rnn_step=INCOMPLETE,
        rnn=BLOCKED | CRASHES,
    ),
    LAYERS("cs231n-rnn-step-backward-to-do", "blank", LAYERS_STEP_BACK, TO_DO, rnn_step=INCOMPLETE, rnn=BLOCKED),
    NOTEBOOK(
        "cs231n-rnn-step-db-none", "blank", "db = da.sum(axis=0)", "db = None", rnn_step=INCOMPLETE | WRONG, rnn=BLOCKED
    ),
    LAYERS(
        "cs231n-rnn-step-db-other-axis",
        "axes",
        "db = np.sum(da, axis=0)",
        "db = np.sum(da, axis=1)",
        rnn_step=WRONG,
        rnn=BLOCKED,
    ),
    LAYERS(
        "cs231n-rnn-step-dx-by-wh",
        "matrix",
        "dx = np.dot(da, Wx.T)",
        "dx = np.dot(da, Wh.T)",
        rnn_step=WRONG,
        rnn=BLOCKED,
    ),
    NOTEBOOK("cs231n-rnn-step-wh-not-turned", "matrix", "da.dot(Wh.T)", "da.dot(Wh)", rnn_step=WRONG, rnn=BLOCKED),
    EINSUM(
        "cs231n-rnn-step-einsum-wh-not-turned",
        "matrix",
        "'nh,kh->nk', da",
        "'nk,kh->nh', da",
        rnn_step=WRONG,
        rnn=BLOCKED,
    ),
    TYPED(
        "cs231n-rnn-step-dwx-of-h",
        "matrix",
        "dWx = cache.x.T @ da",
        "dWx = cache.prev_h.T @ da",
        rnn_step=WRONG,
        rnn=BLOCKED | CRASHES | WRONG,
    ),
    TYPED(
        "cs231n-rnn-step-cached-h-squared",
        "cache-eaten",
        "    da = dnext_h * (1 - cache.next_h**2)\n",
        "    cache.next_h[...] = 1 - cache.next_h**2\n    da = dnext_h * cache.next_h\n",
        rnn_step=FRAGILE,
        rnn=FRAGILE | BLOCKED | WRONG,
    ),
    LAYERS(
        "cs231n-rnn-step-dwh-before-dwx",
        "slot",
        "return dx, dprev_h, dWx, dWh, db",
        "return dx, dprev_h, dWh, dWx, db",
        rnn_step=WRONG,
        rnn=BLOCKED,
    ),
    CLOSURES(
        "cs231n-rnn-step-dprev-before-dx",
        "slot",
        "return da @ Wx.T, da @ Wh.T, x.T",
        "return da @ Wh.T, da @ Wx.T, x.T",
        rnn_step=WRONG,
        rnn=BLOCKED,
    ),
    PYTHON2(
        "cs231n-rnn-step-no-comma",
        "syntax",
        "cache = (x, prev_h, Wx, Wh, b, a)",
        "cache = (x, prev_h Wx, Wh, b, a)",
        rnn_step=UNPARSABLE,
        rnn=BLOCKED,
    ),
    NOTEBOOK(
        "cs231n-rnn-step-no-colon",
        "syntax",
        "def rnn_step_backward(dnext_h, cache):",
        "def rnn_step_backward(dnext_h, cache)",
        rnn_step=UNPARSABLE,
        rnn=BLOCKED,
    ),
    LAYERS(
        "cs231n-rnn-step-cache-wx-wh",
        "cache-order",
        "x, prev_h, Wx, Wh, next_h = cache",
        "x, prev_h, Wh, Wx, next_h = cache",
        rnn_step=WRONG | CRASHES,
        rnn=BLOCKED,
    ),
    NOTEBOOK(
        "cs231n-rnn-step-cache-short",
        "cache-order",
        "cache = (x, prev_h, Wx, Wh, next_h)",
        "cache = (x, prev_h, Wx, Wh)",
        rnn_step=CRASHES,
        rnn=BLOCKED,
    ),
    PYTHON2(
        "cs231n-rnn-step-cache-tanh",
        "cache-order",
        "cache = (x, prev_h, Wx, Wh, b, a)",
        "cache = (x, prev_h, Wx, Wh, b, next_h)",
        rnn_step=WRONG,
        rnn=BLOCKED,
    ),
    LAYERS(
        "cs231n-rnn-step-next-h-tuple",
        "comma-unpack",
        "np.dot(prev_h, Wh) + b)\n",
        "np.dot(prev_h, Wh) + b),\n",
        rnn_step=CRASHES | WRONG,
        rnn=BLOCKED,
    ),
    LAYERS(
        "cs231n-rnn-step-none-unpacked",
        "comma-unpack",
        "next_h, cache = None, None",
        "next_h, cache = None",
        rnn_step=CRASHES,
        rnn=BLOCKED,
    ),
    LAYERS("cs231n-rnn-step-no-square", "derivation", "(1 - next_h ** 2)", "(1 - next_h)", rnn_step=WRONG, rnn=BLOCKED),
    EINSUM(
        "cs231n-rnn-step-slope-of-prev-h",
        "derivation",
        "1 - next_h * next_h",
        "1 - prev_h * prev_h",
        rnn_step=WRONG,
        rnn=BLOCKED,
    ),
    PYTHON2(
        "cs231n-rnn-step-upstream-ignored", "derivation", "da = dnext_h * (1", "da = (1", rnn_step=WRONG, rnn=BLOCKED
    ),
    CLOSURES(
        "cs231n-rnn-step-slope-of-a",
        "derivation",
        "one_minus_square(next_h)",
        "one_minus_square(x @ Wx + prev_h @ Wh + b)",
        rnn_step=WRONG,
        rnn=BLOCKED,
    ),
    LAYERS(
        "cs231n-rnn-step-no-bias",
        "forward",
        "np.dot(prev_h, Wh) + b",
        "np.dot(prev_h, Wh)",
        rnn_step=WRONG,
        rnn=BLOCKED,
    ),
    PYTHON2(
        "cs231n-rnn-step-relu",
        "forward",
        "next_h = np.tanh(a)",
        "next_h = np.maximum(a, 0)",
        rnn_step=WRONG,
        rnn=BLOCKED,
    ),
    TYPED(
        "cs231n-rnn-step-blank-below", "shadowed", TYPED_END, TYPED_END + BLANK_STEP, rnn_step=INCOMPLETE, rnn=BLOCKED
    ),
    NOTEBOOK(
        "cs231n-rnn-step-dwx-over-n",
        "ratio",
        "dWx = x.T.dot(da)",
        "dWx = x.T.dot(da) / x.shape[0]",
        rnn_step=WRONG,
        rnn=BLOCKED,
        hides="N == 1",
    ),
    EINSUM(
        "cs231n-rnn-step-db-mean",
        "ratio",
        "db = np.einsum('nh->h', da)",
        "db = da.mean(axis=0)",
        rnn_step=WRONG,
        rnn=BLOCKED,
        hides="N == 1",
    ),
)
