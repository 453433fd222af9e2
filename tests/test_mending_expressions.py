"""The rules for expressions, each by a slip in a layer: what stood there comes back, and is proven."""

import pytest
from strangers import LAYER_NORM, RNN, RNN_FORWARD, RNN_STEP, edited

from compare.checking.run import check_text
from compare.checking.settings import Settings

LISTS = edited(
    RNN_STEP,
    "import numpy as np\n",
    RNN_FORWARD
    + """

def rnn_backward(dh, caches):
    dxs, carried, total = [], 0, [0, 0, 0]
    for cache, dh_t in zip(caches[::-1], dh.swapaxes(0, 1)[::-1]):
        dx, carried, wx, wh, bias = rnn_step_backward(dh_t + carried, cache)
        dxs.append(dx)
        total = [a + g for a, g in zip(total, (wx, wh, bias))]
    return np.stack(dxs[::-1], axis=1), carried, *total
""",
)
LOSS = """\
import numpy as np


class SoftmaxWithLoss:
    def __init__(self):
        self.params, self.grads = [], []

    def forward(self, x, t):
        self.wanted = np.eye(x.shape[1])[t] if t.ndim == 1 else t
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.p = e / e.sum(axis=1, keepdims=True)
        return -np.sum(self.wanted * np.log(self.p + 1e-300)) / len(x)

    def backward(self, dout=1):
        return dout * (self.p - self.wanted) / len(self.p)
"""
GATES = """\
import numpy as np


def squash(a):
    return 1 / (1 + np.exp(-a))


def gru_step_forward(x, prev_h, Wx, Wh, b):
    H = prev_h.shape[1]
    p, q = x @ Wx + b, prev_h @ Wh
    z, r = squash(p[:, :H] + q[:, :H]), squash(p[:, H:2 * H] + q[:, H:2 * H])
    n = np.tanh(p[:, 2 * H:] + r * q[:, 2 * H:])
    return (1 - z) * prev_h + z * n, (x, prev_h, Wx, Wh, z, r, n, q[:, 2 * H:])


def gru_step_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, z, r, n, recalled = cache
    da = dnext_h * z * (1 - n ** 2)
    dz = dnext_h * (n - prev_h) * z * (1 - z)
    dr = da * recalled * r * (1 - r)
    dp, dq = np.hstack((dz, dr, da)), np.hstack((dz, dr, da * r))
    return dp @ Wx.T, dnext_h * (1 - z) + dq @ Wh.T, x.T @ dp, prev_h.T @ dq, dp.sum(axis=0)
"""

RELU = """\
import numpy as np


def relu_forward(x):
    return np.maximum(x, 0), x


def relu_backward(dout, cache):
    kept = cache > 0
    dx = np.zeros_like(dout)
    dx[kept] = dout[kept]
    return dx
"""
MASKED = """\
import numpy as np


class Relu:
    def __init__(self):
        self.params, self.grads = [], []

    def forward(self, x):
        self.x = x
        return np.maximum(x, 0)

    def backward(self, dout):
        return (self.x > 0) * dout
"""
DROPOUT = """\
import numpy as np


class Dropout:
    def __init__(self, dropout_ratio=0.5):
        self.params, self.grads = [], []
        self.dropout_ratio = dropout_ratio
        self.mask = None

    def forward(self, x, train_flg=True):
        if not train_flg:
            return x
        keep = 1 - self.dropout_ratio
        self.mask = (np.random.rand(*x.shape) < keep) / keep
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask
"""

# what is right, what stands there instead
SLIPS = {
    "the other direction, in a zip": (LISTS, "zip(caches[::-1], dh", "zip(caches, dh"),
    "the other direction, in a stack": (LISTS, "np.stack(dxs[::-1], axis=1)", "np.stack(dxs, axis=1)"),
    "stacked along the first axis": (LISTS, "np.stack(hs, axis=1)", "np.stack(hs)"),
    "unpacked in another order": (LISTS, "carried, wx, wh, bias = rnn", "carried, wx, bias, wh = rnn"),
    "the wrong factor first": (RNN, "np.dot(x.T, dt)", "dt.dot(x.T)"),
    "a summand in a factor": (LOSS, "(self.p - self.wanted) /", "(self.p) /"),
    "another function of NumPy's": (LAYER_NORM, "1 / np.sqrt(var", "1 / np.square(var"),
    "another function of the file's": (GATES, "z, r = squash(", "z, r = np.tanh("),
    "a forward value for a gradient": (GATES, "da = dnext_h * z *", "da = z *"),
    "a size without a name": (LOSS, ") / len(self.p)", ")"),
    "an array called": (RELU, "= dout[kept]", "= dout(kept)"),
    "more kept than all": (DROPOUT, "1 - self.dropout_ratio", "1 + self.dropout_ratio"),
    "a mask alone": (MASKED, "(self.x > 0) * dout", "self.x > 0"),
    "an axis not kept": (LOSS, "x.max(axis=1, keepdims=True)", "x.max(axis=1)"),
    "kept twice": (RNN, "(x, h_prev, h_next)", "(x, h_prev, h_prev)"),
    "ones for zeros": (LISTS, "h, hs, caches = h0, [], []", "h, hs, caches = np.ones_like(h0), [], []"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_mended(name: str) -> None:
    right, old, new = SLIPS[name]
    found = check_text(edited(right, old, new), "layers.py", Settings({}, mend=True, seconds=60), None)
    after = check_text(found.mended or "", "layers.py", Settings({}, mend=False), None)
    assert after.ok, found.mended
    (fix,) = {f.fix for f in found.findings if f.fix and f.severity == "error"}
    line = edited(right, old, new).split("\n")[fix.line - 1]
    assert new in line


@pytest.mark.parametrize("text", [LISTS, LOSS, GATES], ids=["lists", "loss", "gates"])
def test_what_is_right_is_left_alone(text: str) -> None:
    found = check_text(text, "layers.py", Settings({}, mend=True), None)
    assert found.ok
    assert found.mended is None
