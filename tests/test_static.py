"""What is read off a layer without running it: each check on a planted fault, and nothing on correct code."""

import ast
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compare.checking.reading import read_text
from compare.checking.source import Definition, Document, Place, Problem, Unit
from compare.checking.static import inspect
from compare.checking.static.building import read
from compare.checking.static.checks import CHECKS, Check
from compare.checking.static.file import File
from compare.checking.static.nearest import distance, nearest

ROOT = Path(__file__).parent.parent
DOCUMENTS = ROOT.parent / "shared" / "documents"


def document(
    *cells: str, notebook: bool = False, broken: tuple[str, ...] = (), blank: tuple[str, ...] = ()
) -> Document:
    """A document of texts that parse; methods that are named as broken are taken out of their classes."""
    units, definitions = [], {}
    for i, text in enumerate(cells):
        cell = i if notebook else None
        units.append(Unit(f"cell {i}", text, cell))
        for node in ast.parse(text).body:
            if not isinstance(node, ast.ClassDef | ast.FunctionDef):
                continue
            names = {part.name for part in ast.walk(node) if isinstance(part, ast.FunctionDef)}
            if isinstance(node, ast.ClassDef):
                node.body = [part for part in node.body if getattr(part, "name", "") not in broken] or [ast.Pass()]
            definitions[node.name] = Definition(
                node.name,
                "class" if isinstance(node, ast.ClassDef) else "function",
                Place(cell, node.lineno, node.col_offset),
                node,
                tuple(name for name in broken if name in names),
                tuple(name for name in blank if name in names),
            )
    return Document("layers.py", tuple(units), definitions)


def problems(read_in: Document) -> list[Problem]:
    """The problems, by checks that are called without the net that `inspect` spans."""
    file = read(read_in)
    found = [problem for check in CHECKS for problem in check(file)]
    assert {(each.place, each.check) for each in found} == {(each.place, each.check) for each in inspect(read_in)}
    return found


def said_of(read_in: Document, check: str) -> list[str]:
    return [problem.message for problem in problems(read_in) if problem.check == check]


class Planted(NamedTuple):
    """A source with § before what is at fault, what is said of it, and which other checks speak up as well."""

    check: str
    said: str
    marked: str
    severity: str = "error"
    also: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        return self.marked.replace("§", "")

    @property
    def place(self) -> Place:
        before = self.marked[: self.marked.index("§")].split("\n")
        return Place(None, len(before), len(before[-1]))


RNN = """
import numpy as np
class RNN:
    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.cache = None
    def forward(self, x, h_prev):
        Wx, Wh, b = self.params
        h_next = np.tanh(np.dot(h_prev, Wh) + np.dot(x, Wx) + b)
        self.cache = (x, h_prev, h_next)
        return h_next
    def backward(self, dh_next):
        Wx, Wh, b = self.params
        x, h_prev, h_next = self.cache
        da = dh_next * (1 - h_next ** 2)
        self.grads[0][...] = np.dot(x.T, da)
        self.grads[1][...] = np.dot(h_prev.T, da)
        self.grads[2][...] = da.sum(axis=0)
        return np.dot(da, Wx.T), np.dot(da, Wh.T)
"""

# the same with a letter out of place where a name is set
RNN_STATE = RNN.replace("Wx, Wh, b = self.params\n        h_next", "Wx, hW, b = self.params\n        h_next")

TIME_RNN = (
    RNN
    + """
class TimeRNN:
    def __init__(self, Wx, Wh, b, stateful=False):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.layers = None
        self.h, self.dh = None, None
        self.stateful = stateful
    def forward(self, xs):
        Wx, Wh, b = self.params
        N, T, D = xs.shape
        D, H = Wx.shape
        hs = np.empty((N, T, H), dtype=xs.dtype)
        if not self.stateful or self.h is None:
            self.h = np.zeros((N, H), dtype=xs.dtype)
        self.layers = []
        for t in range(T):
            layer = RNN(*self.params)
            self.h = layer.forward(xs[:, t, :], self.h)
            hs[:, t, :] = self.h
            self.layers.append(layer)
        return hs
    def backward(self, dhs):
        Wx, Wh, b = self.params
        N, T, H = dhs.shape
        D, H = Wx.shape
        dxs = np.empty((N, T, D), dtype=dhs.dtype)
        dh = 0
        grads = [0, 0, 0]
        for t in reversed(range(T)):
            layer = self.layers[t]
            dx, dh = layer.backward(dhs[:, t, :] + dh)
            dxs[:, t, :] = dx
            for i, grad in enumerate(layer.grads):
                grads[i] += grad
        for i, grad in enumerate(grads):
            self.grads[i][...] = grad
        self.dh = dh
        return dxs
    def set_state(self, h):
        self.h = h.copy()
    def reset_state(self):
        self.h = None
"""
)

AFFINE = """
import numpy as np
class Affine:
    def __init__(self, W, b):
        self.params = [W, b]
        self.grads = [np.zeros_like(W), np.zeros_like(b)]
        self.x = None
    def forward(self, x):
        W, b = self.params
        self.x = x
        return np.dot(x, W) + b
    def backward(self, dout):
        W, b = self.params
        self.grads[0][...] = np.dot(self.x.T, dout)
        self.grads[1][...] = dout.sum(axis=0)
        return np.dot(dout, W.T)
"""

EMBEDDING = """
import numpy as np
class Embedding:
    def __init__(self, W):
        self.params = [W]
        self.grads = [np.zeros_like(W)]
        self.idx = None
    def forward(self, idx):
        W, = self.params
        self.idx = idx
        return W[idx]
    def backward(self, dout):
        dW, = self.grads
        dW[...] = 0
        np.add.at(dW, self.idx, dout)
        return None
"""

TIME_EMBEDDING = """
class TimeEmbedding:
    def __init__(self, W):
        self.params = [W]
        self.grads = [np.zeros_like(W)]
        self.layers = None
    def forward(self, xs):
        W, = self.params
        N, T = xs.shape
        out = np.empty((N, T, W.shape[1]), dtype=W.dtype)
        self.layers = []
        for t in range(T):
            layer = Embedding(W)
            out[:, t, :] = layer.forward(xs[:, t])
            self.layers.append(layer)
        return out
    def backward(self, dout):
        N, T, D = dout.shape
        grad = 0
        for t in range(T):
            self.layers[t].backward(dout[:, t, :])
            grad += self.layers[t].grads[0]
        self.grads[0][...] = grad
        return None
"""

DROPOUT = """
import numpy as np
class Dropout:
    def __init__(self, ratio=0.5):
        self.params, self.grads = [], []
        self.ratio = ratio
        self.mask = None
    def forward(self, x, train_flg=True):
        if train_flg:
            self.mask = np.random.rand(*x.shape) > self.ratio
            return x * self.mask
        else:
            return x * (1.0 - self.ratio)
    def backward(self, dout):
        return dout * self.mask
"""

LSTM = """
import numpy as np
from functions import sigmoid
class LSTM:
    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.cache = None
    def forward(self, x, h_prev, c_prev):
        Wx, Wh, b = self.params
        N, H = h_prev.shape
        A = np.dot(x, Wx) + np.dot(h_prev, Wh) + b
        f, g = sigmoid(A[:, :H]), np.tanh(A[:, H:2 * H])
        i, o = sigmoid(A[:, 2 * H:3 * H]), sigmoid(A[:, 3 * H:])
        c_next = f * c_prev + g * i
        h_next = o * np.tanh(c_next)
        self.cache = (x, h_prev, c_prev, i, f, g, o, c_next)
        return h_next, c_next
    def backward(self, dh_next, dc_next):
        Wx, Wh, b = self.params
        x, h_prev, c_prev, i, f, g, o, c_next = self.cache
        tanh_c = np.tanh(c_next)
        ds = dc_next + dh_next * o * (1 - tanh_c ** 2)
        di, df, do, dg = ds * g, ds * c_prev, dh_next * tanh_c, ds * i
        di *= i * (1 - i)
        df *= f * (1 - f)
        do *= o * (1 - o)
        dg *= 1 - g ** 2
        dA = np.hstack((df, dg, di, do))
        for grad, new in zip(self.grads, (np.dot(x.T, dA), np.dot(h_prev.T, dA), dA.sum(axis=0))):
            grad[...] = new
        return np.dot(dA, Wx.T), np.dot(dA, Wh.T), ds * f
"""

LOSS = """
import numpy as np
class SoftmaxWithLoss:
    def __init__(self):
        self.params, self.grads = [], []
        self.y, self.t = None, None
    def forward(self, x, t):
        if t.ndim == 2:
            t = t.argmax(axis=1)
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.t = t
        self.y = e / e.sum(axis=1, keepdims=True)
        return -np.sum(np.log(self.y[np.arange(len(t)), t] + 1e-7)) / len(t)
    def backward(self, dout=1):
        dx = self.y.copy()
        dx[np.arange(len(self.t)), self.t] -= 1
        return dx * dout / len(self.t)
"""

KEYS = """
import numpy as np
class Cell:
    def __init__(self, W):
        self.params, self.grads, self.kept = [W], [np.zeros_like(W)], None
    def forward(self, h_prev):
        self.kept = {"h_prev": h_prev, "out": h_prev @ self.params[0]}
        return self.kept["out"]
    def backward(self, dout):
        kept = self.kept
        self.grads[0][...] = kept['h_prev'].T @ dout
        return dout @ self.params[0].T
"""

