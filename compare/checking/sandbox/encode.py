"""What the parent sends: values as the wire has them, our own, so that nothing is in doubt."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from compare.checking.child.wire import DTYPES
from compare.checking.sandbox.values import Kept


class Arguments:
    """Values on their way into the process: tagged, and the arrays' bytes in `payload`, the slots that are named."""

    def __init__(self) -> None:
        self.payload: list[bytes] = []
        self.slots: list[int] = []

    def values(self, values: Sequence[Any]) -> list[Any]:
        """The tagged values.

        Raises TypeError for what cannot be sent.
        """
        return [self.value(value) for value in values]

    def value(self, value: Any) -> Any:
        """One tagged value."""
        if isinstance(value, Kept):
            self.slots.append(value.slot)
            return ["kept", value.slot, value.type]
        if isinstance(value, np.ndarray | np.generic):
            return self._array(np.asarray(value))
        if isinstance(value, tuple | list):
            return ["tuple" if isinstance(value, tuple) else "list", self.values(value)]
        if isinstance(value, float):
            return ["float", float(value).hex()]
        if isinstance(value, complex):
            return ["complex", value.real.hex(), value.imag.hex()]
        if value is None or isinstance(value, bool | int | str):
            return ["none"] if value is None else [type(value).__name__, value]
        raise TypeError(f"a {type(value).__name__} cannot be given to a stranger's code")

    def _array(self, array: np.ndarray[Any, Any]) -> Any:
        native = array.astype(array.dtype.newbyteorder("="), copy=False)
        if native.dtype.str not in DTYPES:
            raise TypeError(f"an array of {array.dtype} cannot be given to a stranger's code")
        self.payload.append(native.tobytes())
        return ["array", native.dtype.str, list(array.shape)]


def encoded(arguments: Arguments, name: str, field: Any) -> Any:
    """A field of a request: arguments and values are tagged, the others go as they are."""
    if name == "args":
        return arguments.values(field)
    if name == "kwargs":
        return {key: arguments.value(value) for key, value in field.items()}
    return arguments.value(field) if name == "value" else field
