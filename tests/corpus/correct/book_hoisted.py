"""TimeRNN and TimeLSTM without a class per step: x Wx + b for all steps is one product before the loop."""

import numpy as np


class TimeRNN(object):
    def __init__(self, Wx, Wh, b, stateful=False):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.stateful = stateful
        self.h = None
        self.dh = None

    def forward(self, xs):
        Wx, Wh, b = self.params
        N, T, D = xs.shape
        H = Wh.shape[0]
        if self.h is None or not self.stateful:
            self.h = np.zeros((N, H), dtype=Wx.dtype)

        projected = (xs.reshape(N * T, D) @ Wx + b).reshape(N, T, H)
        # states[:, t] goes into step t, states[:, t + 1] comes out of it
        states = np.zeros((N, T + 1, H), dtype=Wx.dtype)
        states[:, 0] = self.h
        for t in range(T):
            states[:, t + 1] = np.tanh(projected[:, t] + states[:, t] @ Wh)

        self.h = states[:, T].copy()
        self.xs, self.states = xs, states
        return states[:, 1:].copy()

    def backward(self, dhs):
        Wx, Wh, b = self.params
        N, T, H = dhs.shape
        xs, states = self.xs, self.states

        da = np.zeros((N, T, H), dtype=Wx.dtype)
        dh = np.zeros((N, H), dtype=Wx.dtype)
        for t in range(T - 1, -1, -1):
            da[:, t] = (dhs[:, t] + dh) * (1 - states[:, t + 1] ** 2)
            dh = da[:, t] @ Wh.T
        self.dh = dh

        flat = da.reshape(N * T, H)
        self.grads[0][...] = xs.reshape(N * T, -1).T @ flat
        self.grads[1][...] = states[:, :-1].reshape(N * T, H).T @ flat
        self.grads[2][...] = flat.sum(axis=0)
        return (flat @ Wx.T).reshape(xs.shape)

    def set_state(self, h):
        self.h = h

    def reset_state(self):
        self.h = None


class TimeLSTM(object):
    def __init__(self, Wx, Wh, b, stateful=False):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.stateful = stateful
        self.h, self.c = None, None
        self.dh, self.dc = None, None

    def forward(self, xs):
        Wx, Wh, b = self.params
        N, T, D = xs.shape
        H = Wh.shape[0]
        if self.h is None or not self.stateful:
            self.h = np.zeros((N, H), dtype=Wx.dtype)
        if self.c is None or not self.stateful:
            self.c = np.zeros((N, H), dtype=Wx.dtype)

        projected = np.tensordot(xs, Wx, axes=([2], [0])) + b
        gates = np.zeros((4, N, T, H), dtype=Wx.dtype)  # f g i o, each after its nonlinearity
        hs = np.zeros((N, T + 1, H), dtype=Wx.dtype)
        cs = np.zeros((N, T + 1, H), dtype=Wx.dtype)
        hs[:, 0], cs[:, 0] = self.h, self.c
        for t in range(T):
            a = projected[:, t] + hs[:, t] @ Wh
            f = gates[0, :, t] = self.sigma(a[:, :H])
            g = gates[1, :, t] = np.tanh(a[:, H:2 * H])
            i = gates[2, :, t] = self.sigma(a[:, 2 * H:3 * H])
            o = gates[3, :, t] = self.sigma(a[:, 3 * H:])
            cs[:, t + 1] = f * cs[:, t] + g * i
            hs[:, t + 1] = o * np.tanh(cs[:, t + 1])

        self.h, self.c = hs[:, T].copy(), cs[:, T].copy()
        self.cache = xs, gates, hs, cs
        return hs[:, 1:].copy()

    def backward(self, dhs):
        Wx, Wh, b = self.params
        xs, gates, hs, cs = self.cache
        N, T, H = dhs.shape

        da = np.zeros((N, T, 4 * H), dtype=Wx.dtype)
        dh = np.zeros((N, H), dtype=Wx.dtype)
        dc = np.zeros((N, H), dtype=Wx.dtype)
        for t in range(T)[::-1]:
            f, g, i, o = gates[:, :, t]
            tc = np.tanh(cs[:, t + 1])
            dh = dh + dhs[:, t]
            dc = dc + dh * o * (1 - tc ** 2)
            da[:, t, :H] = dc * cs[:, t] * f * (1 - f)
            da[:, t, H:2 * H] = dc * i * (1 - g ** 2)
            da[:, t, 2 * H:3 * H] = dc * g * i * (1 - i)
            da[:, t, 3 * H:] = dh * tc * o * (1 - o)
            dh = da[:, t] @ Wh.T
            dc = dc * f
        self.dh, self.dc = dh, dc

        self.grads[0][...] = np.tensordot(xs, da, axes=([0, 1], [0, 1]))
        self.grads[1][...] = np.tensordot(hs[:, :-1], da, axes=([0, 1], [0, 1]))
        self.grads[2][...] = da.sum(axis=(0, 1))
        return np.tensordot(da, Wx, axes=([2], [1]))

    def set_state(self, h, c=None):
        self.h, self.c = h, c

    def reset_state(self):
        self.h, self.c = None, None

    @staticmethod
    def sigma(x):
        return 0.5 * (1 + np.tanh(0.5 * x))