KEYS_COURSE = """
def affine_forward(x, W, b):
    cache = dict(x=x, W=W)
    return x @ W + b, cache
def affine_backward(dout, cache):
    return dout @ cache['W'].T, cache['x'].T @ dout, dout.sum(axis=0)
"""

COURSE = """
import numpy as np
def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)
    cache = (x, prev_h, Wx, Wh, next_h)
    return next_h, cache
def rnn_step_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, next_h = cache
    da = dnext_h * (1 - next_h ** 2)
    return da @ Wx.T, da @ Wh.T, x.T @ da, prev_h.T @ da, da.sum(axis=0)
def rnn_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    h = np.zeros((N, T, Wh.shape[0]))
    caches, prev = [], h0
    for t in range(T):
        prev, cache = rnn_step_forward(x[:, t], prev, Wx, Wh, b)
        h[:, t] = prev
        caches.append(cache)
    return h, caches
def rnn_backward(dh, caches):
    N, T, H = dh.shape
    D = caches[0][0].shape[1]
    dx = np.zeros((N, T, D))
    dWx, dWh, db = np.zeros((D, H)), np.zeros((H, H)), np.zeros(H)
    dprev = np.zeros((N, H))
    for t in range(T - 1, -1, -1):
        dx[:, t], dprev, dWx_t, dWh_t, db_t = rnn_step_backward(dh[:, t] + dprev, caches[t])
        dWx += dWx_t
        dWh += dWh_t
        db += db_t
    return dx, dprev, dWx, dWh, db
"""


def slip(
    check: str, said: str, source: str, *pairs: tuple[str, str], severity: str = "error", also: str = ""
) -> Planted:
    """A correct source with some lines replaced, each of which it has once."""
    for right, wrong in pairs:
        assert source.count(right) == 1, right
        source = source.replace(right, wrong)
    return Planted(check, said, source, severity, tuple(also.split(", ")) if also else ())


def warn(check: str, said: str, source: str, *pairs: tuple[str, str], also: str = "") -> Planted:
    return slip(check, said, source, *pairs, severity="warning", also=also)


def note(check: str, said: str, source: str, *pairs: tuple[str, str]) -> Planted:
    return slip(check, said, source, *pairs, severity="note")


