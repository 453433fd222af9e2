"""Why a line is wrong: the kind and the words, from the text before and after a repair."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from keyword import iskeyword
from typing import get_args

import pytest
from corpus import SAMPLE, Planted, correct_of, planted_text
from explaining_layers import AFFINE, COURSE, EMBEDDING, GRU, LOSS, LSTM, NORM, RNN, TIME_RNN
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.repairs.plants import Plant, plants
from compare.checking.reading.cells import cells
from compare.explaining.cause import Cause, Kind
from compare.explaining.differences import explain
from compare.explaining.hints import hint
from compare.mending.edit import Edit, applied

LONGEST = 300


@dataclass(frozen=True)
class Mistake:
    """A right text in which one part gives way to a wrong one, the kinds it may be called, and words of the cause."""

    text: str
    right: str
    wrong: str
    kinds: str
    words: tuple[str, ...]

    @property
    def before(self) -> str:
        """The text with the mistake in it."""
        assert self.text.count(self.right) >= 1, self.right
        return self.text.replace(self.right, self.wrong, 1)


def of(text: str, right: str, wrong: str, kinds: str, *words: str) -> Mistake:
    return Mistake(text, right, wrong, kinds, words)


def edits_of(before: str, after: str) -> list[Edit]:
    """The edits that make one text the other, as a repair would have them."""
    mine, other = before.split("\n"), after.split("\n")
    opcodes = SequenceMatcher(None, mine, other, autojunk=False).get_opcodes()
    return [Edit("", i + 1, end, tuple(other[j:stop])) for tag, i, end, j, stop in opcodes if tag != "equal"]


MISTAKES: tuple[Mistake, ...] = (
    # products of matrices
    of(
        RNN,
        "dh_prev = np.dot(dt, Wh.T)",
        "dh_prev = np.dot(x.T, dt)",
        "operand",
        "`dh_prev`",
        "`x`",
        "`Wh`",
        "gradient of `Wx`",
    ),
    of(
        RNN,
        "dx = np.dot(dt, Wx.T)",
        "dx = np.dot(dt, Wh.T)",
        "operand",
        "`dx`",
        "gradient of `h_prev`",
        "`Wx` transposed",
    ),
    of(RNN, "np.dot(x.T, dt)", "np.dot(h_prev.T, dt)", "operand", "`dWx`", "gradient of `Wh`", "`x` transposed"),
    of(RNN, "np.dot(h_prev.T, dt)", "np.dot(h_next.T, dt)", "stale", "`h_next`", "`h_prev`"),
    of(RNN, "np.dot(dt, Wh.T)", "np.dot(dt, Wh)", "transpose", "`Wh`", "transposed", "`h_prev`"),
    of(RNN, "np.dot(dt, Wh.T)", "np.dot(Wh.T, dt)", "transpose", "other way round"),
    of(RNN, "np.dot(x.T, dt)", "np.dot(dt.T, x)", "transpose", "other way round", "`Wx`"),
    of(RNN, "np.dot(dt, Wx.T)", "np.dot(dh_next, Wx.T)", "operand", "`dh_next`", "`dt`"),
    of(RNN, "np.dot(h_prev, Wh)", "np.dot(x, Wh)", "operand", "`x`", "`h_prev`"),
    of(RNN, "np.dot(h_prev, Wh)", "np.dot(h_prev, Wh.T)", "transpose", "`Wh`"),
    of(LSTM, "dA @ Wx.T", "dA @ Wh.T", "operand", "`Wh`", "`Wx`"),
    of(LSTM, "self.h_prev.T @ dA", "self.x.T @ dA", "operand", "`self.h_prev`", "transposed"),
    of(LSTM, "self.x.T @ dA", "self.x @ dA", "transpose", "`self.x`"),
    of(GRU, "(r * h_prev).T.dot(da)", "h_prev.T.dot(da)", "factor operand", "`r`"),
    of(GRU, "da.dot(Wh[:, 2 * H:].T)", "da.dot(Wh[:, :H].T)", "index", "`Wh[:, :H]`"),
    of(AFFINE, "np.matmul(dout, W.T)", "np.matmul(dout, W)", "transpose", "`W`", "`x`"),
    of(AFFINE, "np.matmul(self.x.T, dout)", "np.matmul(dout.T, self.x)", "transpose", "other way round"),
    of(AFFINE, "'ntd,dv->ntv'", "'ntd,vd->ntv'", "transpose", "`W`"),
    of(COURSE, "dprev_h = da.dot(Wh.T)", "dprev_h = da.dot(Wx.T)", "operand", "`dprev_h`", "`Wx`", "`Wh`"),
    of(COURSE, "dWx = x.T.dot(da)", "dWx = x.T.dot(dnext_h)", "operand", "`dnext_h`", "`da`"),
    of(COURSE, "dWh = prev_h.T.dot(da)", "dWh = next_h.T.dot(da)", "stale", "`next_h`", "`prev_h`"),
    of(COURSE, "dWx = x.T.dot(da)", "dWx = x.dot(da)", "transpose", "`x`"),
    # the derivative of what is not a product of matrices
    of(RNN, "(1 - h_next ** 2)", "(1 - h_next)", "factor", "`h_next`", "squared", "1 − h_next²"),
    of(RNN, "dh_next * (1 - h_next ** 2)", "dh_next", "factor", "`1 - h_next ** 2`", "tanh"),
    of(RNN, "dh_next * (1 - h_next ** 2)", "1 - h_next ** 2", "upstream", "`dh_next`"),
    of(RNN, "(1 - h_next ** 2)", "(1 - t ** 2)", "name stale", "`t`"),
    of(RNN, "(1 - h_next ** 2)", "(1 - h_prev ** 2)", "stale", "`h_prev`", "`h_next`"),
    of(RNN, "(1 - h_next ** 2)", "(1 + h_next ** 2)", "sign", "`h_next ** 2`"),
    of(RNN, "(1 - h_next ** 2)", "h_next * (1 - h_next)", "factor", "`1 - h_next ** 2`"),
    of(COURSE, "(1 - next_h * next_h)", "(1 - next_h)", "factor", "`next_h`"),
    of(COURSE, "dnext_h * (1 - next_h * next_h)", "dnext_h * dnext_h * (1 - next_h * next_h)", "upstream", "`dnext_h`"),
    of(LSTM, "do = dh_next * tanh_c * o * (1 - o)", "do = dh_next * tanh_c", "factor", "`o * (1 - o)`", "o (1 − o)"),
    of(LSTM, "ds * i * (1 - g ** 2)", "ds * i * (1 - g)", "factor", "`g`", "squared"),
    of(LSTM, "ds * i * (1 - g ** 2)", "ds * i * g * (1 - g)", "factor", "`g * (1 - g)`"),
    of(LSTM, "ds * g * i * (1 - i)", "ds * i * (1 - i)", "factor", "`g`"),
    of(LSTM, "ds * self.c_prev", "ds * dc_prev", "operand", "`dc_prev`", "`self.c_prev`"),
    of(LSTM, "dc_prev = ds * f", "dc_prev = dc_next * f", "operand stale", "`dc_next`", "`ds`"),
    of(LSTM, "dc_prev = ds * f", "dc_prev = ds * i", "operand", "`i`", "`f`", "c_next"),
    of(LSTM, "o * (1 - tanh_c ** 2)", "o * (1 - c_next ** 2)", "name", "`c_next`"),
    of(LSTM, "di = ds * g * i * (1 - i)", "di = ds * g * f * (1 - f)", "operand", "`f`", "`i`"),
    of(LSTM, "do = dh_next * tanh_c", "do = ds * tanh_c", "operand", "`ds`", "`dh_next`"),
    of(LSTM, "dc_next + dh_next * o", "dh_next * o", "term", "`dc_next`"),
    of(LSTM, "dc_next + dh_next * o", "dc_next * dh_next * o", "term factor operand", "`dc_next"),
    of(GRU, "(h_hat - h_prev)", "(h_prev - h_hat)", "sign", "`h_prev - h_hat`"),
    of(GRU, "dh_next * (1 - z) + dhr * r", "dh_next * z + dhr * r", "factor", "`z`", "`1 - z`"),
    of(GRU, " + dhr * r", "", "term", "`dhr * r`"),
    of(GRU, "dhr * h_prev * r * (1 - r)", "dhr * h_prev * r", "factor", "`1 - r`", "r (1 − r)"),
    of(GRU, "da = dh_next * z", "da = dh_next", "factor", "`z`"),
    of(AFFINE, "dout * (self.x > 0)", "dout", "factor", "relu", "`self.x > 0`"),
    of(AFFINE, "dout * self.mask", "dout", "factor", "`self.mask`", "same mask"),
    of(AFFINE, "return dout * self.mask", "return dout * self.mask * (1 - self.p)", "factor ratio", "`1 - self.p`"),
    of(NORM, "dxhat = dout * gamma", "dxhat = dout", "factor", "`gamma`"),
    of(NORM, " - second) / self.std", " - second)", "ratio", "`self.std`"),
    of(NORM, "(dxhat - first - second)", "(dxhat - first)", "term", "`second`"),
    of(NORM, "(dxhat - first - second)", "(dxhat + first - second)", "sign", "`first`"),
    of(NORM, "(dout * self.xhat).sum(axis=0)", "(dout * self.xhat).sum(axis=1)", "axis", "`1`", "`0`"),
    of(NORM, "self.xhat * (dxhat * self.xhat).mean", "self.xhat * dxhat.mean", "factor", "`self.xhat`"),
    # the forward pass
    of(RNN, " + b\n", "\n", "term", "`b`"),
    of(RNN, "np.tanh(t)", "sigmoid(t)", "function name", "sigmoid", "tanh"),
    of(LSTM, "np.exp(-x)", "np.exp(x)", "sign", "σ(a)"),
    of(LSTM, "g = np.tanh(A", "g = sigmoid(A", "function", "`sigmoid`", "`tanh`"),
    of(LSTM, "f * c_prev + g * i", "f * c_prev + g", "factor", "`i`"),
    of(LSTM, "f * c_prev + g * i", "f * h_prev + g * i", "operand stale", "`h_prev`", "`c_prev`"),
    of(LSTM, "h_next = o * tanh_c", "h_next = o * c_next", "stale", "`c_next`", "`tanh_c`"),
    of(GRU, "(1 - z) * h_prev + z * h_hat", "(1 - z) * h_hat + z * h_prev", "operand factor", "`h_"),
    of(LOSS, "loss = -np.sum(ls)", "loss = np.sum(ls)", "sign", "loss"),
    # sums, ratios, axes
    of(RNN, "np.sum(dt, axis=0)", "np.sum(dt, axis=1)", "axis", "`1`", "`0`", "over the rows"),
    of(RNN, "np.sum(dt, axis=0)", "np.mean(dt, axis=0)", "function ratio", "`mean`", "`sum`"),
    of(RNN, "np.sum(dt, axis=0)", "dt", "axis", "`sum`", "`dt`"),
    of(RNN, "dWx = np.dot(x.T, dt)", "dWx = np.dot(x.T, dt) / x.shape[0]", "ratio", "`dWx`", "`x.shape[0]`"),
    of(RNN, "dx = np.dot(dt, Wx.T)", "dx = 2 * np.dot(dt, Wx.T)", "ratio", "`dx`", "`2`"),
    of(TIME_RNN, "self.grads[i][...] = grad", "self.grads[i][...] = grad / T", "ratio", "`T`"),
    of(COURSE, "dx /= N\n", "dx /= N * T\n", "ratio", "`T`"),
    of(COURSE, "    dx /= N\n", "", "ratio", "`dx`", "`N`"),
    of(LOSS, "dx /= max(mask.sum(), 1)", "dx /= N * T", "ratio", "`N * T`", "count"),
    of(LOSS, "        dx *= dout\n", "", "upstream", "`dout`"),
    of(LOSS, "        dx *= mask[:, np.newaxis]\n", "", "factor", "`mask[:, np.newaxis]`", "mask"),
    of(LOSS, "        dx[np.arange(N * T), ts] -= 1\n", "", "term", "p − 1[t]"),
    of(LOSS, "dx[np.arange(N * T), ts] -= 1", "dx[np.arange(N * T), ts] += 1", "sign", "dx"),
    of(LOSS, "e.sum(axis=1, keepdims=True)", "e.sum(axis=0, keepdims=True)", "axis", "`sum`"),
    of(LOSS, "e.sum(axis=1, keepdims=True)", "e.sum(axis=1)", "axis", "keepdims"),
    of(LOSS, "ts.argmax(axis=2)", "ts.argmax(axis=1)", "axis", "`argmax`"),
    of(GRU, "np.concatenate((dz, dr, da), axis=1)", "np.concatenate((dz, dr, da), axis=0)", "axis", "`concatenate`"),
    of(GRU, "np.concatenate((dz, dr, da), axis=1)", "np.concatenate((dr, dz, da), axis=1)", "order", "`(dr, dz, da)`"),
    # numbers
    of(LOSS, " + 1e-7", "", "numerics", "log"),
    of(LOSS, "loss /= max(mask.sum(), 1)", "loss /= mask.sum()", "numerics", "`mask.sum()`"),
    of(LOSS, "    x = x - x.max(axis=1, keepdims=True)\n", "", "numerics term missing", "x"),
    of(COURSE, "np.exp(scores - scores.max(axis=1, keepdims=True))", "np.exp(scores)", "numerics", "exp"),
    of(
        TIME_RNN,
        "hs = np.zeros((N, T, H), dtype=Wx.dtype)",
        "hs = np.zeros((N, T, H), dtype='f')",
        "precision",
        "`'f'`",
    ),
    of(AFFINE, "np.matmul(x, W) + b", "(np.matmul(x, W) + b).astype('f')", "precision", "astype"),
    of(RNN, "np.tanh(t)", "np.tanh(t).astype(np.float32)", "precision", "float32"),
    # where things stand: indices, lengths, loops, slots
    of(LSTM, "A[:, 2 * H:3 * H]", "A[:, 2 * H, 3 * H]", "index", "`A[:, 2 * H, 3 * H]`", "colon"),
    of(LSTM, "A[:, 3 * H:]", "A[:, 2 * H:]", "index", "`A[:, 2 * H:]`"),
    of(LSTM, "A[:, 3 * H:]", "A[3 * H:]", "index", "`A[3 * H:]`"),
    of(TIME_RNN, "xs[:, t, :]", "xs[t, :, :]", "index", "`xs[t, :, :]`"),
    of(TIME_RNN, "xs[:, t, :]", "xs[:, 0, :]", "index", "`t`"),
    of(TIME_RNN, "self.layers[t]", "self.layers[T]", "index", "`self.layers[T]`"),
    of(TIME_RNN, "self.layers[t]", "self.layers[i]", "index name", "`self.layers[i]`"),
    of(EMBEDDING, "dout[:, t, :]", "dout[:, 0, :]", "index", "`dout[:, 0, :]`"),
    of(COURSE, "cache[t])", "cache[0])", "index", "`cache[0]`"),
    of(TIME_RNN, "np.zeros((N, T, H)", "np.zeros((N, T, D)", "size", "`D`", "`H`"),
    of(TIME_RNN, "D, H = Wx.shape", "H, D = Wx.shape", "size", "`(H, D)`"),
    of(LSTM, "N, H = h_prev.shape", "N, H = x.shape", "size", "`x.shape`", "`h_prev.shape`"),
    of(GRU, "H = Wh.shape[0]", "H = Wh.shape[1]", "size", "`Wh.shape[1]`"),
    of(AFFINE, "dout.reshape(N * T, V)", "dout.reshape(N, V)", "size", "`T`"),
    of(LOSS, "dx.reshape((N, T, V))", "dx.reshape((T, N, V))", "size", "`(T, N, V)`"),
    of(COURSE, "np.zeros((D, H))", "np.zeros((H, D))", "size", "`(H, D)`"),
    of(TIME_RNN, "for t in reversed(range(T)):", "for t in range(T):", "loop", "`range(T)`", "last"),
    of(TIME_RNN, "for t in reversed(range(T)):", "for t in reversed(T):", "loop", "`reversed(T)`"),
    of(TIME_RNN, "for t in reversed(range(T)):", "for i in reversed(range(T)):", "loop", "`i`", "`t`"),
    of(TIME_RNN, "for t in range(T):", "for t in range(1, T):", "loop", "`range(1, T)`"),
    of(TIME_RNN, "enumerate(layer.grads)", "enumerate(layer, grads)", "loop", "`enumerate(layer, grads)`"),
    of(TIME_RNN, "enumerate(layer.grads)", "enumerate(self.grads)", "loop", "`enumerate(self.grads)`"),
    of(TIME_RNN, "grads[i] += grad", "grads[1] += grad", "slot index", "grads"),
    of(RNN, "self.grads[2][...] = db", "self.grads[1][...] = db", "slot", "`db`", "`self.grads[2]`"),
    of(RNN, "self.grads[0][...] = dWx", "self.grads[0][...] = dWh", "slot", "`dWh`", "`dWx`"),
    of(RNN, "return dx, dh_prev", "return dh_prev, dx", "order", "`(dh_prev, dx)`"),
    of(COURSE, "return dx, dprev_h, dWx, dWh, db", "return dx, dprev_h, dWh, dWx, db", "order", "dWh, dWx"),
    # what is kept, carried, added up
    of(RNN, "x, h_prev, h_next = self.cache", "h_prev, x, h_next = self.cache", "cache", "`(h_prev, x, h_next)`"),
    of(RNN, "self.cache = (x, h_prev, h_next)", "self.cache = (x, h_next, h_prev)", "cache", "order"),
    of(RNN, "        self.cache = (x, h_prev, h_next)\n", "", "cache", "`self.cache`"),
    of(AFFINE, "        self.x = x\n        return np.matmul", "        return np.matmul", "cache", "`self.x`"),
    of(TIME_RNN, "            self.layers.append(layer)\n", "", "cache", "`self.layers`"),
    of(TIME_RNN, "self.layers[t]", "self.layers.pop()", "cache", "`self.layers.pop()`"),
    of(COURSE, "cache = (x, prev_h, Wx, Wh, next_h)", "cache = (x, prev_h, Wx, Wh, a)", "cache", "`a`", "`next_h`"),
    of(COURSE, "x, W = cache", "W, x = cache", "cache", "`(W, x)`"),
    of(TIME_RNN, "dhs[:, t, :] + dh", "dhs[:, t, :]", "term", "`dh`", "sum of the two"),
    of(TIME_RNN, "dx, dh = layer", "dx, dh_prev = layer", "state", "`dh_prev`", "`dh`"),
    of(TIME_RNN, "grads[i] += grad", "grads[i] = grad", "accumulate", "`grads[i] = grad`", "steps"),
    of(COURSE, "dWx += dWx_t", "dWx = dWx_t", "accumulate", "`dWx = dWx_t`"),
    of(EMBEDDING, "grad += layer.grads[0]", "grad = layer.grads[0]", "accumulate", "`grad`"),
    of(
        TIME_RNN,
        "            layer = self.layers[t]\n",
        "            layer = self.layers[t]\n            grads = [0, 0, 0]\n",
        "accumulate",
        "grads",
    ),
    of(EMBEDDING, "        dW[...] = 0\n", "", "accumulate", "`dW`"),
    of(EMBEDDING, "np.add.at(dW, self.idx, dout)", "dW[self.idx] = dout", "repeated ids", "occurs twice"),
    of(EMBEDDING, "np.add.at(dW, self.idx, dout)", "dW[self.idx] += dout", "repeated ids", "occurs twice"),
    of(COURSE, "np.add.at(dW, x, dout)", "dW[x] += dout", "repeated ids", "`dW[x] += dout`"),
    of(RNN, "self.grads[0][...] = dWx", "self.grads[0] = dWx", "rebinding", "`self.grads[0] = dWx`"),
    of(
        AFFINE,
        "np.zeros_like(W), np.zeros_like(b)]\n        self.x",
        "np.zeros_like(W), b]\n        self.x",
        "in place slot",
        "`b`",
    ),
    of(
        RNN,
        "dt = dh_next * (1 - h_next ** 2)",
        "dh_next *= 1 - h_next ** 2\n        dt = dh_next",
        "in place",
        "`dh_next`",
        "caller",
    ),
    of(
        TIME_RNN,
        "dx, dh = layer.backward(dhs[:, t, :] + dh)",
        "dhs[:, t, :] += dh\n            dx, dh = layer.backward(dhs[:, t, :])",
        "in place",
        "`dhs`",
    ),
    of(LOSS, "dx = ys.copy()", "dx = ys", "in place", "`ys`", "copy"),
    of(COURSE, "dx = p.copy()", "dx = p", "in place", "`p`"),
    of(COURSE, "dWx, dWh, db = np.zeros((D, H))", "dWx, dWh, db = np.empty((D, H))", "memory", "`np.empty((D, H))`"),
    of(
        EMBEDDING,
        "        grad = 0\n",
        "        grad = np.empty_like(self.W)\n",
        "memory",
        "`np.empty_like(self.W)`",
    ),
    of(TIME_RNN, "self.h = layer.forward", "h = layer.forward", "state", "`h`", "`self.h`"),
    of(TIME_RNN, "if not self.stateful or", "if self.stateful or", "state", "`self.stateful`"),
    of(COURSE, "rnn_step_forward(x[:, t], prev, Wx", "rnn_step_forward(x[:, t], h0, Wx", "state", "`h0`", "`prev`"),
    of(COURSE, "prev = h0", "prev = np.zeros_like(h0)", "state", "`h0`"),
    of(TIME_RNN, "            hs[:, t, :] = self.h\n", "", "missing", "`hs`"),
    of(EMBEDDING, "out[:, t, :] = layer.forward(xs[:, t])", "layer.forward(xs[:, t])", "missing", "`out[:, t, :]`"),
    of(RNN, "        return dx, dh_prev\n", "", "return", "`backward`"),
    of(RNN, "return dx, dh_prev", "return dx", "return", "`backward`", "`dx`"),
    of(AFFINE, "return np.matmul(dout, W.T)", "np.matmul(dout, W.T)", "return", "`backward`"),
    # words and signs
    of(RNN, "np.dot(x, Wx)", "np.doat(x, Wx)", "name", "`np.doat`"),
    of(RNN, "self.grads[0][...]", "self.grad[0][...]", "name", "`self.grad`", "`self.grads`"),
    of(RNN, "np.dot(h_prev.T, dt)", "np.dot(h_perv.T, dt)", "name", "`h_perv`"),
    of(RNN, "def backward", "def bakward", "name", "`bakward`"),
    of(TIME_RNN, "Wx.shape", "Wx.shpae", "name", "`.shpae`"),
    of(TIME_RNN, "dtype=Wx.dtype)", "stype=Wx.dtype)", "name", "`stype`"),
    of(LOSS, "ts.ndim", "ts.dim", "name", "`.dim`"),
    of(LOSS, "np.arange", "np.arrange", "name", "`np.arrange`"),
    of(COURSE, "x.reshape(N * T, V)", "rs.reshape(N * T, V)", "name", "`rs`"),
    of(RNN, "import numpy as np\n", "", "import", "`import numpy as np`"),
    of(LOSS, LOSS[LOSS.index("def softmax") : LOSS.index("class")], "", "import", "`softmax`"),
    of(TIME_RNN, "self.layers[t]", "self.layers(t)", "call", "`self.layers`", "square"),
    of(LSTM, "np.hstack((df, dg, di, do))", "np.hstack(df, dg, di, do)", "call", "`hstack`"),
    of(LSTM, "N, H = h_prev.shape", "N, H = h_prev.shape()", "call", "`h_prev.shape`"),
    of(LOSS, "ys.copy()", "ys.copy", "call", "`ys.copy`"),
    of(TIME_RNN, "layer.forward(xs[:, t, :], self.h)", "layer.forward(xs[:, t, :])", "call", "`self.h`", "`forward`"),
    of(RNN, "def backward(self, dh_next):", "def backward(self, dh_next)", "syntax", "colon"),
    of(RNN, "(x, h_prev, h_next)", "(x, h_prev h_next)", "syntax", "comma"),
    of(RNN, "np.dot(x.T, dt)", "np.dot(x.T, dt", "syntax", "bracket"),
    of(TIME_RNN, "xs[:, t, :]", "xs(:, t, :)", "syntax", "square"),
    of(TIME_RNN, "        return hs", "    return hs", "indentation", "`return hs`"),
    of(
        TIME_RNN,
        "            hs[:, t, :] = self.h\n",
        "        hs[:, t, :] = self.h\n",
        "indentation syntax misplaced",
        "hs",
    ),
    of(COURSE, "        db += db_t\n", "    db += db_t\n", "indentation", "`db += db_t`"),
    # statements
    of(RNN, "        dWh = np.dot(h_prev.T, dt)\n", "", "missing", "`dWh"),
    of(
        TIME_RNN,
        "            for i, grad in enumerate(layer.grads):\n                grads[i] += grad\n",
        "",
        "missing",
        "layer.grads",
    ),
    of(
        RNN,
        "        h_next = np.tanh(t)\n        self.cache = (x, h_prev, h_next)\n",
        "        self.cache = (x, h_prev, h_next)\n        h_next = np.tanh(t)\n",
        "misplaced",
        "place",
    ),
    of(
        AFFINE,
        "        return np.matmul(dout, W.T)\n",
        "        self.x = None\n        return np.matmul(dout, W.T)\n",
        "cache",
        "`self.x = None`",
    ),
    of(
        RNN,
        "        h_next = np.tanh(t)\n",
        "        h_next = np.tanh(t)\n        h_next = np.tanh(h_next)\n",
        "extra",
        "h_next",
    ),
    of(
        RNN,
        RNN[RNN.index("        Wx, Wh, b = self.params\n        x,") :],
        "        pass\n",
        "missing",
        "`backward`",
        "blank",
    ),
    of(
        AFFINE,
        "        W, b = self.params\n        self.x = x\n",
        "        W, b = self.params\n        self.x = x\n        print(x)\n",
        "extra",
        "print",
    ),
    of(
        AFFINE.replace(
            "        self.xs = xs\n",
            "        if xs.ndim != 3:\n            raise ValueError('xs')\n        self.xs = xs\n",
        ),
        "        if xs.ndim != 3:\n            raise ValueError('xs')\n",
        "",
        "unchecked",
        "`xs.ndim != 3`",
    ),
    of(RNN, "h_next = np.tanh(t)", "h_next = np.tanh(t),", "order call", "comma"),
    of(TIME_RNN, "self.h, self.dh = None, None", "self.h, self.dh = None", "order", "`None`"),
    of(EMBEDDING, "W, = self.params", "W = self.params", "order", "`self.params`"),
)


@cache
def explained(mistake: Mistake) -> Cause:
    return explain(mistake.before, mistake.text, edits_of(mistake.before, mistake.text), {})


def test_the_table_is_long_enough() -> None:
    assert len(MISTAKES) >= 120


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: f"{each.kinds}: {each.wrong.strip()[:40]}")
def test_a_mistake_is_called_by_its_name(mistake: Mistake) -> None:
    cause = explained(mistake)
    allowed = [kind for kind in get_args(Kind) if re.search(rf"(^| ){kind}( |$)", mistake.kinds)]
    assert cause.kind in allowed, cause
    assert [word for word in mistake.words if word not in cause.text] == [], cause
    assert_is_said_well(cause)


def assert_is_said_well(cause: Cause) -> None:
    """At most two sentences of at most 300 letters, on one line, with a full stop."""
    text = re.sub(r"`[^`]*`", "`x`", cause.text)
    assert cause.kind in get_args(Kind)
    assert "\n" not in cause.text
    assert text.endswith(".")
    assert "``" not in cause.text
    assert len(cause.text) <= 2 * LONGEST + 1
    assert len(re.findall(r"\.(?= |$)", text)) <= 2, cause.text


# the kinds that a fault of a row may be called by; "beyond" are the faults that no row of the table names
KINDS_OF_ROWS: dict[str, str] = {
    "in-place": "in place",
    "name": "name operand",
    "blank": "missing return",
    "axes": "size axis index transpose loop order function",
    "time-sum": "accumulate loop missing index indentation misplaced term",
    "matrix": "operand transpose stale factor",
    "cache-eaten": "cache in place",
    "slot": "slot order in place operand",
    "syntax": "syntax indentation",
    "cache-order": "cache",
    "comma-unpack": "order call cache",
    "recurrent": "term state accumulate stale factor loop",
    "derivation": "factor upstream stale sign term operand order index",
    "forward": "term sign missing state operand function axis index factor transpose",
    "loop-index": "index loop slot",
    "slice-comma": "index",
    "shadowed": "extra",
    "scatter": "repeated ids sign",
    "empty": "memory accumulate missing loop",
    "ratio": "ratio function",
    "beyond": "accumulate rebinding precision cache in place numerics state",
}


def kinds(row: str) -> list[str]:
    return [kind for kind in get_args(Kind) if re.search(rf"(^| ){kind}( |$)", KINDS_OF_ROWS[row])]


def units(planted: Planted) -> Iterator[tuple[str, str]]:
    """The texts with the fault and without it, of the file or of each cell that differs."""
    faulty, right = planted_text(planted), correct_of(planted).text
    if not planted.file.endswith(".ipynb"):
        yield faulty, right
        return
    mine, other = ({cell.index: cell.text for cell in cells(text, planted.file)} for text in (faulty, right))
    for index in other:
        if mine.get(index) != other[index]:
            yield mine.get(index, ""), other[index]


def test_the_faults_of_the_corpus_are_of_the_kinds_of_their_rows() -> None:
    found = [(each, explain(*next(units(each)), [], {})) for each in SAMPLE]
    wrong = [(each.row, each.id, cause.kind) for each, cause in found if cause.kind not in kinds(each.row)]
    for _, cause in found:
        assert_is_said_well(cause)
    assert len(wrong) <= len(SAMPLE) * 0.05, wrong


def test_what_the_tape_knows_is_said() -> None:
    before = RNN.replace("dh_prev = np.dot(dt, Wh.T)", "dh_prev = np.dot(dt, Wx.T)")
    cause = explain(before, RNN, edits_of(before, RNN), {"dh_prev": "∂L/∂h_prev"})
    assert "`dh_prev`, which is ∂L/∂h_prev," in cause.text


def test_what_a_name_in_the_last_sentence_is_is_said_with_it() -> None:
    before = RNN.replace("dh_prev = np.dot(dt, Wh.T)", "dh_prev = np.dot(dt, Wh)")
    cause = explain(before, RNN, edits_of(before, RNN), {"dt": "∂L/∂(x Wx + h_prev Wh + b)"})
    assert cause.text.endswith("`dt` times `Wh` transposed, where `dt` is ∂L/∂(x Wx + h_prev Wh + b).")


def test_what_a_faulty_line_made_of_a_name_is_not_said_of_it() -> None:
    before = RNN.replace("np.dot(x.T, dt)", "np.dot(x.T, dt) / 2")
    assert "∂" not in explain(before, RNN, edits_of(before, RNN), {"dWx": "∂L/∂Wx"}).text


@pytest.fixture(scope="module")
def planted_faults() -> list[tuple[Plant, str, str]]:
    """The tuned half of the benchmark: each plant, its text and the right one."""
    tuned = [plant for plant in plants() if plant.half == "tuned"]
    return [(plant, plant.text, plant.source.text) for plant in tuned]


def test_planted_faults_are_of_the_kinds_that_they_were_planted_as(
    planted_faults: list[tuple[Plant, str, str]],
) -> None:
    causes = [(plant, explain(before, after, [], {})) for plant, before, after in planted_faults]
    for _, cause in causes:
        assert_is_said_well(cause)
    wrong = [(plant.id, cause.kind) for plant, cause in causes if cause.kind not in plant.faults[0].kinds]
    assert len(wrong) <= len(causes) * 0.02, wrong


def test_hints_give_no_planted_fault_away(planted_faults: list[tuple[Plant, str, str]]) -> None:
    for plant, before, after in planted_faults:
        edits = edits_of(before, after)
        said = hint(explain(before, after, edits, {}), before, edits)
        old = {
            word for edit in edits for line in before.split("\n")[edit.first - 1 : edit.last] for word in words(line)
        }
        new = {word for edit in edits for line in edit.new for word in words(line.partition("#")[0])} - old
        assert not {word for word in new if not iskeyword(word)} & set(words(said)), (plant.id, said)


MASKED = """import numpy as np


