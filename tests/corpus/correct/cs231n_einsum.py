import numpy as np


def rnn_step_forward(x, prev_h, Wx, Wh, b):
    next_h = np.tanh(np.einsum('nd,dh->nh', x, Wx) + np.einsum('nk,kh->nh', prev_h, Wh) + b)
    return next_h, (x, prev_h, Wx, Wh, next_h)


def rnn_step_backward(dnext_h, cache):
    x, prev_h, Wx, Wh, next_h = cache
    da = np.einsum('nh,nh->nh', dnext_h, 1 - next_h * next_h)
    dx = np.einsum('nh,dh->nd', da, Wx)
    dprev_h = np.einsum('nh,kh->nk', da, Wh)
    dWx = np.einsum('nd,nh->dh', x, da)
    dWh = np.einsum('nk,nh->kh', prev_h, da)
    db = np.einsum('nh->h', da)
    return dx, dprev_h, dWx, dWh, db


def rnn_forward(x, h0, Wx, Wh, b):
    states, caches = [h0], []
    for x_t in np.moveaxis(x, 1, 0):
        h_t, c_t = rnn_step_forward(x_t, states[-1], Wx, Wh, b)
        states.append(h_t)
        caches.append(c_t)
    return np.stack(states[1:], axis=1), caches


def rnn_backward(dh, cache):
    T = dh.shape[1]
    dxs, dh_t = [None] * T, 0
    dWx, dWh, db = 0, 0, 0
    for t in range(T - 1, -1, -1):
        dxs[t], dh_t, gWx, gWh, gb = rnn_step_backward(dh[:, t] + dh_t, cache[t])
        dWx, dWh, db = dWx + gWx, dWh + gWh, db + gb
    return np.stack(dxs, axis=1), dh_t, dWx, dWh, db


def temporal_affine_forward(x, w, b):
    return np.einsum('ntd,dm->ntm', x, w) + b, (x, w)


def temporal_affine_backward(dout, cache):
    x, w = cache
    dx = np.einsum('ntm,dm->ntd', dout, w)
    dw = np.einsum('ntd,ntm->dm', x, dout)
    db = np.einsum('ntm->m', dout)
    return dx, dw, db


def temporal_softmax_loss(x, y, mask, verbose=False):
    N, T, V = x.shape
    z = x - x.max(axis=2, keepdims=True)
    log_p = z - np.log(np.einsum('ntv->nt', np.exp(z)))[:, :, None]
    onehot = np.eye(V)[y]
    loss = -np.einsum('nt,ntv,ntv->', mask.astype(x.dtype), onehot, log_p) / N
    dx = np.einsum('nt,ntv->ntv', mask.astype(x.dtype), np.exp(log_p) - onehot) / N
    if verbose:
        print(loss)
    return loss, dx
