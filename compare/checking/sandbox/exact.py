"""Parts of a reply that are what they have to be; each raises StrangerError of the kind protocol for what is not."""

from typing import Any, NoReturn

import numpy as np

from compare.checking.child.wire import DTYPES, TEXT
from compare.checking.sandbox.errors import StrangerError
from compare.checking.sandbox.text import plain

_AXES = 64


def refuse(what: str) -> NoReturn:
    """Raises StrangerError of the kind protocol."""
    raise StrangerError("protocol", f"the reply of the checked code is not to be understood: {what}")


def exactly(thing: Any, kind: type) -> Any:
    """The thing, if it is of this very type: a bool is no int."""
    if type(thing) is not kind:
        refuse(f"no {kind.__name__} where one belongs")
    return thing


def row_of(row: Any, length: int) -> list[Any]:
    """A list of this length."""
    if len(exactly(row, list)) != length:
        refuse("a row of another length")
    return list(row)


def text_of(text: Any, length: int = TEXT) -> str:
    """A string, shortened, as it may be shown."""
    return plain(exactly(text, str)[:length])


def number_of(number: Any, below: int = 1 << 31) -> int:
    """A whole number from 0."""
    if not 0 <= exactly(number, int) < below:
        refuse("a number out of range")
    return int(number)


def float_of(text: Any) -> float:
    """A float from its hexadecimal digits."""
    try:
        return float.fromhex(exactly(text, str)[:40])
    except (ValueError, OverflowError):
        refuse("no float where one belongs")


def dtype_of(name: Any) -> np.dtype[Any]:
    """One of the dtypes that may come back."""
    if not isinstance(name, str) or name not in DTYPES:
        refuse("an array of no kind")
    return DTYPES[name]


def shape_of(shape: Any) -> tuple[int, ...]:
    """The sizes of an array's axes."""
    if len(exactly(shape, list)) > _AXES:
        refuse("an array of too many axes")
    return tuple(number_of(size, 1 << 62) for size in shape)


def reshaped(flat: np.ndarray[Any, Any], shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    """The array in its shape."""
    try:
        return flat.reshape(shape)
    except ValueError:
        refuse("an array of axes too long")