class Dropout:
    def forward(self, x):
        self.mask = x > 0.5
        self.kept = x
        return x * self.mask

    def backward(self, dout):
        dx = dout.copy()
        dx[self.mask] = 0
        dx[np.arange(3), 0] -= 1
        dx *= self.kept
        dx += 1
        return dx
"""


@pytest.mark.parametrize(
    ("right", "wrong", "kind", "said"),
    [
        # a mask is no beginning at 0
        ("        dx[self.mask] = 0\n", "", "missing", "keeps what should be 0"),
        # a word that means nothing, in a line that writes
        ("np.arange", "np.arrange", "name", "`np.arrange`"),
        ("        dx += 1\n", "        dx += 1\n" * 2, "extra", "counts double"),
        ("        dx *= self.kept\n", "        dx *= self.kept\n" * 2, "extra", "twice"),
        ("self.kept = x\n", "self.kpet = x\n", "name", "`self.kept`"),
        ("x > 0.5", "x < 0.5", "operand", "`x < 0.5` stands where `x > 0.5` belongs"),
        ("x * self.mask", "self.mask", "factor", "the factor `x` is missing"),
        ("        dx = dout.copy()\n", "        dx = dout\n", "in place", "not a copy"),
        ("        dx += 1\n        return dx\n", "        return dx\n        dx += 1\n", "misplaced", "`dx`"),
    ],
)
def test_a_fault_among_statements_that_write(right: str, wrong: str, kind: str, said: str) -> None:
    assert right in MASKED
    cause = explain(MASKED.replace(right, wrong, 1), MASKED, [], {})
    assert cause.kind == kind, cause
    assert said in cause.text


def test_a_copy_put_in_was_what_was_missing() -> None:
    before = MASKED.replace("        dx = dout.copy()\n", "        dx = dout\n")
    after = before.replace(
        "    def backward(self, dout):\n", "    def backward(self, dout):\n        dout = dout.copy()\n"
    )
    cause = explain(before, after, [], {})
    assert (cause.kind, "the caller's array" in cause.text) == ("in place", True)


def test_a_sum_with_another_term_in_it_is_no_sum_begun_anew() -> None:
    text = "def back(dx, dW, db, a, b):\n    for t in range(3):\n        dW, db = dW + a, db + b\n    return dW, db\n"
    assert explain(text.replace("db + b", "dW + b"), text, [], {}).kind == "operand"
    assert explain(text.replace("db + b", "b"), text, [], {}).kind == "accumulate"


def test_the_same_name_corrected_three_times_is_one_cause() -> None:
    before = RNN.replace("self.grads[", "self.grad[")
    assert explain(before, RNN, edits_of(before, RNN), {}).kind == "name"


def test_gradients_exchanged_are_in_the_wrong_slots() -> None:
    before = RNN.replace("[0][...] = dWx", "[0][...] = dWh").replace("[1][...] = dWh", "[1][...] = dWx")
    assert explain(before, RNN, edits_of(before, RNN), {}).kind == "slot"


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_line_ends_do_not_matter(ends: str) -> None:
    before = RNN.replace("np.dot(dt, Wh.T)", "np.dot(dt, Wh)")
    cause = explain(before.replace("\n", ends), RNN.replace("\n", ends), [], {})
    assert cause == explain(before, RNN, [], {})


def test_python_2_is_read() -> None:
    text = RNN.replace("        return h_next\n", "        print 'forward', h_next\n        return h_next\n")
    assert explain(text.replace("Wx.T)", "Wh.T)"), text, [], {}).kind == "operand"


def test_a_second_line_that_does_not_parse_changes_nothing() -> None:
    text = RNN + "\n\ndef later(:\n    pass\n"
    assert explain(text.replace("Wx.T)", "Wh.T)"), text, [], {}).kind == "operand"


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: f"{each.kinds}: {each.wrong.strip()[:40]}")
def test_a_hint_gives_nothing_away(mistake: Mistake) -> None:
    before = mistake.before
    edits = edits_of(before, mistake.text)
    said = hint(explained(mistake), before, edits)
    old = {word for edit in edits for line in before.split("\n")[edit.first - 1 : edit.last] for word in words(line)}
    new = {word for edit in edits for line in edit.new for word in words(line)} - old - {"in", "for", "if", "not", "is"}
    assert not new & set(words(said)), said
    assert not re.search(r"\bline \d", said)
    assert said.endswith((".", "?"))
    assert "\n" not in said


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_a_hint_names_what_to_look_at() -> None:
    before = RNN.replace("dh_prev = np.dot(dt, Wh.T)", "dh_prev = np.dot(x.T, dt)")
    edits = edits_of(before, RNN)
    said = hint(explain(before, RNN, edits, {}), before, edits)
    assert said == "Look at the product that gives `dh_prev`: which factor of the forward product does it need?"


CODE = st.sampled_from([RNN, TIME_RNN, LSTM, GRU, AFFINE, EMBEDDING, LOSS, NORM, COURSE])


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_two_texts_are_taken(before: str, after: str) -> None:
    cause = explain(before, after, [], {})
    assert_is_said_well(cause)
    assert hint(cause, before, edits_of(before, after)).endswith((".", "?"))


@settings(max_examples=60, deadline=None)
@given(CODE, st.data())
def test_any_lines_taken_out_or_exchanged_are_taken(text: str, data: st.DataObject) -> None:
    lines = text.split("\n")
    number = st.integers(0, len(lines) - 1)
    first, second = data.draw(number), data.draw(number)
    how = data.draw(st.sampled_from(["drop", "swap", "cut", "dedent"]))
    edited = list(lines)
    if how == "drop":
        del edited[first]
    elif how == "swap":
        edited[first], edited[second] = edited[second], edited[first]
    elif how == "cut":
        edited[first] = edited[first][: data.draw(st.integers(0, len(edited[first])))]
    else:
        edited[first] = edited[first].lstrip()
    before, after = "\n".join(edited), text
    for one, other in ((before, after), (after, before)):
        edits = edits_of(one, other)
        assert applied(one, edits) == other
        cause = explain(one, other, edits, {})
        assert_is_said_well(cause)
        assert hint(cause, one, edits)


@settings(max_examples=60, deadline=None)
@given(CODE, st.data())
def test_any_part_exchanged_for_another_is_taken(text: str, data: st.DataObject) -> None:
    """Any expression in the place of any other."""
    tree = ast.parse(text)
    nodes = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.expr) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
    ]
    a, b = data.draw(st.sampled_from(nodes)), data.draw(st.sampled_from(nodes))
    spots = (ast.get_source_segment(text, a), ast.get_source_segment(text, b))
    assert spots[0]
    assert spots[1]
    before = text.replace(spots[0], spots[1], 1)
    cause = explain(before, text, edits_of(before, text), {})
    assert_is_said_well(cause)


STEPS = """import numpy as np