PLANTED = (
    # names
    slip("undefined name", "`xs` was probably meant", TIME_RNN, ("N, T, D = xs.shape", "N, T, D = §rs.shape")),
    slip(
        "undefined name",
        "counts in `i`, its body reads `t`. (Also in lines ",
        TIME_RNN,
        ("for t in reversed(range(T)):", "for i in reversed(range(T)):"),
        ("layer = self.layers[t]", "layer = self.layers[§t]"),
        also="loop variable taken twice",
    ),
    slip("undefined name", "`hW` is, and nobody", RNN_STATE, ("h_prev, Wh)", "h_prev, §Wh)")),
    slip("undefined name", "`self.x` was probably meant", AFFINE, ("np.dot(self.x.T, dout)", "np.dot(§x.T, dout)")),
    slip("undefined name", "`dW` is never computed", AFFINE, ("np.dot(self.x.T, dout)", "§dW")),
    slip("undefined name", "`range` was probably meant", COURSE, ("for t in range(T):", "for t in §rang(T):")),
    slip(
        "undefined name",
        "a dot: `np.tanh`",
        COURSE,
        ("= np.tanh(x @", "= np, §tanh(x @"),
    ),
    slip(
        "undefined name",
        "no parameter of that name",
        AFFINE,
        ("def backward(self, dout):\n        W, b = ", "def backward(slf, dout):\n        W, b = §"),
    ),
    slip(
        "undefined name",
        "`T` belongs to `forward`, but this line stands outside of it",
        EMBEDDING,
        ("        return W[idx]\n", "        T = len(idx)\n    for t in range(§T):\n        pass\n    return 0\n"),
        also="outside of the method",
    ),
    slip(
        "undefined name",
        "`xs` was probably",
        TIME_RNN,
        ("import numpy as np", "from somewhere import *"),
        ("D = xs.s", "D = §rs.s"),
    ),
    warn(
        "missing import",
        "`import numpy as np` is missing",
        AFFINE,
        ("import numpy as np\n", ""),
        ("[np.zeros_like(W)", "[§np.zeros_like(W)"),
    ),
    warn(
        "missing import",
        "`import numpy as np` is missing",
        AFFINE,
        ("import numpy as np\n", "try:\n    import cupy as cp\nexcept ImportError:\n    import numpy as np\n"),
        ("[np.zeros_like(W)", "[§np.zeros_like(W)"),
    ),
    warn(
        "missing import",
        "`Embedding` is neither",
        EMBEDDING + TIME_EMBEDDING,
        ("class Embedding", "class Ids"),
        ("layer = Emb", "layer = §Emb"),
    ),
    note("gone from Python 3", "`xrange` is gone", COURSE, ("for t in range(T):", "for t in §xrange(T):")),
    slip("used before assignment", "first time round", TIME_RNN, ("        dh = 0\n", ""), (":] + dh)", ":] + §dh)")),
    slip(
        "used before assignment",
        "`da` is read here, but gets its value only in line 17",
        RNN,
        ("da = dh_next *", "db = §da.sum(axis=0)\n        da = dh_next *"),
        also="gradient never used",
    ),
    slip(
        "used before assignment",
        "never gets a value to begin with",
        COURSE,
        ("np.zeros((D, H)), np.zeros((H, H)), np.zeros(H)", "np.zeros((D, H)), np.zeros((H, H)), 0"),
        ("dWx, dWh, db = np", "dWx, dWh, zero = np"),
        ("db += db_t", "§db += db_t"),
    ),
    # attributes and methods
    slip(
        "unknown attribute",
        "`__init__` sets `self.grads`",
        AFFINE,
        ("self.grads[1]", "§self.grad[1]"),
        also="gradient never written",
    ),
    slip(
        "unknown attribute", "`self.layers` was probably meant", TIME_RNN, ("self.layers.append", "§self.layer.append")
    ),
    slip(
        "unknown attribute",
        "`.grads` was probably meant",
        TIME_RNN,
        ("enumerate(layer.grads)", "enumerate(§layer.grad)"),
    ),
    slip("unknown method", "has no method `ids`", EMBEDDING, ("np.add.at(dW, self.idx", "np.add.at(dW, §self.ids()")),
    slip(
        "always None",
        "only ever set to None, in `__init__`",
        RNN,
        ("        self.cache = (x, h_prev, h_next)\n", ""),
        ("h_next = self.cache", "h_next = §self.cache"),
    ),
    slip("misspelt method", "`forward` was probably meant", AFFINE, ("    def forward", "    §def foward")),
    slip("misspelt method", "`__init__` was probably meant", AFFINE, ("    def __init__", "    §def __int__")),
    slip("misspelt method", "`set_state` was probably meant", TIME_RNN, ("    def set_state", "    §def set_sate")),
    slip(
        "misspelt function",
        "`rnn_step_backward` was probably meant",
        COURSE.split("def rnn_forward")[0],
        ("def rnn_step_backward", "§def rnn_step_backword"),
    ),
    slip(
        "no self",
        "not even `self`",
        TIME_RNN,
        ("    def reset_state(self):\n        self.h = None", "    §def reset_state():\n        pass"),
    ),
    # NumPy
    slip("unknown NumPy name", "`np.dot` was probably meant", AFFINE, ("return np.dot(dout", "return §np.doat(dout")),
    slip("unknown NumPy name", "`np.random.rand` was", DROPOUT, ("np.random.rand(", "§np.random.rnad(")),
    slip("unknown NumPy name", "`np.add.at` was", EMBEDDING, ("np.add.at(", "§np.add.aat(")),
    slip(
        "unknown NumPy name",
        "`np.arange` was",
        LOSS,
        ("import numpy as np", "§from numpy import arrange\nimport numpy as np"),
    ),
    slip(
        "unknown NumPy name",
        "`np.dot` was",
        AFFINE,
        ("import numpy as np", "import numpy as anp\nnp = anp"),
        ("return np.dot(x, W)", "return §anp.doat(x, W)"),
    ),
    note(
        "gone from NumPy 2",
        "`np.float_` is gone",
        COURSE,
        ("h = np.zeros((N, T, Wh.shape[0]))", "h = np.zeros((N, T, Wh.shape[0]), §np.float_)"),
    ),
    slip(
        "unknown keyword",
        "`dtype=` was",
        TIME_RNN,
        ("H), dtype=xs.dtype)\n        if", "H), §stype=xs.dtype)\n        if"),
    ),
    slip("unknown keyword", "`axis=` was", LOSS, ("x.max(axis=1, ", "x.max(§axs=1, ")),
    slip("unknown array attribute", "`t.ndim` was", LOSS, ("if t.ndim", "if §t.dim")),
    slip("unknown array attribute", "`xs.shape` was", TIME_RNN, ("N, T, D = xs.shape", "N, T, D = §xs.shpe")),
    slip("no method", "`x.shape[0]` was", COURSE, ("N, T, D = x.shape", "N, T, D = x.shape\n    M = §x.shape(0)")),
    slip("attribute of a number", "`T` is an integer here", TIME_RNN, ("dh = 0", "dh = §T.shape[0]")),
    slip(
        "brackets", "`np.hstack([da, da, da])`", RNN, ("[2][...] = da.sum(axis=0)", "[2][...] = §np.hstack(da, da, da)")
    ),
    slip("brackets", "`np.zeros((N, H))`", TIME_RNN, ("np.zeros((N, H), dtype=xs.dtype)", "§np.zeros(N, H)")),
    slip(
        "brackets",
        "without brackets: `np.random.rand(3, 4)`",
        DROPOUT,
        ("np.random.rand(*x.shape)", "§np.random.rand((3, 4))"),
    ),
    # calls
    slip(
        "call of no function", "`self.layers[t]` was", TIME_RNN, ("layer = self.layers[t]", "layer = §self.layers(t)")
    ),
    slip("call of no function", "`xs[t]` was", TIME_RNN, ("forward(xs[:, t, :]", "forward(§xs(t)")),
    slip("index of a function", "`np.zeros(N, H)`", COURSE, ("dprev = np.zeros((N, H))", "dprev = §np.zeros[N, H]")),
    slip("index of a function", "`range(T)`", TIME_RNN, ("for t in range(T)", "for t in §range[T]")),
    slip("index of a number", "`T` is an integer", TIME_RNN, ("dh = 0", "dh = §T[0]")),
    slip("loop over a number", "`range(T)` was", TIME_RNN, ("for t in range(T)", "for t in §T")),
    slip("loop over a number", "`reversed(range(T))` was", TIME_RNN, ("reversed(range(T))", "§reversed(T)")),
    slip("range", "One axis is `xs.shape[0]`", TIME_RNN, ("for t in range(T)", "for t in range(§xs.shape)")),
    slip(
        "enumerate", "a dot: `enumerate(layer.grads)`", TIME_RNN, ("enumerate(layer.grads)", "§enumerate(layer, grads)")
    ),
    slip(
        "wrong arguments",
        "called without `b`; `RNN` takes (Wx, Wh, b)",
        TIME_RNN,
        ("RNN(*self.params)", "§RNN(Wx, Wh)"),
    ),
    slip(
        "wrong arguments",
        "called without `h_prev`",
        TIME_RNN,
        ("layer.forward(xs[:, t, :], self.h)", "§layer.forward(xs[:, t, :])"),
    ),
    slip(
        "wrong arguments",
        "5 arguments here",
        COURSE,
        ("rnn_step_backward(dh[:, t] + dprev, caches[t])", "§rnn_step_backward(dh[:, t], dprev, 1, 2, 3)"),
    ),
    slip(
        "wrong number of values",
        "returns 5 values, 4 are taken",
        COURSE,
        ("dx[:, t], dprev, dWx_t, dWh_t, db_t = rnn", "§dx[:, t], dprev, dWx_t, dWh_t = rnn"),
        ("db += db_t", "db += dh[:, t].sum(axis=0)"),
    ),
    # returns
    slip(
        "returns nothing",
        "the layer below gets no gradient",
        AFFINE,
        (
            "self.grads[1][...] = dout.sum(axis=0)\n        return np.dot(dout, W.T)",
            "§self.grads[1][...] = dout.sum(axis=0)",
        ),
    ),
    slip(
        "returns nothing",
        "`Affine.forward` returns nothing",
        AFFINE,
        ("return np.dot(x, W) + b", "§out = np.dot(x, W) + b"),
    ),
    slip(
        "returns nothing",
        "`return dx` was probably meant",
        AFFINE,
        ("return np.dot(dout, W.T)", "dx = np.dot(dout, W.T)\n        §dx"),
        also="no effect",
    ),
    warn(
        "returns nothing",
        "computes `dx` and returns nothing",
        EMBEDDING,
        ("return None", "§dx = np.dot(dout, dW.T)"),
        also="gradient never used",
    ),
    slip("return in a loop", "ends in its first round", TIME_RNN, ("        return hs", "            §return hs")),
    slip(
        "outside of the method",
        "outside of `backward`",
        AFFINE,
        ("        return np.dot(dout, W.T)", "    §return 0"),
        also="returns nothing",
    ),
    # loops and steps
    warn(
        "loop variable taken twice",
        "The loop takes `t`",
        TIME_RNN,
        (
            "for i, grad in enumerate(layer.grads):\n                grads[i]",
            "for §t, grad in enumerate(layer.grads):\n                grads[t]",
        ),
    ),
    slip(
        "index is the length",
        "`T` is the length of this axis of `xs`",
        TIME_RNN,
        ("forward(xs[:, t, :]", "forward(xs[:, §T, :]"),
    ),
    slip("index is the length", "`self.layers[t]` was", TIME_RNN, ("self.layers[t]", "self.layers[§T]")),
    warn("constant index", "`grads[i]` was", TIME_RNN, ("grads[i] += grad", "§grads[1] += grad")),
    slip(
        "list added to itself",
        "adds `grads` to itself",
        TIME_RNN,
        ("enumerate(layer.grads):\n                grads", "enumerate(grads):\n                §grads"),
    ),
    slip(
        "state gradient lost",
        "`dh`, which the step sends back",
        TIME_RNN,
        ("dx, dh = layer.backward(dhs[:, t, :] + dh)", "dx, §dh = layer.backward(dhs[:, t, :])"),
    ),
    slip(
        "gradients not added up",
        "`dWx` is overwritten at every step",
        COURSE,
        ("dprev, dWx_t,", "dprev, §dWx,"),
        ("        dWx += dWx_t\n", ""),
    ),
    slip("gradients not added up", "`+=` was probably meant", TIME_RNN, ("grads[i] += grad", "§grads[i] = grad")),
    slip("wrong steps", "is empty: it counts up", COURSE, ("range(T - 1, -1, -1)", "§range(T - 1, -1)")),
    slip("wrong steps", "ends at `T - 1`", COURSE, ("range(T - 1, -1, -1)", "§range(T, 0, -1)")),
    slip(
        "wrong list",
        "`self.layers[t]` was probably meant",
        TIME_RNN,
        ("layer = self.layers[t]", "layer = §self.params[t]"),
    ),
    # lists of gradients
    slip("lists of gradients", "`b` is the parameter itself", AFFINE, ("np.zeros_like(b)]", "§b]")),
    slip(
        "lists of gradients",
        "has the shape of `Wx`, and belongs to `Wh`",
        RNN,
        ("np.zeros_like(Wh)", "§np.zeros_like(Wx)"),
    ),
    slip(
        "lists of gradients",
        "3 parameters, but 2 gradients",
        RNN,
        ("[np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]", "[§np.zeros_like(Wx), np.zeros_like(Wh)]"),
        also="gradient that there is not",
    ),
    slip(
        "gradient never written",
        "`self.grads[1]`, the gradient of `b`, is never written",
        AFFINE,
        ("        self.grads[1][...] = dout.sum(axis=0)\n", ""),
        ("self.grads[0][...]", "§self.grads[0][...]"),
    ),
    slip(
        "gradient never written",
        "written twice, `self.grads[1]`, the gradient of `Wh`, never",
        RNN,
        ("self.grads[1]", "§self.grads[0]"),
    ),
    slip("gradient that there is not", "there are 2 gradients", AFFINE, ("self.grads[1]", "§self.grads[2]")),
    warn(
        "wrong slot",
        "`dWh` goes into `self.grads[0]`",
        RNN,
        ("self.grads[0][...] = np.dot(x.T, da)", "dWh = np.dot(x.T, da)\n        §self.grads[0][...] = dWh"),
        also="wrong factor",
    ),
    warn(
        "gradients replaced", "puts another array into the list", AFFINE, ("self.grads[0][...] =", "§self.grads[0] =")
    ),
    warn(
        "gradients replaced",
        "becomes another list",
        AFFINE,
        (
            "self.grads[0][...] = np.dot(self.x.T, dout)\n        self.grads[1][...] = dout.sum(axis=0)",
            "§self.grads = [np.dot(self.x.T, dout), dout.sum(axis=0)]",
        ),
    ),
    # caches
    slip(
        "wrong number of values",
        "`forward` puts 3 values in, 2 are taken out",
        RNN,
        ("x, h_prev, h_next = self.cache", "§x, h_prev = self.cache"),
        ("h_next ** 2", "h_prev ** 2"),
    ),
    slip(
        "wrong number of values",
        "`None`, which is no list or tuple",
        TIME_RNN,
        ("self.h, self.dh = None, None", "§self.h, self.dh = None"),
    ),
    slip(
        "wrong number of values",
        "has 2 values, 3 are taken",
        TIME_RNN,
        ("Wx, Wh, b = self.params\n        N, T, D", "§Wx, Wh, b = 1, 2\n        N, T, D"),
    ),
    slip(
        "unpacked in another order",
        "the order differs",
        RNN,
        ("x, h_prev, h_next = self.cache", "§x, h_next, h_prev = self.cache"),
    ),
    slip(
        "unpacked in another order",
        "`rnn_step_forward` packs",
        COURSE,
        ("x, prev_h, Wx, Wh, next_h = cache", "§x, prev_h, Wh, Wx, next_h = cache"),
    ),
    warn("cache used up", "takes an entry out of `caches`", COURSE, ("dprev, caches[t])", "dprev, §caches.pop())")),
    warn(
        "cache used up",
        "removes `self.x`",
        AFFINE,
        ("return np.dot(dout, W.T)", "§del self.x\n        return np.dot(dout, W.T)"),
    ),
    warn(
        "cache used up",
        "empties `self.x`",
        AFFINE,
        ("return np.dot(dout, W.T)", "§self.x = None\n        return np.dot(dout, W.T)"),
    ),
    warn("caller's array kept", "`h.copy()` keeps it", TIME_RNN, ("self.h = h.copy()", "§self.h = h")),
    warn(
        "caller's array changed",
        "changes the caller's `dout`",
        AFFINE,
        ("        return np.dot(dout", "        §dout *= 2\n        return np.dot(dout"),
    ),
    warn(
        "caller's array changed", "changes the caller's `dhs`", TIME_RNN, ("dh = 0", "dh = 0\n        §dhs[:, -1] += 1")
    ),
    warn(
        "caller's array changed",
        "changes the caller's `dout`",
        AFFINE,
        ("        return np.dot(dout", "        d = dout.reshape(-1)\n        §d[0] = 0\n        return np.dot(dout"),
    ),
    warn(
        "caller's array changed",
        "changes the caller's `dh`",
        COURSE,
        ("dx[:, t], dprev, dWx_t", "d = dh[:, t]\n        §d += dprev\n        dx[:, t], dprev, dWx_t"),
    ),
    warn(
        "caller's array changed",
        "changes the caller's `x`",
        LOSS,
        ("e = np.exp(x - x.max(axis=1, keepdims=True))", "§x -= x.max(axis=1, keepdims=True)\n        e = np.exp(x)"),
    ),
    warn(
        "cache changed",
        "changes `self.y`, which the forward pass keeps",
        LOSS,
        ("dx = self.y.copy()", "dx = self.y"),
        ("dx[np.ara", "§dx[np.ara"),
    ),
    warn(
        "cache changed",
        "changes `h_next`",
        RNN,
        ("da = dh_next * (1 - h_next ** 2)", "§h_next *= h_next\n        da = dh_next * (1 - h_next)"),
    ),
    # brackets, commas, memory
    slip("missing comma", "`dW, = self.grads` unpacks it", EMBEDDING, ("dW, = self.grads", "§dW = self.grads")),
    slip("slice", "`3 * H:4 * H` was probably meant", LSTM, ("A[:, 3 * H:]", "A[:, §3 * H, 4 * H]")),
    slip("slice", "`3 * H:` was probably meant", LSTM, ("A[:, 3 * H:]", "A[:, §3 * H]")),
    warn(
        "same shape",
        "gives `x` the shape that it has",
        COURSE,
        ("h = np.zeros((N, T", "x = §x.reshape(*x.shape)\n    h = np.zeros((N, T"),
    ),
    slip(
        "never written",
        "nothing is ever written into it",
        TIME_RNN,
        ("            hs[:, t, :] = self.h\n", ""),
        ("return hs", "return §hs"),
    ),
    slip(
        "unwritten memory",
        "`np.zeros` begins with 0",
        COURSE,
        ("dprev = np.zeros((N, H))", "dprev = np.zeros((N, H))\n    dWy = np.empty((H, H))"),
        ("return dx, dprev,", "§dWy += 1\n    return dx, dprev,"),
    ),
    slip(
        "one array, two names",
        "are one array",
        COURSE,
        (
            "dWx, dWh, db = np.zeros((D, H)), np.zeros((H, H)), np.zeros(H)",
            "db = np.zeros(H)\n    §dWx = dWh = np.zeros((D, H))",
        ),
    ),
    warn(
        "one array, many times",
        "a list of one array",
        TIME_RNN,
        ("grads = [0, 0, 0]", "grads = §[np.zeros_like(Wx)] * 3"),
    ),
    # precision
    warn(
        "float32",
        "rounds what `hs` holds",
        TIME_RNN,
        ("hs = np.empty((N, T, H), dtype=xs.dtype)", "hs = §np.empty((N, T, H), dtype='f')"),
    ),
    warn(
        "float32",
        "rounds to float32",
        AFFINE,
        ("return np.dot(x, W) + b", "return §(np.dot(x, W) + b).astype(np.float32)"),
    ),
    warn("float32", "rounds to float32", AFFINE, ("return np.dot(x, W) + b", "return §np.float32(np.dot(x, W) + b)")),
    # effects
    warn(
        "no effect",
        "`=` was probably meant",
        AFFINE,
        ("        self.x = x\n", "        self.x = x\n        §self.x == x\n"),
    ),
    warn(
        "no effect",
        "has no effect",
        AFFINE,
        ("return np.dot(dout, W.T)", "§self.grads[0][...]\n        return np.dot(dout, W.T)"),
    ),
    warn(
        "no effect",
        "the answer is thrown away",
        AFFINE,
        ("return np.dot(dout, W.T)", "§dout.reshape(-1)\n        return np.dot(dout, W.T)"),
    ),
    warn(
        "no effect",
        "the answer is thrown away",
        AFFINE,
        ("return np.dot(dout, W.T)", "§np.dot(dout, W.T)\n        return np.dot(dout, W.T)"),
    ),
    warn(
        "gradient never used",
        "`dh_prev` is computed and never used",
        RNN,
        ("return np.dot(da, Wx.T), np", "§dh_prev = np.dot(da, Wh.T)\n        return np.dot(da, Wx.T), np"),
    ),
    slip(
        "unwritten memory",
        "this reads whatever was in it",
        TIME_RNN,
        ("dh = 0", "dh = np.empty((N, H))"),
        (":] + dh)", ":] + §dh)"),
    ),
    warn(
        "never written",
        "is all zeros",
        TIME_RNN,
        ("            hs[:, t, :] = self.h\n", ""),
        ("hs = np.empty(", "§hs = np.zeros("),
    ),
    slip(
        "comma at the end",
        "a tuple of one array",
        RNN,
        (
            "h_next = np.tanh(np.dot(h_prev, Wh) + np.dot(x, Wx) + b)\n",
            "§h_next = np.tanh(np.dot(h_prev, Wh) + np.dot(x, Wx) + b),\n",
        ),
    ),
    slip(
        "shape for a length",
        "`H` is a whole shape",
        LSTM,
        ("N, H = h_prev.shape", "H = h_prev.shape"),
        ("A[:, :H]", "A[:, :§H]"),
    ),
    slip(
        "wrong number of values",
        "takes all of them for one array",
        TIME_RNN,
        ("dx, dh = layer.backward(dhs[:, t, :] + dh)", "§dx = layer.backward(dhs[:, t, :] + dh)"),
    ),
    slip(
        "wrong number of values",
        "takes all of them for one array",
        COURSE,
        (
            "prev, cache = rnn_step_forward(x[:, t], prev, Wx, Wh, b)\n        h[:, t] = prev\n",
            "cache = §h[:, t] = rnn_step_forward(x[:, t], prev, Wx, Wh, b)\n",
        ),
    ),
    slip("unknown key", "'h_prev' was probably meant", KEYS, ("kept['h_prev']", "§kept['hprev']")),
    slip("unknown key", "'W', 'x' are kept", KEYS_COURSE, ("cache['x'].T", "§cache['input'].T")),
    # sums and states over the steps
    slip(
        "set to 0 again",
        "`dWx` is 0 again in every round",
        COURSE,
        ("        dWx += dWx_t\n", "        §dWx = np.zeros((D, H))\n        dWx += dWx_t\n"),
    ),
    slip("gradients not added up", "`db` is overwritten at every step", COURSE, ("db += db_t", "§db = db_t")),
    slip("gradients not added up", "stands behind the loop", COURSE, ("        db += db_t", "    §db += db_t")),
    slip(
        "state gradient lost",
        "`dprev` is 0 at every step",
        COURSE,
        ("dx[:, t], dprev, dWx_t", "dx[:, t], _, dWx_t"),
        ("dh[:, t] + dprev,", "dh[:, t] + §dprev,"),
    ),
    slip(
        "wrong direction",
        "`for t in reversed(range(T))` was",
        TIME_RNN,
        ("for t in reversed(range(T))", "for t in §range(T)"),
    ),
    warn("the same step", "`xs[:, 0, :]` is the same step", TIME_RNN, ("forward(xs[:, t, :]", "forward(§xs[:, 0, :]")),
    warn("the same step", "`self.layers[-1]` is the same step", TIME_RNN, ("self.layers[t]", "§self.layers[-1]")),
    slip(
        "axis of the loop",
        "`x.shape[1]` was probably meant",
        COURSE,
        ("for t in range(T):", "for t in §range(x.shape[0]):"),
    ),
    warn("step left out", "leaves out the first step", TIME_RNN, ("reversed(range(T))", "§reversed(range(1, T))")),
    slip(
        "not transposed",
        "`Wh` stands here as in the forward pass",
        RNN,
        (
            "return np.dot(da, Wx.T), np.dot(da, Wh.T)",
            "§dh_prev = np.dot(da, Wh)\n        return np.dot(da, Wx.T), dh_prev",
        ),
    ),
    warn(
        "bias left out",
        "`b` is never added",
        COURSE,
        ("rnn_step_forward(x, prev_h, Wx, Wh, b):", "rnn_step_forward(x, prev_h, Wx, Wh, §b):"),
        ("x @ Wx + prev_h @ Wh + b", "x @ Wx + prev_h @ Wh"),
    ),
    slip(
        "sigmoid without minus",
        "`exp(-x)` was probably meant",
        "import numpy as np\ndef sigmoid(x):\n    return 1 / (1 + np.exp(-x))\n",
        ("1 / (1 + np.exp(-x))", "§1 / (1 + np.exp(x))"),
    ),
    # conclusions from names
    warn(
        "same product",
        "as `dz` is in line",
        RNN,
        (
            "self.grads[1][...] = np.dot(h_prev.T, da)",
            "dz = np.dot(h_prev.T, da)\n        §dr = np.dot(h_prev.T, da)\n        self.grads[1][...] = dz + dr",
        ),
    ),
    warn(
        "wrong factor",
        "`Wx` was probably meant",
        RNN,
        ("return np.dot(da, Wx.T), np", "§dx = np.dot(da, Wh.T)\n        return dx, np"),
    ),
    warn(
        "wrong factor",
        "`h_prev` was probably meant",
        RNN,
        ("self.grads[1][...] = np.dot(h_prev.T, da)", "§dWh = x.T @ da\n        self.grads[1][...] = dWh"),
    ),
    warn(
        "axis of another array",
        "`H` was probably meant",
        TIME_RNN,
        ("hs = np.empty((N, T, H)", "hs = np.empty((N, T, §D)"),
    ),
    warn(
        "axis of another array",
        "`D` was probably meant",
        TIME_RNN,
        ("dxs = np.empty((N, T, D)", "dxs = np.empty((N, T, §H)"),
    ),
    slip(
        "repeated ids", "adds one gradient only", EMBEDDING, ("np.add.at(dW, self.idx, dout)", "§dW[self.idx] += dout")
    ),
    slip(
        "repeated ids",
        "keeps the last gradient only",
        EMBEDDING,
        ("np.add.at(dW, self.idx, dout)", "§dW[self.idx] = dout"),
    ),
    warn(
        "axis of another array",
        "`D` gets the value of H",
        TIME_RNN,
        ("        D, H = Wx.shape\n        dxs", "        §D, H = Wh.shape\n        dxs"),
    ),
    warn(
        "bias left out",
        "`b` is taken from the parameters",
        AFFINE,
        ("W, b = self.params\n        self.x", "§W, b = self.params\n        self.x"),
        ("np.dot(x, W) + b", "np.dot(x, W)"),
    ),
    warn(
        "truth of an array",
        "`self.h is None` was probably meant",
        TIME_RNN,
        ("not self.stateful or self.h is None", "not self.stateful or not §self.h"),
    ),
    slip("wrong axis", "`axis=1`, not 0", LOSS, ("t.argmax(axis=1)", "§t.argmax(axis=0)")),
    warn(
        "sum of everything",
        "`axis=0` is probably missing",
        RNN,
        ("self.grads[2][...] = da.sum(axis=0)", "§db = np.sum(da)\n        self.grads[2][...] = db"),
    ),
    note(
        "logarithm of 0",
        "-inf",
        LOSS,
        ("e = np.exp(x", "y = softmax(x)\n        z = §np.log(y[0])\n        e = np.exp(x"),
        ("class Soft", "from functions import softmax\nclass Soft"),
    ),
    note(
        "division by 0",
        "every label is ignored",
        LOSS,
        ("return dx * dout / len(self.t)", "mask = self.t >= 0\n        return §dx * dout / mask.sum()"),
    ),
    note(
        "compared with None",
        "`self.h is None` was",
        TIME_RNN,
        ("not self.stateful or self.h is None", "not self.stateful or §self.h == None"),
    ),
    # handwritten
    slip(
        "not handwritten",
        "comes from `manual`",
        AFFINE,
        ("import numpy as np", "import numpy as np\nimport manual"),
        ("return np.dot(dout, W.T)", "return §manual.Affine(W, 0).backward(dout)"),
    ),
    warn(
        "not handwritten",
        "comes from `autograd`",
        AFFINE,
        ("import numpy as np", "import numpy as np\nfrom autograd import grad"),
        ("return np.dot(dout, W.T)", "return §grad(self.forward)(dout)"),
    ),
)

