from typing import Any, Dict, List, NamedTuple, Tuple

import numpy as np


class StepCache(NamedTuple):
    x: np.ndarray
    prev_h: np.ndarray
    Wx: np.ndarray
    Wh: np.ndarray
    next_h: np.ndarray


def rnn_step_forward(
    x: np.ndarray, prev_h: np.ndarray, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray
) -> Tuple[np.ndarray, StepCache]:
    next_h = np.tanh(x @ Wx + prev_h @ Wh + b)
    return next_h, StepCache(x=x, prev_h=prev_h, Wx=Wx, Wh=Wh, next_h=next_h)


def rnn_step_backward(dnext_h: np.ndarray, cache: StepCache) -> Tuple[np.ndarray, ...]:
    da = dnext_h * (1 - cache.next_h**2)
    dx = da @ cache.Wx.T
    dprev_h = da @ cache.Wh.T
    dWx = cache.x.T @ da
    dWh = cache.prev_h.T @ da
    db = da.sum(axis=0)
    return dx, dprev_h, dWx, dWh, db


def rnn_forward(
    x: np.ndarray, h0: np.ndarray, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray
) -> Tuple[np.ndarray, List[StepCache]]:
    N, T, D = x.shape
    (H,) = b.shape
    h = np.zeros((N, T, H), dtype=x.dtype)
    caches: List[StepCache] = []
    prev = h0
    for t in range(T):
        prev, cache = rnn_step_forward(x[:, t], prev, Wx, Wh, b)
        h[:, t] = prev
        caches.append(cache)
    return h, caches


def rnn_backward(dh: np.ndarray, cache: List[StepCache]) -> Tuple[np.ndarray, ...]:
    N, T, H = dh.shape
    dx = np.zeros((N, T, cache[0].x.shape[1]), dtype=dh.dtype)
    total: Dict[str, Any] = {"dWx": 0.0, "dWh": 0.0, "db": 0.0}
    dprev = np.zeros((N, H), dtype=dh.dtype)
    for t in range(T)[::-1]:
        dx[:, t], dprev, dWx, dWh, db = rnn_step_backward(dh[:, t] + dprev, cache[t])
        for name, part in (("dWx", dWx), ("dWh", dWh), ("db", db)):
            total[name] = total[name] + part
    return dx, dprev, total["dWx"], total["dWh"], total["db"]


def word_embedding_forward(x: np.ndarray, W: np.ndarray) -> Tuple[np.ndarray, Tuple[np.ndarray, Tuple[int, ...]]]:
    return W[x], (x, W.shape)


def word_embedding_backward(dout: np.ndarray, cache: Tuple[np.ndarray, Tuple[int, ...]]) -> np.ndarray:
    x, shape = cache
    dW: np.ndarray = np.zeros(shape, dtype=dout.dtype)
    np.add.at(dW, x.reshape(-1), dout.reshape(-1, shape[1]))
    return dW
