"""Why the mutants that survive are equivalent: nobody who uses a layer could tell the difference.

By reason: the file, the statement, and what may as well stand there.
"""

from benchmarks import survivors_gated

_ASSERTED = ("pass", *(f"assert self.{name} is not None" for name in ("axes", "params", "grads")))
_ONES = "ones = ((array == 0) {} (array {} 1)).all(axis=-1) & (array.sum(axis=-1) == 1)"
_PLACES = ("{} = np.ones({}, dtype={})", "{} = np.zeros({}, dtype={})")
_CHECKED = "return tuple((self._accept(f'{{self.layer}}.{}', {}, name, *argument){} for name, argument in {}.items()))"
_BACKWARD = _CHECKED.format("backward", "dict(self.seen)", "", "cotangents")
_RULES = "if rule in ({}):"
_NUMBER = "if isinstance(value, int | float) and (0 <= value < 1 if rule {} '0 <= ratio < 1' else value > 0):"
_BINARY = "V = 2 if rule {} '0 or 1' else sizes['V'][0]"
_STATE = _CHECKED.format("{method}", "sizes", ".copy()", "states")

_Changes = tuple[tuple[str, str, tuple[str, ...]], ...]


def _dtypes(name: str, made: str, others: tuple[str, ...]) -> tuple[str, str, tuple[str, ...]]:
    """An array made in the dtype of Wx, and made in another's."""
    return "rnn.py", f"{name} = {made}, dtype=Wx.dtype)", tuple(f"{name} = {made}, dtype={o}.dtype)" for o in others)


