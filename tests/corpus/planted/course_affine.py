"""Faults planted in the course's affine and temporal_affine."""

from corpus.entries import CRASHES, FRAGILE, INCOMPLETE, UNPARSABLE, WRONG, In

LAYERS = In("cs231n_rnn_layers.py")
EINSUM = In("cs231n_einsum.py")
TABS = In("cs231n_tabs.py")
ONE_HOT = In("cs231n_one_hot.py")
CRLF = In("cs231n_crlf.py")
AFFINES = In("cs231n_affine.py")

EINSUM_BACK = """def temporal_affine_backward(dout, cache):
    x, w = cache
    dx = np.einsum('ntm,dm->ntd', dout, w)
    dw = np.einsum('ntd,ntm->dm', x, dout)
    db = np.einsum('ntm->m', dout)
    return dx, dw, db


"""
AFFINE_BACK = """    dx = np.dot(dout, w.T).reshape(x.shape)
    dw = np.dot(np.reshape(x, (x.shape[0], -1)).T, dout)
    db = np.sum(dout, axis=0)
"""
AFFINES_END = "        dW[v] = dout[x == v].sum(axis=0)\n    return dW\n"
BLANK_AFFINE = (
    "\n\ndef temporal_affine_forward(x, w, b):\n    pass\n\n\ndef temporal_affine_backward(dout, cache):\n    pass\n"
)

