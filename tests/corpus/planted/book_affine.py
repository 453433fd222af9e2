"""Faults planted in the book's MatMul, Affine and TimeAffine."""

from corpus.entries import CRASHES, FRAGILE, INCOMPLETE, UNPARSABLE, WRONG, In

PLAIN = In("book_plain.py")
PUBLISHED = In("book_published.py")
LAYERS = In("book_layers.py")
EINSUM = In("book_einsum.py")
TYPED = In("book_typed.py")
TABS = In("book_tabs.py")
TWO_SPACES = In("book_two_spaces.py")
PYTHON2 = In("book_python2.py")
INHERITANCE = In("book_inheritance.py")
ATTRIBUTES = In("book_attributes.py")
CUPY = In("book_cupy.py")
EXPORT = In("book_export.txt")
REPO = In("repo/common/layers.py")

ONE_STEP = "T == 1"
MATMUL_BACK = """        W, = self.params
        dx = np.dot(dout, W.T)
        dW = np.dot(self.x.T, dout)
        self.grads[0][...] = dW
        return dx
"""
EINSUM_BACK = """    def backward(self, dout):
        W, b = self.params
        self.grads[0][...] = np.einsum('ntd,ntv->dv', self.xs, dout)
        self.grads[1][...] = np.einsum('ntv->v', dout)
        return np.einsum('ntv,dv->ntd', dout, W)
"""
BLANK_AFFINE = """

class TimeAffine:
    def __init__(self, W, b):
        self.params = [W, b]

    def forward(self, x):
        raise NotImplementedError

    def backward(self, dout):
        raise NotImplementedError
"""
PLAIN_END = "        dx *= mask[:, np.newaxis]\n        return dx.reshape((N, T, V))\n"

