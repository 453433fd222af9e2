"""How much two arrays agree, in bits and in units of roundoff, scaled by the tensor and never by the element."""

import math
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]


def precision(dtype: Any) -> int:
    """The bits of a significand, the leading one included: 53 in float64, 24 in float32."""
    return int(np.finfo(dtype).nmant) + 1


def unit_roundoff(dtype: Any) -> float:
    """u: the largest relative error of one rounded operation, 2⁻⁵³ in float64, 2⁻²⁴ in float32."""
    return 2.0 ** -precision(dtype)


def relative_error(a: Array, b: Array) -> float:
    """max|a − b| / max|b|: 0 where both are all zero, infinite where only b is, or where a number is no number."""
    wide = np.result_type(a, b)
    a, b = np.asarray(a, wide), np.asarray(b, wide)
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return float("inf")
    distance, scale = np.abs(a - b).max(initial=0), np.abs(b).max(initial=0)
    if scale == 0:
        return 0.0 if distance == 0 else float("inf")
    return float(distance / scale)


def bits_of_agreement(a: Array, b: Array) -> float:
    """−log₂(max|a − b| / max|b|), from 0 to the precision of the narrower dtype (53 for float64, 24 for float32)."""
    return bits(relative_error(a, b), min(precision(a.dtype), precision(b.dtype)))


def bits(error: float, most: int) -> float:
    """−log₂ of a relative error, from 0 to the most bits that there are."""
    return float(most) if error == 0 else min(max(-math.log2(error), 0.0), float(most))
