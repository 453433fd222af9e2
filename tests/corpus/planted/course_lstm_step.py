"""Faults planted in the course's lstm_step."""

from corpus.entries import BLOCKED, CRASHES, FRAGILE, INCOMPLETE, UNPARSABLE, WRONG, In

LAYERS = In("cs231n_rnn_layers.py")
TABS = In("cs231n_tabs.py")
CLOSURES = In("cs231n_closures.py")
TORCH = In("cs231n_torch_order.py")

LAYERS_STEP = """    N, H = prev_h.shape
    a = np.dot(x, Wx) + np.dot(prev_h, Wh) + b
    i = sigmoid(a[:, 0:H])
    f = sigmoid(a[:, H:2*H])
    o = sigmoid(a[:, 2*H:3*H])
    g = np.tanh(a[:, 3*H:4*H])
    next_c = f * prev_c + i * g
    tanh_c = np.tanh(next_c)
    next_h = o * tanh_c
    cache = (x, prev_h, prev_c, Wx, Wh, i, f, o, g, tanh_c)
"""

PLANTED = (
    LAYERS(
        "cs231n-lstm-step-dc-added-to",
        "in-place",
        "dc = dnext_c + dnext_h * o * (1 - tanh_c ** 2)",
        "dnext_c += dnext_h * o * (1 - tanh_c ** 2)\n    dc = dnext_c",
        lstm_step=FRAGILE,
    ),
    TABS(
        "cs231n-lstm-step-dc-added-to-tabs",
        "in-place",
        "dc = dnext_c + dnext_h * o * (1 - t ** 2)",
        "dnext_c += dnext_h * o * (1 - t ** 2); dc = dnext_c",
        lstm_step=FRAGILE,
    ),
    TORCH(
        "cs231n-lstm-step-dh-overwritten",
        "in-place",
        "    tanh_next_c = np.tanh(next_c)\n",
        "    tanh_next_c = np.tanh(next_c)\n    dnext_h *= o\n",
        "dnext_c + dnext_h * o *",
        "dnext_c + dnext_h *",
        lstm_step=WRONG,
        lstm=BLOCKED,
    ),
    TABS(
        "cs231n-lstm-step-dh-is-prev",
        "name",
        "dprev_h = da.dot(Wh.T)",
        "dh_prev = da.dot(Wh.T)",
        lstm_step=CRASHES,
        lstm=BLOCKED,
    ),
    LAYERS("cs231n-lstm-step-sigmod", "name", "f = sigmoid(", "f = sigmod(", lstm_step=CRASHES, lstm=BLOCKED),
    CLOSURES(
        "cs231n-lstm-step-backwards", "name", "def lstm_step_backward", "def lstm_step_backwards", lstm_step=INCOMPLETE
    ),
    LAYERS(
        "cs231n-lstm-step-forward-pass",
        "blank",
        LAYERS_STEP,
        "    # TODO: Implement the forward pass.\n    pass\n",
        lstm_step=INCOMPLETE,
        lstm=BLOCKED,
    ),
    CLOSURES(
        "cs231n-lstm-step-backward-to-do",
        "blank",
        "    return cache(dnext_h, dnext_c)\n",
        "    raise NotImplementedError('later')\n",
        lstm_step=INCOMPLETE,
    ),
    TORCH(
        "cs231n-lstm-step-h-is-n",
        "axes",
        "H = prev_h.shape[1]",
        "H = prev_h.shape[0]",
        lstm_step=CRASHES,
        lstm=BLOCKED,
        hides="N == H",
    ),
    CLOSURES(
        "cs231n-lstm-step-h-is-d", "axes", "H = prev_h.shape[1]", "H = x.shape[1]", lstm_step=CRASHES, hides="D == H"
    ),
    LAYERS(
        "cs231n-lstm-step-dx-by-wh",
        "matrix",
        "dx = np.dot(da, Wx.T)",
        "dx = np.dot(da, Wh.T)",
        nth=2,
        lstm_step=WRONG,
        lstm=BLOCKED,
    ),
    TABS(
        "cs231n-lstm-step-dwh-of-x",
        "matrix",
        "dWh = prev_h.T.dot(da)",
        "dWh = x.T.dot(da)",
        lstm_step=WRONG,
        lstm=BLOCKED,
    ),
    TORCH(
        "cs231n-lstm-step-cache-eaten",
        "cache-eaten",
        "    dprev_c = dc * f\n",
        "    f *= dc\n    dprev_c = f\n",
        lstm_step=FRAGILE,
        lstm=FRAGILE | BLOCKED,
    ),
    CLOSURES(
        "cs231n-lstm-step-gates-eaten",
        "cache-eaten",
        "slope = np.concatenate([gates[:, :3 * H] * (1 - gates[:, :3 * H]), one",
        "gates[:, :3 * H] *= 1 - gates[:, :3 * H]\n        slope = np.concatenate([gates[:, :3 * H], one",
        lstm_step=WRONG,
    ),
    TABS(
        "cs231n-lstm-step-dc-before-dh",
        "slot",
        "return dx, dprev_h, dprev_c",
        "return dx, dprev_c, dprev_h",
        lstm_step=WRONG,
        lstm=BLOCKED,
    ),
    LAYERS(
        "cs231n-lstm-step-weights-exchanged",
        "slot",
        "return dx, dprev_h, dprev_c, dWx, dWh, db",
        "return dx, dprev_h, dprev_c, dWh, dWx, db",
        lstm_step=WRONG,
        lstm=BLOCKED,
    ),
    TABS(
        "cs231n-lstm-step-mixed-tabs",
        "syntax",
        "\tdf = dc * prev_c",
        "    df = dc * prev_c",
        lstm_step=UNPARSABLE,
        lstm=BLOCKED,
    ),
    CLOSURES(
        "cs231n-lstm-step-no-comma",
        "syntax",
        "[dc * g, dc * prev_c, dnext_h",
        "[dc * g, dc * prev_c dnext_h",
        lstm_step=UNPARSABLE,
    ),
    LAYERS(
        "cs231n-lstm-step-cache-i-f",
        "cache-order",
        "Wx, Wh, i, f, o, g, tanh_c = cache",
        "Wx, Wh, f, i, o, g, tanh_c = cache",
        lstm_step=WRONG,
        lstm=BLOCKED,
    ),
    TORCH(
        "cs231n-lstm-step-cache-h-c",
        "cache-order",
        "x, prev_h, prev_c, Wx, Wh, i, f, g, o, next_c = cache",
        "x, prev_c, prev_h, Wx, Wh, i, f, g, o, next_c = cache",
        lstm_step=WRONG,
        lstm=BLOCKED,
    ),
    TABS(
        "cs231n-lstm-step-hstack-of-four",
        "comma-unpack",
        "np.hstack((i * (1 - i) * di,",
        "np.hstack(i * (1 - i) * di,",
        "(1 - g ** 2) * dg))",
        "(1 - g ** 2) * dg)",
        lstm_step=CRASHES,
        lstm=BLOCKED,
    ),
    LAYERS(
        "cs231n-lstm-step-six-nones",
        "comma-unpack",
        "db = None, None, None, None, None, None",
        "db = None",
        lstm_step=CRASHES,
        lstm=BLOCKED,
    ),
    LAYERS(
        "cs231n-lstm-step-dc-dropped",
        "recurrent",
        "dc = dnext_c + dnext_h",
        "dc = dnext_h",
        lstm_step=WRONG,
        lstm=BLOCKED,
    ),
    CLOSURES(
        "cs231n-lstm-step-dprev-c-of-dnext",
        "recurrent",
        "da @ Wh.T, dc * f,",
        "da @ Wh.T, dnext_c * f,",
        lstm_step=WRONG,
    ),
    LAYERS(
        "cs231n-lstm-step-df-of-dprev-c",
        "derivation",
        "df = dc * prev_c",
        "dprev_c = dc * f\n    df = dc * dprev_c",
        lstm_step=WRONG,
        lstm=BLOCKED,
    ),
    TABS("cs231n-lstm-step-o-without-slope", "derivation", "o * (1 - o) * do", "do", lstm_step=WRONG, lstm=BLOCKED),
    TORCH(
        "cs231n-lstm-step-gates-permuted-back",
        "derivation",
        "        dc * i * (1 - g ** 2),\n        dnext_h * tanh_next_c * o * (1 - o),\n",
        "        dnext_h * tanh_next_c * o * (1 - o),\n        dc * i * (1 - g ** 2),\n",
        lstm_step=WRONG,
        lstm=BLOCKED,
    ),
    CLOSURES(
        "cs231n-lstm-step-slope-of-g-as-sigmoid", "derivation", "one_minus_square(g)", "g * (1 - g)", lstm_step=WRONG
    ),
    TABS(
        "cs231n-lstm-step-slope-of-c", "derivation", "(1 - t ** 2)", "(1 - next_c ** 2)", lstm_step=WRONG, lstm=BLOCKED
    ),
    LAYERS(
        "cs231n-lstm-step-no-square", "derivation", "(1 - tanh_c ** 2)", "(1 - tanh_c)", lstm_step=WRONG, lstm=BLOCKED
    ),
    TORCH(
        "cs231n-lstm-step-no-bias",
        "forward",
        "np.matmul(prev_h, Wh) + b",
        "np.matmul(prev_h, Wh)",
        lstm_step=WRONG,
        lstm=BLOCKED,
    ),
    CLOSURES("cs231n-lstm-step-sigmoid-without-minus", "forward", "np.exp(-x)", "np.exp(x)", lstm_step=WRONG),
    LAYERS("cs231n-lstm-step-g-by-sigmoid", "forward", "g = np.tanh(a", "g = sigmoid(a", lstm_step=WRONG, lstm=BLOCKED),
    LAYERS(
        "cs231n-lstm-step-slice-comma",
        "slice-comma",
        "a[:, 3*H:4*H]",
        "a[:, 3*H, 4*H]",
        lstm_step=CRASHES,
        lstm=BLOCKED,
    ),
    LAYERS(
        "cs231n-lstm-step-slice-comma-back",
        "slice-comma",
        "da[:, H:2*H]",
        "da[:, H, 2*H]",
        lstm_step=CRASHES,
        lstm=BLOCKED,
    ),
    TORCH("cs231n-lstm-step-slice-rows", "slice-comma", "a[:, 3 * H:]", "a[3 * H:]", lstm_step=CRASHES, lstm=BLOCKED),
    CLOSURES(
        "cs231n-lstm-step-gates-read-first",
        "empty",
        "    gates[...] = x @ Wx + prev_h @ Wh + b\n",
        "    gates[...] += x @ Wx + prev_h @ Wh + b\n",
        lstm_step=WRONG,
    ),
    TORCH(
        "cs231n-lstm-step-db-mean",
        "ratio",
        "db = np.sum(da, axis=0)",
        "db = np.mean(da, axis=0)",
        lstm_step=WRONG,
        lstm=BLOCKED,
        hides="N == 1",
    ),
)
