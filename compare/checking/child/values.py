"""Values from and to the wire: arrays and scalars as they are, other objects by slot, what is too large by its shape.

No code of a stranger's class runs here: types are compared by identity, arrays are read by numpy's own methods.
"""

from types import BuiltinFunctionType, FunctionType, GeneratorType, MethodType, ModuleType
from typing import Any

import numpy as np

from compare.checking.child.inert import Inert
from compare.checking.child.slots import Slots
from compare.checking.child.wire import DEPTH, DTYPES, ELEMENTS, TEXT

_ndarray = np.ndarray
_asarray = np.asarray
_frombuffer = np.frombuffer
_generic = np.generic
_empty = np.empty
_tobytes = np.ndarray.tobytes
_view = np.ndarray.view
_astype = np.ndarray.astype
_copy = np.ndarray.copy
_reshape = np.ndarray.reshape
_name = type.__dict__["__name__"].__get__
_FOREIGN = (BuiltinFunctionType, FunctionType, GeneratorType, MethodType, ModuleType, type, bytes, str, int)
_SCALARS = (type(None), bool, int, float, complex, str)


def type_name(thing: Any) -> str:
    """The name of an object's class, whatever the class says of itself."""
    return str(_name(type(thing)))[:TEXT]


class Outgoing:
    """Values on their way out, of at most so many bytes in all: their headers, and the arrays' bytes in `payload`."""

    def __init__(self, slots: Slots, room: int) -> None:
        self.slots = slots
        self.room = room
        self.elements = 0
        self.payload: list[bytes] = []

    def last(self, value: Any) -> tuple[Any, Any]:
        """What a function returned, and the slot of the last of a tuple: a cache stays here.

        The last value comes by slot unless it is an array or a scalar, and has a slot even then.
        """
        if type(value) is not tuple or not 1 < len(value) <= ELEMENTS:
            return self.value(value), None
        kept = ["kept", self.slots.keep(value[-1]), type_name(value[-1])]
        self.elements = 0
        if _is_array(value[-1]) or type(value[-1]) in _SCALARS:
            return self.value(value), kept
        before = [self._next(v, 1) for v in value[:-1]]
        return ["tuple", [*before, kept]], kept

    def value(self, value: Any) -> Any:
        """The tagged value; numbers of numpy are arrays without axes."""
        self.elements = 0
        return self._tagged(value, 0)

    def _tagged(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if _is_array(value):
            return self._array(value)
        if kind is int and abs(value) < 2**63:
            return ["int", value]
        if kind is float:
            return ["float", value.hex()]
        if kind is complex:
            return ["complex", value.real.hex(), value.imag.hex()]
        if kind is str and len(value) <= TEXT:
            return ["str", value]
        if value is None or kind is bool:
            return ["none"] if value is None else ["bool", value]
        if kind in (tuple, list):
            if depth == DEPTH or len(value) > ELEMENTS:
                return ["foreign", f"{kind.__name__} of {len(value)}"]
            return ["tuple" if kind is tuple else "list", [self._next(v, depth + 1) for v in value]]
        return self._other(value, kind)

    def _next(self, value: Any, depth: int) -> Any:
        self.elements += 1
        return self._tagged(value, depth) if self.elements <= ELEMENTS else ["foreign", "one value too many"]

    def _other(self, value: Any, kind: type) -> Any:
        if kind is Inert:
            return ["foreign", object.__getattribute__(value, "name")[:TEXT]]
        if issubclass(kind, _FOREIGN):
            return ["foreign", type_name(value)]
        return ["kept", self.slots.keep(value), type_name(value)]

    def _array(self, value: Any) -> Any:
        kind = type(value)
        array = _asarray(value) if issubclass(kind, _generic) else value
        if kind is not _ndarray and array is value:
            array = _view(array, _ndarray)
        native = array.dtype.newbyteorder("=")
        if native.str not in DTYPES:
            return ["foreign", f"array of {array.dtype.kind if array.dtype.names else array.dtype}"[:TEXT]]
        if array.nbytes > self.room:
            return ["large", native.str, list(array.shape)]
        self.room -= array.nbytes
        self.payload.append(_tobytes(_astype(array, native, copy=False)))
        node = ["array", native.str, list(array.shape)]
        return node if kind is _ndarray or issubclass(kind, _generic) else ["sub", type_name(value), node]


class Incoming:
    """Values from the parent, whose arrays stand in the payload one after the other; each is a fresh array."""

    def __init__(self, slots: Slots, payload: bytes) -> None:
        self.slots = slots
        self.payload = payload
        self.at = 0

    def value(self, node: Any) -> Any:
        """The value of a tagged one.

        Raises SlotGoneError.
        """
        tag, *rest = node
        if tag == "array":
            dtype, shape = DTYPES[rest[0]], rest[1]
            count = 1
            for size in shape:
                count *= size
            array = _copy(_frombuffer(self.payload, dtype, count, self.at)) if count else _empty(0, dtype)
            self.at += count * dtype.itemsize
            return _reshape(array, shape)
        if tag in ("tuple", "list"):
            values = [self.value(v) for v in rest[0]]
            return tuple(values) if tag == "tuple" else values
        if tag == "kept":
            return self.slots.get(rest[0])
        if tag == "float":
            return float.fromhex(rest[0])
        if tag == "complex":
            return complex(float.fromhex(rest[0]), float.fromhex(rest[1]))
        return None if tag == "none" else rest[0]


def _is_array(value: Any) -> bool:
    return issubclass(type(value), (_ndarray, _generic))
