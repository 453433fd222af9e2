"""Planted faults: each is found in the tensors it spoils, or as the part of the contract it breaks."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import manual
from compare.judge import compare_pair
from compare.pairs import PAIRS
from manual.clip import clipped, measured
from manual.softmax import softmax

PAIR = {pair.title: pair for pair in PAIRS}


def after(base: Any, spoil: Callable[[Any, Any, Any], Any]) -> Any:
    """A right layer whose backward pass ends in a fault: spoil(layer, upstream gradient, right answer)."""

    class Broken(base):  # type: ignore[misc]
        def backward(self, dout: Any) -> Any:
            return spoil(self, dout, super().backward(dout))

    return Broken


def changed(array: Any, value: Any, answer: Any = None) -> Any:
    """The answer, once the array has another value."""
    array[...] = value
    return answer


def assigned(layer: Any, answer: Any = None, **attributes: Any) -> Any:
    """The answer, once the layer's attributes are other objects."""
    vars(layer).update(attributes)
    return answer


def cell(**lines: Callable[..., Any]) -> Any:
    """RNN with some lines of its backward pass replaced, each a function of the names it asks for."""

    class Broken(manual.RNN):
        def forward(self, x: Any, h_prev: Any) -> Any:
            Wx, Wh, b = self.params
            self.a = np.dot(x, Wx) + np.dot(h_prev, Wh) + b
            return super().forward(x, h_prev)

        def backward(self, dh: Any) -> Any:
            assert self.cache is not None
            dx, dh_prev = super().backward(dh)
            (Wx, Wh, _), (x, h_prev, h) = self.params, self.cache
            da = lines["da"](dh=dh, h=h, a=self.a) if "da" in lines else dh * (1 - h**2)
            names = {"da": da, "x": x, "h_prev": h_prev, "h": h, "Wx": Wx, "Wh": Wh}
            right = {"db": da.sum(axis=0), "dWh": h_prev.T @ da, "dh_prev": da @ Wh.T, "dWx": x.T @ da, "dx": da @ Wx.T}
            found = right | {name: line(**names) for name, line in lines.items() if name in right}
            for grad, name in zip(self.grads, ("dWx", "dWh", "db"), strict=True):
                grad[...] = found[name]
            return found["dx"], found["dh_prev"]

    return Broken


class OneStepOnly(manual.TimeRNN):
    def backward(self, dhs: Any) -> Any:
        dxs = super().backward(dhs)
        for grad, last in zip(self.grads, self.layers[-1].grads, strict=True):
            grad[...] = last
        return dxs


class NoRecurrentGradient(manual.TimeRNN):
    def backward(self, dhs: Any) -> Any:
        dxs = np.empty((*dhs.shape[:2], len(self.params[0])), dhs.dtype)
        for grad in self.grads:
            grad[...] = 0
        for t, layer in enumerate(self.layers):
            # the `+ dh` is dropped
            dxs[:, t], dh = layer.backward(dhs[:, t])
            self.dh = dh if t == 0 else self.dh
            for grad, part in zip(self.grads, layer.grads, strict=True):
                grad += part
        return dxs


class Float32Buffer(manual.TimeRNN):
    def forward(self, xs: Any) -> Any:
        return super().forward(xs).astype("f")


class KeepsTheCallersState(manual.TimeRNN):
    def set_state(self, h: Any) -> None:
        self.h = h


class NeverResets(manual.TimeRNN):
    def reset_state(self) -> None:
        pass


class AlwaysCarries(manual.TimeRNN):
    def __init__(self, *params: Any, stateful: bool = False) -> None:
        super().__init__(*params, stateful=True)


class NeverCarries(manual.TimeRNN):
    def __init__(self, *params: Any, stateful: bool = False) -> None:
        super().__init__(*params)


class CopiesParams(manual.Affine):
    def __init__(self, W: Any, b: Any) -> None:
        super().__init__(W.copy(), b.copy())


