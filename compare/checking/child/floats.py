"""Numbers of several dtypes for layers that take one."""

from collections.abc import Iterator
from typing import Any

import numpy as np


def common(*arrays: Any) -> Any:
    """The dtype of all floating arrays together, float64 where there are none."""
    dtypes = [np.asarray(a).dtype for a in arrays]
    floats = [dtype for dtype in dtypes if dtype.kind in "fc"]
    return np.result_type(*floats) if floats else np.dtype(np.float64)


def alike(dtype: Any, *arrays: Any) -> Iterator[Any]:
    """The floating arrays and the single numbers in one dtype, the others as they are."""
    for array in arrays:
        array = np.asarray(array)
        yield array.astype(dtype, copy=False) if array.dtype.kind in "fc" or not array.ndim else array