SOURCES = {
    "RNN": RNN,
    "TimeRNN": TIME_RNN,
    "Affine": AFFINE,
    "Embedding": EMBEDDING + TIME_EMBEDDING,
    "loss": LOSS,
    "Dropout": DROPOUT,
    "LSTM": LSTM,
    "course": COURSE,
    "keys": KEYS,
    "keys of the course": KEYS_COURSE,
}

# other right ways to write the same
CORRECT = {
    "einsum and hoisted products": """
import numpy as np
class TimeRNN:
    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(p) for p in self.params]
        self.cache = None
    def forward(self, xs, h0):
        Wx, Wh, b = self.params
        N, T, D = xs.shape
        ax = np.einsum("ntd,dh->nth", xs, Wx) + b
        hs = np.empty((N, T + 1, Wh.shape[0]), dtype=ax.dtype)
        hs[:, 0] = h0
        for t in range(T):
            hs[:, t + 1] = np.tanh(ax[:, t] + hs[:, t] @ Wh)
        self.cache = xs, hs
        return hs[:, 1:]
    def backward(self, dhs):
        Wx, Wh, b = self.params
        xs, hs = self.cache
        N, T, H = dhs.shape
        da = np.empty_like(dhs)
        dh = np.zeros((N, H), dtype=dhs.dtype)
        for t in range(T, 0, -1):
            da[:, t - 1] = (dhs[:, t - 1] + dh) * (1 - hs[:, t] ** 2)
            dh = da[:, t - 1] @ Wh.T
        dWx, dWh, db = self.grads
        dWx[...] = np.einsum("ntd,nth->dh", xs, da)
        np.copyto(dWh, np.einsum("ntk,nth->kh", hs[:, :-1], da))
        np.sum(da, axis=(0, 1), out=db)
        return np.einsum("nth,dh->ntd", da, Wx), dh
""",
    "class attributes and a renamed self": """
import numpy as np
class Affine:
    params: list
    eps = 1e-8
    count = 0
    def __init__(this, W, b):
        this.params = [W, b]
        this.grads = [np.zeros(W.shape), np.zeros(b.shape)]
        Affine.count += 1
    def forward(this, x):
        (W, b), this.x = this.params, x
        return x @ W + b + 0 * this.eps * this.count
    def backward(this, dout):
        W = this.params[0]
        for grad, new in zip(this.grads, (this.x.T @ dout, dout.sum(0))):
            grad[...] = new
        return dout @ W.T
""",
    "a dataclass": """
import dataclasses
from dataclasses import dataclass, field
import numpy as np
@dataclass
class Affine:
    W: np.ndarray
    b: np.ndarray
    grads: list = field(default_factory=list)
    scale: float = 1.0
    def __post_init__(self):
        self.params = [self.W, self.b]
        self.grads = [np.zeros_like(self.W), np.zeros_like(self.b)]
    def forward(self, x):
        self.x = x
        return self.scale * (np.dot(x, self.W) + self.b)
    def backward(self, dout):
        dout = self.scale * dout
        self.grads[0][...] = np.dot(self.x.T, dout)
        self.grads[1][...] = np.sum(dout, axis=0)
        return np.dot(dout, self.W.T)
@dataclasses.dataclass(frozen=True)
class Cache:
    x: np.ndarray
    h: np.ndarray
""",
    "inheritance, mixins and an abstract base": """
from abc import ABC, abstractmethod
import numpy as np
class Layer(ABC):
    params: list = []
    grads: list = []
    @abstractmethod
    def forward(self, x):
        ...
    @abstractmethod
    def backward(self, dout):
        raise NotImplementedError
    def zero(self):
        for grad in self.grads:
            grad[...] = 0
class Stateful:
    def reset_state(self):
        self.h = None
    def carried(self):
        return self.h if self.stateful else None
class Tanh(Layer):
    def forward(self, x):
        self.out = np.tanh(x)
        return self.out
    def backward(self, dout):
        return dout * (1 - self.out ** 2)
class RNN(Stateful, Layer):
    def __init__(self, Wx, stateful=False):
        super().__init__()
        self.params, self.grads = [Wx], [np.zeros_like(Wx)]
        self.h, self.stateful = None, stateful
        self.tanh = Tanh()
    def forward(self, x):
        (Wx,) = self.params
        self.x = x
        self.h = self.tanh.forward(x @ Wx)
        return self.h
    def backward(self, dh):
        da = self.tanh.backward(dh)
        self.zero()
        self.grads[0] += self.x.T @ da
        return da @ self.params[0].T
""",
    "closures, nested functions, lambdas and nonlocal": """
import numpy as np
from functools import partial, reduce
def make_rnn(Wx, Wh, b):
    cache, calls = [], 0
    def step(x, h):
        nonlocal calls
        calls += 1
        h = np.tanh(x @ Wx + h @ Wh + b)
        cache.append((x, h))
        return h
    def back(dh):
        x, h = cache[-1]
        slope = lambda y: 1 - y ** 2
        da = dh * slope(h)
        return da @ Wx.T, later(da)
    def later(da):
        return da @ Wh.T
    return step, back
def rnn_forward(x, h0, Wx, Wh, b):
    step, back = make_rnn(Wx, Wh, b)
    hs = [h0]
    for t in range(x.shape[1]):
        hs.append(step(x[:, t], hs[-1]))
    norm = reduce(lambda total, h: total + np.sum(h ** 2), hs, 0.0)
    power = partial(np.power, norm)
    return np.stack(hs[1:], axis=1), (back, power)
def rnn_backward(dh, cache):
    back, power = cache
    dxs, dprev = [], np.zeros_like(dh[:, 0])
    for t in reversed(range(dh.shape[1])):
        dx, dprev = back(dh[:, t] + dprev)
        dxs.insert(0, dx)
    return np.stack(dxs, axis=1), dprev
""",
    "comprehensions": """
import numpy as np
class TimeAffine:
    def __init__(self, W, b):
        self.params, self.grads = [W, b], [np.zeros_like(a) for a in (W, b)]
        self.names = {i: n for i, n in enumerate("Wb")}
    def forward(self, xs):
        W, b = self.params
        self.xs = xs
        T = xs.shape[1]
        return np.stack([xs[:, t] @ W + b for t in range(T)], axis=1)
    def backward(self, dout):
        W, b = self.params
        T = dout.shape[1]
        pairs = [(self.xs[:, t], dout[:, t]) for t in range(T)]
        self.grads[0][...] = sum(x.T @ d for x, d in pairs)
        self.grads[1][...] = sum(d.sum(axis=0) for _, d in pairs)
        assert all(len(n) == 1 for n in self.names.values() if n)
        flat = [d for row in [[p[1]] for p in pairs] for d in row]
        return np.stack([d @ W.T for d in flat], axis=1)
""",
    "global names and constants": """
import numpy as np
COUNT = 0
STATE = {}
def rnn_step_forward(x, prev_h, Wx, Wh, b):
    global COUNT, LAST
    COUNT += 1
    LAST = np.tanh(x @ Wx + prev_h @ Wh + b)
    STATE["h"] = LAST
    return LAST, (x, prev_h, Wx, Wh, LAST)
def rnn_step_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, next_h = cache
    da = dnext_h * (1 - next_h * next_h)
    assert COUNT > 0 and LAST is not None
    return da @ Wx.T, da @ Wh.T, x.T @ da, prev_h.T @ da, da.sum(0)
""",
    "walrus, match, while, else, try and with": """
import numpy as np
class TimeRNN:
    def __init__(self, Wx, Wh, b):
        self.params, self.grads = [Wx, Wh, b], []
        self.steps = []
    def forward(self, xs, mode="train"):
        Wx, Wh, b = self.params
        N, T, D = xs.shape
        match mode:
            case "train" | "test" as known:
                chosen = known
            case other:
                raise ValueError(other)
        h = np.zeros((N, len(Wh)))
        t = 0
        while t < T:
            self.steps.append((xs[:, t], h))
            h = np.tanh(xs[:, t] @ Wx + h @ Wh + b)
            t += 1
        if (n := len(self.steps)) > T:
            self.steps = self.steps[n - T:]
        for step in self.steps:
            if step is None:
                break
        else:
            step = None
        with np.errstate(all="ignore") as old:
            h = h * 1.0
        try:
            scale = float(chosen)
        except ValueError as error:
            scale = 1.0 if str(error) else 0.0
        finally:
            del old
        return scale * h
    def backward(self, dh):
        while self.steps and (last := self.steps[-1]):
            x, h = last
            break
        return dh @ self.params[0].T
""",
    "imports that may fail": """
try:
    import cupy as np
    GPU = True
except ImportError:
    import numpy as np
    GPU = False
try:
    from scipy.special import expit as sigmoid
except ImportError:
    def sigmoid(x):
        return 1 / (1 + np.exp(-x))
class Embedding:
    def __init__(self, W):
        self.params, self.grads = [W], [np.zeros_like(W)]
    def forward(self, idx):
        import numpy
        self.idx = numpy.asarray(idx)
        return self.params[0][self.idx]
    def backward(self, dout):
        dW, = self.grads
        dW.fill(0)
        if GPU:
            np.scatter_add(dW, self.idx, dout)
        else:
            for i, word_id in enumerate(self.idx):
                dW[word_id] += dout[i]
        return None
class Gate:
    def forward(self, x):
        self.y = sigmoid(x)
        return self.y
    def backward(self, dout):
        return dout * self.y * (1.0 - self.y)
""",
    "star imports": """
from common.np import *
from common.layers import *
from common.functions import softmax
import sys
sys.path.append("..")
class Model:
    def __init__(self, V, D, H, lr=0.1):
        W = (np.random.randn(V, D) / 100).astype("f")
        self.layers = [TimeEmbedding(W), TimeThing(V, D, H)]
        self.loss_layer = SequenceLoss(config.eps)
        self.params, self.grads = [], []
        for layer in self.layers:
            self.params += layer.params
            self.grads += layer.grads
    def predict(self, xs):
        for layer in self.layers:
            xs = layer.forward(xs)
        return softmax(xs)
    def forward(self, xs, ts):
        return self.loss_layer.forward(self.predict(xs), ts)
    def backward(self, dout=1):
        dout = self.loss_layer.backward(dout)
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        return dout
""",
    "slots, properties and getattr": """
import numpy as np
class Affine:
    __slots__ = ("params", "grads", "x", "_scale", "W", "b")
    def __init__(self, W, b):
        for name, value in {"W": W, "b": b}.items():
            setattr(self, name, value)
        self.params = [getattr(self, name) for name in ("W", "b")]
        self.grads = [np.zeros_like(getattr(self, name)) for name in ("W", "b")]
        self._scale = 1.0
    @property
    def scale(self):
        return self._scale
    @scale.setter
    def scale(self, value):
        self._scale = value
    @staticmethod
    def product(a, b):
        return a @ b
    @classmethod
    def zeros(cls, D, H):
        return cls(np.zeros((D, H)), np.zeros(H))
    def forward(self, x):
        self.x = x
        self.scale = 1.0
        return self.scale * self.product(x, self.W) + self.b
    def backward(self, dout):
        self.grads[0][...] = self.scale * self.product(self.x.T, dout)
        self.grads[1][...] = dout.sum(axis=0)
        return self.scale * self.product(dout, self.W.T)
""",
    "attributes that are asked for first": """
import numpy as np
class Lazy:
    def __init__(self):
        self.mask = None
        self.hook = None
        vars(self).update(ratio=0.5)
    def forward(self, x, train=True):
        if not hasattr(self, "rng"):
            self.rng = np.random.default_rng(0)
        if getattr(self, "scale", None):
            x = x * self.scale
        self.mask = self.rng.random(x.shape) > self.ratio if train else None
        if self.hook:
            self.hook(x)
        return x if self.mask is None else x * self.mask
    def backward(self, dout):
        if self.mask is None:
            return dout
        try:
            return dout * self.mask * self.extra
        except AttributeError:
            return dout * self.mask
""",
    "type hints, decorators and overloads": """
from __future__ import annotations
import functools
from typing import TYPE_CHECKING, Any, Optional, TypeVar
import numpy as np
import numpy.typing as npt
if TYPE_CHECKING:
    from somewhere import Tensor
Array = npt.NDArray[np.float64]
F = TypeVar("F")
def timed(function: F) -> F:
    @functools.wraps(function)
    def inner(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)
    return inner
class GRU:
    def __init__(self, Wx: Array, Wh: Array, b: Optional[Array] = None) -> None:
        self.params: list[Array] = [Wx, Wh] if b is None else [Wx, Wh, b]
        self.grads: list[Array] = [np.zeros_like(p) for p in self.params]
        self.cache: tuple[Array, ...] | None = None
    @timed
    def forward(self, x: Array, h_prev: "Tensor") -> Array:
        Wx, Wh, *rest = self.params
        b = rest[0] if rest else 0.0
        H: int = Wh.shape[0]
        a: Array = x @ Wx + b
        z = 1 / (1 + np.exp(-(a[:, :H] + h_prev @ Wh[:, :H])))
        r = 1 / (1 + np.exp(-(a[:, H:2 * H] + h_prev @ Wh[:, H:2 * H])))
        h_hat = np.tanh(a[:, 2 * H:] + (r * h_prev) @ Wh[:, 2 * H:])
        self.cache = (x, h_prev, z, r, h_hat)
        return (1 - z) * h_prev + z * h_hat
    @timed
    def backward(self, dh: Array) -> tuple[Array, Array]:
        assert self.cache is not None
        x, h_prev, z, r, h_hat = self.cache
        Wx, Wh, *rest = self.params
        H = len(Wh)
        da = np.empty((len(x), 3 * H), dtype=dh.dtype)
        da[:, 2 * H:] = dh * z * (1 - h_hat ** 2)
        da[:, :H] = dh * (h_hat - h_prev) * z * (1 - z)
        dread = da[:, 2 * H:] @ Wh[:, 2 * H:].T
        da[:, H:2 * H] = dread * h_prev * r * (1 - r)
        self.grads[0][:] = x.T @ da
        self.grads[1][:, :2 * H] = h_prev.T @ da[:, :2 * H]
        self.grads[1][:, 2 * H:] = (r * h_prev).T @ da[:, 2 * H:]
        if rest:
            self.grads[2][:] = da.sum(axis=0)
        dh_prev = dh * (1 - z) + dread * r
        dh_prev += da[:, :2 * H] @ Wh[:, :2 * H].T
        return da @ Wx.T, dh_prev
""",
    "time first, states in lists": """
import numpy as np
def lstm_forward(x, h0, Wx, Wh, b):
    T, N, D = x.shape
    H = h0.shape[1]
    hs, cs, caches = [h0], [np.zeros_like(h0)], {}
    for t in range(T):
        A = x[t] @ Wx + hs[-1] @ Wh + b
        i, f, o, g = np.split(A, 4, axis=1)
        i, f, o = (1 / (1 + np.exp(-a)) for a in (i, f, o))
        g = np.tanh(g)
        cs.append(f * cs[-1] + i * g)
        hs.append(o * np.tanh(cs[-1]))
        caches[t] = i, f, o, g
    return np.stack(hs[1:]), (x, hs, cs, caches, Wx, Wh)
def lstm_backward(dhs, cache):
    x, hs, cs, caches, Wx, Wh = cache
    T, N, H = dhs.shape
    dx = np.zeros_like(x)
    dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(4 * H)
    dh_next = dc_next = np.zeros((N, H))
    for t in range(T)[::-1]:
        i, f, o, g = caches[t]
        dh = dhs[t] + dh_next
        tc = np.tanh(cs[t + 1])
        dc = dc_next + dh * o * (1 - tc * tc)
        gates = [dc * g * i * (1 - i), dc * cs[t] * f * (1 - f), dh * tc * o * (1 - o), dc * i * (1 - g * g)]
        dA = np.concatenate(gates, 1)
        dc_next = dc * f
        dx[t], dh_next = dA @ Wx.T, dA @ Wh.T
        dWx += x[t].T @ dA
        dWh += hs[t].T @ dA
        db += dA.sum(0)
    return dx, dh_next, dWx, dWh, db
""",
    "a model over dictionaries": """
import numpy as np
class CaptioningRNN(object):
    def __init__(self, word_to_idx, D=8, H=16, cell="rnn", dtype=np.float32):
        self.cell, self.dtype = cell, dtype
        self.params = {}
        V = len(word_to_idx)
        dim_mul = {"lstm": 4, "rnn": 1}[cell]
        self.params["W_embed"] = np.random.randn(V, D) / 100
        self.params["Wx"] = np.random.randn(D, dim_mul * H) / np.sqrt(D)
        self.params["b"] = np.zeros(dim_mul * H)
        for k, v in self.params.items():
            self.params[k] = v.astype(self.dtype)
    def loss(self, features, captions):
        captions_in, captions_out = captions[:, :-1], captions[:, 1:]
        mask = captions_out != 0
        W_embed = self.params["W_embed"]
        loss, grads = 0.0, {}
        grads["W_embed"] = np.zeros_like(W_embed)
        np.add.at(grads["W_embed"], captions_in, 1.0)
        loss += float(mask.sum()) / max(1, features.shape[0])
        return loss, grads
    def sample(self, features, max_length=30):
        N = features.shape[0]
        captions = -1 * np.ones((N, max_length), dtype=np.int32)
        for t in range(max_length):
            captions[:, t] = features.argmax(axis=1)
        return captions
""",
    "stacked and bidirectional": """
import numpy as np
class Tanh:
    def __init__(self):
        self.params, self.grads = [], []
        self.out = None
    def forward(self, x):
        out = np.tanh(x)
        self.out = out
        return out
    def backward(self, dout):
        return dout * (1 - self.out * self.out)
class Stack:
    def __init__(self, n=3):
        self.layers = [Tanh() for _ in range(n)]
        self.n = len(self.layers)
        self.params = sum((layer.params for layer in self.layers), [])
        self.grads = sum((layer.grads for layer in self.layers), [])
    def forward(self, xs):
        for i in range(self.n):
            xs = self.layers[i].forward(xs)
        return xs
    def backward(self, dout):
        L = len(self.layers)
        for i in range(L - 1, -1, -1):
            dout = self.layers[i].backward(dout)
        for i in range(len(self.params)):
            self.grads[i][...] = 0
        return dout
class Both:
    def __init__(self):
        self.first, self.second = Stack(), Stack(2)
        self.params, self.grads = self.first.params + self.second.params, []
        self.grads += self.first.grads
        self.grads.extend(self.second.grads)
    def forward(self, xs):
        out = np.concatenate((self.first.forward(xs), self.second.forward(xs[:, ::-1])[:, ::-1]), axis=2)
        return out
    def backward(self, dhs):
        H = dhs.shape[2] // 2
        do1, do2 = dhs[:, :, :H], dhs[:, :, H:]
        dxs = self.first.backward(do1)
        dxs += self.second.backward(do2[:, ::-1])[:, ::-1]
        return dxs
""",
    "a loss with a mask and ids": """
import numpy as np
def softmax(x):
    x = x - x.max(axis=-1, keepdims=True)
    x = np.exp(x)
    x /= x.sum(axis=-1, keepdims=True)
    return x
class TimeSoftmaxWithLoss:
    def __init__(self, ignore_label=-1):
        self.params, self.grads, self.cache = [], [], None
        self.ignore_label = ignore_label
    def forward(self, xs, ts):
        N, T, V = xs.shape
        if ts.ndim == 3:
            ts = ts.argmax(axis=-1)
        mask = ts != self.ignore_label
        ys = softmax(xs.reshape(-1, V))
        rows, flat = np.arange(N * T), np.where(mask, ts, 0).ravel()
        count = max(1, int(np.count_nonzero(mask)))
        loss = -np.sum(np.log(ys[rows, flat] + 1e-12) * mask.ravel()) / count
        self.cache = ys, rows, flat, mask, count, (N, T, V)
        return loss
    def backward(self, dout=1.0):
        ys, rows, flat, mask, count, shape = self.cache
        dx = np.array(ys)
        dx[rows, flat] -= 1
        dx *= dout / count
        dx *= mask.reshape(-1, 1)
        return dx.reshape(shape)
""",
    "optimisers and checks beside the layers": """
import numpy as np
import time
class Adam:
    def __init__(self, lr=0.001):
        self.lr, self.iter = lr, 0
        self.m = self.v = None
    def update(self, params, grads):
        if self.m is None:
            self.m = [np.zeros_like(p) for p in params]
            self.v = [np.zeros_like(p) for p in params]
        self.iter += 1
        for i in range(len(params)):
            self.m[i] += 0.1 * (grads[i] - self.m[i])
            self.v[i] += 0.001 * (grads[i] ** 2 - self.v[i])
            params[i] -= self.lr * self.m[i] / (np.sqrt(self.v[i]) + 1e-7)
def clip_grads(grads, max_norm):
    total_norm = 0
    for grad in grads:
        total_norm += np.sum(grad ** 2)
    rate = max_norm / (np.sqrt(total_norm) + 1e-6)
    if rate < 1:
        for grad in grads:
            grad *= rate
def numerical_gradient(f, x, h=1e-5):
    grad = np.zeros_like(x)
    it = np.nditer(x, flags=["multi_index"], op_flags=["readwrite"])
    while not it.finished:
        ix = it.multi_index
        old = x[ix]
        x[ix] = old + h
        above = f(x)
        x[ix] = old - h
        below = f(x)
        x[ix] = old
        grad[ix] = (above - below) / (2 * h)
        it.iternext()
    return grad
def check_layer(layer):
    from compare.judge import compare_pair
    start = time.time()
    print(f"{compare_pair(layer)!r} in {time.time() - start:.1f} s")
""",
    "loops that bind late and states that are kept": """
import numpy as np
from collections import deque, namedtuple
Kept = namedtuple("Kept", "x h")
class TimeRNN:
    def __init__(self, Wx, Wh, stateful=False):
        self.params, self.grads = [Wx, Wh], [np.zeros_like(Wx), np.zeros_like(Wh)]
        self.stateful, self.h, self.kept = stateful, None, deque()
    def forward(self, xs):
        Wx, Wh = self.params
        N, T, _ = xs.shape
        h = self.h if self.stateful and self.h is not None else np.zeros((N, Wh.shape[1]))
        self.kept.clear()
        out = None
        for t in range(T):
            if t > 0:
                assert previous is not None
            self.kept.append(Kept(xs[:, t], h))
            h = np.tanh(xs[:, t] @ Wx + h @ Wh)
            previous = h
            if out is None:
                out = np.empty((N, T) + h.shape[1:])
            out[:, t] = h
        self.h = h
        self.out = out
        return out
    def backward(self, dhs):
        Wx, Wh = self.params
        dxs, dh = [], 0
        total = [0] * len(self.grads)
        for t, kept in reversed(list(enumerate(self.kept))):
            da = (dhs[:, t] + dh) * (1 - self.out[:, t] ** 2)
            dh = da @ Wh.T
            dxs.append(da @ Wx.T)
            for k, read in enumerate((kept.x, kept.h)):
                total[k] = total[k] + read.T @ da
        for k, grad in enumerate(self.grads):
            grad[...] = total[k]
        self.dh = dh
        return np.stack(dxs[::-1], axis=1)
    def set_state(self, h):
        self.h = np.array(h)
    def reset_state(self):
        self.h = None
""",
}


