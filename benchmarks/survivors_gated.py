"""Why each surviving mutant of the gated layers, and of the models made of them, is equivalent."""

# (file, before, all that it may become)
Change = tuple[str, str, tuple[str, ...]]


def _dtypes(file: str, before: str, *others: str) -> Change:
    """An array made in the dtype of one array of the layer, and made in another's."""
    made, _, rest = before.rpartition("dtype=")
    after = rest.partition(".dtype")[2]
    return file, before, tuple(f"{made}dtype={other}.dtype{after}" for other in others)


SURVIVORS: dict[str, tuple[Change, ...]] = {
    "Never read before the forward pass writes it: a backward pass without one is refused before it gets there.": (
        ("lstm.py", "self.cache: tuple[Array, ...] | None = None", ("pass",)),
        ("lstm.py", "self.layers: list[LSTM] = []", ("pass",)),
        ("gru.py", "self.cache: tuple[Array, ...] | None = None", ("pass",)),
        ("gru.py", "self.layers: list[GRU] = []", ("pass",)),
    ),
    "For the type checker alone: a backward pass without a forward pass is refused one line above.": (
        (
            "lstm.py",
            "assert self.cache is not None",
            (
                "pass",
                "assert self.axes is not None",
                "assert self.params is not None",
                "assert self.grads is not None",
                "assert self.order is not None",
            ),
        ),
        (
            "gru.py",
            "assert self.cache is not None",
            (
                "pass",
                "assert self.axes is not None",
                "assert self.params is not None",
                "assert self.grads is not None",
                "assert self.order is not None",
                "assert self.reset is not None",
            ),
        ),
    ),
    "Every element is written before it is read.": (
        (
            "lstm.py",
            "da = np.empty((len(x), len(b)), dtype=Wx.dtype)",
            (
                "da = np.ones((len(x), len(b)), dtype=Wx.dtype)",
                "da = np.zeros((len(x), len(b)), dtype=Wx.dtype)",
            ),
        ),
        (
            "lstm.py",
            "hs = np.empty((N, T, H), dtype=Wx.dtype)",
            (
                "hs = np.ones((N, T, H), dtype=Wx.dtype)",
                "hs = np.zeros((N, T, H), dtype=Wx.dtype)",
            ),
        ),
        (
            "lstm.py",
            "dxs = np.empty((N, T, len(Wx)), dtype=Wx.dtype)",
            (
                "dxs = np.ones((N, T, len(Wx)), dtype=Wx.dtype)",
                "dxs = np.zeros((N, T, len(Wx)), dtype=Wx.dtype)",
            ),
        ),
        (
            "gru.py",
            "dp, dq = (np.empty((len(x), Wx.shape[1]), dtype=Wx.dtype) for _ in 'pq')",
            (
                "dp, dq = (np.ones((len(x), Wx.shape[1]), dtype=Wx.dtype) for _ in 'pq')",
                "dp, dq = (np.zeros((len(x), Wx.shape[1]), dtype=Wx.dtype) for _ in 'pq')",
            ),
        ),
        (
            "gru.py",
            "hs = np.empty((N, T, H), dtype=Wx.dtype)",
            (
                "hs = np.ones((N, T, H), dtype=Wx.dtype)",
                "hs = np.zeros((N, T, H), dtype=Wx.dtype)",
            ),
        ),
        (
            "gru.py",
            "dxs = np.empty((N, T, len(Wx)), dtype=Wx.dtype)",
            (
                "dxs = np.ones((N, T, len(Wx)), dtype=Wx.dtype)",
                "dxs = np.zeros((N, T, len(Wx)), dtype=Wx.dtype)",
            ),
        ),
    ),
    "All have N rows.": (
        (
            "lstm.py",
            "da = np.empty((len(x), len(b)), dtype=Wx.dtype)",
            (
                "da = np.empty((len(dh), len(b)), dtype=Wx.dtype)",
                "da = np.empty((len(dc), len(b)), dtype=Wx.dtype)",
                "da = np.empty((len(dc_prev), len(b)), dtype=Wx.dtype)",
                "da = np.empty((len(h_prev), len(b)), dtype=Wx.dtype)",
                "da = np.empty((len(c_prev), len(b)), dtype=Wx.dtype)",
                "da = np.empty((len(f), len(b)), dtype=Wx.dtype)",
                "da = np.empty((len(g), len(b)), dtype=Wx.dtype)",
                "da = np.empty((len(i), len(b)), dtype=Wx.dtype)",
                "da = np.empty((len(o), len(b)), dtype=Wx.dtype)",
                "da = np.empty((len(tanh_c), len(b)), dtype=Wx.dtype)",
            ),
        ),
        (
            "gru.py",
            "dp, dq = (np.empty((len(x), Wx.shape[1]), dtype=Wx.dtype) for _ in 'pq')",
            (
                "dp, dq = (np.empty((len(dh), Wx.shape[1]), dtype=Wx.dtype) for _ in 'pq')",
                "dp, dq = (np.empty((len(dh_prev), Wx.shape[1]), dtype=Wx.dtype) for _ in 'pq')",
                "dp, dq = (np.empty((len(da_h), Wx.shape[1]), dtype=Wx.dtype) for _ in 'pq')",
                "dp, dq = (np.empty((len(h_prev), Wx.shape[1]), dtype=Wx.dtype) for _ in 'pq')",
                "dp, dq = (np.empty((len(z), Wx.shape[1]), dtype=Wx.dtype) for _ in 'pq')",
                "dp, dq = (np.empty((len(r), Wx.shape[1]), dtype=Wx.dtype) for _ in 'pq')",
                "dp, dq = (np.empty((len(h_hat), Wx.shape[1]), dtype=Wx.dtype) for _ in 'pq')",
                "dp, dq = (np.empty((len(q_h), Wx.shape[1]), dtype=Wx.dtype) for _ in 'pq')",
                "dp, dq = (np.empty((len(read), Wx.shape[1]), dtype=Wx.dtype) for _ in 'pq')",
                "dp, dq = (np.empty((len(dr), Wx.shape[1]), dtype=Wx.dtype) for _ in 'pq')",
                "dp, dq = (np.empty((len(dq_h), Wx.shape[1]), dtype=Wx.dtype) for _ in 'pq')",
            ),
        ),
    ),
    "The same dtype: all parameters have one, and what comes in is brought to it.": (
        _dtypes(
            "lstm.py",
            "da = np.empty((len(x), len(b)), dtype=Wx.dtype)",
            "dh",
            "dc",
            "dc_prev",
            "Wh",
            "b",
            "x",
            "h_prev",
            "c_prev",
            "f",
            "g",
            "i",
            "o",
            "tanh_c",
        ),
        _dtypes("lstm.py", "self.h = np.zeros((N, H), dtype=Wx.dtype)", "xs", "Wh", "b"),
        _dtypes("lstm.py", "self.c = np.zeros((N, H), dtype=Wx.dtype)", "xs", "Wh", "b"),
        _dtypes("lstm.py", "hs = np.empty((N, T, H), dtype=Wx.dtype)", "xs", "Wh", "b"),
        _dtypes("lstm.py", "dc = np.zeros((N, H), dtype=Wx.dtype)", "dhs", "Wh", "b"),
        _dtypes("lstm.py", "dxs = np.empty((N, T, len(Wx)), dtype=Wx.dtype)", "dhs", "dc", "Wh", "b"),
        _dtypes("lstm.py", "dh = np.zeros((N, H), dtype=Wx.dtype)", "dhs", "dc", "dxs", "Wh", "b"),
        _dtypes(
            "gru.py",
            "dp, dq = (np.empty((len(x), Wx.shape[1]), dtype=Wx.dtype) for _ in 'pq')",
            "dh",
            "dh_prev",
            "da_h",
            "Wh",
            "b",
            "x",
            "h_prev",
            "z",
            "r",
            "h_hat",
            "q_h",
            "read",
            "dr",
            "dq_h",
        ),
        _dtypes("gru.py", "self.h = np.zeros((N, H), dtype=Wx.dtype)", "xs", "Wh", "b"),
        _dtypes("gru.py", "hs = np.empty((N, T, H), dtype=Wx.dtype)", "xs", "Wh", "b"),
        _dtypes("gru.py", "dxs = np.empty((N, T, len(Wx)), dtype=Wx.dtype)", "dhs", "Wh", "b"),
        _dtypes("gru.py", "dh = np.zeros((N, H), dtype=Wx.dtype)", "dhs", "dxs", "Wh", "b"),
    ),
    "The gradients have the shapes and the dtype of the parameters, and nothing else is asked of them there.": (
        ("lstm.py", "H = len(self.params[1])", ("H = len(self.grads[1])",)),
        ("lstm.py", "Wx, Wh, b = self.params", ("Wx, Wh, b = self.grads",)),
        ("gru.py", "H = len(self.params[1])", ("H = len(self.grads[1])",)),
        ("gru.py", "Wx, Wh, b = self.params", ("Wx, Wh, b = self.grads",)),
        (
            "better_rnnlm.py",
            "keep_all = np.ones((3, len(xs), len(self.params[2])), dtype=bool)",
            ("keep_all = np.ones((3, len(xs), len(self.grads[2])), dtype=bool)",),
        ),
    ),
    "Both states have the batch size.": (
        (
            "lstm.py",
            "xs, = self.axes.forward(self.h if self.stateful else None, xs=(xs, 'N T D'))",
            ("xs, = self.axes.forward(self.c if self.stateful else None, xs=(xs, 'N T D'))",),
        ),
    ),
    "The two are set, and forgotten, together.": (
        (
            "lstm.py",
            "if not self.stateful or self.h is None or self.c is None:",
            (
                "if not self.stateful or self.c is None:",
                "if not self.stateful or self.h is None:",
                "if not self.stateful or self.axes is None or self.c is None:",
                "if not self.stateful or self.params is None or self.c is None:",
                "if not self.stateful or self.grads is None or self.c is None:",
                "if not self.stateful or self.layers is None or self.c is None:",
                "if not self.stateful or self.c is None or self.c is None:",
                "if not self.stateful or self.stateful is None or self.c is None:",
                "if not self.stateful or self.order is None or self.c is None:",
                "if not self.stateful or self.h is None or self.axes is None:",
                "if not self.stateful or self.h is None or self.params is None:",
                "if not self.stateful or self.h is None or self.grads is None:",
                "if not self.stateful or self.h is None or self.layers is None:",
                "if not self.stateful or self.h is None or self.h is None:",
                "if not self.stateful or self.h is None or self.stateful is None:",
                "if not self.stateful or self.h is None or self.order is None:",
            ),
        ),
        ("lstm.py", "self.h, self.c = (None, None)", ("self.c, self.h = (None, None)",)),
        (
            "stacked_lstm.py",
            "return None if first is None or second is None else np.stack([first, second])",
            (
                "return None if first is None and second is None else np.stack([first, second])",
                "return None if second is None else np.stack([first, second])",
                "return None if first is None else np.stack([first, second])",
                "return None if second is None or second is None else np.stack([first, second])",
                "return None if first is None or first is None else np.stack([first, second])",
            ),
        ),
    ),
    "Zeros are exact in every dtype, and the cell brings what it reads to its own.": (
        (
            "stacked_lstm.py",
            "zero = np.zeros((2, N, H), dtype=dhs.dtype)",
            ("zero = np.zeros((2, N, H))", "zero = np.zeros((2, N, H), dtype=np.float32)"),
        ),
        (
            "lstm.py",
            "self.h = np.zeros((N, H), dtype=Wx.dtype)",
            (
                "self.h = np.zeros((N, H))",
                "self.h = np.zeros((N, H), dtype=np.float32)",
            ),
        ),
        (
            "lstm.py",
            "self.c = np.zeros((N, H), dtype=Wx.dtype)",
            (
                "self.c = np.zeros((N, H))",
                "self.c = np.zeros((N, H), dtype=np.float32)",
            ),
        ),
        (
            "lstm.py",
            "dc = np.zeros((N, H), dtype=Wx.dtype)",
            (
                "dc = np.zeros((N, H))",
                "dc = np.zeros((N, H), dtype=np.float32)",
            ),
        ),
        (
            "lstm.py",
            "dh = np.zeros((N, H), dtype=Wx.dtype)",
            (
                "dh = np.zeros((N, H))",
                "dh = np.zeros((N, H), dtype=np.float32)",
            ),
        ),
        (
            "gru.py",
            "self.h = np.zeros((N, H), dtype=Wx.dtype)",
            (
                "self.h = np.zeros((N, H))",
                "self.h = np.zeros((N, H), dtype=np.float32)",
            ),
        ),
        (
            "gru.py",
            "dh = np.zeros((N, H), dtype=Wx.dtype)",
            (
                "dh = np.zeros((N, H))",
                "dh = np.zeros((N, H), dtype=np.float32)",
            ),
        ),
    ),
    "The axes that an index leaves out are taken whole.": (
        (
            "lstm.py",
            "self.h, self.c = layer.forward(xs[:, t, :], self.h, self.c)",
            ("self.h, self.c = layer.forward(xs[:, t], self.h, self.c)",),
        ),
        ("lstm.py", "hs[:, t, :] = self.h", ("hs[:, t] = self.h",)),
        (
            "lstm.py",
            "dx, dh, dc = layer.backward(dhs[:, t, :] + dh, dc)",
            ("dx, dh, dc = layer.backward(dhs[:, t] + dh, dc)",),
        ),
        ("lstm.py", "dxs[:, t, :] = dx", ("dxs[:, t] = dx",)),
        ("gru.py", "self.h = layer.forward(xs[:, t, :], self.h)", ("self.h = layer.forward(xs[:, t], self.h)",)),
        ("gru.py", "hs[:, t, :] = self.h", ("hs[:, t] = self.h",)),
        ("gru.py", "dx, dh = layer.backward(dhs[:, t, :] + dh)", ("dx, dh = layer.backward(dhs[:, t] + dh)",)),
        ("gru.py", "dxs[:, t, :] = dx", ("dxs[:, t] = dx",)),
        ("stacked_lstm.py", "dhs[:, -1, :] += last", ("dhs[:, -1] += last",)),
        ("better_rnnlm.py", "dhs[:, -1, :] += dh[k]", ("dhs[:, -1] += dh[k]",)),
        ("_language_model.py", "dhs[:, -1, :] += dh", ("dhs[:, -1] += dh",)),
    ),
    "A row of zeros is added to every row, as the whole array of zeros would be; it is read once, at the last step.": (
        ("lstm.py", "dh = np.zeros((N, H), dtype=Wx.dtype)", ("dh = np.zeros((H,), dtype=Wx.dtype)",)),
        ("gru.py", "dh = np.zeros((N, H), dtype=Wx.dtype)", ("dh = np.zeros((H,), dtype=Wx.dtype)",)),
    ),
    "One axis or two, all else is refused before.": (
        (
            "gru.py",
            "bx, bh = b if b.ndim == 2 else (b, np.zeros_like(b))",
            ("bx, bh = b if b.ndim >= 2 else (b, np.zeros_like(b))",),
        ),
        (
            "gru.py",
            "self.grads[2][...] = np.stack([dp.sum(axis=0), dq.sum(axis=0)]) if b.ndim == 2 else dp.sum(axis=0)",
            ("self.grads[2][...] = np.stack([dp.sum(axis=0), dq.sum(axis=0)]) if b.ndim >= 2 else dp.sum(axis=0)",),
        ),
    ),
    "Of the two names, this one comes first in the alphabet, and no other is let in.": (
        (
            "gru.py",
            "if self.reset == 'after':",
            (
                "if self.reset <= 'after':",
                "if self.reset <= 'after':",
            ),
        ),
        ("gru.py", "if self.reset == 'before':", ("if self.reset >= 'before':",)),
    ),
    "Two arrays of one shape, filled below, whatever they are called before.": (
        (
            "gru.py",
            "dp, dq = (np.empty((len(x), Wx.shape[1]), dtype=Wx.dtype) for _ in 'pq')",
            ("dq, dp = (np.empty((len(x), Wx.shape[1]), dtype=Wx.dtype) for _ in 'pq')",),
        ),
    ),
    "The last of the list, or the last axis: the same place by another number.": (
        (
            "gru.py",
            "dp, dq = (np.empty((len(x), Wx.shape[1]), dtype=Wx.dtype) for _ in 'pq')",
            ("dp, dq = (np.empty((len(x), Wx.shape[-1]), dtype=Wx.dtype) for _ in 'pq')",),
        ),
        (
            "better_rnnlm.py",
            "self.grads = [np.zeros_like(embed_W), *first.grads, *second.grads, self.affine.grads[1]]",
            ("self.grads = [np.zeros_like(embed_W), *first.grads, *second.grads, self.affine.grads[-1]]",),
        ),
        (
            "better_rnnlm.py",
            "self.grads[0][...] = self.embedding.grads[0] + self.affine.grads[0].T",
            ("self.grads[0][...] = self.embedding.grads[-1] + self.affine.grads[0].T",),
        ),
    ),
    "Elsewhere dq is dp, and the columns of ĥ, where it is not, are written anew in the line below.": (
        ("gru.py", "self.grads[1][...] = np.dot(h_prev.T, dq)", ("self.grads[1][...] = np.dot(h_prev.T, dp)",)),
    ),
    "As many as there are layers: the shape was checked before, or there are as many by construction.": (
        (
            "stacked_lstm.py",
            "for layer, last, memory in zip(self.layers[::-1], dh[::-1], dc[::-1], strict=True):",
            (
                "for layer, last, memory in zip(self.layers[::-1], dh[::-1], dc[::-1]):",
                "for layer, last, memory in zip(self.layers[::-1], dh[::-1], dc[::-1], strict=False):",
            ),
        ),
        (
            "stacked_lstm.py",
            "for layer, state, memory in zip(self.layers, h, c, strict=True):",
            (
                "for layer, state, memory in zip(self.layers, h, c):",
                "for layer, state, memory in zip(self.layers, h, c, strict=False):",
            ),
        ),
        (
            "better_rnnlm.py",
            "for lstm, drop, mask in zip(self.layers, self.drops[1:], masks[1:], strict=True):",
            (
                "for lstm, drop, mask in zip(self.layers, self.drops[1:], masks[1:]):",
                "for lstm, drop, mask in zip(self.layers, self.drops[1:], masks[1:], strict=False):",
            ),
        ),
    ),
    "A slice of all that there is.": (
        (
            "stacked_lstm.py",
            "for layer, last, memory in zip(self.layers[::-1], dh[::-1], dc[::-1], strict=True):",
            (
                "for layer, last, memory in zip(self.layers[1::-1], dh[::-1], dc[::-1], strict=True):",
                "for layer, last, memory in zip(self.layers[::-1], dh[1::-1], dc[::-1], strict=True):",
                "for layer, last, memory in zip(self.layers[::-1], dh[::-1], dc[1::-1], strict=True):",
            ),
        ),
    ),
    "In evaluation no mask is read.": (
        (
            "better_rnnlm.py",
            "keep_all = np.ones((3, len(xs), len(self.params[2])), dtype=bool)",
            (
                "keep_all = np.empty((3, len(xs), len(self.params[2])), dtype=bool)",
                "keep_all = np.zeros((3, len(xs), len(self.params[2])), dtype=bool)",
            ),
        ),
    ),
    "H rows too.": (
        (
            "better_rnnlm.py",
            "keep_all = np.ones((3, len(xs), len(self.params[2])), dtype=bool)",
            ("keep_all = np.ones((3, len(xs), len(self.params[1])), dtype=bool)",),
        ),
    ),
    "A list of one array, added to an array, is that array with an axis in front, which the assignment drops.": (
        (
            "better_rnnlm.py",
            "self.grads[0][...] = self.embedding.grads[0] + self.affine.grads[0].T",
            ("self.grads[0][...] = self.embedding.grads + self.affine.grads[0].T",),
        ),
    ),
    "3H columns too.": (
        (
            "gru.py",
            "dp, dq = (np.empty((len(x), Wx.shape[1]), dtype=Wx.dtype) for _ in 'pq')",
            ("dp, dq = (np.empty((len(x), Wh.shape[1]), dtype=Wx.dtype) for _ in 'pq')",),
        ),
    ),
}
