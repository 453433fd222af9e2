"""Affine layer and softmax cross-entropy in one, in blocks of rows: the scores of all rows never stand side by side."""

from collections.abc import Iterator

import numpy as np

from manual._axes import Array, Axes
from manual.fused._threads import THREADS
from manual.fused._work import Work

# a product over fewer rows spends its time on packing W; over more, its scores fall out of the cache
ROWS = 384
# the scores that go through exp and all around it at a time: what fits into the cache next to a processor
NEAR = 1 << 17
# the columns of dW that are computed at a time, before they are added to those of the blocks before
COLUMNS = 2048


class TimeAffineSoftmaxWithLoss:
    """loss = −(1/M) Σ log softmax(hs[n, t] W + b)[ts[n, t]] over the M labels that are not `ignore_label`.

    W (H, V), b (V,); hs (N, T, H), ts (N, T), integers with 0 <= id < V or `ignore_label`, or one-hot (N, T, V)
    -> loss ().

    Derivation: docs/fused.md. Loss and gradient of a row of scores need that row alone, so a block of rows goes all
    the way there and back, and what is left of it is its part of dhs, dW and db.
    """

    def __init__(self, W: Array, b: Array, *, ignore_label: int = -1) -> None:
        self.axes = Axes("TimeAffineSoftmaxWithLoss", W=(W, "H V"), b=(b, "V"))
        self.params = [W, b]
        self.grads = [np.zeros_like(W), np.zeros_like(b)]
        self.ignore_label = ignore_label
        self.work = Work()

    def forward(self, hs: Array, ts: Array) -> Array:
        """loss () from hs (N, T, H) and ts (N, T) or (N, T, V)."""
        ids = (ts, "N T", f"0 <= id < V or id == {self.ignore_label}")
        hs, ts = self.axes.forward(hs=(hs, "N T H"), ts=(ts, "N T V", "one-hot") if np.ndim(ts) == 3 else ids)
        kept = self.work("kept", hs.shape, hs.dtype)
        kept[...] = hs
        return self.run(kept, ts.argmax(axis=2) if ts.ndim == 3 else ts)

    def backward(self, dout: Array | float = 1) -> Array:
        """dhs (N, T, H) from dout (); the gradients of W and b go into `grads`, in place."""
        (dout,) = self.axes.backward(dout=(dout, ""))
        return self.run_back(dout).copy()

    def run(self, hs: Array, ts: Array) -> Array:
        """loss () from hs (…, H) and labels ts (…), unchecked; hs is kept for the way back.

        Every block but the last leaves its gradients for dout = 1; what the last one leaves at its scores is there
        until the next run, and goes back in `run_back`.
        """
        W, b = self.params
        self.hs, labels = hs, ts.reshape(-1)
        R = len(labels)
        kept = labels != self.ignore_label
        # mask[r]/M, or all 0 when every label is ignored
        self.weights = (kept / max(int(kept.sum()), 1)).astype(W.dtype)
        # an ignored label may be no index at all: any legal one does, as its weight is 0
        self.labels = np.where(kept, labels, 0)
        log_p = np.empty(R, dtype=W.dtype)
        *earlier, self.last = _blocks(R, max(ROWS, NEAR // len(b)))
        for block in earlier:
            self._scores(block, log_p)
            self._back_to_states(block)
            for columns, part in self._back_to_parameters(block):
                total = self._total()[:, columns]
                np.add(part, total if block.start else 0, out=total)
        self._scores(self.last, log_p)
        # loss = −(1/M) Σᵣ mask[r] log p[r, ts[r]]
        loss: Array = -np.sum(self.weights * log_p)
        return loss

    def run_back(self, dout: Array | float) -> Array:
        """dhs (…, H) from dout (), unchecked, and good until the next run."""
        dW, db = self.grads
        dhs = self._back_to_states(self.last)
        for columns, part in self._back_to_parameters(self.last):
            if self.last.start:
                np.add(part, self._total()[:, columns], out=part)
            dW[:, columns], db[columns] = part[:-1], part[-1]
        if dout != 1:
            # loss and gradients are linear in dout
            dhs = dhs * dout
            np.multiply(dW, dout, out=dW)
            np.multiply(db, dout, out=db)
        return dhs.reshape(self.hs.shape)

    def _scores(self, block: slice, log_p: Array) -> None:
        """exp(x − max x) − s δ of the scores x of a block's rows, s the sum of a row's exp; and log p of its labels.

        p − δ is that over s: it is left to the factors on both sides of it, which have H numbers where it has V.
        """
        W, b = self.params
        labels, log_p = self.labels[block], log_p[block]
        self.errors = self.work("errors", (self.last.stop - self.last.start, len(b)), W.dtype)[: len(labels)]
        self.scale = self.work("scale", (len(self.errors),), W.dtype)
        step = max(1, NEAR // len(b))
        every = np.arange(step)

        def near(start: int, stop: int) -> None:
            for r in range(start, stop, step):
                some = slice(r, min(r + step, stop))
                z, at = self.errors[some], (every[: some.stop - r], labels[some])
                # z = x − max x,  x = h W + b
                np.add(z, b, out=z)
                np.subtract(z, z.max(axis=1, keepdims=True), out=z)
                log_p[some] = z[at]
                np.exp(z, out=z)
                # s = Σᵥ exp z[v],  log p[k] = z[k] − log s
                s = z.sum(axis=1)
                log_p[some] -= np.log(s)
                z[at] -= s
                # mask[r]/(M s)
                np.divide(self.weights[block][some], s, out=self.scale[some])

        np.matmul(self._rows(block), W, out=self.errors)
        THREADS.share(near, *self.errors.shape)

    def _back_to_states(self, block: slice) -> Array:
        """The gradients (R, H) of all rows, those of the block new: dh[r] = mask[r]/(M s) (exp z[r] − s δ) Wᵀ."""
        W, _ = self.params
        dhs = self.work("dhs", (len(self.labels), len(W)), W.dtype)
        np.matmul(self.errors, W.T, out=dhs[block])
        np.multiply(dhs[block], self.scale[:, np.newaxis], out=dhs[block])
        return dhs

    def _back_to_parameters(self, block: slice) -> Iterator[tuple[slice, Array]]:
        """Some columns, and the block's part of dW (H, V) and, one row more, of db in them."""
        W, b = self.params
        H, V = W.shape
        # [mask/(M s) h, mask/(M s)]: a row of ones beside h would read b
        read = self.work("read", (len(self.errors), H + 1), W.dtype)
        np.multiply(self._rows(block), self.scale[:, np.newaxis], out=read[:, :H])
        read[:, H] = self.scale
        near = self.work("part", (H + 1, min(V, COLUMNS)), W.dtype)
        for start in range(0, V, COLUMNS):
            columns = slice(start, min(start + COLUMNS, V))
            # dW = Σᵣ h[r]ᵀ dx[r],  db = Σᵣ dx[r]
            yield columns, np.matmul(read.T, self.errors[:, columns], out=near[:, : columns.stop - start])

    def _total(self) -> Array:
        """The gradients (H + 1, V) of W and b that the blocks before the last have left."""
        W, b = self.params
        return self.work("total", (len(W) + 1, len(b)), W.dtype)

    def _rows(self, block: slice) -> Array:
        return self.hs.reshape(len(self.labels), -1)[block]


def _blocks(R: int, most: int) -> list[slice]:
    """The fewest blocks of at most so many rows, as equal as can be, the larger ones last."""
    count = -(-R // most)
    ends = [R * k // count for k in range(count + 1)]
    return [slice(*ends) for ends in zip(ends, ends[1:], strict=False)]
