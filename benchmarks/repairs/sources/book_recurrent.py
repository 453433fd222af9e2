import numpy as np

# short: @ for every product, the gradients written at once


class RNN:
    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(p) for p in self.params]

    def forward(self, x, h_prev):
        Wx, Wh, b = self.params
        pre = x @ Wx
        pre = pre + h_prev @ Wh + b
        out = np.tanh(pre)
        self.seen = x, h_prev, out
        return out

    def backward(self, dout):
        Wx, Wh, b = self.params
        x, h_prev, out = self.seen
        slope = 1 - np.square(out)
        delta = dout * slope
        self.grads[0][...] = x.T @ delta
        self.grads[1][...] = h_prev.T @ delta
        self.grads[2][...] = delta.sum(axis=0)
        return delta @ Wx.T, delta @ Wh.T


class TimeRNN:
    def __init__(self, Wx, Wh, b, stateful=False):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(p) for p in self.params]
        self.stateful = stateful
        self.steps = []
        self.h = None
        self.dh = None

    def forward(self, xs):
        batch, length, _ = xs.shape
        hidden = self.params[1].shape[0]
        if self.h is None or not self.stateful:
            self.h = np.zeros((batch, hidden))
        self.steps = []
        hs = np.zeros((batch, length, hidden))
        for t in range(length):
            step = RNN(*self.params)
            self.h = step.forward(xs[:, t], self.h)
            self.steps.append(step)
            hs[:, t] = self.h
        return hs

    def backward(self, dhs):
        batch, length, hidden = dhs.shape
        dxs = np.zeros((batch, length, self.params[0].shape[0]))
        sums = [np.zeros_like(p) for p in self.params]
        carried = np.zeros((batch, hidden))
        for t in range(length - 1, -1, -1):
            step = self.steps[t]
            total = dhs[:, t] + carried
            dxs[:, t], carried = step.backward(total)
            sums[0] += step.grads[0]
            sums[1] += step.grads[1]
            sums[2] += step.grads[2]
        for grad, each in zip(self.grads, sums):
            grad[...] = each
        self.dh = carried
        return dxs

    def set_state(self, h):
        self.h = h.copy()

    def reset_state(self):
        self.h = None