PLANTED = (
    LAYERS(
        "matmul-shpe", "name", "out = np.dot(x, W)\n", "out = np.dot(x, W).reshape(x.shpe[0], -1)\n", MatMul=CRASHES
    ),
    TABS("matmul-foward", "name", "def forward(self, x):", "def foward(self, x):", nth=2, MatMul=INCOMPLETE | CRASHES),
    PLAIN(
        "time-affine-rs",
        "name",
        "rx = x.reshape(N * T, -1)\n        out",
        "rx = rs.reshape(N * T, -1)\n        out",
        TimeAffine=CRASHES,
    ),
    TYPED("affine-sel", "name", "self.x = x\n        return x @", "sel.x = x\n        return x @", Affine=CRASHES),
    ATTRIBUTES("affine-self-w-small", "name", "np.dot(dout, self.W.T)", "np.dot(dout, self.w.T)", Affine=CRASHES),
    LAYERS("matmul-backward-todo", "blank", MATMUL_BACK, "        pass  # TODO\n", MatMul=INCOMPLETE),
    EINSUM(
        "time-affine-backward-missing",
        "blank",
        EINSUM_BACK,
        "    # backward: see tomorrow's lecture\n",
        TimeAffine=INCOMPLETE,
    ),
    EXPORT("time-affine-no-return", "blank", "      return dx.reshape(*xs.shape)\n", "", TimeAffine=INCOMPLETE | WRONG),
    INHERITANCE(
        "affine-layer-no-backward",
        "blank",
        "    def backward(self, dout):\n"
        "        W, b = self.params\n"
        "        self.store(self.x.T @ dout, dout.sum(axis=0))\n"
        "        return dout @ W.T\n"
        "\n",
        "",
        AffineLayer=INCOMPLETE | CRASHES,
    ),
    TWO_SPACES(
        "time-affine-out-d-wide", "axes", "W.shape[1]", "W.shape[0]", TimeAffine=CRASHES | WRONG, hides="D == H"
    ),
    PUBLISHED(
        "time-affine-batch-of-rows",
        "axes",
        "rx = x.reshape(N*T, -1)\n        out",
        "rx = x.reshape(N, -1)\n        out",
        TimeAffine=CRASHES,
        hides=ONE_STEP,
    ),
    LAYERS(
        "affine-db-other-axis",
        "axes",
        "np.sum(dout, axis=0)",
        "np.sum(dout, axis=1)",
        Affine=CRASHES | WRONG,
        hides="N == H, where it is silently wrong",
    ),
    PLAIN(
        "time-affine-time-first",
        "axes",
        "rx = x.reshape(N * T, -1)\n\n",
        "rx = x.transpose(1, 0, 2).reshape(N * T, -1)\n\n",
        TimeAffine=WRONG,
        hides="N == 1 or T == 1",
    ),
    TWO_SPACES("time-affine-dw-last-step", "time-sum", "dW += np.dot", "dW = np.dot", TimeAffine=WRONG, hides=ONE_STEP),
    TWO_SPACES("time-affine-db-last-step", "time-sum", "db += dout", "db = dout", TimeAffine=WRONG, hides=ONE_STEP),
    LAYERS(
        "affine-w-not-turned",
        "matrix",
        "dx = np.dot(dout, W.T)",
        "dx = np.dot(dout, W)",
        nth=2,
        Affine=CRASHES | WRONG,
        hides="D == H, where it is silently wrong",
    ),
    REPO(
        "matmul-dw-turned",
        "matrix",
        "np.dot(self.x.T, dout)",
        "np.dot(dout.T, self.x)",
        MatMul=CRASHES | WRONG,
        hides="D == H, where it is silently wrong",
    ),
    INHERITANCE("affine-layer-dx-of-x", "matrix", "return dout @ W.T", "return self.x @ W @ W.T", AffineLayer=WRONG),
    PYTHON2(
        "affine-x-freed",
        "cache-eaten",
        "        return np.dot(dout, W.T)\n\n",
        "        self.x = None\n        return np.dot(dout, W.T)\n\n",
        Affine=FRAGILE,
    ),
    PUBLISHED(
        "time-affine-x-deleted",
        "cache-eaten",
        "        x = self.x\n",
        "        x = self.x\n        del self.x\n",
        TimeAffine=FRAGILE,
    ),
    PLAIN("time-affine-db-into-dw", "slot", "self.grads[1][...] = db", "self.grads[0][...] = db", TimeAffine=WRONG),
    TYPED(
        "affine-bias-as-buffer",
        "slot",
        "self.grads: List[Array] = [np.zeros_like(W), np.zeros_like(b)]",
        "self.grads: List[Array] = [np.zeros_like(W), b]",
        Affine=FRAGILE | WRONG,
    ),
    CUPY(
        "affine-slots-exchanged",
        "slot",
        "self.grads[0][...] = np.matmul(self.x.T, dout)\n"
        "        self.grads[1][...] = np.sum(dout, axis=0)\n"
        "        return dx",
        "self.grads[1][...] = np.matmul(self.x.T, dout)\n"
        "        self.grads[0][...] = np.sum(dout, axis=0)\n"
        "        return dx",
        Affine=CRASHES | WRONG,
    ),
    TABS(
        "affine-mixed-tabs",
        "syntax",
        "\t\tdb = np.sum(dout, axis=0)",
        "        db = np.sum(dout, axis=0)",
        Affine=UNPARSABLE,
    ),
    TABS("affine-wide-comma", "syntax", "W, b = self.params", "W， b = self.params", Affine=UNPARSABLE),
    PUBLISHED("fence-around", "syntax", "# coding: utf-8\n", "```python\n# coding: utf-8\n"),
    TABS("matmul-no-colon", "syntax", "def __init__(self, W):", "def __init__(self, W)", MatMul=UNPARSABLE),
    TYPED(
        "affine-merge-marker",
        "syntax",
        "        return dout @ self.params[0].T\n",
        "<<<<<<< HEAD\n"
        "        return dout @ self.params[0].T\n"
        "=======\n"
        "        return dout @ self.params[0]\n"
        ">>>>>>> fix\n",
        Affine=UNPARSABLE,
    ),
    PUBLISHED("time-affine-x-not-stored", "cache-order", "        self.x = x\n", "", TimeAffine=CRASHES),
    EINSUM(
        "time-affine-out-stored",
        "cache-order",
        "self.xs = xs\n        return np.einsum('ntd,dv->ntv', xs, W) + b",
        "out = np.einsum('ntd,dv->ntv', xs, W) + b\n        self.xs = out\n        return out",
        TimeAffine=CRASHES | WRONG,
        hides="D == H, where it is silently wrong",
    ),
    LAYERS("matmul-w-is-a-list", "comma-unpack", "W, = self.params", "W = self.params", MatMul=WRONG | CRASHES),
    EXPORT(
        "time-affine-one-name",
        "comma-unpack",
        "W, b = self.params\n      rx",
        "W = self.params\n      rx",
        TimeAffine=CRASHES,
    ),
    PYTHON2("affine-no-bias", "forward", "np.dot(x, W) + b", "np.dot(x, W)", Affine=WRONG),
    TWO_SPACES(
        "time-affine-out-never-filled",
        "forward",
        "      out[:, t, :] = np.dot(xs[:, t, :], W) + b\n",
        "      y = np.dot(xs[:, t, :], W) + b\n",
        TimeAffine=WRONG,
    ),
    TWO_SPACES(
        "time-affine-first-step-only",
        "loop-index",
        "dxs[:, t, :] = np.dot(dout[:, t, :], W.T)",
        "dxs[:, t, :] = np.dot(dout[:, 0, :], W.T)",
        TimeAffine=WRONG,
        hides=ONE_STEP,
    ),
    TWO_SPACES(
        "time-affine-steps-of-batch",
        "loop-index",
        "for t in range(xs.shape[1]):",
        "for t in range(xs.shape[0]):",
        TimeAffine=CRASHES | WRONG,
        hides="N == T",
    ),
    PLAIN("time-affine-blank-below", "shadowed", PLAIN_END, PLAIN_END + BLANK_AFFINE, TimeAffine=INCOMPLETE),
    PYTHON2(
        "affine-method-below",
        "shadowed",
        "        return np.dot(dout, W.T)\n\n",
        "        return np.dot(dout, W.T)\n\n    def backward(self, dout):\n        pass\n\n",
        Affine=INCOMPLETE,
    ),
    TWO_SPACES(
        "time-affine-dw-from-empty", "empty", "dW = np.zeros_like(W)", "dW = np.empty_like(W)", TimeAffine=WRONG
    ),
    LAYERS(
        "affine-db-mean",
        "ratio",
        "db = np.sum(dout, axis=0)",
        "db = np.mean(dout, axis=0)",
        Affine=WRONG,
        hides="N == 1",
    ),
    PUBLISHED(
        "time-affine-dw-over-t",
        "ratio",
        "dW = np.dot(rx.T, dout)",
        "dW = np.dot(rx.T, dout) / T",
        TimeAffine=WRONG,
        hides=ONE_STEP,
    ),
    INHERITANCE(
        "time-affine-dw-over-n",
        "ratio",
        "N, T, D).T @ rows".replace("N, T, D", "N * T, D"),
        "N * T, D).T @ rows / N",
        TimeAffine=WRONG,
        hides="N == 1",
    ),
    REPO(
        "matmul-grads-added",
        "beyond",
        "        self.grads[0][...] = dW\n        return dx",
        "        self.grads[0] += dW\n        return dx",
        MatMul=FRAGILE,
    ),
    EXPORT(
        "matmul-grads-bound-anew",
        "beyond",
        "self.grads[0][...] = dW\n        return np",
        "self.grads[0] = dW\n        return np",
        MatMul=FRAGILE,
    ),
    LAYERS(
        "affine-grads-list-anew",
        "beyond",
        "        self.grads[0][...] = dW\n        self.grads[1][...] = db\n",
        "        self.grads = [dW, db]\n",
        Affine=FRAGILE,
    ),
    PYTHON2(
        "affine-first-x-kept",
        "beyond",
        "        self.x = x\n        return np.dot(x, W) + b",
        "        if self.x is None:\n            self.x = x\n        return np.dot(x, W) + b",
        Affine=FRAGILE | WRONG,
    ),
    TABS(
        "matmul-update-in-backward",
        "beyond",
        "return np.dot(dout, W.T)",
        "dx = np.dot(dout, W.T); W -= 0.1 * self.grads[0]; return dx",
        MatMul=FRAGILE | WRONG,
    ),
)
