import numpy as np


def gru_step_forward(x, prev_h, Wx, Wh, b):
    Wxz, Wxr, Wxn = np.split(Wx, 3, axis=1)
    Whz, Whr, Whn = np.split(Wh, 3, axis=1)
    bz, br, bn = np.split(b, 3)
    update = 1 / (1 + np.exp(-(np.dot(x, Wxz) + np.dot(prev_h, Whz) + bz)))
    reset = 1 / (1 + np.exp(-(np.dot(x, Wxr) + np.dot(prev_h, Whr) + br)))
    inner = np.dot(prev_h, Whn)
    new = np.tanh(np.dot(x, Wxn) + reset * inner + bn)
    next_h = prev_h + update * (new - prev_h)
    cache = (x, prev_h, Wx, Wh, update, reset, inner, new)
    return next_h, cache


def gru_step_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, update, reset, inner, new = cache
    Wxz, Wxr, Wxn = np.split(Wx, 3, axis=1)
    Whz, Whr, Whn = np.split(Wh, 3, axis=1)
    dupdate = dnext_h * (new - prev_h)
    dnew = dnext_h * update
    dan = dnew * (1 - new ** 2)
    dreset = dan * inner
    dinner = dan * reset
    daz = dupdate * update * (1 - update)
    dar = dreset * reset * (1 - reset)
    dx = np.dot(daz, Wxz.T) + np.dot(dar, Wxr.T) + np.dot(dan, Wxn.T)
    dprev_h = dnext_h * (1 - update)
    dprev_h = dprev_h + np.dot(daz, Whz.T)
    dprev_h = dprev_h + np.dot(dar, Whr.T)
    dprev_h = dprev_h + np.dot(dinner, Whn.T)
    dWx = np.hstack((np.dot(x.T, daz), np.dot(x.T, dar), np.dot(x.T, dan)))
    dWh = np.hstack((np.dot(prev_h.T, daz), np.dot(prev_h.T, dar), np.dot(prev_h.T, dinner)))
    db = np.hstack((daz.sum(axis=0), dar.sum(axis=0), dan.sum(axis=0)))
    return dx, dprev_h, dWx, dWh, db


def gru_forward(x, h0, Wx, Wh, b):
    states, caches = [h0], []
    for t in range(x.shape[1]):
        h, cache = gru_step_forward(x[:, t], states[-1], Wx, Wh, b)
        states.append(h)
        caches.append(cache)
    return np.stack(states[1:], axis=1), caches


def gru_backward(dh, caches):
    N, T, H = dh.shape
    dxs = []
    dstate = np.zeros((N, H))
    dWx = dWh = db = 0
    for t in range(T)[::-1]:
        dx, dstate, dwx, dwh, dbias = gru_step_backward(dh[:, t] + dstate, caches[t])
        dxs.append(dx)
        dWx = dWx + dwx
        dWh = dWh + dwh
        db = db + dbias
    dxs = np.stack(dxs[::-1], axis=1)
    return dxs, dstate, dWx, dWh, db