class Unmasked(manual.TimeSoftmaxWithLoss):
    def backward(self, dout: Any = 1) -> Any:
        assert self.cache is not None
        ts, log_p, mask, shape = self.cache
        dx = np.exp(log_p)
        dx[np.arange(len(ts)), ts] -= 1
        return (dx * dout / self._count(mask)).astype(dx.dtype).reshape(shape)


class IgnoresUpstream(manual.TimeSoftmaxWithLoss):
    def backward(self, dout: Any = 1) -> Any:
        return super().backward(1)


class FlatOutput(manual.TimeAffine):
    def forward(self, xs: Any) -> Any:
        return super().forward(xs).reshape(-1, len(self.params[1]))


class NaNOutput(manual.TimeAffine):
    def forward(self, xs: Any) -> Any:
        return changed((out := super().forward(xs))[-1, -1, -1:], np.nan, out)


class FailingForward(manual.Affine):
    def forward(self, x: Any) -> Any:
        raise NameError("name 'np' is mistyped")


class FailingBackward(manual.Affine):
    def backward(self, dout: Any) -> Any:
        raise NameError("name 'np' is mistyped")


class LeakyRelu(manual.Relu):
    def forward(self, x: Any) -> Any:
        y = super().forward(x)
        # the mask with >=
        self.positive = x.real >= 0
        return y


class StaleMask(manual.Dropout):
    """As in the documents: in evaluation the mask is left as it was, and the backward pass multiplies by it."""

    mask: Any = np.array(False)

    def forward(self, x: Any, mask: Any) -> Any:
        self.mask = mask / (1 - self.ratio) if self.train else self.mask
        return super().forward(x, mask)

    def backward(self, dout: Any) -> Any:
        return (dout * self.mask).astype(dout.dtype)


class DropsInEvaluation(manual.TimeDropout):
    def __init__(self, *, ratio: float = 0.5, train: bool = True) -> None:
        super().__init__(ratio=ratio)


class ScaledByRatio(manual.TimeDropout):
    """Right at a ratio of 0.5 alone."""

    def __init__(self, *, ratio: float = 0.5, train: bool = True) -> None:
        super().__init__(ratio=1 - ratio if ratio else 0, train=train)


class NoTarget(manual.SoftmaxWithLoss):
    def forward(self, x: Any, t: Any) -> Any:
        self.x = x
        return super().forward(x, t)

    def backward(self, dout: Any = 1) -> Any:
        return (dout * softmax(self.x) / len(self.x)).astype(self.x.dtype)


class NoUpstream(manual.TimeSigmoidWithLoss):
    def backward(self, dout: Any = 1) -> Any:
        return super().backward(1)


class NaiveSigmoidLoss(manual.SigmoidWithLoss):
    def forward(self, x: Any, t: Any) -> Any:
        super().forward(x, t)
        with np.errstate(all="ignore"):
            y = 1 / (1 + np.exp(-x))
            return -np.sum(np.log(np.where(t == 1, y, 1 - y))) / len(x)


class ReadsTheSwitch(manual.Dropout):
    """Right as long as nobody turns the switch between the passes."""

    def backward(self, dout: Any) -> Any:
        return super().backward(dout) if self.train else dout


class SwitchIsKept(manual.TimeDropout):
    def __init__(self, *, ratio: float = 0.5, train: bool = True) -> None:
        super().__init__(ratio=ratio, train=train)
        self.first = train

    def forward(self, xs: Any, mask: Any) -> Any:
        now, self.train = self.train, self.first
        try:
            return super().forward(xs, mask)
        finally:
            self.train = now


class SquaresOverflow(manual.ClipGrads):
    def forward(self, dW: Any, db: Any) -> Any:
        super().forward(dW, db)
        with np.errstate(over="ignore"):
            norm = np.sqrt(np.sum(dW**2) + np.sum(db**2))
        return tuple(grad * (self.max_norm / norm) if norm > self.max_norm else grad for grad in (dW, db))


class EachItsOwnNorm(manual.ClipGrads):
    def forward(self, dW: Any, db: Any) -> Any:
        super().forward(dW, db)
        return tuple(clipped([grad], self.max_norm)[0] for grad in (dW, db))