@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: f"{fault.check}: {fault.said[:40]}")
def test_a_planted_fault_is_found_where_it_stands(fault: Planted) -> None:
    found = problems(document(fault.source))
    said = [each for each in found if each.check == fault.check]
    assert [(each.place, each.severity) for each in said] == [(fault.place, fault.severity)]
    assert fault.said in said[0].message
    # and nothing is said that is not so
    others = {each.check for each in found if each.severity != "note"} - {fault.check}
    assert others == set(fault.also)


@cache
def planted_files() -> list[File]:
    return [read(document(fault.source)) for fault in PLANTED]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_every_check_finds_what_is_planted_for_it(check: Check) -> None:
    assert any(list(check(file)) for file in planted_files())


@pytest.mark.parametrize("name", [*SOURCES, *CORRECT])
def test_nothing_is_said_of_correct_code(name: str) -> None:
    assert problems(document({**SOURCES, **CORRECT}[name])) == []


@pytest.mark.parametrize("path", sorted((ROOT / "manual").glob("*.py")), ids=lambda path: path.stem)
def test_nothing_is_said_of_our_own_layers(path: Path) -> None:
    own = document(path.read_text())
    assert problems(replace(own, modules={"manual._axes": ()})) == []


# by the number of a mistake in docs/errata.md: a check, and a part of what it says
ERRATA = {
    2: ("missing import", "`import numpy as np`"),
    3: ("wrong factor", "`dh_prev` is a product with `x`; `Wh` was probably meant"),
    4: ("unknown attribute", "`__init__` sets `self.grads`. (Also in lines "),
    11: ("float32", "what `dxs` holds"),
    12: ("undefined name", "counts in `i`, its body reads `t`"),
    13: ("call of no function", "`self.layers[t]` was"),
    14: ("enumerate", "`enumerate(layer.grads)`"),
    15: ("loop variable taken twice", "The loop takes `i`"),
    16: ("caller's array kept", "`h.copy()`"),
    27: ("undefined name", "`xs` was probably meant"),
    28: ("same shape", "`xs.reshape(*xs.shape)`"),
    29: ("undefined name", "`dW` is never computed"),
    30: ("undefined name", "`db` is never computed"),
    31: ("returns nothing", "the layer below gets no gradient"),
    32: ("unknown array attribute", "`ts.ndim` was"),
    33: ("unknown NumPy name", "`np.arange` was"),
    34: ("missing import", "`softmax` is neither"),
    35: ("logarithm of 0", "rounded to 0"),
    37: ("division by 0", "every label is ignored"),
    42: ("cache changed", "changes `ys`"),
}
# what stands in methods that do not parse is found once they do
MENDED = {
    7: ("float32", "what `hs` holds"),
    8: ("float32", "what `self.h` holds"),
    10: ("unknown attribute", "`self.layers` was probably meant"),
    19: ("undefined name", "`T` belongs to `forward`, but this line stands outside of it"),
    20: ("outside of the method", "`return out` stands in the class"),
    21: ("undefined name", "counts in `i`, its body reads `t`"),
    22: ("float32", "what `out` holds"),
    23: ("missing import", "`Embedding` is neither"),
}


