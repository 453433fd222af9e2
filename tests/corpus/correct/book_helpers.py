# my layers. helpers are at the bottom, constants at the top

IGNORE = -1
GATES = 4
TYPE = 'float64'
d_sigmoid = lambda y: y * (1 - y)
d_tanh = lambda y: 1 - y * y


class Sigmoid:
    def __init__(self):
        self.params = []
        self.grads = []

    def forward(self, x):
        y = sigmoid(x)
        self.backward_of_y = lambda dout: dout * d_sigmoid(y)
        return y

    def backward(self, dout):
        return self.backward_of_y(dout)


class LSTM:
    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = zeros_like_all(self.params)

    def forward(self, x, h_prev, c_prev):
        Wx, Wh, b = self.params
        f, g, i, o = activate(np.dot(x, Wx) + np.dot(h_prev, Wh) + b)
        c = f * c_prev + g * i
        tc = np.tanh(c)

        def back(dh, dc):
            dc = dc + dh * o * d_tanh(tc)
            da = np.concatenate((
                dc * c_prev * d_sigmoid(f),
                dc * i * d_tanh(g),
                dc * g * d_sigmoid(i),
                dh * tc * d_sigmoid(o),
            ), axis=1)
            write(self.grads, [np.dot(x.T, da), np.dot(h_prev.T, da), da.sum(axis=0)])
            return np.dot(da, Wx.T), np.dot(da, Wh.T), dc * f

        self.back = back
        return o * tc, c

    def backward(self, dh, dc):
        return self.back(dh, dc)


class TimeLSTM:
    def __init__(self, Wx, Wh, b, stateful=False):
        self.params = [Wx, Wh, b]
        self.grads = zeros_like_all(self.params)
        self.stateful = stateful
        self.reset_state()
        self.dh = None

    def forward(self, xs):
        N, T, D = xs.shape
        H = self.params[2].size // GATES
        if self.h is None or not self.stateful:
            self.h = np.zeros((N, H), TYPE)
        if self.c is None or not self.stateful:
            self.c = np.zeros((N, H), TYPE)
        self.layers = [LSTM(*self.params) for _ in range(T)]
        hs = np.zeros((N, T, H), TYPE)
        for t in range(T):
            self.h, self.c = self.layers[t].forward(xs[:, t], self.h, self.c)
            hs[:, t] = self.h
        return hs

    def backward(self, dhs):
        dxs = np.zeros(dhs.shape[:2] + self.params[0].shape[:1], TYPE)
        dh = dc = 0
        grads = zeros_like_all(self.params)
        for t in reversed(range(dhs.shape[1])):
            dxs[:, t], dh, dc = self.layers[t].backward(dhs[:, t] + dh, dc)
            add(grads, self.layers[t].grads)
        write(self.grads, grads)
        self.dh = dh
        return dxs

    def set_state(self, h, c=None):
        self.h, self.c = h, c

    def reset_state(self):
        self.h = self.c = None


class TimeSoftmaxWithLoss:
    def __init__(self):
        self.params = []
        self.grads = []

    def forward(self, xs, ts):
        if ts.ndim == 3:
            ts = ts.argmax(axis=2)
        kept = np.nonzero(ts != IGNORE)
        M = len(kept[0])
        if M == 0:
            self.back = lambda dout: np.zeros_like(xs)
            return 0.0
        p = softmax(xs[kept])
        z = xs[kept] - xs[kept].max(axis=1, keepdims=True)
        log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        rows = np.arange(M)
        right = ts[kept]

        def back(dout):
            d = p.copy()
            d[rows, right] -= 1
            dxs = np.zeros_like(xs)
            dxs[kept] = d * dout / M
            return dxs

        self.back = back
        return -log_p[rows, right].mean()

    def backward(self, dout=1):
        return self.back(dout)


def zeros_like_all(arrays):
    return [np.zeros_like(a) for a in arrays]


def add(sums, parts):
    for s, p in zip(sums, parts):
        s += p


def write(targets, values):
    for target, value in zip(targets, values):
        target[...] = value


def activate(a):
    f, g, i, o = np.split(a, GATES, axis=1)
    return sigmoid(f), np.tanh(g), sigmoid(i), sigmoid(o)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))
