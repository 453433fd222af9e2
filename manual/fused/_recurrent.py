"""What the fused recurrent layers share: the products that no step waits for, over a block of steps at a time."""

from collections.abc import Callable
from typing import Protocol, TypeAlias

import numpy as np

from manual._axes import Array, Axes
from manual.fused._threads import THREADS, as_numbers
from manual.fused._work import Work, batch_major, rows, time_major

# the rows of a block: over fewer a product spends its time on bringing the weights' gradients in and out
ROWS = 704


class Steps(Protocol):
    """xs (T, N, D), or what gives as much of it as is asked for: good until more is asked for."""

    @property
    def shape(self) -> tuple[int, ...]: ...

    def __getitem__(self, some: slice, /) -> Array: ...


# some steps, and some rows of a batch
Some: TypeAlias = tuple[slice, slice]
# where the gradients of some steps go
Receive: TypeAlias = Callable[[slice, Array], None]


class Recurrent:
    """A layer whose projections are one product for a block of steps, and so are the gradients of each weight.

    The way back goes from block to block, from last to first: what is as long as the sequence is only what the steps
    left on the way there, and the gradients that come in.
    """

    axes: Axes
    params: list[Array]
    grads: list[Array]
    work: Work
    h: Array | None
    stateful: bool
    xs: Steps
    hs: Array

    def forward(self, xs: Array) -> Array:
        """hs (N, T, H) from xs (N, T, D)."""
        (xs,) = self.axes.forward(self.h if self.stateful else None, xs=(xs, "N T D"))
        return batch_major(self.run(time_major(self.work, "xs", xs)))

    def run(self, xs: Steps) -> Array:
        """hs (T, N, H) from xs (T, N, D), unchecked, and good until the next run; xs is kept for the way back."""
        raise NotImplementedError

    def run_back(self, dhs: Array, receive: Receive, dh: Array | None = None) -> None:
        """dxs of some steps after the other to `receive`, from dhs (T, N, H) and dh (N, H), unchecked."""
        raise NotImplementedError

    def _project(self, out: Array) -> None:
        """The summand x[t] Wx of all steps, which waits for none, into out (T, N, …)."""
        for some in blocks(out):
            THREADS.share_product(rows(self.xs[some]), self.params[0], rows(out[some]))

    def _send(self, dhs: Array, **later: Array | None) -> Array:
        """dxs (N, T, D) from dhs (N, T, H), through the way back block by block."""
        N, T, _ = dhs.shape
        dxs = np.empty((N, T, len(self.params[0])), dtype=dhs.dtype)

        def receive(some: slice, of_some: Array) -> None:
            dxs[:, some] = of_some.swapaxes(0, 1)

        self.run_back(time_major(self.work, "dhs", dhs), receive, **later)
        return dxs

    def _collect(self, some: slice, da: Array, dq: Array, receive: Receive, more: bool) -> None:
        """What some steps add to the gradients of Wx, Wh and b; their dxs go to `receive`.

        da is the gradient of x Wx and dq that of h[t-1] Wh. `more`: later steps have left something there.
        """
        Wx, xs = self.params[0], self.xs[some]
        # dWx = Σₜ x[t]ᵀ da[t]
        self._add_product(self.grads[0], rows(xs), rows(da), more)
        self._back_to_Wh(some, dq, more)
        # db = Σₜ Σₙ da[n, t], where b has two rows that of dq for the second: ones are what b is multiplied by
        ones = np.ones((len(rows(da)), 1), dtype=da.dtype)
        for db, summands in zip(np.atleast_2d(self.grads[2]), (da, dq), strict=False):
            self._add_product(db[np.newaxis], ones, rows(summands), more)
        # dx[t] = da[t] Wxᵀ
        dxs = self.work("dxs", xs.shape, da.dtype)
        THREADS.share_product(rows(da), Wx.T, rows(dxs))
        receive(some, dxs)

    def _by_rows(self, do: Callable[[slice], object]) -> None:
        """`do(rows)` for all N rows of a batch: none waits for another, through all steps."""
        H, columns = self.params[1].shape
        # threads are woken once for all steps, not for each: so shorter ones are worth it too
        THREADS.share(do, self.hs.shape[1], 4 * as_numbers(H * columns))

    def _back_to_Wh(self, some: slice, dq: Array, more: bool) -> None:
        # dWh = Σₜ h[t-1]ᵀ dq[t]
        self._add_product(self.grads[1], rows(self.hs[some]), rows(dq), more)

    def _add_product(self, grad: Array, left: Array, right: Array, more: bool) -> None:
        """leftᵀ right, added to a gradient or in its place."""
        out = self.work(f"part {grad.shape}", grad.shape, grad.dtype) if more else grad
        THREADS.share_product(left.T, right, out)
        if more:
            grad += out


def blocks(steps: Array) -> list[slice]:
    """All steps of (T, N, …), from the last to the first, by as many as have about ROWS rows."""
    T, N, _ = steps.shape
    size = max(1, ROWS // N)
    return [slice(max(0, t - size), t) for t in range(T, 0, -size)]
