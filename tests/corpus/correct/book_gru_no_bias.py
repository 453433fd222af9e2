# -*- coding: utf-8 -*-
import numpy as np
from common.layers import *
from common.functions import sigmoid


class GRU:
    """no biases here, the first printing had none either"""

    def __init__(self, Wx, Wh):
        H, H3 = Wh.shape
        self.params = [Wx, Wh]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh)]
        self.cache = None

    def forward(self, x, h_prev):
        Wx, Wh = self.params
        H, H3 = Wh.shape

        z = sigmoid(np.dot(x, Wx[:, :H]) + np.dot(h_prev, Wh[:, :H]))
        r = sigmoid(np.dot(x, Wx[:, H:2*H]) + np.dot(h_prev, Wh[:, H:2*H]))
        h_hat = np.tanh(np.dot(x, Wx[:, 2*H:]) + np.dot(r * h_prev, Wh[:, 2*H:]))
        h_next = (1 - z) * h_prev + z * h_hat

        self.cache = (x, h_prev, z, r, h_hat)
        return h_next

    def backward(self, dh_next):
        Wx, Wh = self.params
        dWx, dWh = self.grads
        H, H3 = Wh.shape
        x, h_prev, z, r, h_hat = self.cache

        dh_hat = dh_next * z
        dh_prev = dh_next * (1 - z)

        dt = dh_hat * (1 - h_hat ** 2)
        dWh[:, 2*H:] = np.dot((r * h_prev).T, dt)
        dWx[:, 2*H:] = np.dot(x.T, dt)
        dx = np.dot(dt, Wx[:, 2*H:].T)
        drh = np.dot(dt, Wh[:, 2*H:].T)
        dh_prev = dh_prev + r * drh

        dt = dh_next * (h_hat - h_prev) * z * (1 - z)
        dWh[:, :H] = np.dot(h_prev.T, dt)
        dWx[:, :H] = np.dot(x.T, dt)
        dx = dx + np.dot(dt, Wx[:, :H].T)
        dh_prev = dh_prev + np.dot(dt, Wh[:, :H].T)

        dt = drh * h_prev * r * (1 - r)
        dWh[:, H:2*H] = np.dot(h_prev.T, dt)
        dWx[:, H:2*H] = np.dot(x.T, dt)
        dx = dx + np.dot(dt, Wx[:, H:2*H].T)
        dh_prev = dh_prev + np.dot(dt, Wh[:, H:2*H].T)

        return dx, dh_prev


class TimeGRU:
    def __init__(self, Wx, Wh, stateful=False):
        self.params = [Wx, Wh]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh)]
        self.layers = None
        self.h, self.dh = None, None
        self.stateful = stateful

    def forward(self, xs):
        Wx, Wh = self.params
        N, T, D = xs.shape
        H, H3 = Wh.shape

        self.layers = []
        hs = np.empty((N, T, H), dtype=xs.dtype)
        if not self.stateful or self.h is None:
            self.h = np.zeros((N, H), dtype=xs.dtype)

        for t in range(T):
            layer = GRU(*self.params)
            self.h = layer.forward(xs[:, t, :], self.h)
            hs[:, t, :] = self.h
            self.layers.append(layer)
        return hs

    def backward(self, dhs):
        Wx, Wh = self.params
        N, T, H = dhs.shape
        D = Wx.shape[0]

        dxs = np.empty((N, T, D), dtype=dhs.dtype)
        dh = 0
        dWx, dWh = 0, 0
        for t in reversed(range(T)):
            layer = self.layers[t]
            dxs[:, t, :], dh = layer.backward(dhs[:, t, :] + dh)
            dWx += layer.grads[0]
            dWh += layer.grads[1]

        self.grads[0][...] = dWx
        self.grads[1][...] = dWh
        self.dh = dh
        return dxs

    def set_state(self, h):
        self.h = h

    def reset_state(self):
        self.h = None
