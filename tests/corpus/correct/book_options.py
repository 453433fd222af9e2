# -*- coding: utf-8 -*-
import numpy as np


class RNN:
    def __init__(self, Wx, Wh, b):
        self.params = (Wx, Wh, b)
        self.grads = (np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b))
        self.x = self.h_prev = self.h_next = None

    def forward(self, x, h_prev):
        Wx, Wh, b = self.params
        self.x, self.h_prev = x, h_prev
        self.h_next = np.tanh(np.dot(x, Wx) + np.dot(h_prev, Wh) + b)
        return self.h_next

    def backward(self, dh_next):
        Wx, Wh, b = self.params
        dWx, dWh, db = self.grads
        dt = dh_next * (1 - self.h_next ** 2)
        dWx[...] = np.dot(self.x.T, dt)
        dWh[...] = np.dot(self.h_prev.T, dt)
        db[...] = np.sum(dt, axis=0)
        return np.dot(dt, Wx.T), np.dot(dt, Wh.T)


class TimeRNN:
    def __init__(self, Wx, Wh, b, statefull=False, name='rnn'):
        self.params = (Wx, Wh, b)
        self.grads = (np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b))
        self.layers = []
        self.h = None
        self.statefull = statefull
        self.name = name

    def forward(self, xs):
        Wx, Wh, b = self.params
        N, T, D = xs.shape
        D, H = Wx.shape
        if not self.statefull or self.h is None:
            self.h = np.zeros((N, H), dtype=Wx.dtype)

        self.layers = []
        hs = np.empty((N, T, H), dtype=Wx.dtype)
        for t in range(T):
            layer = RNN(Wx, Wh, b)
            self.h = layer.forward(xs[:, t, :], self.h)
            hs[:, t, :] = self.h
            self.layers.append(layer)
        return hs

    def backward(self, dhs):
        # the gradient for the sequence before is not kept, truncated BPTT needs none
        Wx, Wh, b = self.params
        N, T, H = dhs.shape
        D, H = Wx.shape
        dWx, dWh, db = self.grads
        for grad in self.grads:
            grad[...] = 0

        dxs = np.empty((N, T, D), dtype=Wx.dtype)
        dh = np.zeros((N, H), dtype=Wx.dtype)
        for t in range(T - 1, -1, -1):
            layer = self.layers[t]
            dx, dh = layer.backward(dhs[:, t, :] + dh)
            dxs[:, t, :] = dx
            dWx += layer.grads[0]
            dWh += layer.grads[1]
            db += layer.grads[2]
        return dxs

    def set_state(self, h):
        self.h = h

    def reset_state(self):
        self.h = None


class GRU:
    def __init__(self, Wx, Wh, b, *, activation=np.tanh):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.activation = activation
        self.cache = None

    def forward(self, x, h_prev):
        Wx, Wh, b = self.params
        N, H = h_prev.shape
        px = x @ Wx + b
        zr = 1 / (1 + np.exp(-(px[:, :2 * H] + h_prev @ Wh[:, :2 * H])))
        z, r = zr[:, :H], zr[:, H:]
        hh = self.activation(px[:, 2 * H:] + (r * h_prev) @ Wh[:, 2 * H:])
        self.cache = (x, h_prev, zr, hh)
        return h_prev + z * (hh - h_prev)

    def backward(self, dh_next):
        Wx, Wh, b = self.params
        x, h_prev, zr, hh = self.cache
        H = h_prev.shape[1]
        z, r = zr[:, :H], zr[:, H:]

        dp = np.empty((x.shape[0], 3 * H), dtype=x.dtype)
        dp[:, 2 * H:] = dh_next * z * (1 - hh ** 2)
        drh = dp[:, 2 * H:] @ Wh[:, 2 * H:].T
        dp[:, :H] = dh_next * (hh - h_prev)
        dp[:, H:2 * H] = drh * h_prev
        dp[:, :2 * H] *= zr * (1 - zr)

        self.grads[0][...] = x.T @ dp
        self.grads[1][:, :2 * H] = h_prev.T @ dp[:, :2 * H]
        self.grads[1][:, 2 * H:] = (r * h_prev).T @ dp[:, 2 * H:]
        self.grads[2][...] = dp.sum(axis=0)

        dh_prev = dh_next * (1 - z) + drh * r + dp[:, :2 * H] @ Wh[:, :2 * H].T
        return dp @ Wx.T, dh_prev


class TimeGRU:
    def __init__(self, Wx, Wh, b, stateful=True, verbose=0):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.layers = None
        self.h, self.dh = None, None
        self.stateful = stateful
        self.verbose = verbose

    def forward(self, xs):
        N, T, D = xs.shape
        H = self.params[1].shape[0]
        if not self.stateful or self.h is None:
            self.h = np.zeros((N, H), dtype=xs.dtype)
        self.layers = []
        hs = np.empty((N, T, H), dtype=xs.dtype)
        for t in range(T):
            layer = GRU(*self.params)
            self.h = layer.forward(xs[:, t, :], self.h)
            hs[:, t, :] = self.h
            self.layers.append(layer)
        if self.verbose:
            print('TimeGRU', xs.shape, '->', hs.shape)
        return hs

    def backward(self, dhs):
        N, T, H = dhs.shape
        dxs = np.empty((N, T, self.params[0].shape[0]), dtype=dhs.dtype)
        dh = np.zeros((N, H), dtype=dhs.dtype)
        sums = [np.zeros_like(p) for p in self.params]
        t = T
        while t > 0:
            t -= 1
            dxs[:, t, :], dh = self.layers[t].backward(dhs[:, t, :] + dh)
            for s, g in zip(sums, self.layers[t].grads):
                s += g
        for grad, s in zip(self.grads, sums):
            grad[...] = s
        self.dh = dh
        return dxs

    def set_state(self, h):
        self.h = h

    def reset_state(self):
        self.h = None
