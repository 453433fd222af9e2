"""What nothing uses is put where it belongs, what stands twice is taken out, and a forward pass may be right by another
convention than the one that it was held against: each by a slip in a layer, which comes back proven.
"""

import numpy as np
import pytest
from explaining_layers import EMBEDDING as EMBEDDINGS
from strangers import LAYER_NORM, RNN, RNN_FORWARD, RNN_STEP, TIME_RNN, edited

from compare.cases import sizes
from compare.checking.reading import read_text
from compare.checking.run import check_text
from compare.checking.sandbox import Session
from compare.checking.settings import Settings
from compare.checking.settling import by_others, settled
from compare.checking.subjects import subjects
from compare.inputs import Case
from compare.runs import Hand

BOTH = RNN + TIME_RNN
# the reset gate before the product: another convention than the usual one
GRU = """\
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


class GRU:
    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]

    def forward(self, x, h_prev):
        Wx, Wh, b = self.params
        H = h_prev.shape[1]
        px = np.dot(x, Wx) + b
        gates = sigmoid(px[:, :2 * H] + np.dot(h_prev, Wh[:, :2 * H]))
        z, r = gates[:, :H], gates[:, H:]
        kept = r * h_prev
        n = np.tanh(px[:, 2 * H:] + np.dot(kept, Wh[:, 2 * H:]))
        self.cache = (x, h_prev, z, r, kept, n)
        return (1 - z) * h_prev + z * n

    def backward(self, dh):
        Wx, Wh, b = self.params
        x, h_prev, z, r, kept, n = self.cache
        H = h_prev.shape[1]
        dn = dh * z * (1 - n ** 2)
        dkept = np.dot(dn, Wh[:, 2 * H:].T)
        dz = dh * (n - h_prev) * z * (1 - z)
        dr = dkept * h_prev * r * (1 - r)
        dgates = np.hstack((dz, dr))
        da = np.hstack((dgates, dn))
        self.grads[0][...] = np.dot(x.T, da)
        self.grads[1][...] = np.hstack((np.dot(h_prev.T, dgates), np.dot(kept.T, dn)))
        self.grads[2][...] = da.sum(axis=0)
        return np.dot(da, Wx.T), dh * (1 - z) + dkept * r + np.dot(dgates, Wh[:, :2 * H].T)
"""
SUMS = edited(
    RNN_STEP,
    "import numpy as np\n",
    RNN_FORWARD
    + """

def rnn_backward(dh, caches):
    N, T, H = dh.shape
    dxs, dstate = [], np.zeros((N, H))
    dWx = dWh = db = 0
    for t in range(T)[::-1]:
        dx, dstate, dwx, dwh, dbias = rnn_step_backward(dh[:, t] + dstate, caches[t])
        dxs.append(dx)
        dWx = dWx + dwx
        dWh = dWh + dwh
        db = db + dbias
    return np.stack(dxs[::-1], axis=1), dstate, dWx, dWh, db
""",
)
EMBEDDING = EMBEDDINGS.partition("\n\n\nclass TimeEmbedding")[0] + "\n"
TANH = """\
import numpy as np


def tanh_forward(x):
    y = np.tanh(x)
    return y, (x, y)


def tanh_backward(dy, cache):
    x, y = cache
    return dy * (1 - y ** 2)
"""

# what is right, what stands there instead
SLIPS = {
    "tanh for a gate": (GRU, "gates = sigmoid(", "gates = np.tanh("),
    "a product": (RNN, " + np.dot(h_prev, Wh) + b", " + b"),
    "a factor of a summand": (LAYER_NORM, "gamma * xhat + beta", "xhat + beta"),
    "a divisor": (LAYER_NORM, "xhat = centred * inv", "xhat = centred"),
    "what comes from above": (BOTH, "dhs[:, t, :] + dh)", "dh)"),
    "a gradient": (SUMS, "        db = db + dbias\n", ""),
    "a range": (SUMS, "range(T)[::-1]", "T[::-1]"),
    "an output": (TANH, "return y, (x, y)", "return (x, y)"),
    "a line twice": (
        BOTH,
        "            self.layers.append(layer)\n",
        "            self.layers.append(layer)\n            self.layers.append(layer)\n",
    ),
    "bound anew": (EMBEDDING, "dW[...] = 0", "dW = 0"),
    "the other direction": (BOTH, "for t in range(T):", "for t in reversed(range(T)):"),
    "unpacked otherwise": (LAYER_NORM, "xhat, gamma, inv = cache", "gamma, xhat, inv = cache"),
    "one round less": (BOTH, "for t in range(T):", "for t in range(T - 1):"),
    "in capitals": (BOTH, "dxs[:, t, :] = dx", "dxs[:, T, :] = dx"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_mended(name: str) -> None:
    right, old, new = SLIPS[name]
    wrong = edited(right, old, new)
    found = check_text(wrong, "layers.py", Settings({}, mend=True, seconds=60), None)
    assert check_text(found.mended or "", "layers.py", Settings({}, mend=False), None).ok, found.mended
    lines = {line for f in found.findings if f.fix and f.severity == "error" for line in [f.fix.line]}
    at = next(i for i, (a, b) in enumerate(zip(wrong.split("\n"), right.split("\n"), strict=False), 1) if a != b)
    assert lines
    assert all(abs(line - at) <= 1 for line in lines), (lines, at)


def test_what_is_added_to_is_set_to_zero_first() -> None:
    wrong = edited(EMBEDDING, "        dW[...] = 0\n", "")
    assert check_text(wrong, "layers.py", Settings({}, mend=True, fragile=True, seconds=60), None).mended == EMBEDDING


@pytest.mark.parametrize("text", [GRU, SUMS, EMBEDDING, TANH], ids=["gru", "sums", "embedding", "tanh"])
def test_what_is_right_is_left_alone(text: str) -> None:
    report = check_text(text, "layers.py", Settings({}, seconds=60), None)
    assert report.ok
    assert report.mended is None


def test_by_another_convention_the_same_parameters_give_what_the_stranger_gives() -> None:
    document = read_text(GRU, "layers.py")
    (subject,) = subjects(document)
    with Session(document.units, document.modules, Settings({}).limits) as session:
        right = settled(subject, session, True)
        assert right.options == {"reset": "before"}
        case = Case("here", sizes(right.signature))
        other = settled(subject, session, True)
        object.__setattr__(other, "options", {"reset": "after"})
        inputs = other.inputs(case)
        found = Hand(other.pair(case), inputs).forward(inputs)["h"]
        every = list(by_others(other, inputs))
        # the other way to reset, and all orders and negations of both
        assert len(every) > 1
        assert sum(np.allclose(outputs["h"], found) for outputs in every) == 1
        assert not any(np.allclose(outputs["h"], found) for outputs in by_others(right, right.inputs(case)))