@pytest.mark.parametrize("name", ["rnn_exercises.ipynb", "000_49152c1557d352b8.txt"])
def test_the_mistakes_of_the_documents_are_found(name: str) -> None:
    if not DOCUMENTS.exists():
        pytest.skip("the documents are not here")
    found = problems(read_text((DOCUMENTS / name).read_text(), name))
    for number, (check, said) in ERRATA.items():
        assert [each for each in found if each.check == check and said in each.message], number
    assert sum(each.check == "unknown NumPy name" for each in found) == 2


def test_the_mistakes_in_methods_that_do_not_parse_are_found_when_they_do() -> None:
    if not DOCUMENTS.exists():
        pytest.skip("the documents are not here")
    text = (DOCUMENTS / "000_49152c1557d352b8.txt").read_text()
    mended = text.replace("In [None]:", "").replace("xs(:, t, :)", "xs[:, t, :]")
    found = problems(document(mended))
    for number, (check, said) in {**ERRATA, **MENDED}.items():
        assert [each for each in found if each.check == check and said in each.message], number


def test_a_place_is_the_cell_the_line_and_the_letter() -> None:
    cells = ("import numpy as np\n", "def forward(x):\n    größe = 'ä'; return np.doat(x, größe)\n")
    (problem,) = problems(document(*cells, notebook=True))
    assert problem.place == Place(1, 2, 24)
    assert problem.symbol == "forward"


