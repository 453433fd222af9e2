"""Names that NumPy has had and files still use, and memory that is filled before it is given out."""

import builtins
import warnings
from typing import Any

import numpy as np

_TYPES = ("int", "float", "bool", "complex", "object", "str")
_SAME = {
    "float64": ("float_",),
    "int64": ("int_",),
    "complex128": ("complex_", "cfloat"),
    "longdouble": ("longfloat",),
    "str_": ("unicode_",),
    "bytes_": ("string_",),
    "inf": ("Inf", "Infinity", "infty"),
    "nan": ("NaN",),
    "prod": ("product",),
    "cumprod": ("cumproduct",),
    "all": ("alltrue",),
    "any": ("sometrue",),
    "vstack": ("row_stack",),
    "isin": ("in1d",),
    "trapezoid": ("trapz",),
    "round": ("round_",),
}


def restore_names() -> None:
    """Set what NumPy no longer has, to what it was or does the same."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in _TYPES:
            _set(name, getattr(builtins, name))
        for name, olds in _SAME.items():
            for old in olds:
                _set(old, getattr(np, name))
        _set("asfarray", _asfarray)


def poison() -> None:
    """Let np.empty and np.empty_like give NaN, or the largest integer: what is read before it is written shows."""
    for name in ("empty", "empty_like"):
        setattr(np, name, _poisoned(getattr(np, name)))


def _set(name: str, value: Any) -> None:
    if not hasattr(np, name):
        setattr(np, name, value)


def _asfarray(a: Any, dtype: Any = np.float64) -> Any:
    return np.asarray(a, dtype)


def _poisoned(make: Any) -> Any:
    def filled(*args: Any, **kwargs: Any) -> Any:
        array = make(*args, **kwargs)
        kind = array.dtype.kind
        if kind in "fc":
            array.fill(np.nan)
        elif kind in "iu":
            array.fill(np.iinfo(array.dtype).max)
        return array

    return filled
