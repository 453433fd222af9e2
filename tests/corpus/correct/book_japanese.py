# coding: utf-8
import numpy as np

"""
ゼロから作るRNN 練習ノート
バッチサイズ N, 時系列 T, 入力 D, 隠れ状態 H
"""


class RNN:
    def __init__(self, Wx, Wh, b):
        # 重みと勾配
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.キャッシュ = None

    def forward(self, x, h_prev):
        """順伝播"""
        Wx, Wh, b = self.params
        t = np.dot(h_prev, Wh) + np.dot(x, Wx) + b
        h_next = np.tanh(t)
        self.キャッシュ = (x, h_prev, h_next)
        return h_next

    def backward(self, dh_next):
        """逆伝播"""
        Wx, Wh, b = self.params
        x, h_prev, h_next = self.キャッシュ

        # tanh の微分は 1 - y^2
        dt = dh_next * (1 - np.square(h_next))
        # バイアスの勾配は全データの和
        db = dt.sum(axis=0)
        dWh = np.dot(h_prev.T, dt)
        dWx = np.dot(x.T, dt)
        dh_prev = np.dot(dt, Wh.T)
        dx = np.dot(dt, Wx.T)

        for i, grad in enumerate((dWx, dWh, db)):
            self.grads[i][...] = grad
        return dx, dh_prev


class TimeRNN:
    def __init__(self, Wx, Wh, b, stateful=False):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.layers = None
        # 隠れ状態を引き継ぐかどうか
        self.stateful = stateful
        self.h, self.dh = None, None

    def forward(self, xs):
        Wx, Wh, b = self.params
        N, T, D = xs.shape
        H = Wh.shape[0]

        self.layers = []
        hs = np.empty((N, T, H), dtype='f')  # 単精度で十分
        if not self.stateful or self.h is None:
            self.h = np.zeros((N, H), dtype='f')

        for t in range(T):
            layer = RNN(*self.params)
            self.h = layer.forward(xs[:, t, :], self.h)
            hs[:, t, :] = self.h
            self.layers.append(layer)
        return hs

    def backward(self, dhs):
        Wx, Wh, b = self.params
        N, T, H = dhs.shape
        D = Wx.shape[0]

        dxs = np.empty((N, T, D), dtype='f')
        dh = 0
        grads = [0, 0, 0]
        # 時刻を逆向きにたどる
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


class Embedding:
    def __init__(self, W):
        self.params = [W]
        self.grads = [np.zeros_like(W)]
        self.idx = None

    def forward(self, idx):
        W, = self.params
        self.idx = idx
        return W[idx]

    def backward(self, dout):
        dW, = self.grads
        # one-hot 行列との積にすると、重複した単語IDも正しく足される
        onehot = np.zeros((len(self.idx), dW.shape[0]), dtype=dW.dtype)
        onehot[np.arange(len(self.idx)), self.idx] = 1
        dW[...] = np.dot(onehot.T, dout)
        return None