def test_names_of_one_cell_are_known_in_the_others() -> None:
    cells = (
        "import numpy as np",
        "eps = 1e-7",
        "def forward(x):\n    return np.log(x + eps) + later(x)",
        "later = abs",
    )
    assert problems(document(*cells, notebook=True)) == []


def test_a_star_import_hides_names_that_it_may_bind() -> None:
    cells = ("from layers import *\n", "def forward(x):\n    return helper(x) + SCALE\n")
    assert problems(document(*cells)) == []
    neighbours = {"layers": (Unit("layers.py", "from inner import *\ndef _helper(x): ...\n"),)}
    inner = {"inner": (Unit("inner.py", "__all__ = ['helper']\n"),)}
    # the inner one is not there: nobody knows what it binds
    assert problems(replace(document(*cells), modules=neighbours)) == []
    (problem,) = problems(replace(document(*cells), modules=neighbours | inner))
    assert problem.message == "`SCALE` is not defined."


def test_a_method_that_does_not_parse_may_set_what_another_reads() -> None:
    slipped = AFFINE.replace("self.x.T", "self.kept.T")
    assert said_of(document(slipped), "unknown attribute") == ["`self.kept` is never set."]
    assert said_of(document(slipped, broken=("forward",)), "unknown attribute") == []
    # a name that is all but the right one is worth a warning all the same
    near = document(AFFINE.replace("self.grads[1]", "self.grad[1]"), broken=("forward",))
    assert [(each.check, each.severity) for each in problems(near)] == [("unknown attribute", "warning")]


