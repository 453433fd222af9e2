# coding: utf-8
import sys

sys.path.append('..')
import numpy as np
from common.layers import *
from common.functions import sigmoid


class RNN:
    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.matmul_x = MatMul(Wx)
        self.matmul_h = MatMul(Wh)
        self.h_next = None

    def forward(self, x, h_prev):
        b = self.params[2]
        t = self.matmul_x.forward(x) + self.matmul_h.forward(h_prev) + b
        self.h_next = np.tanh(t)
        return self.h_next

    def backward(self, dh_next):
        dt = dh_next * (1 - self.h_next ** 2)
        dx = self.matmul_x.backward(dt)
        dh_prev = self.matmul_h.backward(dt)

        self.grads[0][...] = self.matmul_x.grads[0]
        self.grads[1][...] = self.matmul_h.grads[0]
        self.grads[2][...] = np.sum(dt, axis=0)
        return dx, dh_prev


class TimeRNN:
    def __init__(self, Wx, Wh, b, stateful=False):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.layers = None
        self.h, self.dh = None, None
        self.stateful = stateful

    def forward(self, xs):
        Wx, Wh, b = self.params
        N, T, D = xs.shape
        D, H = Wx.shape

        self.layers = []
        hs = np.empty((N, T, H), dtype=Wx.dtype)
        if not self.stateful or self.h is None:
            self.h = np.zeros((N, H), dtype=Wx.dtype)

        for t in range(T):
            layer = RNN(*self.params)
            self.h = layer.forward(xs[:, t, :], self.h)
            hs[:, t, :] = self.h
            self.layers.append(layer)
        return hs

    def backward(self, dhs):
        Wx, Wh, b = self.params
        N, T, H = dhs.shape
        D, H = Wx.shape

        dxs = np.empty((N, T, D), dtype=Wx.dtype)
        dh = 0
        grads = [0, 0, 0]
        for t in reversed(range(T)):
            layer = self.layers[t]
            dx, dh = layer.backward(dhs[:, t, :] + dh)
            dxs[:, t, :] = dx
            for i, grad in enumerate(layer.grads):
                grads[i] += grad

        for i, grad in enumerate(grads):
            self.grads[i][...] = grad
        self.dh = dh
        return dxs

    def set_state(self, h):
        self.h = h

    def reset_state(self):
        self.h = None


class TimeEmbedding:
    def __init__(self, W):
        self.params = [W]
        self.grads = [np.zeros_like(W)]
        self.layers = None
        self.W = W

    def forward(self, xs):
        N, T = xs.shape
        V, D = self.W.shape

        out = np.empty((N, T, D), dtype=self.W.dtype)
        self.layers = []
        for t in range(T):
            layer = Embedding(self.W)
            out[:, t, :] = layer.forward(xs[:, t])
            self.layers.append(layer)
        return out

    def backward(self, dout):
        N, T, D = dout.shape

        grad = 0
        for t in range(T):
            layer = self.layers[t]
            layer.backward(dout[:, t, :])
            grad += layer.grads[0]
        self.grads[0][...] = grad
        return None


class TimeSoftmaxWithLoss:
    def __init__(self):
        self.params, self.grads = [], []
        self.cache = None
        self.ignore_label = -1

    def forward(self, xs, ts):
        N, T, V = xs.shape
        if ts.ndim == 3:
            ts = ts.argmax(axis=2)

        mask = (ts != self.ignore_label).reshape(N * T)
        xs = xs.reshape(N * T, V)
        ts = ts.reshape(N * T)
        n_kept = max(int(np.sum(mask)), 1)

        ls = log_softmax(xs)[np.arange(N * T), ts]
        loss = -np.sum(ls[mask]) / n_kept

        self.cache = (ts, softmax(xs), mask, n_kept, (N, T, V))
        return loss

    def backward(self, dout=1):
        ts, ys, mask, n_kept, (N, T, V) = self.cache

        dx = ys.copy()
        dx[np.arange(N * T), ts] -= 1
        dx[~mask] = 0
        dx *= dout / n_kept
        return dx.reshape((N, T, V))
