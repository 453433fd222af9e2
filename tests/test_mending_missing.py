"""What is gone is put in again: a return, a line that gives a name its value, a loop; and what fell elsewhere."""

import pytest
from strangers import LAYER_NORM, RNN, RNN_STEP, TIME_RNN, edited

from compare.checking.reading import read_text
from compare.checking.run import check_text
from compare.checking.settings import Settings
from compare.checking.subjects import subjects
from compare.mending.attempts import _before
from compare.mending.edit import Edit
from compare.mending.helpers import helpers

SPLIT = RNN + edited(
    TIME_RNN,
    """        hs = np.empty((N, T, H), dtype=xs.dtype)
""",
    """        steps = []
""",
).replace("hs[:, t, :] = self.h", "steps.append(self.h)").replace("return hs", "return np.stack(steps, axis=1)")
KEYED = """\
import numpy as np


def affine_forward(x, w, b):
    out = x.reshape(len(x), -1) @ w + b
    return out, {'x': x, 'w': w}


def affine_backward(dout, cache):
    dx = (dout @ cache['w'].T).reshape(cache['x'].shape)
    dw = cache['x'].reshape(len(dout), -1).T @ dout
    return dx, dw, dout.sum(axis=0)
"""

# what is right, what stands there instead, what comes back
RETURNS = {
    "of an expression": (LAYER_NORM, "    out = gamma * xhat + beta\n    return out, (xhat, gamma, inv)\n", ""),
    "of a list": (SPLIT, "        return np.stack(steps, axis=1)\n", ""),
    "of a name and its cache": (RNN_STEP, "    return next_h, (x, prev_h, Wx, Wh, next_h)\n", ""),
    "of keys": (KEYED, "    return out, {'x': x, 'w': w}\n", ""),
}
OTHERWISE = {"of an expression": "    return beta + gamma * xhat, (xhat, gamma, inv)\n"}


def mended(text: str, *, fragile: bool = False) -> str | None:
    return check_text(text, "layers.py", Settings({}, mend=True, fragile=fragile, seconds=60), None).mended


@pytest.mark.parametrize("name", RETURNS)
def test_a_return_that_is_gone_is_put_in(name: str) -> None:
    right, old, new = RETURNS[name]
    report = check_text(edited(right, old, new), "layers.py", Settings({}, seconds=60), None)
    assert report.mended == edited(right, old, OTHERWISE.get(name, old))
    [line] = {f.fix.line for f in report.findings if f.fix}
    # every finding stands where the return belongs, behind the last line
    assert {f.place.line for f in report.findings if f.place} <= {line - 1, line}


def test_a_name_that_is_returned_and_never_set_gets_its_value() -> None:
    assert mended(edited(LAYER_NORM, "    out = gamma * xhat + beta\n", "")) == edited(
        LAYER_NORM, "out = gamma * xhat + beta", "out = beta + gamma * xhat"
    )


MODEL = """\
import numpy as np
from common.time_layers import *


class Rnnlm:
    def __init__(self, vocab_size, wordvec_size, hidden_size):
        V, D, H = vocab_size, wordvec_size, hidden_size
        embed_W = np.random.randn(V, D) / 100
        lstm_Wx = np.random.randn(D, 4 * H) / np.sqrt(D)
        lstm_Wh = np.random.randn(H, 4 * H) / np.sqrt(H)
        lstm_b = np.zeros(4 * H)
        affine_W = np.random.randn(H, V) / np.sqrt(H)
        affine_b = np.zeros(V)
        self.layers = [
            TimeEmbedding(embed_W),
            TimeLSTM(lstm_Wx, lstm_Wh, lstm_b, stateful=True),
            TimeAffine(affine_W, affine_b),
        ]
        self.loss_layer = TimeSoftmaxWithLoss()
        self.params, self.grads = [], []
        for layer in self.layers:
            self.params += layer.params
            self.grads += layer.grads

    def scores(self, xs):
        for layer in self.layers:
            xs = layer.forward(xs)
        return xs

    def forward(self, xs, ts):
        return self.loss_layer.forward(self.scores(xs), ts)

    def backward(self, dout=1):
        dout = self.loss_layer.backward(dout)
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        return dout

    def reset_state(self):
        self.layers[1].reset_state()
"""
TEMPORAL = """\
import numpy as np
from cs231n.layers import *


def temporal_affine_forward(x, W, b):
    N, T, D = x.shape
    scores, kept = affine_forward(x.reshape(N * T, D), W, b)
    return scores.reshape(N, T, -1), kept


def temporal_affine_backward(dout, kept):
    N, T, M = dout.shape
    dx, dW, db = affine_backward(dout.reshape(N * T, M), kept)
    return dx.reshape(N, T, -1), dW, db
"""
UNPACKED = RNN + edited(
    edited(
        TIME_RNN,
        "        grads = [0, 0, 0]\n",
        """\
        dWx, dWh, db = self.grads
        for grad in self.grads:
            grad[...] = 0
""",
    ),
    """\
            for i, grad in enumerate(layer.grads):
                grads[i] = grads[i] + grad
        for i, grad in enumerate(grads):
            self.grads[i][...] = grad
""",
    """\
            dWx += layer.grads[0]
            dWh += layer.grads[1]
            db += layer.grads[2]
""",
)
SIGMOID = """\
import numpy as np


def logistic(z):
    return 1 / (1 + np.exp(-z))


slope = lambda s: s - s * s


def squashed(z):
    return logistic(z)


class Sigmoid:
    def __init__(self):
        self.params, self.grads = [], []

    def forward(self, x):
        y = squashed(x)
        self.back = lambda dout: dout * slope(y)
        return y

    def backward(self, dout):
        return self.back(dout)
"""
NAMED = """\
from typing import NamedTuple

import numpy as np


class Kept(NamedTuple):
    inputs: np.ndarray
    weights: np.ndarray


def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w + b, Kept(inputs=x, weights=w)


def affine_backward(dout, cache):
    dx = (dout @ cache.weights.T).reshape(cache.inputs.shape)
    dw = cache.inputs.reshape(len(dout), -1).T @ dout
    db = np.zeros((1, dout.shape[1]))
    for row in dout:
        db += row
    return dx, dw, db[0]
"""
BOTH = RNN + TIME_RNN
GPU = edited(
    RNN,
    "import numpy as np\n",
    """\
try:
    import cupy as cp
    import cupy as np
except ImportError:
    import numpy as np
""",
)
DOCUMENTED = f'"""Layers,\nof two lines."""\n{RNN}'