class NormIsAConstant(manual.ClipGrads):
    def backward(self, ddW: Any, ddb: Any) -> Any:
        super().backward(ddW, ddb)
        g, max_norm = self.cache  # type: ignore[misc]
        _, rho, m = measured(g)
        s = min(max_norm / rho / m, 1) if rho else 1
        return ddW * s, ddb * s


class AlwaysClips(manual.ClipGrads):
    """Short gradients are drawn out to max_norm."""

    def forward(self, dW: Any, db: Any) -> Any:
        grads = super().forward(dW, db)
        u, rho, _ = measured((dW, db))
        return tuple(part * (self.max_norm / rho) for part in u) if rho.real else grads


def norm_gradient(line: Callable[..., Any]) -> Any:
    """LayerNorm with another dx, of the upstream gradient times gamma, x̂, r and D."""
    return after(manual.LayerNorm, lambda s, d, a: line(d * s.params[0], *s.cache, a.shape[1]).astype(a.dtype))


class UnbiasedVariance(manual.LayerNorm):
    def forward(self, x: Any) -> Any:
        super().forward(x)
        gamma, beta = self.params
        return gamma * (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, ddof=1, keepdims=True) + 1e-5) + beta


class OverTheBatch(manual.LayerNorm):
    def forward(self, x: Any) -> Any:
        super().forward(x)
        gamma, beta = self.params
        return (gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + self.eps) + beta).astype(x.dtype)


RNN, TimeRNN, Affine, TimeAffine = manual.RNN, manual.TimeRNN, manual.Affine, manual.TimeAffine
CELL, SEQUENCE = "dx dh_prev dWx dWh db", "dxs dh0 dWx dWh db"

