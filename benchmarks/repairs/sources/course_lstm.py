import numpy as np


def sigma(v):
    return 1.0 / (1.0 + np.exp(-v))


def lstm_step_forward(x, prev_h, prev_c, Wx, Wh, b):
    act = x.dot(Wx) + prev_h.dot(Wh) + b
    ai, af, ao, ag = np.split(act, 4, axis=1)
    i, f, o = sigma(ai), sigma(af), sigma(ao)
    g = np.tanh(ag)
    next_c = f * prev_c + i * g
    next_h = o * np.tanh(next_c)
    cache = (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c)
    return next_h, next_c, cache


def lstm_step_backward(dnext_h, dnext_c, cache):
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c = cache
    t = np.tanh(next_c)
    do = dnext_h * t
    dc = dnext_h * o * (1 - t ** 2)
    dc = dc + dnext_c
    df = dc * prev_c
    di = dc * g
    dg = dc * i
    dprev_c = dc * f
    dai = di * i * (1 - i)
    daf = df * f * (1 - f)
    dao = do * o * (1 - o)
    dag = dg * (1 - g ** 2)
    dact = np.concatenate((dai, daf, dao, dag), axis=1)
    dx = dact.dot(Wx.T)
    dWx = x.T.dot(dact)
    dprev_h = dact.dot(Wh.T)
    dWh = prev_h.T.dot(dact)
    db = np.sum(dact, axis=0)
    return dx, dprev_h, dprev_c, dWx, dWh, db


def lstm_forward(x, h0, Wx, Wh, b):
    N, T, D = x.shape
    N, H = h0.shape
    h = np.zeros((N, T, H))
    cache = {}
    prev_h, prev_c = h0, np.zeros((N, H))
    for t in range(T):
        prev_h, prev_c, cache[t] = lstm_step_forward(x[:, t], prev_h, prev_c, Wx, Wh, b)
        h[:, t] = prev_h
    cache['D'] = D
    return h, cache


def lstm_backward(dh, cache):
    N, T, H = dh.shape
    D = cache['D']
    dx = np.zeros((N, T, D))
    dWx = np.zeros((D, 4 * H))
    dWh = np.zeros((H, 4 * H))
    db = np.zeros((4 * H,))
    dprev_h = np.zeros((N, H))
    dprev_c = np.zeros((N, H))
    for t in reversed(range(T)):
        step = lstm_step_backward(dh[:, t] + dprev_h, dprev_c, cache[t])
        dx[:, t], dprev_h, dprev_c, dwx, dwh, dbias = step
        dWx += dwx
        dWh += dwh
        db += dbias
    dh0 = dprev_h
    return dx, dh0, dWx, dWh, db
