import numpy as np

# an LSTM with a matrix for each gate, as the equations have it


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


class LSTM:
    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.cache = None

    def forward(self, x, h_prev, c_prev):
        Wx, Wh, b = self.params
        H = h_prev.shape[1]
        Wxf, Wxg, Wxi, Wxo = Wx[:, :H], Wx[:, H:2 * H], Wx[:, 2 * H:3 * H], Wx[:, 3 * H:]
        Whf, Whg, Whi, Who = Wh[:, :H], Wh[:, H:2 * H], Wh[:, 2 * H:3 * H], Wh[:, 3 * H:]
        bf, bg, bi, bo = b[:H], b[H:2 * H], b[2 * H:3 * H], b[3 * H:]
        forget = sigmoid(x @ Wxf + h_prev @ Whf + bf)
        new = np.tanh(x @ Wxg + h_prev @ Whg + bg)
        write = sigmoid(x @ Wxi + h_prev @ Whi + bi)
        show = sigmoid(x @ Wxo + h_prev @ Who + bo)
        c = forget * c_prev + write * new
        squashed = np.tanh(c)
        h = show * squashed
        self.cache = (x, h_prev, c_prev, forget, new, write, show, squashed)
        return h, c

    def backward(self, dh, dc_next):
        Wx, Wh, b = self.params
        x, h_prev, c_prev, forget, new, write, show, squashed = self.cache
        H = h_prev.shape[1]

        dshow = dh * squashed
        dc = dc_next + dh * show * (1 - squashed ** 2)
        dforget = dc * c_prev
        dwrite = dc * new
        dnew = dc * write
        dc_prev = dc * forget

        daf = dforget * forget * (1 - forget)
        dag = dnew * (1 - new ** 2)
        dai = dwrite * write * (1 - write)
        dao = dshow * show * (1 - show)

        dWx, dWh, db = self.grads
        dx = np.zeros_like(x)
        dh_prev = np.zeros_like(h_prev)
        for k, da in enumerate((daf, dag, dai, dao)):
            columns = slice(k * H, (k + 1) * H)
            dWx[:, columns] = x.T @ da
            dWh[:, columns] = h_prev.T @ da
            db[columns] = da.sum(axis=0)
            dx += da @ Wx[:, columns].T
            dh_prev += da @ Wh[:, columns].T
        return dx, dh_prev, dc_prev


class TimeLSTM:
    def __init__(self, Wx, Wh, b, stateful=False):
        self.params = [Wx, Wh, b]
        self.grads = [np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)]
        self.cells = None
        self.h = self.c = self.dh = None
        self.stateful = stateful

    def forward(self, xs):
        N, T, D = xs.shape
        H = self.params[1].shape[0]
        if self.h is None or not self.stateful:
            self.h = np.zeros((N, H))
        if self.c is None or not self.stateful:
            self.c = np.zeros((N, H))
        h, c = self.h, self.c
        self.cells = []
        hs = []
        for t in range(T):
            cell = LSTM(*self.params)
            h, c = cell.forward(xs[:, t, :], h, c)
            self.cells.append(cell)
            hs.append(h)
        self.h, self.c = h, c
        return np.stack(hs, axis=1)

    def backward(self, dhs):
        N, T, H = dhs.shape
        dxs = []
        dh, dc = np.zeros((N, H)), np.zeros((N, H))
        for grad in self.grads:
            grad[...] = 0
        for t in reversed(range(T)):
            cell = self.cells[t]
            dx, dh, dc = cell.backward(dhs[:, t, :] + dh, dc)
            dxs.insert(0, dx)
            for k in range(3):
                self.grads[k] += cell.grads[k]
        self.dh = dh
        return np.stack(dxs, axis=1)

    def set_state(self, h, c=None):
        self.h, self.c = h, c

    def reset_state(self):
        self.h, self.c = None, None


class TimeBiLSTM:
    def __init__(self, Wx1, Wh1, b1, Wx2, Wh2, b2):
        self.right = TimeLSTM(Wx1, Wh1, b1)
        self.left = TimeLSTM(Wx2, Wh2, b2)
        self.params = self.right.params + self.left.params
        self.grads = self.right.grads + self.left.grads

    def forward(self, xs):
        there = self.right.forward(xs)
        back = self.left.forward(xs[:, ::-1])
        back = back[:, ::-1]
        return np.concatenate((there, back), axis=2)

    def backward(self, dhs):
        H = dhs.shape[2] // 2
        dthere = dhs[:, :, :H]
        dback = dhs[:, ::-1, H:]
        dxs = self.right.backward(dthere)
        dxs_left = self.left.backward(dback)
        dxs = dxs + dxs_left[:, ::-1]
        return dxs
