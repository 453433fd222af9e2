from __future__ import annotations

from typing import List, Optional, Tuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Cache = Tuple[Array, ...]


def sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


class LSTM:
    """One step; the columns of the weights are f, g, i, o."""

    def __init__(self, Wx: Array, Wh: Array, b: Array) -> None:
        self.params: List[Array] = [Wx, Wh, b]
        self.grads: List[Array] = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.cache: Optional[Cache] = None

    def forward(self, x: Array, h_prev: Array, c_prev: Array) -> Tuple[Array, Array]:
        Wx, Wh, b = self.params
        a = x @ Wx + h_prev @ Wh + b
        af, ag, ai, ao = np.split(a, 4, axis=1)
        f, g, i, o = sigmoid(af), np.tanh(ag), sigmoid(ai), sigmoid(ao)
        c_next = f * c_prev + i * g
        tanh_c = np.tanh(c_next)
        h_next = o * tanh_c
        self.cache = (x, h_prev, c_prev, f, g, i, o, tanh_c)
        return h_next, c_next

    def backward(self, dh_next: Array, dc_next: Array) -> Tuple[Array, Array, Array]:
        assert self.cache is not None
        Wx, Wh, b = self.params
        x, h_prev, c_prev, f, g, i, o, tanh_c = self.cache

        dc = dc_next + dh_next * o * (1 - tanh_c**2)
        daf = dc * c_prev * f * (1 - f)
        dag = dc * i * (1 - g**2)
        dai = dc * g * i * (1 - i)
        dao = dh_next * tanh_c * o * (1 - o)
        da = np.concatenate([daf, dag, dai, dao], axis=1)

        self.grads[0][...] = x.T @ da
        self.grads[1][...] = h_prev.T @ da
        self.grads[2][...] = da.sum(axis=0)
        return da @ Wx.T, da @ Wh.T, dc * f


class TimeLSTM:
    def __init__(self, Wx: Array, Wh: Array, b: Array, stateful: bool = False) -> None:
        self.params: List[Array] = [Wx, Wh, b]
        self.grads: List[Array] = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.layers: List[LSTM] = []
        self.h: Optional[Array] = None
        self.c: Optional[Array] = None
        self.dh: Optional[Array] = None
        self.stateful = stateful

    def forward(self, xs: Array) -> Array:
        Wx, Wh, b = self.params
        N, T, D = xs.shape
        H = Wh.shape[0]
        hs = np.empty((N, T, H), dtype=xs.dtype)

        if self.h is None or not self.stateful:
            self.h = np.zeros((N, H), dtype=xs.dtype)
        if self.c is None or not self.stateful:
            self.c = np.zeros((N, H), dtype=xs.dtype)

        self.layers = []
        for t in range(T):
            layer = LSTM(Wx, Wh, b)
            self.h, self.c = layer.forward(xs[:, t, :], self.h, self.c)
            hs[:, t, :] = self.h
            self.layers.append(layer)
        return hs

    def backward(self, dhs: Array) -> Array:
        Wx, Wh, b = self.params
        N, T, H = dhs.shape
        D = Wx.shape[0]
        dxs = np.empty((N, T, D), dtype=dhs.dtype)
        dh: Array = np.zeros((N, H), dtype=dhs.dtype)
        dc: Array = np.zeros((N, H), dtype=dhs.dtype)
        grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]

        for t in reversed(range(T)):
            layer = self.layers[t]
            dx, dh, dc = layer.backward(dhs[:, t, :] + dh, dc)
            dxs[:, t, :] = dx
            for i, grad in enumerate(layer.grads):
                grads[i] += grad

        for i, grad in enumerate(grads):
            self.grads[i][...] = grad
        self.dh = dh
        return dxs

    def set_state(self, h: Array, c: Optional[Array] = None) -> None:
        self.h, self.c = h, c

    def reset_state(self) -> None:
        self.h, self.c = None, None


class Affine:
    def __init__(self, W: Array, b: Array) -> None:
        self.params: List[Array] = [W, b]
        self.grads: List[Array] = [np.zeros_like(W), np.zeros_like(b)]
        self.x: Optional[Array] = None

    def forward(self, x: Array) -> Array:
        self.x = x
        return x @ self.params[0] + self.params[1]

    def backward(self, dout: Array) -> Array:
        assert self.x is not None
        self.grads[0][...] = self.x.T @ dout
        self.grads[1][...] = dout.sum(axis=0)
        return dout @ self.params[0].T
