"""The floor: the matrix products of a step and nothing else, by NumPy, into arrays that are there already.

Nobody who multiplies by NumPy can be quicker. The input projections of all T steps are one product, and so are the
gradients of every weight; only h Wh and its way back have to go step by step.
"""

import numpy as np

from compare.agreement import Array
from compare.bench.contenders.step import Step
from compare.bench.problem import Problem


def build(problem: Problem, threads: int) -> Step:
    """All products of the model at its shape, on random numbers: of zeros they would take less time."""
    N, T, D, H, V = problem.shape
    _, Wx, Wh, _, W, _ = problem.params
    G = Wx.shape[1]
    rng = np.random.default_rng(0)

    def drawn(*shape: int) -> Array:
        return rng.standard_normal(shape, dtype=np.float32) / 10

    # time first, so that a step is one block of memory
    xs, hs, das, dlogits = drawn(T, N, D), drawn(T + 1, N, H), drawn(T, N, G), drawn(N * T, V)
    axs, ah, dhs, dxs, dh = drawn(T, N, G), drawn(N, G), drawn(N * T, H), drawn(T, N, D), drawn(N, H)
    logits = drawn(N * T, V)
    dWx, dWh, dW = np.empty_like(Wx), np.empty_like(Wh), np.empty_like(W)
    rows, past, now = xs.reshape(T * N, D), hs[:-1].reshape(T * N, H), hs[1:].reshape(T * N, H)
    da_rows = das.reshape(T * N, G)

    def take() -> None:
        # a = xs Wx + h Wh, logits = hs W
        np.matmul(rows, Wx, out=axs.reshape(T * N, G))
        for t in range(T):
            np.matmul(hs[t], Wh, out=ah)
        np.matmul(now, W, out=logits)
        # dW = hsᵀ dlogits, dhs = dlogits Wᵀ
        np.matmul(now.T, dlogits, out=dW)
        np.matmul(dlogits, W.T, out=dhs)
        # dh = da Whᵀ, step by step; dWh = Σₜ h[t-1]ᵀ da[t], dWx = xsᵀ da, dxs = da Wxᵀ
        for t in reversed(range(T)):
            np.matmul(das[t], Wh.T, out=dh)
        np.matmul(past.T, da_rows, out=dWh)
        np.matmul(rows.T, da_rows, out=dWx)
        np.matmul(da_rows, Wx.T, out=dxs.reshape(T * N, D))

    return Step(take, lambda: float("nan"), tuple)
