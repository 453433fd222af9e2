"""Faults planted in the book's LSTM."""

from corpus.entries import BLOCKED, CRASHES, FRAGILE, INCOMPLETE, UNPARSABLE, WRONG, In

PUBLISHED = In("book_published.py")
TYPED = In("book_typed.py")
TORCH = In("book_torch_order.py")
HELPERS = In("book_helpers.py")
CUPY = In("book_cupy.py")

TYPED_STEP_BACK = """        dc = dc_next + dh_next * o * (1 - tanh_c**2)
        daf = dc * c_prev * f * (1 - f)
        dag = dc * i * (1 - g**2)
        dai = dc * g * i * (1 - i)
        dao = dh_next * tanh_c * o * (1 - o)
        da = np.concatenate([daf, dag, dai, dao], axis=1)

        self.grads[0][...] = x.T @ da
        self.grads[1][...] = h_prev.T @ da
        self.grads[2][...] = da.sum(axis=0)
        return da @ Wx.T, da @ Wh.T, dc * f
"""

PLANTED = (
    PUBLISHED(
        "lstm-dc-added-to",
        "in-place",
        "ds = dc_next + (dh_next * o) * (1 - tanh_c ** 2)",
        "dc_next += (dh_next * o) * (1 - tanh_c ** 2)\n        ds = dc_next",
        LSTM=FRAGILE,
    ),
    TORCH(
        "lstm-dc-added-to-torch",
        "in-place",
        "ds = dc + dh * o",
        "dc += dh * o",
        "ds * g * i",
        "dc * g * i",
        "ds * k['c_prev']",
        "dc * k['c_prev']",
        "ds * i * (1",
        "dc * i * (1",
        "dc_prev = ds * f",
        "dc_prev = dc * f",
        LSTM=FRAGILE,
    ),
    CUPY(
        "lstm-dh-overwritten",
        "in-place",
        "do = dh_next * tanh_c_next",
        "do = dh_next\n        do *= tanh_c_next",
        LSTM=WRONG,
    ),
    PUBLISHED("lstm-sigmoid-mistyped", "name", "o = sigmoid(A", "o = sigmiod(A", LSTM=CRASHES, TimeLSTM=BLOCKED),
    HELPERS("lstm-helper-mistyped", "name", "= activate(np", "= activates(np", LSTM=CRASHES, TimeLSTM=BLOCKED),
    TORCH("lstm-cache-key", "name", "k['h_prev']", "k['hprev']", LSTM=CRASHES, TimeLSTM=BLOCKED),
    TYPED("lstm-backwards", "name", "def backward(", "def backwards(", LSTM=INCOMPLETE | CRASHES, TimeLSTM=BLOCKED),
    TYPED(
        "lstm-backward-not-done",
        "blank",
        TYPED_STEP_BACK,
        "        # YOUR CODE HERE\n        raise NotImplementedError()\n",
        LSTM=INCOMPLETE,
        TimeLSTM=BLOCKED,
    ),
    HELPERS(
        "lstm-backward-dots",
        "blank",
        "        return self.back(dh, dc)\n",
        "        ...\n",
        LSTM=INCOMPLETE,
        TimeLSTM=BLOCKED,
    ),
    PUBLISHED(
        "lstm-h-of-x", "axes", "N, H = h_prev.shape", "N, H = x.shape", LSTM=CRASHES, TimeLSTM=BLOCKED, hides="D == H"
    ),
    TORCH(
        "lstm-da-d-wide",
        "axes",
        "        H = Wh.shape[0]\n",
        "        H = Wx.shape[0]\n",
        LSTM=CRASHES,
        TimeLSTM=BLOCKED,
        hides="D == H",
    ),
    PUBLISHED("lstm-dx-by-wh", "matrix", "np.dot(dA, Wx.T)", "np.dot(dA, Wh.T)", LSTM=WRONG, TimeLSTM=BLOCKED),
    TYPED(
        "lstm-dwh-of-x",
        "matrix",
        "h_prev.T @ da",
        "x.T @ da",
        LSTM=CRASHES | WRONG,
        TimeLSTM=BLOCKED,
        hides="D == H, where it is silently wrong",
    ),
    CUPY("lstm-wx-not-turned", "matrix", "np.matmul(dA, Wx.T)", "np.matmul(dA, Wx)", LSTM=CRASHES),
    PUBLISHED(
        "lstm-f-cache-overwritten", "cache-eaten", "df *= f * (1 - f)", "f *= 1 - f\n        df *= f", LSTM=FRAGILE
    ),
    CUPY(
        "lstm-cache-forgotten",
        "cache-eaten",
        "g, o, c_next = self.cache\n",
        "g, o, c_next = self.cache\n        del self.cache\n",
        LSTM=FRAGILE,
    ),
    PUBLISHED(
        "lstm-db-into-dwx", "slot", "self.grads[2][...] = dA", "self.grads[0][...] = dA", LSTM=WRONG, TimeLSTM=BLOCKED
    ),
    TYPED("lstm-returns-exchanged", "slot", "da @ Wh.T, dc * f", "dc * f, da @ Wh.T", LSTM=WRONG, TimeLSTM=BLOCKED),
    PUBLISHED(
        "lstm-no-comma",
        "syntax",
        "(x, h_prev, c_prev, i, f,",
        "(x, h_prev, c_prev i, f,",
        LSTM=UNPARSABLE,
        TimeLSTM=BLOCKED,
    ),
    TORCH(
        "lstm-stray-bracket",
        "syntax",
        "tc = np.tanh(k['c'])",
        "tc = np.tanh(k['c']))",
        LSTM=UNPARSABLE,
        TimeLSTM=BLOCKED,
    ),
    PUBLISHED(
        "lstm-cache-i-f-exchanged",
        "cache-order",
        "c_prev, i, f, g, o, c_next = self",
        "c_prev, f, i, g, o, c_next = self",
        LSTM=WRONG,
        TimeLSTM=BLOCKED,
    ),
    TYPED(
        "lstm-cache-short",
        "cache-order",
        "i, o, tanh_c = self.cache",
        "i, tanh_c = self.cache",
        LSTM=CRASHES,
        TimeLSTM=BLOCKED,
    ),
    CUPY(
        "lstm-cache-of-logits",
        "cache-order",
        "(x, h_prev, c_prev, i, f, g, o, c_next)",
        "(x, h_prev, c_prev, i, f, g, o, c_prev)",
        LSTM=WRONG,
    ),
    PUBLISHED(
        "lstm-hstack-of-four",
        "comma-unpack",
        "np.hstack((df, dg, di, do))",
        "np.hstack(df, dg, di, do)",
        LSTM=CRASHES,
        TimeLSTM=BLOCKED,
    ),
    CUPY("lstm-one-name-for-pair", "comma-unpack", "N, H = h_prev.shape", "H = h_prev.shape", LSTM=CRASHES),
    PUBLISHED(
        "lstm-dc-dropped",
        "recurrent",
        "ds = dc_next + (dh_next * o)",
        "ds = (dh_next * o)",
        LSTM=WRONG,
        TimeLSTM=BLOCKED,
    ),
    TYPED("lstm-dc-prev-is-dc", "recurrent", "dc * f\n", "dc_next * f\n", LSTM=WRONG, TimeLSTM=BLOCKED),
    PUBLISHED(
        "lstm-df-of-dc-prev", "derivation", "df = ds * c_prev", "df = ds * dc_prev", LSTM=WRONG, TimeLSTM=BLOCKED
    ),
    PUBLISHED("lstm-o-without-slope", "derivation", "        do *= o * (1 - o)\n", "", LSTM=WRONG, TimeLSTM=BLOCKED),
    TORCH("lstm-slope-of-other-gate", "derivation", "g * i * (1 - i)", "g * f * (1 - f)", LSTM=WRONG, TimeLSTM=BLOCKED),
    CUPY("lstm-gates-permuted-back", "derivation", "(df, dg, di, do)", "(df, di, dg, do)", LSTM=WRONG),
    TYPED("lstm-no-square", "derivation", "dc * i * (1 - g**2)", "dc * i * (1 - g)", LSTM=WRONG, TimeLSTM=BLOCKED),
    HELPERS("lstm-slope-of-c", "derivation", "o * d_tanh(tc)", "o * d_tanh(c)", LSTM=WRONG, TimeLSTM=BLOCKED),
    TORCH("lstm-no-bias", "forward", "h_prev.dot(Wh) + b", "h_prev.dot(Wh)", LSTM=WRONG, TimeLSTM=BLOCKED),
    CUPY("lstm-sigmoid-without-minus", "forward", "np.exp(-f)", "np.exp(f)", LSTM=WRONG),
    TYPED("lstm-input-gate-left-out", "forward", "f * c_prev + i * g", "f * c_prev + g", LSTM=WRONG, TimeLSTM=BLOCKED),
    PUBLISHED("lstm-slice-comma", "slice-comma", "A[:, 2*H:3*H]", "A[:, 2*H, 3*H]", LSTM=CRASHES, TimeLSTM=BLOCKED),
    CUPY("lstm-slice-comma-last", "slice-comma", "A[:, 3*H:]", "A[:, 3*H, ]", LSTM=CRASHES | WRONG),
    TORCH("lstm-slice-rows", "slice-comma", "A[:, 3 * H:4 * H]", "A[3 * H:4 * H]", LSTM=CRASHES, TimeLSTM=BLOCKED),
    TORCH("lstm-db-mean", "ratio", "dA.sum(0)", "dA.mean(0)", LSTM=WRONG, TimeLSTM=BLOCKED, hides="N == 1"),
    CUPY(
        "lstm-da-from-empty",
        "empty",
        "dWh = np.matmul(h_prev.T, dA)",
        "dWh = np.empty_like(Wh)\n        dWh += np.matmul(h_prev.T, dA)",
        LSTM=WRONG,
    ),
    TYPED(
        "lstm-grads-bound-anew",
        "beyond",
        "self.grads[0][...] = x.T @ da\n        self.grads[1]",
        "self.grads[0] = x.T @ da\n        self.grads[1]",
        LSTM=FRAGILE,
    ),
)
