"""The long short-term memory over T steps, with everything that no step waits for outside the loop."""

import numpy as np

from manual import lstm
from manual._axes import Array
from manual.fused._recurrent import Receive, Recurrent, Steps, blocks
from manual.fused._work import Work

# the numbers that are worked on at a time, where no step waits for another: what stays in the cache
NEAR = 1 << 17


class TimeLSTM(Recurrent, lstm.TimeLSTM):
    """`manual.TimeLSTM` with one product for all projections and one for each weight's gradient.

    Wx (D, 4H), Wh (H, 4H), b (4H,); xs (N, T, D) -> hs (N, T, H), and the last memory in `.c`; state, truncation and
    `order` as there.

    Derivation: docs/fused.md. Sums over time of products are products over all T·N rows; what a step multiplies its
    two upstream gradients by, dh[t] and dc[t], waits for no step.
    """

    def __init__(self, Wx: Array, Wh: Array, b: Array, *, stateful: bool = False, order: str = "fgio") -> None:
        super().__init__(Wx, Wh, b, stateful=stateful, order=order)
        self.work = Work()
        # of the weights' own dtype: a 1 of another one goes through a buffer
        self.one = Wh.dtype.type(1)

    def backward(self, dhs: Array, dc: Array | None = None) -> Array:
        """dxs (N, T, D) from dhs (N, T, H); the gradients of h0 and c0 go into `.dh` and `.dc`, the others in `grads`.

        dc (N, H) is the gradient of the last memory that comes back from the sequence after this one; without it the
        backward pass is truncated there.
        """
        (dhs,) = self.axes.backward(dhs=(dhs, "N T H"))
        if dc is not None:
            (dc,) = self.axes.backward(dc=(dc, "N H"))
        return self._send(dhs, dc=dc)

    def run(self, xs: Steps) -> Array:
        """hs (T, N, H) from xs (T, N, D), unchecked, and good until the next run; xs is kept for the way back."""
        _, Wh, b = self.params
        T, N, _ = xs.shape
        H, dtype = len(Wh), Wh.dtype
        self.xs = xs
        self.hs, self.cs = (self.work(name, (1 + T, N, H), dtype) for name in ("hs", "cs"))
        self.tanh_cs = self.work("tanh_cs", (T, N, H), dtype)
        self.gates = self.work("gates", (T, N, 4 * H), dtype)
        product, part = self.work("product", (N, 4 * H), dtype), self.work("part", (N, H), dtype)

        # a copy in line with the cache: every step reads all of it
        lined_Wh = self.work("lined_Wh", Wh.shape, dtype)
        lined_Wh[...] = Wh
        carried = self.stateful and self.h is not None
        self.hs[0], self.cs[0] = (self.h, self.c) if carried else (0, 0)
        # −a[t] = −(x[t] Wx + b)                    of all steps at once, where the gates will stand
        self._project(self.gates)
        np.subtract(-b, self.gates, out=self.gates)
        steps = zip(
            self.gates, *self._split(self.gates), self.hs, self.hs[1:], self.cs, self.cs[1:], self.tanh_cs, strict=False
        )
        # exp overflows for a gate that is shut, and 1/(1 + ∞) = 0 is right
        with np.errstate(over="ignore"):
            for a, f, g, i, o, h_prev, h, c_prev, c, tanh_c in steps:
                # −a = −(x Wx + b) − h_prev Wh
                np.dot(h_prev, lined_Wh, out=product)
                np.subtract(a, product, out=a)
                # −g = tanh(−a_g),  σ(a) = 1/(1 + exp(−a)) of all columns, of which g's are not read
                np.tanh(g, out=part)
                np.exp(a, out=a)
                np.add(a, self.one, out=a)
                np.divide(self.one, a, out=a)
                np.negative(part, out=g)
                # c = f ⊙ c_prev + g ⊙ i
                np.multiply(f, c_prev, out=c)
                np.multiply(g, i, out=part)
                np.add(c, part, out=c)
                # h = o ⊙ tanh(c)
                np.tanh(c, out=tanh_c)
                np.multiply(o, tanh_c, out=h)
        self.h, self.c = self.hs[-1].copy(), self.cs[-1].copy()
        return self.hs[1:]

    def run_back(self, dhs: Array, receive: Receive, dh: Array | None = None, dc: Array | None = None) -> None:
        """dxs of some steps after the other to `receive`, from dhs (T, N, H), dh and dc (N, H), unchecked."""
        _, Wh, _ = self.params
        T, N, H = dhs.shape
        # a product with a matrix that is turned in memory is up to twice as fast as with a turned view
        self.WhT = self.work("WhT", (4 * H, H), Wh.dtype)
        self.WhT[...] = Wh.T
        # ∂L/∂h[T-1] and ∂L/∂c[T-1] from later sequences = 0: the truncation, unless they are given
        dh, dc = (np.zeros((N, H), dtype=Wh.dtype) if given is None else given.copy() for given in (dh, dc))
        near = max(1, NEAR // (N * 4 * H))
        for some in blocks(dhs):
            das = self.work("da", (some.stop - some.start, N, 4 * H), Wh.dtype)
            for last in range(some.stop, some.start, -near):
                first = max(some.start, last - near)
                self._through(slice(first, last), dhs, das[first - some.start : last - some.start], dh, dc)
            self._collect(some, das, das, receive, some.stop < T)
        self.dh, self.dc = dh, dc

    def _through(self, near: slice, dhs: Array, das: Array, dh: Array, dc: Array) -> None:
        """da of a few steps into das; dh and dc, which come from the step after them, become those before them."""
        part, slopes = self.work("part", dh.shape, dh.dtype), self._slopes(near, das)
        steps = (dhs[near], slopes, das, *self._split(das), self._split(self.gates[near])[0])
        back = zip(*(array[::-1] for array in steps), strict=True)
        for dh_t, slope, da, da_f, da_g, da_i, da_o, f in back:
            # ∂L/∂h[t] = dhs[t] + da[t+1] Whᵀ
            np.add(dh_t, dh, out=dh)
            # ∂L/∂c[t] = dc + dh ⊙ ∂h/∂c
            np.multiply(dh, slope, out=part)
            np.add(dc, part, out=dc)
            # da_f, da_g, da_i = ∂L/∂c ⊙ ∂c/∂a,  da_o = ∂L/∂h ⊙ ∂h/∂a_o
            np.multiply(da_f, dc, out=da_f)
            np.multiply(da_g, dc, out=da_g)
            np.multiply(da_i, dc, out=da_i)
            np.multiply(da_o, dh, out=da_o)
            # ∂L/∂c[t-1] = ∂L/∂c ⊙ f
            np.multiply(dc, f, out=dc)
            np.dot(da, self.WhT, out=dh)

    def _slopes(self, near: slice, da: Array) -> Array:
        """Of a few steps, ∂c/∂a_f, ∂c/∂a_g, ∂c/∂a_i and ∂h/∂a_o where their gradients will stand, and ∂h/∂c."""
        gates, tanh_c = self.gates[near], self.tanh_cs[near]
        f, g, i, o = self._split(gates)
        at_f, at_g, at_i, at_o = self._split(da)
        slope = self.work("slopes", tanh_c.shape, tanh_c.dtype)
        # ∂h/∂c = o (1 − tanh²(c))
        np.multiply(tanh_c, tanh_c, out=slope)
        np.subtract(self.one, slope, out=slope)
        np.multiply(slope, o, out=slope)
        # σ′ = σ (1 − σ): ∂c/∂a_f = c_prev f (1 − f),  ∂c/∂a_i = g i (1 − i),  ∂h/∂a_o = tanh(c) o (1 − o) = h (1 − o)
        np.subtract(self.one, gates, out=da)
        np.multiply(at_f, f, out=at_f)
        np.multiply(at_f, self.cs[near], out=at_f)
        np.multiply(at_i, i, out=at_i)
        np.multiply(at_i, g, out=at_i)
        np.multiply(at_o, self.hs[1:][near], out=at_o)
        # ∂c/∂a_g = i (1 − g²)
        np.multiply(g, g, out=at_g)
        np.subtract(self.one, at_g, out=at_g)
        np.multiply(at_g, i, out=at_g)
        return slope

    def _split(self, columns: Array) -> tuple[Array, ...]:
        """The H columns of f, g, i and o each, as views into (T, N, 4H)."""
        H = len(self.params[1])
        return tuple(columns[..., k * H : (k + 1) * H] for k in map(self.order.index, "fgio"))
