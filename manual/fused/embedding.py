"""The embedding layer over T steps: rows gathered where they are read, and a sorted scatter."""

import numpy as np

from manual import embedding
from manual._axes import Array
from manual.fused._work import Work

# of so many rows more than one was read: to clear all of them takes less than to look
MANY = 16


class TimeEmbedding(embedding.TimeEmbedding):
    """`manual.TimeEmbedding` in a gather and a sorted scatter, of all ids or of those of some steps.

    W (V, D); xs (N, T), integers with 0 <= id < V -> out (N, T, D).

    Derivation: docs/fused.md. Sorted by id, the rows of a repeated id stand together: of all ids at once, neighbours
    are added up.
    """

    def __init__(self, W: Array) -> None:
        super().__init__(W)
        self.work = Work()
        # the ids whose rows may not be zero in dW
        self.touched = np.empty(0, dtype=np.intp)

    def forward(self, xs: Array) -> Array:
        """out (N, T, D) from ids xs (N, T)."""
        (xs,) = self.axes.forward(xs=(xs, "N T", "0 <= id < V"))
        return self.run(xs)[:].copy()

    def backward(self, dout: Array) -> None:
        """The gradient of W goes into `grads`, in place; ids have none."""
        (dout,) = self.axes.backward(dout=(dout, "N T D"))
        self.clear()
        self.add(slice(None), dout.copy())

    def run(self, ids: Array) -> "Gathered":
        """out (…, D) from ids of any shape, unchecked: gathered where it is read."""
        # a copy: they are read again on the way back, whatever the caller has done to his
        self.ids = ids.copy()
        return Gathered(self.params[0], self.ids, self.work)

    def clear(self) -> None:
        """dW = 0, so that `add` can begin."""
        (dW,) = self.grads
        few = MANY * self.touched.size < len(dW)
        if few:
            dW[self.touched] = 0
        # of few rows, to see that no one else has written takes less than to write all
        if not few or dW.min() or dW.max():
            dW[...] = 0
        self.touched = self.ids.reshape(-1)

    def add(self, some: slice, dout: Array) -> None:
        """What dout (…, D) of some of the ids adds to the gradient of W, unchecked; dout is spent on it."""
        (dW,) = self.grads
        ids, dout = self.ids[some].reshape(-1), dout.reshape(-1, dout.shape[-1])
        order, at = ids.argsort(kind="stable"), np.arange(len(ids))
        ids = ids[order]
        # how many rows of the same id stand before a row, and the lowest bit of that number
        firsts = at.copy()
        firsts[1:] *= ids[1:] != ids[:-1]
        rank = at - np.maximum.accumulate(firsts)
        bit = rank & -rank
        # dW[v] = Σ over (n, t) with ids[n, t] = v of dout[n, t]: neighbours first, then sums of 2, of 4, …
        apart = 1
        while (right := (bit == apart).nonzero()[0]).size:
            dout[order[right - apart]] += dout[order[right]]
            apart *= 2
        (first,) = (bit == 0).nonzero()
        dW[ids[first]] += dout[order[first]]


class Gathered:
    """out[n, t] = W[ids[n, t]], of the ids that are asked for, and good until others are."""

    def __init__(self, W: Array, ids: Array, work: Work) -> None:
        self.W, self.ids, self.work = W, ids, work
        self.shape = (*ids.shape, W.shape[1])
        self.latest: tuple[slice, Array] | None = None

    def __getitem__(self, some: slice) -> Array:
        if self.latest is None or self.latest[0] != some:
            ids = self.ids[some]
            out = self.work("out", (*ids.shape, self.W.shape[1]), self.W.dtype)
            # "clip", as ids in range need no buffer to be refused from
            self.latest = some, np.take(self.W, ids, axis=0, out=out, mode="clip")
        return self.latest[1]