# what is right, what stands there instead
SLIPS = {
    "of a sister": (MODEL, "        lstm_Wh = np.random.randn(H, 4 * H) / np.sqrt(H)\n", ""),
    "of a counterpart": (MODEL, "            self.grads += layer.grads\n", ""),
    "of the way back": (TEMPORAL, "    scores, kept = affine_forward(x.reshape(N * T, D), W, b)\n", ""),
    "unpacked and not set to zero": (UNPACKED, "        for grad in self.grads:\n            grad[...] = 0\n", ""),
    "moved into a loop of a method": (MODEL, "        return xs\n", "            return xs\n"),
    "helper of a helper": (SIGMOID, "1 / (1 + np.exp(-z))", "1 / (2 + np.exp(-z))"),
    "a lambda": (SIGMOID, "s - s * s", "s - s"),
    "a derivative of the file": (
        edited(SIGMOID, "slope = lambda s: s", "def slope(s):\n    return s"),
        "dout * slope(y)",
        "dout",
    ),
    "an import of one way": (GPU, "    import cupy as np\n", ""),
    "a field": (NAMED, "cache.weights.T", "cache.wieghts.T"),
    "a shape": (NAMED, "np.zeros((1, dout.shape[1]))", "np.zeros(1, dout.shape[1])"),
    "a condition": (BOTH, "not self.stateful or self.h is None", "not self.stateful"),
    "a comma": (BOTH, "dhs[:, t, :] + dh", "dhs[: t, :] + dh"),
    "a bracket": (
        LAYER_NORM,
        "(d * xhat).sum(axis=1, keepdims=True) / D)",
        "(d * xhat.sum(axis=1, keepdims=True) / D)",
    ),
    "brackets and a name": (LAYER_NORM, "(dout * xhat).sum(axis=0)", "dout * xhat.suum(axis=0)"),
    "a fence behind a text": (DOCUMENTED, "\n\nclass RNN", "\n```\n\nclass RNN"),
}
WRITTEN = {"a lambda": "s - s ** 2", "a condition": "self.h is None or not self.stateful"}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_mended(name: str) -> None:
    right, old, new = SLIPS[name]
    wrong = edited(right, old, new)
    found = mended(wrong, fragile="zero" in name)
    assert found == edited(right, old, WRITTEN.get(name, old))


@pytest.mark.parametrize("text", [MODEL, TEMPORAL, UNPACKED, SIGMOID, NAMED, KEYED, SPLIT])
def test_what_is_right_is_left_alone(text: str) -> None:
    report = check_text(text, "layers.py", Settings({}, seconds=60), None)
    assert report.ok
    assert report.mended is None


def test_what_is_mended_for_another_layer_is_told_of_each() -> None:
    text = SIGMOID + SIGMOID[SIGMOID.index("\n\nclass") :].replace("class Sigmoid", "class MySigmoid")
    without = edited(text, "import numpy as np\n", "")
    report = check_text(edited(without, "s - s * s", "s - s"), "layers.py", Settings({}, seconds=60), None)
    errors = [f for f in report.findings if f.severity == "error"]
    assert {f.symbol for f in errors} >= {"Sigmoid", "MySigmoid"}
    assert all(f.fix and "slope" in f.fix.after for f in errors)


def test_what_a_right_layer_needs_is_not_doubted() -> None:
    relu = SIGMOID + SIGMOID[SIGMOID.index("\n\nclass") :].replace("Sigmoid", "RNN")
    document = read_text(relu, "layers.py")
    every = subjects(document)
    sigmoid = next(each for each in every if each.name == "Sigmoid")
    assert {d.name for d in helpers(document, sigmoid, every, frozenset())} == {"logistic", "slope", "squashed"}
    assert helpers(document, sigmoid, every, frozenset({"RNN"})) == []


@pytest.mark.parametrize(
    ("edit", "line", "was"),
    [
        (Edit("a", 5, 4, ("new",)), 4, 4),
        (Edit("a", 5, 4, ("new",)), 5, 5),
        (Edit("a", 5, 4, ("new",)), 9, 8),
        (Edit("a", 5, 6, ("new",)), 9, 10),
        (Edit("a", 5, 6, ("new",)), 5, 5),
    ],
)
def test_where_it_stops_is_told_by_the_lines_before_an_edit(edit: Edit, line: int, was: int) -> None:
    assert _before([edit], (2, line)) == (2, was)