def step_forward(x, h0, W, U, b):
    N, D = x.shape
    H = U.shape[0]
    h = np.zeros((N, H))
    gate = np.tanh(x @ W[:, H:2 * H] + h0 @ U[:, H:2 * H])
    h[:, 0] = gate.sum(axis=1)
    flat = h.reshape(N, H, -1)
    mean = flat - gate.mean() - b
    cache = (x, h0, W, gate)
    return flat, mean, cache


def step_backward(dout, cache):
    x, h0, W, gate = cache
    scaled = np.zeros_like(gate)
    total, other = 0, np.zeros_like(W)
    for t in range(3):
        total = total + dout[:, t]
        scaled[:, t], part = dout[:, t] * gate[:, t], 0.5 * dout[:, t]
        scaled = scaled + dout * other * (1 - gate ** 2)
    halves = x / (2 * h0)
    dW = x.T @ dout
    dgate = dout * (1 - gate)
    for mine, its in zip(total, part):
        mine += its
    whole = np.hstack((dgate, dW))
    dh = dc = 0
    dz = dgate * gate
    dn = dgate + h0
    return dW, dz, dn, whole, halves, scaled, dh + dc
"""


@pytest.mark.parametrize(
    ("right", "wrong", "kind", "said"),
    [
        # names: one letter too many in what is set, read before it is set
        ("    dz = dgate * gate\n", "    dzz = dgate * gate\n", "name", "the name that is read is `dz`"),
        ("    dgate = dout * (1", "    total = dout * (1", "name", "nothing sets `dgate`"),
        ("x, h0, W, gate = cache", "x, h0, W, gaet = cache", "name", "`gaet`"),
        ("h0 @ U[:, H:2 * H]", "h1 @ U[:, H:2 * H]", "name", "`h1`"),
        ("dout * (1 - gate)", "dz * (1 - gate)", "name", "`dz` has no value yet"),
        # commas without which a text parses
        ("h.reshape(N, H, -1)", "h.reshape(N, H -1)", "call", "a comma is missing: what stands on its two sides"),
        ("gate[:, t], 0.5", "gate[: t], 0.5", "index", "is taken for one index"),
        # sums that are not lost
        ("total = total + dout[:, t]", "total = (total + dout[:, t]) / 3", "ratio", "divided by `3`"),
        ("total = total + dout[:, t]", "total = 2 * (total + dout[:, t])", "ratio", "multiplied by `2`"),
        ("total = total + dout[:, t]", "total = total", "term", "the summand `dout[:, t]` is missing"),
        ("total = total + dout[:, t]", "total = dout[:, t]", "accumulate", "`total` is to be added to"),
        ("0.5 * dout[:, t]", "2.0 * dout[:, t]", "ratio", "the number `2.0` stands where `0.5` belongs"),
        ("x.T @ dout", "-x.T @ dout", "sign", "wrong sign"),
        ("x.T @ dout", "2 * x.T @ dout", "ratio", "multiplied by `2`"),
        ("scaled + dout * other * (1 -", "scaled + (1 -", "factor", "the factor `dout * other` is missing"),
        ("flat - gate.mean() - b", "gate.mean() - b", "term", "the summand `flat` is missing"),
        ("x / (2 * h0)", "x", "ratio", "not divided by `2 * h0`"),
        ("x / (2 * h0)", "x / gate / scaled", "ratio", "`2 * h0` that is to be divided by, not `gate * scaled`"),
        # lengths
        ("W[:, H:2 * H]", "W[:, H:2 * N]", "size", "`N` stands where `H` belongs"),
        ("h.reshape(N, H, -1)", "h.reshape(H, N, -1)", "order", "in another order"),
        ("zeros_like(gate)", "zeros_like(W)", "size", "`scaled` is made as large as `W`"),
        ("zip(total, part)", "zip(part, total)", "order", "The arguments of `zip(part, total)`"),
        ("gate[:, t], 0.5", "gate[:, 0, t], 0.5", "index", "`gate[:, 0, t]`"),
        # what is written, and where
        ("    h[:, 0] =", "    h0[:, 0] =", "operand", "written into `h0[:, 0]`, and belongs into `h[:, 0]`"),
        ("cache = (x, h0, W, gate)", "cache = (x, h0, h0, gate)", "cache", "works with the one"),
        ("np.hstack(", "np.vstack(", "axis", "`vstack` joins along another axis than `hstack`"),
        ("    dz = dgate * gate\n", "    dgate *= gate\n    dz = dgate\n", "in place", "makes no other array"),
        ("return flat, mean, cache", "return flat, mean", "return", "`cache` as well"),
    ],
)
def test_a_fault_of_a_step(right: str, wrong: str, kind: str, said: str) -> None:
    assert right in STEPS
    cause = explain(STEPS.replace(right, wrong, 1), STEPS, [], {})
    assert cause.kind == kind, cause
    assert said in cause.text
    assert_is_said_well(cause)


def test_an_array_changed_in_place_is_mended_by_what_reads_it_before() -> None:
    before = STEPS.replace("    dz = dgate * gate\n", "    dgate *= gate\n    dz = dgate\n")
    after = before.replace("    dn = dgate + h0\n", "").replace(
        "    dgate *= gate\n", "    dn = dgate + h0\n    dgate *= gate\n"
    )
    assert explain(before, after, [], {}).kind == "in place"


def test_one_value_for_two_names_is_mended_by_a_statement_for_each() -> None:
    before = STEPS.replace("    dh = dc = 0\n", "    dh, dc = np.zeros((2, 3))\n")
    after = STEPS.replace("    dh = dc = 0\n", "    dh = 0\n    dc = 0\n")
    assert explain(before, after, [], {}).kind == "order"


def test_nothing_is_left_of_what_is_multiplied_by_0() -> None:
    before = STEPS.replace("total + dout[:, t]", "0 * (total + dout[:, t])")
    cause = explain(before, STEPS.replace("total + dout[:, t]", "0 + total + dout[:, t]"), [], {})
    assert (cause.kind, "nothing is left of it" in cause.text) == ("ratio", True)


def test_gradients_begin_as_zeros_in_every_slot() -> None:
    cause = explain(RNN.replace("np.zeros_like(Wh)", "np.ones_like(Wh)"), RNN, [], {})
    assert (cause.kind, "`ones_like`" in cause.text) == ("function", True)


def test_an_attribute_is_set_under_a_name_that_nobody_reads() -> None:
    cause = explain(TIME_RNN.replace("self.layers = None", "self.layrs = None"), TIME_RNN, [], {})
    assert (cause.kind, "`self.layrs` is read nowhere" in cause.text) == ("name", True)
