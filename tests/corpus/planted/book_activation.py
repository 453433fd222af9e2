"""Faults planted in the book's Sigmoid and Softmax."""

from corpus.entries import BLOCKED, CRASHES, FRAGILE, INCOMPLETE, UNPARSABLE, WRONG, In

LAYERS = In("book_layers.py")
HELPERS = In("book_helpers.py")
TABS = In("book_tabs.py")
INHERITANCE = In("book_inheritance.py")
ATTRIBUTES = In("book_attributes.py")

ATTRIBUTES_SIGMOID_BACK = """
    def backward(self, dout):
        return dout * (1.0 - self.out) * self.out
"""

PLANTED = (
    TABS(
        "sigmoid-dout-scaled",
        "in-place",
        "return dout * self.out * (1 - self.out)",
        "dout *= self.out; dout *= 1 - self.out; return dout",
        Sigmoid=FRAGILE,
    ),
    LAYERS(
        "softmax-dout-scaled", "in-place", "dx = self.out * dout", "dx = dout\n        dx *= self.out", Softmax=FRAGILE
    ),
    LAYERS("sigmoid-self-ot", "name", "(1.0 - self.out) * self.out", "(1.0 - self.ot) * self.out", Sigmoid=CRASHES),
    INHERITANCE(
        "softmax-keepdim",
        "name",
        "dot = (dout * self.y).sum(axis=1, keepdims=True)",
        "dot = (dout * self.y).sum(axis=1, keepdim=True)",
        Softmax=CRASHES,
    ),
    ATTRIBUTES("sigmoid-no-backward", "blank", ATTRIBUTES_SIGMOID_BACK, "", Sigmoid=INCOMPLETE),
    HELPERS(
        "sigmoid-blank",
        "blank",
        "        return self.backward_of_y(dout)\n",
        "        # 3. your turn\n        return None\n",
        Sigmoid=INCOMPLETE,
    ),
    LAYERS(
        "softmax-sum-over-batch",
        "axes",
        "sumdx = np.sum(dx, axis=1, keepdims=True)",
        "sumdx = np.sum(dx, axis=0, keepdims=True)",
        Softmax=WRONG,
    ),
    INHERITANCE(
        "softmax-cache-scaled",
        "cache-eaten",
        "return self.y * (dout - dot)",
        "self.y *= dout - dot\n        return self.y",
        Softmax=FRAGILE,
    ),
    TABS("sigmoid-open-bracket", "syntax", "1 / (1 + np.exp(-x))", "1 / (1 + np.exp(-x)", Sigmoid=UNPARSABLE),
    ATTRIBUTES("sigmoid-out-not-stored", "cache-order", "        self.out = out\n", "", Sigmoid=CRASHES),
    LAYERS(
        "sigmoid-half-of-slope",
        "derivation",
        "dout * (1.0 - self.out) * self.out",
        "dout * (1.0 - self.out)",
        Sigmoid=WRONG,
    ),
    INHERITANCE(
        "softmax-diagonal-only",
        "derivation",
        "return self.y * (dout - dot)",
        "return self.y * (1 - self.y) * dout",
        Softmax=WRONG,
    ),
    HELPERS(
        "sigmoid-slope-with-square",
        "derivation",
        "d_sigmoid = lambda y: y * (1 - y)",
        "d_sigmoid = lambda y: 1 - y * y",
        Sigmoid=WRONG,
        LSTM=WRONG,
        TimeLSTM=BLOCKED | WRONG,
    ),
    LAYERS(
        "sigmoid-without-minus", "forward", "out = 1 / (1 + np.exp(-x))", "out = 1 / (1 + np.exp(x))", Sigmoid=WRONG
    ),
    INHERITANCE(
        "softmax-over-the-batch",
        "forward",
        "e / e.sum(axis=1, keepdims=True)",
        "e / e.sum(axis=0, keepdims=True)",
        Softmax=WRONG,
    ),
    HELPERS(
        "sigmoid-helper-without-minus",
        "forward",
        "return 1 / (1 + np.exp(-x))",
        "return 1 / (1 + np.exp(x))",
        Sigmoid=WRONG,
        LSTM=WRONG,
        TimeLSTM=BLOCKED | WRONG,
    ),
    LAYERS(
        "softmax-not-returned",
        "comma-unpack",
        "self.out = softmax(x)\n",
        "self.out, = softmax(x)\n",
        Softmax=CRASHES | WRONG,
        hides="N == 1, where it is silently wrong",
    ),
)