def test_what_is_left_blank_has_no_faults() -> None:
    blank = AFFINE.replace("        return np.dot(dout, W.T)\n", "").replace("dout.sum", "dW.sum")
    assert problems(document(blank))
    assert problems(document(blank, blank=("backward",))) == []


def test_a_file_of_another_array_package_is_not_asked_for_numpys_attributes() -> None:
    source = "import torch\ndef forward(x):\n    return x.dim() + x.size(0)\n"
    assert problems(document(source)) == []
    assert problems(document(source.replace("torch", "numpy")))


def test_modules_of_the_learners_own_may_have_the_names_of_ours() -> None:
    source = "from manual import helper\ndef affine_forward(x):\n    return helper(x), x\n"
    assert said_of(document(source), "not handwritten")
    own = {"manual": (Unit("manual.py", "def helper(x):\n    return x\n"),)}
    assert problems(replace(document(source), modules=own)) == []


def test_what_a_unit_holds_that_is_no_python_is_left_aside() -> None:
    source = "def forward(x):\n    return helper(x)\n"
    whole = document(source)
    assert said_of(whole, "undefined name")
    assert problems(replace(whole, units=(*whole.units, Unit("cell 1", "def ("), Unit("cell 2", "\0")))) == []


@pytest.mark.parametrize(
    ("name", "candidates", "found"),
    [
        ("rs", ["xs", "rx"], "xs"),
        ("shpe", ["size", "shape"], "shape"),
        ("revel", ["ravel"], "ravel"),
        ("sahpe", ["shape"], "shape"),
        ("i", ["t"], None),
        ("dim", ["data", "ndim"], "ndim"),
        ("loss", ["loss", "lost"], "lost"),
        ("hidden", ["forward"], None),
    ],
)
def test_the_nearest_name(name: str, candidates: list[str], found: str | None) -> None:
    assert nearest(name, candidates) == found


def test_a_gradient_is_no_slip_for_another() -> None:
    assert nearest("dWx", ["dWh"], swaps=False) is None
    assert nearest("dh_pre", ["dh_prev"], swaps=False) == "dh_prev"


WORDS = st.text("abc", max_size=6)


@given(WORDS, WORDS, WORDS)
def test_the_distance_is_one(a: str, b: str, c: str) -> None:
    assert distance(a, b) == distance(b, a)
    assert (distance(a, b) == 0) == (a == b)
    assert abs(len(a) - len(b)) <= distance(a, b) <= max(len(a), len(b))
    # inserting never brings two words nearer than the letters that differ
    assert distance(a + c, b + c) <= distance(a, b)


TOKENS = sorted({word for source in (*SOURCES.values(), *CORRECT.values()) for word in source.split()})


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_nothing_makes_it_raise(data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(sorted([*SOURCES.values(), *CORRECT.values()])))
    lines = source.split("\n")
    for _ in range(data.draw(st.integers(1, 6))):
        line = data.draw(st.integers(0, len(lines) - 1))
        kind = data.draw(st.sampled_from(["drop", "double", "word", "swap"]))
        if kind == "drop":
            lines[line] = ""
        elif kind == "double":
            lines.insert(line, lines[line])
        elif kind == "swap":
            other = data.draw(st.integers(0, len(lines) - 1))
            lines[line], lines[other] = lines[other], lines[line]
        elif words := lines[line].split():
            old = data.draw(st.sampled_from(words))
            lines[line] = lines[line].replace(old, data.draw(st.sampled_from(TOKENS)), 1)
    try:
        mutant = document("\n".join(lines))
    except SyntaxError:
        return
    # without the net
    problems(mutant)


def test_a_tree_that_is_too_deep_is_left_aside() -> None:
    deep = "def forward(x):\n    return " + "+".join(["x"] * 700) + "\n"
    source = deep + "def backward(dout):\n    return np.doat(dout)\n"
    assert "np.dot" in said_of(document(source), "unknown NumPy name")[0]
