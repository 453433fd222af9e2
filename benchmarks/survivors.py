"""Why the mutants that survive are equivalent: nobody who uses a layer could tell the difference.

By reason: the file, the statement, and what may as well stand there.
"""

_ASSERTED = ("pass", *(f"assert self.{name} is not None" for name in ("axes", "params", "grads")))
_ONES = "ones = ((array == 0) {} (array {} 1)).all(axis=-1) & (array.sum(axis=-1) == 1)"
_PLACES = ("{} = np.ones({}, dtype={})", "{} = np.zeros({}, dtype={})")
_CHECKED = "return tuple((self._accept(f'{{self.layer}}.{}', {}, name, *argument){} for name, argument in {}.items()))"
_BACKWARD = _CHECKED.format("backward", "dict(self.seen)", "", "cotangents")
_STATE = _CHECKED.format("{method}", "sizes", ".copy()", "states")

_Changes = tuple[tuple[str, str, tuple[str, ...]], ...]


def _dtypes(name: str, made: str, others: tuple[str, ...]) -> tuple[str, str, tuple[str, ...]]:
    """An array made in the dtype of Wx, and made in another's."""
    return "rnn.py", f"{name} = {made}, dtype=Wx.dtype)", tuple(f"{name} = {made}, dtype={o}.dtype)" for o in others)


_SURVIVORS: dict[str, _Changes] = {
    "For the type checker alone: a backward pass without a forward pass is refused one line above.": (
        ("affine.py", "assert self.x is not None", _ASSERTED),
        ("affine.py", "assert self.xs is not None", _ASSERTED),
        ("embedding.py", "assert self.ids is not None", _ASSERTED),
        ("rnn.py", "assert self.cache is not None", _ASSERTED),
        ("softmax.py", "assert self.p is not None", _ASSERTED),
        ("softmax.py", "assert self.cache is not None", (*_ASSERTED, "assert self.ignore_label is not None")),
    ),
    "Never read before the forward pass writes it: a backward pass without one is refused before it gets there.": (
        ("affine.py", "self.x: Array | None = None", ("pass",)),
        ("affine.py", "self.xs: Array | None = None", ("pass",)),
        ("embedding.py", "self.ids: Array | None = None", ("pass",)),
        ("embedding.py", "self.layers: list[Embedding] = []", ("pass",)),
        ("rnn.py", "self.cache: tuple[Array, Array, Array] | None = None", ("pass",)),
        ("rnn.py", "self.layers: list[RNN] = []", ("pass",)),
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
        ("simple_rnnlm.py", "dhs[:, -1, :] += dh", ("dhs[:, -1] += dh",)),
    ),
    "The last of the list, or the last axis: the same place by another number.": (
        ("affine.py", "self.grads[1][...] = db", ("self.grads[-1][...] = db",)),
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
    "NumPy takes any negative size for the one to be found.": (
        ("affine.py", "dout = dout.reshape(N * T, -1)", ("dout = dout.reshape(N * T, -2)",)),
    ),
    "Any legal id does for an ignored label: what it selects is taken out by the mask.": (
        ("softmax.py", "ts = np.where(mask, ts, 0)", ("ts = np.where(mask, ts, -1)",)),
    ),
    "Two axes or three, all else is refused before.": (("softmax.py", "if ts.ndim == 3:", ("if ts.ndim >= 3:",)),),
    "The same whatever comes first.": (
        ("softmax.py", "return max(int(mask.sum()), 1)", ("return max(1, int(mask.sum()))",)),
        ("_axes.py", "except (TypeError, ValueError):", ("except (ValueError, TypeError):",)),
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
    "Of the rules that there are, this one comes last in the alphabet.": (
        ("_axes.py", "if rule == 'one-hot':", ("if rule >= 'one-hot':",)),
    ),
    "No number is 0 and 1 at once; and numbers that are 0 or at least 1 sum to 1 in a one-hot row alone.": (
        ("_axes.py", _ONES.format("|", "=="), (_ONES.format("^", "=="), _ONES.format("|", ">="))),
    ),
}

REASONS = {
    (file, before, after): reason
    for reason, changes in _SURVIVORS.items()
    for file, before, afters in changes
    for after in afters
}
