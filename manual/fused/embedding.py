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
        # the rows that are not zero in dW
        self.touched = np.empty(0, dtype=np.intp)

    def forward(self, xs: Array) -> Array:
        """out (N, T, D) from ids xs (N, T)."""
        (xs,) = self.axes.forward(xs=(xs, "N T", "0 <= id < V"))
        return self.run(xs)

    def backward(self, dout: Array) -> None:
        """The gradient of W goes into `grads`, in place; ids have none."""
        (dout,) = self.axes.backward(dout=(dout, "N T D"))
        self.run_back(dout)

    def run(self, ids: Array) -> Array:
        """out (…, D) from ids of any shape, unchecked."""
        (W,) = self.params
        self.ids = ids
        # out[n, t] = W[ids[n, t]]
        return W.take(ids, axis=0)

    def run_back(self, dout: Array) -> None:
        """The gradient of W from dout (…, D), unchecked."""
        (dW,) = self.grads
        # dW[v] = 0 for every v that is not read: most never are, and memory that nobody wrote to costs none
        dW[self.touched] = 0
        if dW.min() or dW.max():
            dW[...] = 0
        ids = self.ids.reshape(-1)
        order = np.argsort(ids, kind="stable")
        ids = ids[order]
        starts = np.flatnonzero(np.concatenate([[True], ids[1:] != ids[:-1]]))
        self.touched = ids[starts]
        # dW[v] = Σ over (n, t) with ids[n, t] = v of dout[n, t]
        dout = dout.reshape(len(ids), -1)
        runs = np.take(dout, order, axis=0, out=self.work("runs", dout.shape, dout.dtype), mode="clip")
        dW[self.touched] = np.add.reduceat(runs, starts, axis=0, out=self.work("sums", (len(starts), dout.shape[1]), dout.dtype))
