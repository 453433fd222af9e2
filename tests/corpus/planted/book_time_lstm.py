"""Faults planted in the book's TimeLSTM and Rnnlm."""

from corpus.entries import CRASHES, FRAGILE, INCOMPLETE, UNPARSABLE, WRONG, In

PUBLISHED = In("book_published.py")
TYPED = In("book_typed.py")
HOISTED = In("book_hoisted.py")
TORCH = In("book_torch_order.py")
HELPERS = In("book_helpers.py")
RNNLM = In("book_rnnlm.py")

ONE_STEP = "T == 1"
BLANK_LSTM = """

class TimeLSTM:
    def __init__(self, Wx, Wh, b, stateful=False):
        # write your code here
        pass

    def forward(self, xs):
        # write your code here
        pass

    def backward(self, dhs):
        # write your code here
        pass
"""
LAST_HELPER = "def sigmoid(x):\n    return 1 / (1 + np.exp(-x))\n"

PLANTED = (
    TYPED(
        "time-lstm-dhs-added-to",
        "in-place",
        "            dx, dh, dc = layer.backward(dhs[:, t, :] + dh, dc)\n",
        "            dhs[:, t, :] += dh\n            dx, dh, dc = layer.backward(dhs[:, t, :], dc)\n",
        TimeLSTM=FRAGILE,
    ),
    PUBLISHED("time-lstm-self-C", "name", "hs[:, t, :] = self.h\n", "hs[:, t, :] = self.H\n", nth=2, TimeLSTM=CRASHES),
    HOISTED(
        "time-lstm-sigma-mistyped",
        "name",
        "o = gates[3, :, t] = self.sigma",
        "o = gates[3, :, t] = self.sigmoid",
        TimeLSTM=CRASHES,
    ),
    RNNLM(
        "rnnlm-layer-mistyped", "name", "self.loss_layer.backward(dout)", "self.losslayer.backward(dout)", Rnnlm=CRASHES
    ),
    TORCH(
        "time-lstm-no-set-state",
        "blank",
        "    def set_state(self, h, c=None):\n        self.h, self.c = h, c\n\n",
        "",
        TimeLSTM=INCOMPLETE | CRASHES,
    ),
    RNNLM(
        "rnnlm-backward-missing",
        "blank",
        "    def backward(self, dout=1):\n"
        "        dout = self.loss_layer.backward(dout)\n"
        "        for layer in reversed(self.layers):\n"
        "            dout = layer.backward(dout)\n"
        "        return dout\n"
        "\n",
        "",
        Rnnlm=INCOMPLETE,
    ),
    PUBLISHED(
        "time-lstm-h-is-n", "axes", "H = Wh.shape[0]", "H = xs.shape[0]", TimeLSTM=CRASHES | WRONG, hides="N == H"
    ),
    HELPERS(
        "time-lstm-h-is-4h", "axes", "self.params[2].size // GATES", "self.params[2].size", TimeLSTM=CRASHES | WRONG
    ),
    PUBLISHED(
        "time-lstm-copied-in-the-loop",
        "time-sum",
        "                grads[i] += grad\n",
        "                self.grads[i][...] = grad\n",
        nth=2,
        TimeLSTM=WRONG,
    ),
    TORCH("time-lstm-last-grads-only", "time-sum", "[a + g for a, g", "[g for a, g", TimeLSTM=WRONG, hides=ONE_STEP),
    HELPERS("time-lstm-not-added", "time-sum", "            add(grads, self.layers[t].grads)\n", "", TimeLSTM=WRONG),
    HOISTED(
        "time-lstm-db-first-step",
        "time-sum",
        "da.sum(axis=(0, 1))",
        "da[:, 0].sum(axis=0)",
        TimeLSTM=WRONG,
        hides=ONE_STEP,
    ),
    HOISTED(
        "time-lstm-dx-by-wh",
        "matrix",
        "np.tensordot(da, Wx, axes=([2], [1]))",
        "np.tensordot(da, Wh, axes=([2], [1]))",
        TimeLSTM=WRONG,
    ),
    HOISTED(
        "time-lstm-cache-popped",
        "cache-eaten",
        "gates, hs, cs = self.cache",
        "gates, hs, cs = self.__dict__.pop('cache')",
        TimeLSTM=FRAGILE,
    ),
    TORCH(
        "time-lstm-layers-popped",
        "cache-eaten",
        "dxs[t], dh, dc = self.layers[t]",
        "dxs[t], dh, dc = self.layers[-1]",
        "self.layers[t].grads)]\n",
        "self.layers.pop().grads)]\n",
        TimeLSTM=FRAGILE,
    ),
    TYPED(
        "time-lstm-bias-as-buffer",
        "slot",
        "np.zeros_like(b)]\n\n        for t in",
        "b]\n\n        for t in",
        TimeLSTM=WRONG,
    ),
    HOISTED("time-lstm-db-into-dwh", "slot", "self.grads[2][...] = da", "self.grads[1][...] = da", TimeLSTM=WRONG),
    HELPERS("time-lstm-no-colon", "syntax", "for t in range(T):", "for t in range(T)", TimeLSTM=UNPARSABLE),
    RNNLM("rnnlm-no-comma", "syntax", "TimeEmbedding(init(V, D)),", "TimeEmbedding(init(V, D))", Rnnlm=UNPARSABLE),
    HOISTED(
        "time-lstm-cache-exchanged",
        "cache-order",
        "xs, gates, hs, cs = self.cache",
        "xs, gates, cs, hs = self.cache",
        TimeLSTM=WRONG,
    ),
    PUBLISHED(
        "time-lstm-reset-unpacks-none",
        "comma-unpack",
        "    def reset_state(self):\n        self.h, self.c = None, None",
        "    def reset_state(self):\n        self.h, self.c = None",
        TimeLSTM=CRASHES,
        hides="no reset",
    ),
    TORCH("time-lstm-three-from-two", "comma-unpack", "dh, dc = 0, 0", "dh, dc = 0", TimeLSTM=CRASHES),
    PUBLISHED(
        "time-lstm-dc-lost", "recurrent", "dx, dh, dc = layer", "dx, dh, _ = layer", TimeLSTM=WRONG, hides="T < 2"
    ),
    TYPED(
        "time-lstm-dc-zero",
        "recurrent",
        "dhs[:, t, :] + dh, dc)",
        "dhs[:, t, :] + dh, np.zeros_like(dc))",
        TimeLSTM=WRONG,
        hides=ONE_STEP,
    ),
    HOISTED("time-lstm-dc-not-forgotten", "recurrent", "            dc = dc * f\n", "", TimeLSTM=WRONG),
    HELPERS("time-lstm-dh-dropped", "recurrent", "dhs[:, t] + dh, dc", "dhs[:, t], dc", TimeLSTM=WRONG, hides=ONE_STEP),
    HOISTED("time-lstm-c-of-this-step", "derivation", "dc * cs[:, t] * f", "dc * cs[:, t + 1] * f", TimeLSTM=WRONG),
    HOISTED("time-lstm-gates-permuted-back", "derivation", "f, g, i, o = gates", "f, i, g, o = gates", TimeLSTM=WRONG),
    TORCH("time-lstm-hs-never-filled", "forward", "            hs[:, t, :] = self.h\n", "", TimeLSTM=WRONG),
    TYPED(
        "time-lstm-c-not-carried",
        "forward",
        "layer.forward(xs[:, t, :], self.h, self.c)",
        "layer.forward(xs[:, t, :], self.h, self.h)",
        TimeLSTM=WRONG,
    ),
    HELPERS(
        "time-lstm-same-layer",
        "loop-index",
        "self.layers[t].backward",
        "self.layers[-1].backward",
        TimeLSTM=WRONG,
        hides=ONE_STEP,
    ),
    TYPED("time-lstm-reads-i", "loop-index", "layer = self.layers[t]", "layer = self.layers[i]", TimeLSTM=CRASHES),
    HOISTED("time-lstm-slice-comma", "slice-comma", "da[:, t, 3 * H:]", "da[:, t, 3 * H]", TimeLSTM=CRASHES),
    HELPERS("time-lstm-blank-below", "shadowed", LAST_HELPER, LAST_HELPER + BLANK_LSTM, TimeLSTM=INCOMPLETE),
    HOISTED(
        "time-lstm-da-from-empty",
        "empty",
        "            da[:, t, 3 * H:] = dh * tc * o * (1 - o)\n",
        "",
        "da = np.zeros((N, T, 4 * H)",
        "da = np.empty((N, T, 4 * H)",
        TimeLSTM=WRONG,
    ),
    TORCH(
        "time-lstm-mean-of-steps",
        "ratio",
        "        mine[...] = t",
        "        mine[...] = t / len(self.layers)",
        TimeLSTM=WRONG,
        hides=ONE_STEP,
    ),
    TYPED(
        "time-lstm-float32",
        "beyond",
        "dxs = np.empty((N, T, D), dtype=dhs.dtype)",
        "dxs = np.empty((N, T, D), dtype=np.float32)",
        TimeLSTM=FRAGILE,
    ),
)
