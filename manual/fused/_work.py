"""The arrays that a fused layer works in, kept from step to step."""

from typing import Any

import numpy as np

from manual._axes import Array

# a vector register's width, and a cache line's
ALIGNMENT = 64


class Work:
    """Arrays by name, made anew only where there is none with as many rows of that shape and dtype.

    What they hold is left from the step before: whoever asks fills them.
    """

    def __init__(self) -> None:
        self._arrays: dict[str, Array] = {}

    def __call__(self, name: str, shape: tuple[int, ...], dtype: Any) -> Array:
        array = self._arrays.get(name)
        if array is not None and array.shape == shape and array.dtype == dtype:
            return array
        if array is None or len(array) < shape[0] or array.shape[1:] != shape[1:] or array.dtype != dtype:
            # the old one first: two at a time would be the peak of memory
            self._arrays.pop(name, None)
            array = self._arrays[name] = _aligned(shape, np.dtype(dtype))
        return array[: shape[0]]


def time_major(work: Work, name: str, array: Array) -> Array:
    """(N, T, X) as (T, N, X), copied: a step's rows side by side, and none of them the caller's."""
    N, T, X = array.shape
    copy = work(name, (T, N, X), array.dtype)
    copy[...] = array.swapaxes(0, 1)
    return copy


def batch_major(array: Array) -> Array:
    """(T, N, X) as (N, T, X), copied: the caller's own."""
    return array.swapaxes(0, 1).copy()


def rows(array: Array) -> Array:
    """(T, N, X) as T·N rows, without a copy."""
    return array.reshape(-1, array.shape[-1])


def _aligned(shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    """An empty array that begins where a cache line does: over others a product takes up to a quarter longer."""
    size = int(np.prod(shape)) * dtype.itemsize
    raw = np.empty(size + ALIGNMENT, np.uint8)
    start = -raw.ctypes.data % ALIGNMENT
    return raw[start : start + size].view(dtype).reshape(shape)