# the fault, its layer, what it is made of, and the tensors that it spoils or the finding it gives
TENSORS: list[tuple[str, str, Any, str]] = [
    (
        "wrong slots",
        "RNN",
        after(RNN, lambda s, d, a: assigned(s, a, grads=[s.grads[i] for i in (1, 0, 2)])),
        "dWx dWh",
    ),
    ("one slot twice", "RNN", after(RNN, lambda s, d, a: assigned(s, a, grads=[*s.grads[:2], s.params[2]])), "db"),
    ("not accumulated over time", "TimeRNN", OneStepOnly, "dWx dWh db"),
    ("the recurrent gradient lost", "TimeRNN", NoRecurrentGradient, SEQUENCE),
    ("the gradient of h0 lost", "TimeRNN", after(TimeRNN, lambda s, d, a: assigned(s, a, dh=None)), "dh0"),
    ("dWh by h", "RNN", cell(dWh=lambda h, da, **_: h.T @ da), "dWh"),
    ("dh_prev by Wh, not transposed", "RNN", cell(dh_prev=lambda da, Wh, **_: da @ Wh), "dh_prev"),
    ("dh_prev by Wx", "RNN", cell(dh_prev=lambda da, Wx, **_: da @ Wx.T), "dh_prev"),
    ("dx by Wh", "RNN", cell(dx=lambda da, Wh, **_: da @ Wh.T), "dx"),
    # with H = D this would be wrong in silence; here it raises
    ("dWx for dWh", "RNN", cell(dWx=lambda h_prev, da, **_: h_prev.T @ da), "h " + CELL),
    ("a missing square", "RNN", cell(da=lambda dh, h, **_: dh * (1 - h)), CELL),
    ("before the activation", "RNN", cell(da=lambda dh, a, **_: dh * (1 - a**2)), CELL),
    ("no derivative of tanh", "RNN", cell(da=lambda dh, **_: dh), CELL),
    (
        "the scatter overwritten",
        "Embedding",
        after(manual.Embedding, lambda s, d, a: changed(s.grads[0], 0) or s.grads[0].__setitem__(s.ids, d)),
        "dW",
    ),
    ("averaged over T", "TimeAffine", after(TimeAffine, lambda s, d, a: changed(s.grads[1], s.grads[1] / 5, a)), "db"),
    (
        "the last step only",
        "TimeAffine",
        after(TimeAffine, lambda s, d, a: changed(s.grads[0], s.xs[:, -1].T @ d[:, -1], a)),
        "dW",
    ),
    ("no mask", "TimeSoftmaxWithLoss", Unmasked, "dxs"),
    ("the upstream gradient ignored", "TimeSoftmaxWithLoss", IgnoresUpstream, "dxs"),
    ("no bias gradient", "Affine", after(Affine, lambda s, d, a: changed(s.grads[1], 0, a)), "db"),
    ("an output in float32", "TimeRNN", Float32Buffer, "hs"),
    ("through float32", "Affine", after(Affine, lambda s, d, a: a.astype("f").astype(a.dtype)), "dx"),
    (
        "memory read before it is written",
        "TimeEmbedding",
        after(
            manual.TimeEmbedding, lambda s, d, a: changed(s.grads[0], s.grads[0] + np.full(s.grads[0].shape, np.nan))
        ),
        "dW",
    ),
    ("a state that is not taken over", "TimeRNN", NeverCarries, "hs"),
    ("no return", "Affine", after(Affine, lambda s, d, a: None), "dx"),
    ("a missing return value", "RNN", after(RNN, lambda s, d, a: a[:1]), "dh_prev"),
    ("a wrong shape out", "TimeAffine", FlatOutput, "out"),
    ("a wrong shape back", "TimeAffine", after(TimeAffine, lambda s, d, a: a.reshape(-1, a.shape[-1])), "dxs"),
    ("an exception in forward", "Affine", FailingForward, "out dx dW db"),
    ("an exception in backward", "Affine", FailingBackward, "out dx dW db"),
    ("NaN out", "TimeAffine", NaNOutput, "out"),
    ("NaN back", "Affine", after(Affine, lambda s, d, a: a * np.nan), "dx"),
    # with D = H it would be W for Wᵀ; here the rows are cut anew
    (
        "the weight not transposed",
        "MatMul",
        after(manual.MatMul, lambda s, d, a: d @ s.params[0].reshape(-1, a.shape[1])),
        "dx",
    ),
    ("σ′ with the other sign", "Sigmoid", after(manual.Sigmoid, lambda s, d, a: d * s.y * (1 + s.y)), "dx"),
    ("σ′ without 1 − y", "Sigmoid", after(manual.Sigmoid, lambda s, d, a: d * s.y), "dx"),
    ("tanh′ without the square", "Tanh", after(manual.Tanh, lambda s, d, a: d * (1 - s.y)), "dx"),
    ("a slope of 1 at 0", "Relu", LeakyRelu, "dx"),
    ("the gradient not masked", "Relu", after(manual.Relu, lambda s, d, a: d), "dx"),
    ("not divided by N", "SoftmaxWithLoss", after(manual.SoftmaxWithLoss, lambda s, d, a: a * len(a)), "dx"),
    ("the target not taken off", "SoftmaxWithLoss", NoTarget, "dx"),
    ("not divided by N", "SigmoidWithLoss", after(manual.SigmoidWithLoss, lambda s, d, a: a * len(a)), "dx"),
    ("the logarithm of a probability", "SigmoidWithLoss", NaiveSigmoidLoss, "loss"),
    (
        "divided by N alone",
        "TimeSigmoidWithLoss",
        after(manual.TimeSigmoidWithLoss, lambda s, d, a: a * a.shape[1]),
        "dxs",
    ),
    ("the upstream gradient ignored", "TimeSigmoidWithLoss", NoUpstream, "dxs"),
    ("no 1/(1 − ratio) back", "Dropout", after(manual.Dropout, lambda s, d, a: d * s.cache[0]), "dx"),
    ("the gradient not dropped", "Dropout", after(manual.Dropout, lambda s, d, a: d / s.cache[1]), "dx"),
    ("a stale mask in evaluation", "Dropout", StaleMask, "dx"),
    ("dropped in evaluation", "TimeDropout", DropsInEvaluation, "out"),
    ("scaled by 1/ratio", "TimeDropout", ScaledByRatio, "out"),
    (
        "the mask of the first step",
        "TimeDropout",
        after(manual.TimeDropout, lambda s, d, a: d * np.atleast_3d(s.cache[0])[:, :1] / s.cache[1]),
        "dxs",
    ),
    ("each clipped by its own norm", "ClipGrads", EachItsOwnNorm, "dW db"),
    ("the norm taken for a constant", "ClipGrads", NormIsAConstant, "ddW ddb"),
    ("short gradients drawn out", "ClipGrads", AlwaysClips, "dW db"),
    ("both mean terms left out", "LayerNorm", norm_gradient(lambda dx_hat, x_hat, r, D: dx_hat * r), "dx"),
    (
        "the variance taken for a constant",
        "LayerNorm",
        norm_gradient(lambda dx_hat, x_hat, r, D: r * (dx_hat - dx_hat.mean(axis=1, keepdims=True))),
        "dx",
    ),
    (
        "sums for means",
        "LayerNorm",
        norm_gradient(
            lambda dx_hat, x_hat, r, D: (
                r * (dx_hat - dx_hat.sum(axis=1)[:, None] - x_hat * (dx_hat * x_hat).sum(axis=1)[:, None])
            )
        ),
        "dx",
    ),
    (
        "dγ without x̂",
        "LayerNorm",
        after(manual.LayerNorm, lambda s, d, a: changed(s.grads[0], d.sum(axis=0), a)),
        "dgamma",
    ),
    ("the unbiased variance", "LayerNorm", UnbiasedVariance, "out"),
    ("normalised over the batch", "LayerNorm", OverTheBatch, "out"),
]
CONTRACT: list[tuple[str, str, Any, str]] = [
    (
        "the upstream gradient changed in place",
        "TimeRNN",
        after(TimeRNN, lambda s, d, a: changed(d[:, 0], d[:, 0] + s.dh, a)),
        "the upstream gradient dhs is changed",
    ),
    ("a cache eaten", "RNN", after(RNN, lambda s, d, a: assigned(s, a, cache=None)), "second backward gives the same"),
    ("the caller's state kept", "TimeRNN", KeepsTheCallersState, "hs follows an array that the caller changed"),
    ("never reset", "TimeRNN", NeverResets, "hs does not begin from zero after reset_state()"),
    ("always carried", "TimeRNN", AlwaysCarries, "hs depends on the sequence before"),
    ("the switch read again", "Dropout", ReadsTheSwitch, "dx follows train"),
    ("the first switch kept", "TimeDropout", SwitchIsKept, "out does not follow train"),
    ("a copy of the parameters", "Affine", CopiesParams, "params: W is a copy"),
    (
        "gradients rebound",
        "Affine",
        after(Affine, lambda s, d, a: assigned(s, a, grads=[grad.copy() for grad in s.grads])),
        "grads: dW is a new array",
    ),
]


