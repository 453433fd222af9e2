"""Affine layer and softmax cross-entropy in one, in blocks of rows: the scores of all rows never stand side by side."""

from collections.abc import Callable

import numpy as np

from manual._axes import Array, Axes
from manual.fused._threads import THREADS
from manual.fused._work import Work

# a product over fewer rows spends its time on packing W; over more, its scores fall out of the cache
ROWS = 704
# the scores that go through exp and all around it at a time: what fits into the cache next to a processor
NEAR = 1 << 17
# the numbers of dW that are computed at a time, before they are added to those of the blocks before
PART = 1 << 18


class TimeAffineSoftmaxWithLoss:
    """loss = −(1/M) Σ log softmax(hs[n, t] W + b)[ts[n, t]] over the M labels that are not `ignore_label`.

    W (H, V), b (V,); hs (N, T, H), ts (N, T), integers with 0 <= id < V or `ignore_label`, or one-hot (N, T, V)
    -> loss ().

    Derivation: docs/fused.md. Loss and gradient of a row of scores need that row alone, so a block of rows goes all
    the way there and back, and what is left of it is its part of dhs, dW and db.

    Over numbers of threads (`use_threads`, and those of the BLAS) it is not stable to the last bit: rows share
    products with other rows, and these are cut elsewhere.
    """

    def __init__(self, W: Array, b: Array, *, ignore_label: int = -1) -> None:
        self.axes = Axes("TimeAffineSoftmaxWithLoss", W=(W, "H V"), b=(b, "V"))
        self.params = [W, b]
        self.grads = [np.zeros_like(W), np.zeros_like(b)]
        self.ignore_label = ignore_label
        self.work = Work()
        # an exp and a sum of them between this and its inverse: what is smaller than any number is nothing beside them
        self.small = np.sqrt(np.finfo(W.dtype).tiny)

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
        self.weights = np.multiply(kept, W.dtype.type(1 / max(int(np.count_nonzero(kept)), 1)))
        # an ignored label may be no index at all: any legal one does, as its weight is 0
        self.labels = np.where(kept, labels, 0)
        log_p = np.empty(R, dtype=W.dtype)
        *earlier, self.last = _blocks(R, max(ROWS, NEAR // max(W.shape)))
        for block in earlier:
            self._scores(block, log_p)
            self._back_to_states(block)
            self._back_to_parameters(block, self._add_to_total)
        self._scores(self.last, log_p)
        # loss = −(1/M) Σᵣ mask[r] log p[r, ts[r]]
        loss: Array = -np.dot(self.weights, log_p)
        return loss

    def run_back(self, dout: Array | float) -> Array:
        """dhs (…, H) from dout (), unchecked, and good until the next run."""
        dhs = self._back_to_states(self.last)
        self._back_to_parameters(self.last, self._fill_grads)
        if dout != 1:
            # loss and gradients are linear in dout
            dhs = dhs * dout
            for grad in self.grads:
                np.multiply(grad, dout, out=grad)
        return dhs.reshape(self.hs.shape)

    def _scores(self, block: slice, log_p: Array) -> None:
        """exp x − s δ of the scores x of a block's rows, s the sum of a row's exp; and log p of its labels.

        p − δ is that over s: it is left to the factors on both sides of it, which have H numbers where it has V.
        """
        W, b = self.params
        hs, labels, weights, log_p = self._rows[block], self.labels[block], self.weights[block], log_p[block]
        most = self.last.stop - self.last.start
        self.errors = self.work("errors", (most, len(b)), W.dtype)[: len(labels)]
        self.scale = self.work("scale", (most,), W.dtype)[: len(labels)]
        ones = np.ones(len(b), dtype=W.dtype)
        step = max(1, NEAR // len(b))

        def some(rows: slice) -> None:
            # x = h W + b
            np.matmul(hs[rows], W, out=self.errors[rows])
            for start in range(rows.start, rows.stop, step):
                near = slice(start, min(start + step, rows.stop))
                e, at = self.errors[near], (np.arange(near.stop - start), labels[near])
                np.add(e, b, out=e)
                # s = Σᵥ exp x[v],  p[k] = exp x[k]/s
                with np.errstate(over="ignore"):
                    np.exp(e, out=e)
                s, e_k = np.dot(e, ones), e[at]
                if e_k.real.min() >= self.small and s.real.max() <= 1 / self.small:
                    log_p[near] = np.log(e_k / s)
                else:
                    # z = x − max x,  s = Σᵥ exp z[v],  log p[k] = z[k] − log s
                    z = np.add(np.matmul(hs[near], W, out=e), b, out=e)
                    np.subtract(z, z.max(axis=1, keepdims=True), out=z)
                    z_k = z[at]
                    s = np.dot(np.exp(z, out=e), ones)
                    log_p[near], e_k = z_k - np.log(s), e[at]
                e[at] = e_k - s
                # mask[r]/(M s)
                np.divide(weights[near], s, out=self.scale[near])

        THREADS.share(some, *self.errors.shape)

    def _back_to_states(self, block: slice) -> Array:
        """The gradients (R, H) of all rows, those of the block new: dh[r] = mask[r]/(M s) (exp z[r] − s δ) Wᵀ."""
        W, _ = self.params
        dhs = self.work("dhs", self._rows.shape, W.dtype)
        new, scale = dhs[block], self.scale[:, np.newaxis]

        def some(rows: slice) -> None:
            np.matmul(self.errors[rows], W.T, out=new[rows])
            np.multiply(new[rows], scale[rows], out=new[rows])

        THREADS.share(some, *self.errors.shape)
        return dhs

    def _back_to_parameters(self, block: slice, receive: Callable[[slice, Array, bool], None]) -> None:
        """A block's part of dW (H, V) and, in a row below, of db: some columns after the other go to `receive`."""
        W, b = self.params
        H, V = W.shape
        # mask[r]/(M s) [h[r], 1]                   the row of ones is what b is multiplied by
        read = self.work("read", (len(self.errors), H + 1), W.dtype)
        np.multiply(self._rows[block], self.scale[:, np.newaxis], out=read[:, :H])
        read[:, H] = self.scale
        width = min(V, max(1, PART // (H + 1)))

        def some(columns: slice) -> None:
            # of its own for every thread
            part = self.work(f"part {columns.start}", (H + 1, width), W.dtype)
            for start in range(columns.start, columns.stop, width):
                these = slice(start, min(start + width, columns.stop))
                # dW = Σᵣ h[r]ᵀ dx[r],  db = Σᵣ dx[r]
                receive(
                    these, np.matmul(read.T, self.errors[:, these], out=part[:, : these.stop - start]), block.start > 0
                )

        THREADS.share(some, V, len(self.errors))

    def _add_to_total(self, columns: slice, part: Array, more: bool) -> None:
        total = self._total()[:, columns]
        np.add(part, total if more else 0, out=total)

    def _fill_grads(self, columns: slice, part: Array, more: bool) -> None:
        dW, db = self.grads
        if more:
            np.add(part, self._total()[:, columns], out=part)
        dW[:, columns], db[columns] = part[:-1], part[-1]

    def _total(self) -> Array:
        """The gradients (H + 1, V) of W and b that the blocks before the last have left."""
        W, b = self.params
        return self.work("total", (len(W) + 1, len(b)), W.dtype)

    @property
    def _rows(self) -> Array:
        return self.hs.reshape(len(self.labels), -1)


def _blocks(R: int, most: int) -> list[slice]:
    """The fewest blocks of at most so many rows, as equal as can be, the larger ones last."""
    count = -(-R // most)
    return [slice(R * k // count, R * (k + 1) // count) for k in range(count)]
