"""Faults planted in the course's lstm."""

from corpus.entries import CRASHES, FRAGILE, INCOMPLETE, UNPARSABLE, WRONG, In

LAYERS = In("cs231n_rnn_layers.py")
HOISTED = In("cs231n_hoisted.py")
TABS = In("cs231n_tabs.py")
TORCH = In("cs231n_torch_order.py")

ONE_STEP = "T == 1"
TORCH_BACK = """    caches, D = cache
    N, T, H = dh.shape
    dx = np.empty((N, T, D))
    dWx, dWh, db = 0, 0, 0
"""
TABS_END = "\treturn dx, dht, dWx, dWh, db\n"
BLANK_LSTM = "\n\ndef lstm_forward(x, h0, Wx, Wh, b):\n\th, cache = None, None\n\treturn h, cache\n"

PLANTED = (
    LAYERS(
        "cs231n-lstm-dh-added-to",
        "in-place",
        "dnext_h = dh[:, t, :] + dprev_h\n        dx[:, t, :], dprev_h, dprev_c",
        "dh[:, t, :] += dprev_h\n        dnext_h = dh[:, t, :]\n        dx[:, t, :], dprev_h, dprev_c",
        lstm=FRAGILE,
    ),
    HOISTED(
        "cs231n-lstm-hoisted-dh-added-to",
        "in-place",
        "dh_t = dh[:, t] + dh_t\n",
        "dh[:, t] += dh_t\n        dh_t = dh[:, t]\n",
        lstm=FRAGILE,
    ),
    HOISTED("cs231n-lstm-tensordto", "name", "np.tensordot(hs[t]", "np.tensordto(hs[t]", lstm=CRASHES),
    TORCH(
        "cs231n-lstm-dc-mistyped",
        "name",
        "dh[:, T] + dh_t, dc_t, caches[T]",
        "dh[:, T] + dh_t, dct, caches[T]",
        lstm=CRASHES,
    ),
    TORCH(
        "cs231n-lstm-backward-to-do",
        "blank",
        TORCH_BACK,
        "    raise NotImplementedError\n" + TORCH_BACK,
        lstm=INCOMPLETE,
    ),
    TABS(
        "cs231n-lstm-dx-none",
        "blank",
        "return dx, dht, dWx, dWh, db",
        "return None, dht, dWx, dWh, db",
        lstm=INCOMPLETE | WRONG,
    ),
    TABS("cs231n-lstm-h-d-wide", "axes", "H = h0.shape[1]", "H = x.shape[2]", lstm=CRASHES, hides="D == H"),
    LAYERS(
        "cs231n-lstm-dwh-d-tall",
        "axes",
        "dWh = np.zeros((H, 4 * H))",
        "dWh = np.zeros((D, 4 * H))",
        lstm=CRASHES | WRONG,
        hides="D == H",
    ),
    HOISTED(
        "cs231n-lstm-gates-as-columns",
        "axes",
        "a = xWx[:, t] + np.tensordot(hs[t], Wh4, axes=1)",
        "a = xWx[:, t] + (hs[t] @ Wh).reshape(N, H, 4).swapaxes(1, 2)",
        lstm=WRONG,
    ),
    TABS("cs231n-lstm-dwx-one-step", "time-sum", "dWx += dWxt", "dWx = dWxt", lstm=WRONG, hides=ONE_STEP),
    TORCH("cs231n-lstm-db-one-step", "time-sum", "db + db_t", "db_t", lstm=WRONG, hides=ONE_STEP),
    HOISTED(
        "cs231n-lstm-db-of-first-step",
        "time-sum",
        "flat.sum(axis=0)\n",
        "flat[:N].sum(axis=0)\n",
        nth=2,
        lstm=WRONG,
        hides=ONE_STEP,
    ),
    HOISTED(
        "cs231n-lstm-wh-not-turned",
        "matrix",
        "reshape(N, 4 * H) @ Wh.T",
        "reshape(N, 4 * H) @ Wx.T",
        lstm=CRASHES | WRONG,
        hides="D == H, where it is silently wrong",
    ),
    HOISTED(
        "cs231n-lstm-dx-by-wh", "matrix", "(flat @ Wx.T).reshape(N, T, D)", "(flat @ Wh.T).reshape(N, T, H)", lstm=WRONG
    ),
    LAYERS("cs231n-lstm-cache-popped", "cache-eaten", "dprev_c, cache[t])", "dprev_c, cache.pop())", lstm=FRAGILE),
    HOISTED(
        "cs231n-lstm-states-popped", "cache-eaten", "tc = np.tanh(cs[t + 1])", "tc = np.tanh(cs.pop())", lstm=FRAGILE
    ),
    HOISTED("cs231n-lstm-dh0-is-dc0", "slot", "return dx, dh_t, x.reshape", "return dx, dc_t, x.reshape", lstm=WRONG),
    TORCH(
        "cs231n-lstm-dwh-before-dwx",
        "slot",
        "return dx, dh_t, dWx, dWh, db",
        "return dx, dh_t, dWh, dWx, db",
        lstm=WRONG,
    ),
    TORCH(
        "cs231n-lstm-open-bracket",
        "syntax",
        "h_t, c_t = h0, np.zeros((N, H))",
        "h_t, c_t = h0, np.zeros((N, H)",
        lstm=UNPARSABLE,
    ),
    HOISTED(
        "cs231n-lstm-no-colon", "syntax", "for t in reversed(range(T)):", "for t in reversed(range(T))", lstm=UNPARSABLE
    ),
    HOISTED(
        "cs231n-lstm-cache-h-c",
        "cache-order",
        "x, hs, cs, gates, Wx, Wh = cache",
        "x, cs, hs, gates, Wx, Wh = cache",
        lstm=WRONG,
    ),
    TABS(
        "cs231n-lstm-cache-never-stored", "cache-order", "ht, ct, cache[t] = lstm", "ht, ct, step = lstm", lstm=CRASHES
    ),
    TORCH(
        "cs231n-lstm-cache-not-unpacked",
        "comma-unpack",
        "caches, D = cache\n",
        "caches = cache\n    D = 5\n",
        lstm=CRASHES,
    ),
    TABS(
        "cs231n-lstm-one-name-for-two",
        "comma-unpack",
        "ht, ct = h0, np.zeros((N, H))",
        "ht = ct = h0, np.zeros((N, H))",
        lstm=CRASHES | WRONG,
    ),
    LAYERS(
        "cs231n-lstm-dc-not-carried",
        "recurrent",
        "dx[:, t, :], dprev_h, dprev_c, dWx_t",
        "dx[:, t, :], dprev_h, _, dWx_t",
        lstm=WRONG,
        hides=ONE_STEP,
    ),
    TABS(
        "cs231n-lstm-dc-lost",
        "recurrent",
        "dh[:, t, :] + dht, dct, cache[t]",
        "dh[:, t, :] + dht, np.zeros((N, H)), cache[t]",
        lstm=WRONG,
        hides=ONE_STEP,
    ),
    HOISTED("cs231n-lstm-dc-not-forgotten", "recurrent", "        dc_t = dc_t * f\n", "", lstm=WRONG, hides=ONE_STEP),
    TORCH("cs231n-lstm-dh-dropped", "recurrent", "dh[:, T] + dh_t, dc_t", "dh[:, T], dc_t", lstm=WRONG, hides=ONE_STEP),
    HOISTED("cs231n-lstm-c-of-this-step", "derivation", "dc_t * cs[t] * f", "dc_t * cs[t + 1] * f", lstm=WRONG),
    HOISTED(
        "cs231n-lstm-gates-permuted-back", "derivation", "i, f, o, g = gates[t]", "i, f, g, o = gates[t]", lstm=WRONG
    ),
    LAYERS("cs231n-lstm-c0-is-h0", "forward", "prev_c = np.zeros_like(h0)", "prev_c = h0", lstm=WRONG, hides="h0 == 0"),
    TABS("cs231n-lstm-h-never-filled", "forward", "\t\th[:, t, :] = ht\n", "", lstm=WRONG),
    HOISTED(
        "cs231n-lstm-first-step-left-out",
        "loop-index",
        "for t in reversed(range(T)):",
        "for t in reversed(range(1, T)):",
        lstm=WRONG,
    ),
    TABS(
        "cs231n-lstm-cache-of-last-step",
        "loop-index",
        "dct, cache[t])",
        "dct, cache[T - 1])",
        lstm=WRONG,
        hides=ONE_STEP,
    ),
    HOISTED("cs231n-lstm-slice-comma", "slice-comma", "da[:, t, 3] =", "da[:, t:3] =", lstm=CRASHES | WRONG),
    TABS("cs231n-lstm-blank-below", "shadowed", TABS_END, TABS_END + BLANK_LSTM, nth=1, lstm=INCOMPLETE),
    LAYERS(
        "cs231n-lstm-dprev-c-from-empty",
        "empty",
        "dprev_c = np.zeros((N, H))",
        "dprev_c = np.empty((N, H))",
        lstm=WRONG,
    ),
    HOISTED(
        "cs231n-lstm-da-from-empty",
        "empty",
        "da = np.zeros((N, T, 4, H))",
        "da = np.empty((N, T, 4, H))",
        "        da[:, t, 1] = dc_t * cs[t] * f * (1 - f)\n",
        "        if t > 0:\n            da[:, t, 1] = dc_t * cs[t] * f * (1 - f)\n",
        lstm=WRONG,
    ),
    LAYERS("cs231n-lstm-dwx-over-n", "ratio", "dWx += dWx_t", "dWx += dWx_t / N", nth=2, lstm=WRONG, hides="N == 1"),
    TORCH(
        "cs231n-lstm-weights-over-t",
        "ratio",
        "return dx, dh_t, dWx, dWh, db",
        "return dx, dh_t, dWx / len(caches), dWh / len(caches), db",
        lstm=WRONG,
        hides=ONE_STEP,
    ),
    LAYERS(
        "cs231n-lstm-state-in-one-array",
        "cache-eaten",
        "        prev_h, prev_c, step_cache = lstm",
        "        next_h, prev_c, step_cache = lstm",
        "        h[:, t, :] = prev_h\n        cache",
        "        prev_h[...] = next_h\n        h[:, t, :] = prev_h\n        cache",
        lstm=WRONG,
    ),
)