PLANTED = (
    AFFINES(
        "cs231n-temporal-affine-np-doot",
        "name",
        "out = np.dot(x.reshape",
        "out = np.doot(x.reshape",
        temporal_affine=CRASHES,
    ),
    CRLF("cs231n-temporal-affine-reshpe", "name", "dx.reshape(N, T, D)", "dx.reshpe(N, T, D)", temporal_affine=CRASHES),
    AFFINES("cs231n-affine-backward-to-do", "blank", AFFINE_BACK, "    # TODO\n    pass\n", affine=INCOMPLETE),
    EINSUM("cs231n-temporal-affine-backward-missing", "blank", EINSUM_BACK, "", temporal_affine=INCOMPLETE),
    LAYERS(
        "cs231n-temporal-affine-m-is-d",
        "axes",
        "M = b.shape[0]\n    out",
        "M = w.shape[0]\n    out",
        temporal_affine=CRASHES,
        hides="D == M",
    ),
    LAYERS(
        "cs231n-temporal-affine-db-other-axes",
        "axes",
        "db = dout.sum(axis=(0, 1))",
        "db = dout.sum(axis=(0, 2))",
        temporal_affine=WRONG,
        hides="T == M, where it is silently wrong",
    ),
    AFFINES(
        "cs231n-temporal-affine-time-first",
        "axes",
        "np.dot(x.reshape(N * T, D).T, rows)",
        "np.dot(x.swapaxes(0, 1).reshape(N * T, D).T, rows)",
        temporal_affine=WRONG,
        hides="N == 1 or T == 1",
    ),
    ONE_HOT(
        "cs231n-temporal-affine-dw-last-step",
        "time-sum",
        "dw += dw_t",
        "dw = dw_t",
        temporal_affine=WRONG,
        hides="T == 1",
    ),
    AFFINES(
        "cs231n-temporal-affine-dw-turned",
        "matrix",
        "np.dot(x.reshape(N * T, D).T, rows)",
        "np.dot(rows.T, x.reshape(N * T, D))",
        temporal_affine=WRONG,
    ),
    TABS(
        "cs231n-affine-w-not-turned",
        "matrix",
        "dout.dot(w.T)",
        "dout.dot(w)",
        affine=CRASHES | WRONG,
        hides="D == M, where it is silently wrong",
    ),
    ONE_HOT(
        "cs231n-temporal-affine-x-spent",
        "cache-eaten",
        "    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros_like(b)\n",
        "    dx, dw, db = x, np.zeros_like(w), np.zeros_like(b)\n",
        temporal_affine=FRAGILE | WRONG,
    ),
    AFFINES("cs231n-affine-db-before-dw", "slot", "return dx, dw, db", "return dx, db, dw", affine=WRONG),
    ONE_HOT(
        "cs231n-temporal-affine-bias-as-buffer",
        "slot",
        "np.zeros_like(w), np.zeros_like(b)",
        "np.zeros_like(w), b",
        temporal_affine=WRONG,
    ),
    LAYERS(
        "cs231n-temporal-affine-stray-bracket",
        "syntax",
        "reshape(N * T, D)).T\n",
        "reshape(N * T, D))).T\n",
        temporal_affine=UNPARSABLE,
    ),
    TABS("cs231n-affine-wide-comma", "syntax", "cache = (x, w, b)", "cache = (x， w, b)", affine=UNPARSABLE),
    AFFINES(
        "cs231n-affine-cache-w-x",
        "cache-order",
        "x, w, b = cache\n    dx, dw",
        "w, x, b = cache\n    dx, dw",
        affine=CRASHES | WRONG,
    ),
    AFFINES(
        "cs231n-temporal-affine-cache-x-b-w",
        "cache-order",
        "cache = x, w, b\n",
        "cache = x, b, w\n",
        temporal_affine=CRASHES,
    ),
    ONE_HOT(
        "cs231n-temporal-affine-pair-as-out",
        "comma-unpack",
        "out[:, t], _ = affine_forward",
        "out[:, t] = affine_forward",
        temporal_affine=CRASHES,
    ),
    CRLF(
        "cs231n-temporal-affine-cache-not-unpacked",
        "comma-unpack",
        "cache, (N, T, D) = cache",
        "cache, N, T, D = cache",
        temporal_affine=CRASHES,
    ),
    TABS(
        "cs231n-affine-upstream-ignored",
        "derivation",
        "db = np.sum(dout, axis=0)",
        "db = np.sum(np.ones_like(dout), axis=0)",
        affine=WRONG,
    ),
    EINSUM(
        "cs231n-temporal-affine-no-bias",
        "forward",
        "np.einsum('ntd,dm->ntm', x, w) + b",
        "np.einsum('ntd,dm->ntm', x, w)",
        temporal_affine=WRONG,
    ),
    TABS("cs231n-affine-no-bias", "forward", ".dot(w) + b", ".dot(w)", affine=WRONG),
    ONE_HOT(
        "cs231n-temporal-affine-first-step-only",
        "loop-index",
        "affine_backward(dout[:, t], (x[:, t], w, b))",
        "affine_backward(dout[:, t], (x[:, 0], w, b))",
        temporal_affine=WRONG,
        hides="T == 1",
    ),
    ONE_HOT(
        "cs231n-temporal-affine-loop-over-batch",
        "loop-index",
        "for t in range(x.shape[1]):\n        dx",
        "for t in range(x.shape[0]):\n        dx",
        temporal_affine=CRASHES | WRONG,
        hides="N == T",
    ),
    AFFINES(
        "cs231n-temporal-affine-blank-below",
        "shadowed",
        AFFINES_END,
        AFFINES_END + BLANK_AFFINE,
        temporal_affine=INCOMPLETE,
    ),
    ONE_HOT(
        "cs231n-temporal-affine-dw-from-empty",
        "empty",
        "np.zeros_like(x), np.zeros_like(w)",
        "np.zeros_like(x), np.empty_like(w)",
        temporal_affine=WRONG,
    ),
    TABS(
        "cs231n-affine-db-mean",
        "ratio",
        "db = np.sum(dout, axis=0)",
        "db = np.mean(dout, axis=0)",
        affine=WRONG,
        hides="N == 1",
    ),
    CRLF(
        "cs231n-temporal-affine-dw-over-t",
        "ratio",
        "return dx.reshape(N, T, D), dw, db",
        "return dx.reshape(N, T, D), dw / T, db",
        temporal_affine=WRONG,
        hides="T == 1",
    ),
    AFFINES(
        "cs231n-affine-update-in-backward",
        "beyond",
        "    dx = np.dot(dout, w.T).reshape(x.shape)\n",
        "    dx = np.dot(dout, w.T).reshape(x.shape)\n    w *= 0.9\n",
        affine=FRAGILE | WRONG,
    ),
    LAYERS(
        "cs231n-temporal-affine-float32",
        "beyond",
        "out = x.reshape(N * T, D).dot(w).reshape(N, T, M) + b",
        "out = (x.reshape(N * T, D).dot(w).reshape(N, T, M) + b).astype('f')",
        temporal_affine=FRAGILE,
    ),
)