@pytest.mark.parametrize(("layer", "hand", "rows"), [f[1:] for f in TENSORS], ids=[f[0] for f in TENSORS])
def test_a_wrong_number_is_found_where_it_is_and_nowhere_else(layer: str, hand: Any, rows: str) -> None:
    report = compare_pair(replace(PAIR[layer], hand=hand), seeds=1)
    assert not report.ok
    wrong = [row for row in report.tensors if not row.ok and row.blame != "forward"]
    assert {row.name for row in wrong} == set(rows.split())
    assert {row.blame for row in wrong} == {"hand"}


def test_squares_that_overflow_are_found_in_float32() -> None:
    pair = replace(PAIR["ClipGrads"], hand=SquaresOverflow)
    assert {row.name for row in compare_pair(pair, np.float32, seeds=1).tensors if row.blame == "hand"} == {"dW", "db"}


@pytest.mark.parametrize(("layer", "hand", "finding"), [f[1:] for f in CONTRACT], ids=[f[0] for f in CONTRACT])
def test_right_numbers_do_not_hide_a_broken_contract(layer: str, hand: Any, finding: str) -> None:
    report = compare_pair(replace(PAIR[layer], hand=hand), seeds=1)
    assert not report.ok
    wrong = [row for row in report.tensors if not row.ok]
    assert any(row.name.startswith(finding) for row in wrong)
    assert {row.blame for row in wrong} == {"hand"}