_SURVIVORS: dict[str, _Changes] = {
    "For the type checker alone: a backward pass without a forward pass is refused one line above.": (
        ("activation.py", "assert self.y is not None", _ASSERTED),
        ("activation.py", "assert self.positive is not None", _ASSERTED),
        ("affine.py", "assert self.x is not None", _ASSERTED),
        ("affine.py", "assert self.xs is not None", _ASSERTED),
        ("clip.py", "assert self.cache is not None", (*_ASSERTED, "assert self.max_norm is not None")),
        (
            "dropout.py",
            "assert self.cache is not None",
            (*_ASSERTED, "assert self.ratio is not None", "assert self.train is not None"),
        ),
        ("embedding.py", "assert self.ids is not None", _ASSERTED),
        ("layer_norm.py", "assert self.cache is not None", (*_ASSERTED, "assert self.eps is not None")),
        ("rnn.py", "assert self.cache is not None", _ASSERTED),
        ("sigmoid_loss.py", "assert self.cache is not None", _ASSERTED),
        ("softmax.py", "assert self.p is not None", _ASSERTED),
        ("softmax.py", "assert self.cache is not None", (*_ASSERTED, "assert self.ignore_label is not None")),
    ),
    "Never read before the forward pass writes it: a backward pass without one is refused before it gets there.": (
        ("activation.py", "self.y: Array | None = None", ("pass",)),
        ("activation.py", "self.positive: Array | None = None", ("pass",)),
        ("affine.py", "self.x: Array | None = None", ("pass",)),
        ("affine.py", "self.xs: Array | None = None", ("pass",)),
        ("clip.py", "self.cache: tuple[tuple[Array, ...], float] | None = None", ("pass",)),
        ("dropout.py", "self.cache: tuple[Array | float, float] | None = None", ("pass",)),
        ("embedding.py", "self.ids: Array | None = None", ("pass",)),
        ("embedding.py", "self.layers: list[Embedding] = []", ("pass",)),
        ("layer_norm.py", "self.cache: tuple[Array, Array] | None = None", ("pass",)),
        ("rnn.py", "self.cache: tuple[Array, Array, Array] | None = None", ("pass",)),
        ("rnn.py", "self.layers: list[RNN] = []", ("pass",)),
        ("sigmoid_loss.py", "self.cache: tuple[Array, Array] | None = None", ("pass",)),
        ("sigmoid_loss.py", "self.shape: tuple[int, ...] = ()", ("pass",)),
        ("softmax.py", "self.p: Array | None = None", ("pass",)),
        (
            "softmax.py",
            "self.cache: tuple[Array, Array, Array, tuple[int, int, int]] | None = None",
            ("pass",),
        ),
    ),
    "Every element is written before it is read.": (
        (
            "embedding.py",
            "out = np.empty((N, T, D), dtype=W.dtype)",
            tuple(place.format("out", "(N, T, D)", "W.dtype") for place in _PLACES),
        ),
        (
            "rnn.py",
            "hs = np.empty((N, T, H), dtype=Wx.dtype)",
            tuple(place.format("hs", "(N, T, H)", "Wx.dtype") for place in _PLACES),
        ),
        (
            "rnn.py",
            "dxs = np.empty((N, T, D), dtype=Wx.dtype)",
            tuple(place.format("dxs", "(N, T, D)", "Wx.dtype") for place in _PLACES),
        ),
    ),
    "The same dtype: all parameters have one, and what comes in is brought to it.": (
        _dtypes("self.h", "np.zeros((N, H)", ("xs", "Wh", "b")),
        _dtypes("hs", "np.empty((N, T, H)", ("xs", "Wh", "b")),
        _dtypes("dxs", "np.empty((N, T, D)", ("dhs", "Wh", "b")),
        _dtypes("dh", "np.zeros((N, H)", ("dhs", "dxs", "Wh", "b")),
        (
            "softmax.py",
            "dx *= (dout / self._count(mask)).astype(dx.dtype)",
            (
                "dx *= dout / self._count(mask)",
                "dx *= (dout / self._count(mask)).astype(dout.dtype)",
                "dx *= (dout / self._count(mask)).astype(log_p.dtype)",
            ),
        ),
    ),
    "Zeros are exact in every dtype, and the cell brings what it reads to its own.": (
        (
            "rnn.py",
            "self.h = np.zeros((N, H), dtype=Wx.dtype)",
            ("self.h = np.zeros((N, H))", "self.h = np.zeros((N, H), dtype=np.float32)"),
        ),
        (
            "rnn.py",
            "dh = np.zeros((N, H), dtype=Wx.dtype)",
            ("dh = np.zeros((N, H))", "dh = np.zeros((N, H), dtype=np.float32)"),
        ),
    ),
    "A row of zeros is added to every row, as the whole array of zeros would be; it is read once, at the last step.": (
        ("rnn.py", "dh = np.zeros((N, H), dtype=Wx.dtype)", ("dh = np.zeros((H,), dtype=Wx.dtype)",)),
    ),
    "The axes that an index leaves out are taken whole.": (
        ("embedding.py", "out[:, t, :] = layer.forward(xs[:, t])", ("out[:, t] = layer.forward(xs[:, t])",)),
        ("embedding.py", "layer.backward(dout[:, t, :])", ("layer.backward(dout[:, t])",)),
        (
            "rnn.py",
            "self.h = layer.forward(xs[:, t, :], self.h)",
            ("self.h = layer.forward(xs[:, t], self.h)",),
        ),
        ("rnn.py", "hs[:, t, :] = self.h", ("hs[:, t] = self.h",)),
        ("rnn.py", "dx, dh = layer.backward(dhs[:, t, :] + dh)", ("dx, dh = layer.backward(dhs[:, t] + dh)",)),
        ("rnn.py", "dxs[:, t, :] = dx", ("dxs[:, t] = dx",)),
    ),
    "The last of the list, or the last axis: the same place by another number.": (
        (
            "affine.py",
            "self.grads[0][...] = np.dot(self.x.T, dout)",
            ("self.grads[-1][...] = np.dot(self.x.T, dout)",),
        ),
        ("affine.py", "self.grads[1][...] = db", ("self.grads[-1][...] = db",)),
        ("layer_norm.py", "self.grads[1][...] = dbeta", ("self.grads[-1][...] = dbeta",)),
        *(
            ("layer_norm.py", line.format(1), (line.format(-1),))
            for line in (
                "centred = x - np.sum(x, axis={}, keepdims=True) / D",
                "r = 1 / np.sqrt(np.sum(centred ** 2, axis={}, keepdims=True) / D + self.eps)",
                "mean = np.sum(dx_hat, axis={}, keepdims=True) / D",
                "along = np.sum(dx_hat * x_hat, axis={}, keepdims=True) / D",
            )
        ),
        ("softmax.py", "return self.loss.backward(dout)[:, 0]", ("return self.loss.backward(dout)[:, -1]",)),
        ("embedding.py", "grad += layer.grads[0]", ("grad += layer.grads[-1]",)),
        ("embedding.py", "self.grads[0][...] = grad", ("self.grads[-1][...] = grad",)),
        (
            "softmax.py",
            "dx: Array = self.p * (dp - np.sum(dp * self.p, axis=1, keepdims=True))",
            ("dx: Array = self.p * (dp - np.sum(dp * self.p, axis=-1, keepdims=True))",),
        ),
    ),
    "Two functions of this module alone, called with two axes, of which the last is axis 1.": (
        (
            "softmax.py",
            "z = x - x.max(axis=-1, keepdims=True)",
            ("z = x - x.max(axis=1, keepdims=True)",),
        ),
        (
            "softmax.py",
            "log_p: Array = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))",
            ("log_p: Array = z - np.log(np.exp(z).sum(axis=1, keepdims=True))",),
        ),
        (
            "softmax.py",
            "e = np.exp(x - x.max(axis=-1, keepdims=True))",
            ("e = np.exp(x - x.max(axis=1, keepdims=True))",),
        ),
        (
            "softmax.py",
            "p: Array = e / e.sum(axis=-1, keepdims=True)",
            ("p: Array = e / e.sum(axis=1, keepdims=True)",),
        ),
    ),
    "The gradients have the shapes and the dtype of the parameters, and nothing else is asked of them there.": (
        ("embedding.py", "W, = self.params", ("W, = self.grads",)),
        ("rnn.py", "Wx, Wh, b = self.params", ("Wx, Wh, b = self.grads",)),
        (
            "layer_norm.py",
            "self.grads = [np.zeros_like(gamma), np.zeros_like(beta)]",
            tuple(
                f"self.grads = [np.zeros_like({a}), np.zeros_like({b})]"
                for a, b in (("beta", "gamma"), ("beta", "beta"), ("gamma", "gamma"))
            ),
        ),
        ("layer_norm.py", "N, D = dout.shape", ("N, D = x_hat.shape",)),
        # D is not read any more below
        ("rnn.py", "D, H = Wx.shape", ("D, H = Wh.shape",)),
    ),
    "The same sum in another order: it differs by rounding alone.": (
        ("embedding.py", "for t in range(T):", ("for t in reversed(range(T)):",)),
    ),
    "`np.dot` takes the rows of (N, T, D) one by one too, and the result is given the shape it has already.": (
        ("affine.py", "rx = xs.reshape(N * T, D)", ("rx = xs",)),
        ("affine.py", "out: Array = np.dot(rx, W) + b", ("out: Array = np.dot(xs, W) + b",)),
    ),
    "As many targets as logits, and targets are 0 or 1: the shapes and the rule were checked before.": (
        ("sigmoid_loss.py", "one = t == 1", ("one = t >= 1",)),
        (
            "sigmoid_loss.py",
            "loss: Array = np.sum(softplus(np.where(one, -x, x))) / len(x)",
            (
                "loss: Array = np.sum(softplus(np.where(t, -x, x))) / len(x)",
                "loss: Array = np.sum(softplus(np.where(one, -x, x))) / len(t)",
                "loss: Array = np.sum(softplus(np.where(one, -x, x))) / len(one)",
            ),
        ),
        (
            "sigmoid_loss.py",
            "dx: Array = dout / len(x) * (sigmoid(x) - one)",
            ("dx: Array = dout / len(one) * (sigmoid(x) - one)",),
        ),
        ("sigmoid_loss.py", "self.shape = xs.shape", ("self.shape = ts.shape",)),
    ),
    "The same function on both sides of the border, but for rounding; only far from it would exp overflow.": (
        (
            "activation.py",
            "positive = x > 0",
            ("positive = x >= 0", "positive = x > 1", "positive = x > -1", "positive = x > 2"),
        ),
        (
            "sigmoid_loss.py",
            "positive = x.real > 0",
            ("positive = x.real >= 0", "positive = x.real > 1", "positive = x.real > -1", "positive = x.real > 2"),
        ),
    ),
    "1/(1 + exp 1e4) is 0 too; NumPy's warning of the overflow is all that a caller sees of it.": (
        ("activation.py", "positive = x > 0", ("positive = x != 0",)),
    ),
    "‖g‖ is the same for any m, but for rounding, and nothing overflows as long as m is about the largest.": (
        (
            "clip.py",
            "m = max((np.abs(grad.real).max() for grad in grads)) or 1.0",
            (
                "m = sum((np.abs(grad.real).max() for grad in grads)) or 1.0",
                "m = max((np.abs(grad.real).mean() for grad in grads)) or 1.0",
                "m = max((np.abs(grad.real).sum() for grad in grads)) or 1.0",
            ),
        ),
    ),
    "At ‖g‖ = max_norm alone: s is 1 there either way, and of the two slopes that meet there either will do.": (
        ("clip.py", "if m * rho.real <= max_norm:", ("if m * rho.real < max_norm:",)),
        ("clip.py", "if m * rho <= max_norm:", ("if m * rho < max_norm:",)),
    ),
    "NumPy takes any negative size for the one to be found.": (
        ("affine.py", "dout = dout.reshape(N * T, -1)", ("dout = dout.reshape(N * T, -2)",)),
        (
            "sigmoid_loss.py",
            "return self.loss.forward(xs.reshape(-1), ts.reshape(-1))",
            (
                "return self.loss.forward(xs.reshape(-2), ts.reshape(-1))",
                "return self.loss.forward(xs.reshape(-1), ts.reshape(-2))",
            ),
        ),
    ),
    "Any legal id does for an ignored label: what it selects is taken out by the mask.": (
        ("softmax.py", "ts = np.where(mask, ts, 0)", ("ts = np.where(mask, ts, -1)",)),
    ),
    "Two axes or three, all else is refused before.": (
        ("dropout.py", "if mask.ndim == 2:", ("if mask.ndim <= 2:",)),
        ("softmax.py", "if ts.ndim == 3:", ("if ts.ndim >= 3:",)),
    ),
    "The same whatever comes first.": (
        ("softmax.py", "return max(int(mask.sum()), 1)", ("return max(1, int(mask.sum()))",)),
        ("_axes.py", "except (TypeError, ValueError):", ("except (ValueError, TypeError):",)),
        ("_axes.py", _RULES.format("'0 <= ratio < 1', 'above 0'"), (_RULES.format("'above 0', '0 <= ratio < 1'"),)),
    ),
    "Every caller unpacks what it gets in the same line, and thereby runs the checks.": (
        ("_axes.py", _BACKWARD, (_BACKWARD.replace("tuple((", "(").replace("))", ")"),)),
        ("_axes.py", _STATE, (_STATE.replace("tuple((", "(").replace("))", ")"),)),
    ),
    "An upstream gradient has no axis that the forward pass has not seen, so that it adds no size.": (
        ("_axes.py", _BACKWARD, (_BACKWARD.replace("dict(self.seen)", "self.seen"),)),
    ),
    "A NumPy scalar has the shape, the dtype and the methods of an array without axes.": (
        ("_axes.py", "array = np.asarray(array)", ("pass", "array = array")),
    ),
    "A copy more: only a caller who writes into an argument between forward and backward could tell.": (
        (
            "_axes.py",
            "return array.astype(self.dtype, copy=False)",
            ("return array.astype(self.dtype)", "return array.astype(self.dtype, copy=True)"),
        ),
    ),
    "A fixed axis divided by its own size is 1, as every other one is.": (
        (
            "_axes.py",
            "if letter:",
            tuple(
                f"if {x}:" for x in ("True", "where", "name", "dims", "wanted", "has", "axes", "axis", "size", "times")
            ),
        ),
    ),
    "As many axes as sizes: the number was checked before.": (
        (
            "_axes.py",
            "for axis, size in zip(axes, array.shape, strict=True):",
            (
                "for axis, size in zip(axes, array.shape):",
                "for axis, size in zip(axes, array.shape, strict=False):",
            ),
        ),
    ),
    "A rule stands alone; of names, any will do to see that they are no rule.": (
        ("_axes.py", "rule = choices[0]", ("rule = choices[-1]",)),
    ),
    "Every other dtype is above bool, which can be cast to it.": (
        ("_axes.py", "if array.dtype != bool:", ("if array.dtype > bool:",)),
    ),
    "Of the two rules for numbers, this one comes first in the alphabet.": (
        ("_axes.py", _NUMBER.format("=="), (_NUMBER.format("<="),)),
    ),
    "Of the rules that there are, this one comes last in the alphabet.": (
        ("_axes.py", "if rule == 'one-hot':", ("if rule >= 'one-hot':",)),
        # one-hot targets have gone their way before it
        ("_axes.py", "if rule == 'mask':", ("if rule >= 'mask':",)),
        ("_axes.py", _BINARY.format("=="), (_BINARY.format(">="),)),
    ),
    "No number is 0 and 1 at once; and numbers that are 0 or at least 1 sum to 1 in a one-hot row alone.": (
        ("_axes.py", _ONES.format("|", "=="), (_ONES.format("^", "=="), _ONES.format("|", ">="))),
    ),
}

REASONS = {
    (file, before, after): reason
    for survivors in (_SURVIVORS, survivors_gated.SURVIVORS)
    for reason, changes in survivors.items()
    for file, before, afters in changes
    for after in afters
}
