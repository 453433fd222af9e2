"""Faults planted in the book's GRU and TimeGRU."""

from corpus.entries import BLOCKED, CRASHES, FRAGILE, INCOMPLETE, UNPARSABLE, WRONG, In

OPTIONS = In("book_options.py")
GRU = In("book_gru.py")
NO_BIAS = In("book_gru_no_bias.py")
RESET_AFTER = In("book_gru_reset_after.py")

ONE_STEP = "T == 1"
GRU_STATE = """    def set_state(self, h):
        self.h = h

    def reset_state(self):
        self.h = None
"""

PLANTED = (
    RESET_AFTER(
        "gru-dh-scaled-in-place",
        "in-place",
        "dx = np.dot(dpx, Wx.T)\n        dh_prev = dh * (1 - z)",
        "dx = np.dot(dpx, Wx.T)\n        dh *= 1 - z\n        dh_prev = dh",
        GRU=FRAGILE,
    ),
    GRU(
        "gru-dh-overwritten",
        "in-place",
        "dh_prev = dh_next * (1 - z)",
        "dh_prev = dh_next\n        dh_prev *= 1 - z",
        GRU=WRONG,
        TimeGRU=BLOCKED,
    ),
    GRU("gru-np-hstck", "name", "np.hstack((dbz", "np.hstck((dbz", GRU=CRASHES, TimeGRU=BLOCKED),
    RESET_AFTER("gru-self-hnn", "name", "dn * self.hn * r", "dn * self.hnn * r", GRU=CRASHES, TimeGRU=BLOCKED),
    NO_BIAS("time-gru-empty-mistyped", "name", "hs = np.empty(", "hs = np.emtpy(", TimeGRU=CRASHES),
    OPTIONS("time-gru-no-reset-state", "blank", GRU_STATE, "", nth=2, TimeGRU=INCOMPLETE | CRASHES),
    NO_BIAS("gru-3h-for-h", "axes", "H, H3 = Wh.shape", "H3, H = Wh.shape", nth=2, GRU=CRASHES, TimeGRU=BLOCKED),
    GRU(
        "time-gru-hs-d-wide",
        "axes",
        "hs = np.empty((N, T, H)",
        "hs = np.empty((N, T, D)",
        TimeGRU=CRASHES | WRONG,
        hides="D == H",
    ),
    NO_BIAS(
        "time-gru-dwh-last-only",
        "time-sum",
        "dWh += layer.grads[1]",
        "dWh = layer.grads[1]",
        TimeGRU=WRONG,
        hides=ONE_STEP,
    ),
    GRU("time-gru-own-grads-looped", "time-sum", "enumerate(layer.grads)", "enumerate(self.grads)", TimeGRU=WRONG),
    GRU("gru-reset-through-update", "matrix", "np.dot(dt, Whr.T)", "np.dot(dt, Whz.T)", GRU=WRONG, TimeGRU=BLOCKED),
    RESET_AFTER(
        "gru-dwh-of-dpx",
        "matrix",
        "np.dot(self.h_prev.T, dph)",
        "np.dot(self.h_prev.T, dpx)",
        GRU=WRONG,
        TimeGRU=BLOCKED,
    ),
    NO_BIAS(
        "gru-dwhh-without-reset",
        "matrix",
        "np.dot((r * h_prev).T, dt)",
        "np.dot(h_prev.T, dt)",
        GRU=WRONG,
        TimeGRU=BLOCKED,
    ),
    NO_BIAS(
        "time-gru-layers-popped", "cache-eaten", "layer = self.layers[t]", "layer = self.layers.pop()", TimeGRU=FRAGILE
    ),
    GRU(
        "gru-db-into-dwx",
        "slot",
        "self.grads[2][...] = np.hstack((dbz",
        "self.grads[0][...] = np.hstack((dbz",
        GRU=WRONG,
        TimeGRU=BLOCKED,
    ),
    OPTIONS(
        "gru-no-bracket",
        "syntax",
        "dp[:, :2 * H] *= zr * (1 - zr)",
        "dp[:, :2 * H] *= zr * (1 - zr",
        GRU=UNPARSABLE,
        TimeGRU=BLOCKED,
    ),
    GRU(
        "gru-cache-z-r-exchanged",
        "cache-order",
        "x, h_prev, z, r, h_hat = self",
        "x, h_prev, r, z, h_hat = self",
        GRU=WRONG,
        TimeGRU=BLOCKED,
    ),
    GRU(
        "gru-hstack-of-three",
        "comma-unpack",
        "np.hstack((dWxz, dWxr, dWxh))",
        "np.hstack(dWxz, dWxr, dWxh)",
        GRU=CRASHES,
        TimeGRU=BLOCKED,
    ),
    NO_BIAS(
        "gru-direct-way-lost", "recurrent", "dh_prev = dh_next * (1 - z)", "dh_prev = 0", GRU=WRONG, TimeGRU=BLOCKED
    ),
    OPTIONS("gru-way-through-reset-lost", "recurrent", " + drh * r + dp", " + dp", GRU=WRONG, TimeGRU=BLOCKED),
    RESET_AFTER(
        "time-gru-dh-not-carried",
        "recurrent",
        "dxs[:, t], dh = self",
        "dxs[:, t], _ = self",
        TimeGRU=WRONG,
        hides=ONE_STEP,
    ),
    GRU(
        "gru-dz-sign",
        "derivation",
        "dh_next * h_hat - dh_next * h_prev",
        "dh_next * h_hat + dh_next * h_prev",
        GRU=WRONG,
        TimeGRU=BLOCKED,
    ),
    NO_BIAS(
        "gru-r-without-slope", "derivation", "drh * h_prev * r * (1 - r)", "drh * h_prev", GRU=WRONG, TimeGRU=BLOCKED
    ),
    RESET_AFTER(
        "gru-gates-permuted-back", "derivation", "(dr, dz, dn * r)", "(dz, dr, dn * r)", GRU=WRONG, TimeGRU=BLOCKED
    ),
    GRU(
        "gru-z-for-one-minus-z",
        "forward",
        "(1 - z) * h_prev + z * h_hat",
        "z * h_prev + (1 - z) * h_hat",
        GRU=WRONG,
        TimeGRU=BLOCKED,
    ),
    OPTIONS("gru-sigmoid-without-minus", "forward", "np.exp(-(px", "np.exp((px", GRU=WRONG, TimeGRU=BLOCKED),
    RESET_AFTER(
        "time-gru-forwards-in-time",
        "loop-index",
        "for t in range(T)[::-1]:",
        "for t in range(T):",
        TimeGRU=WRONG,
        hides=ONE_STEP,
    ),
    OPTIONS(
        "time-gru-last-layer-read",
        "loop-index",
        "zip(sums, self.layers[t].grads)",
        "zip(sums, self.layers[-1].grads)",
        TimeGRU=WRONG,
        hides=ONE_STEP,
    ),
    GRU("gru-slice-comma", "slice-comma", "Wx[:, H:2 * H]", "Wx[:, H, 2 * H]", GRU=CRASHES, TimeGRU=BLOCKED),
    NO_BIAS("gru-slice-comma-back", "slice-comma", "dWh[:, 2*H:] =", "dWh[:, 2*H] =", GRU=CRASHES, TimeGRU=BLOCKED),
    OPTIONS(
        "gru-gate-never-written", "empty", "        dp[:, H:2 * H] = drh * h_prev\n", "", GRU=WRONG, TimeGRU=BLOCKED
    ),
    OPTIONS(
        "time-gru-sums-from-empty",
        "empty",
        "[np.zeros_like(p) for p in self.params]",
        "[np.empty_like(p) for p in self.params]",
        TimeGRU=WRONG,
    ),
    RESET_AFTER(
        "time-gru-grads-not-cleared",
        "beyond",
        "        for grad in self.grads:\n            grad.fill(0)\n",
        "",
        TimeGRU=FRAGILE,
    ),
)
