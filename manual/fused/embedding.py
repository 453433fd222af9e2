"""The embedding layer over T steps: one gather, and one sorted scatter."""

import numpy as np

from manual import embedding
from manual._axes import Array
from manual.fused._work import Work


class TimeEmbedding(embedding.TimeEmbedding):
    """`manual.TimeEmbedding` in one gather and one sorted scatter.

    W (V, D); xs (N, T), integers with 0 <= id < V -> out (N, T, D).

    Derivation: docs/fused.md. Sorted by id, the rows of a repeated id stand together: its gradient is the sum of one
    run of rows.
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
        self.add(slice(None), dout)

    def run(self, ids: Array) -> "Gathered":
        """out (…, D) from ids of any shape, unchecked: gathered where it is read."""
        self.ids = ids
        return Gathered(self.params[0], ids, self.work)

    def clear(self) -> None:
        """dW = 0, so that `add` can begin."""
        (dW,) = self.grads
        # what the pass before has left; to see that no one else has written takes less than to write it all
        dW[self.touched] = 0
        if dW.min() or dW.max():
            dW[...] = 0
        self.touched = self.ids.reshape(-1)

    def add(self, some: slice, dout: Array) -> None:
        """What dout (…, D) of some of the ids adds to the gradient of W, unchecked."""
        (dW,) = self.grads
        ids, dout = self.ids[some].reshape(-1), dout.reshape(-1, dout.shape[-1])
        order = np.argsort(ids, kind="stable")
        ids = ids[order]
        starts = np.flatnonzero(np.concatenate([[True], ids[1:] != ids[:-1]]))
        runs = np.take(dout, order, axis=0, out=self.work("runs", dout.shape, dout.dtype), mode="clip")
        # dW[v] = Σ over (n, t) with ids[n, t] = v of dout[n, t]
        dW[ids[starts]] += np.add.reduceat(runs, starts, axis=0)


class Gathered:
    """out[n, t] = W[ids[n, t]], of the ids that are asked for, and good until others are."""

    def __init__(self, W: Array, ids: Array, work: Work) -> None:
        self.W, self.ids, self.work = W, ids, work
        self.shape = (*ids.shape, W.shape[1])

    def __getitem__(self, some: slice) -> Array:
        ids = self.ids[some]
        out = self.work("out", (*ids.shape, self.W.shape[1]), self.W.dtype)
        # "clip", as ids in range need no buffer to be refused from
        return np.take(self.W, ids, axis=0, out=out, mode="clip")
