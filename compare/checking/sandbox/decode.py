"""What the parent reads of a reply: nothing is made of it before it is what it says it is."""

from collections.abc import Container, Mapping
from math import prod
from typing import Any, TypeVar

import numpy as np

from compare.checking.child.wire import DEPTH, ELEMENTS, MESSAGE
from compare.checking.sandbox.errors import Failure, Frame, GoneError, StrangerError
from compare.checking.sandbox.exact import (
    dtype_of,
    exactly,
    float_of,
    number_of,
    refuse,
    reshaped,
    row_of,
    shape_of,
    text_of,
)
from compare.checking.sandbox.values import (
    Foreign,
    Kept,
    Missing,
    Recorded,
    Result,
    Subclassed,
    TooLarge,
    Value,
    Warned,
)

T = TypeVar("T")
_SLOTS = 1 << 53
RECORDS = 20_000
_KINDS = ("exception", "memory", "timeout")
_SENTENCES = {
    "timeout": "it took too long and was stopped",
    "memory": "it needs more memory than it may have",
}


class Reply:
    """A header and a payload, read once from their beginning; `labels` are the files that a place can be in."""

    def __init__(self, header: Any, payload: bytes | bytearray, labels: Container[str]) -> None:
        self.header: Mapping[str, Any] = exactly(header, dict)
        self.payload = payload
        self.labels = labels
        self.at = 0
        self.elements = 0
        # above all slots that it names
        self.top = 0

    def raised(self, slot: int | None) -> StrangerError | None:
        """The error that the reply tells of, if it does."""
        if "error" not in self.header:
            return None
        error = exactly(self.header["error"], dict)
        kind = error.get("kind")
        if kind == "gone" and slot is not None:
            return GoneError(slot)
        if kind not in _KINDS:
            refuse("an error of no kind")
        message = text_of(error.get("message", ""), MESSAGE)
        frames = tuple(self._frame(f) for f in exactly(error.get("frames", []), list)[:ELEMENTS])
        records = self._ended(self._records())
        return StrangerError(kind, _SENTENCES.get(kind, message), frames, text_of(error.get("type", "")), records)

    def failures(self) -> list[Failure]:
        """What failed while the files were run, and has not been told before."""
        return [self._failure(row) for row in exactly(self.header.get("failures", []), list)]

    def stand_ins(self) -> list[str]:
        """The stand-ins that were given, and have not been told before."""
        return [text_of(name) for name in exactly(self.header.get("stand_ins", []), list)]

    def nothing(self) -> None:
        """No answer but that it is done."""

    def slot(self) -> int:
        """The slot of an object that was made."""
        return self._slot(self.header.get("slot"))

    def values(self, count: int) -> tuple[Value, ...]:
        """The values that were asked for."""
        nodes = exactly(self.header.get("values"), list)
        if len(nodes) != count:
            refuse(f"{len(nodes)} values for {count}")
        return self._ended(tuple(self._fresh(node) for node in nodes))

    def result(self, count: int) -> Result:
        """What a call with so many arguments returned."""
        nodes = exactly(self.header.get("arguments"), list)
        if len(nodes) != count:
            refuse(f"{len(nodes)} arguments for {count}")
        records = self._records()
        value, last = self._fresh(self.header.get("value")), self.header.get("last")
        after = self._ended(tuple(self._fresh(node) for node in nodes))
        warnings = tuple(self._warned(row) for row in exactly(self.header.get("warnings"), list)[:ELEMENTS])
        kept = None if last is None else self._kept(exactly(last, list))
        return Result(value, after, warnings, kept, records)

    def _records(self) -> tuple[Recorded, ...]:
        return tuple(self._recorded(row) for row in exactly(self.header.get("records", []), list)[:RECORDS])

    def _ended(self, values: tuple[T, ...]) -> tuple[T, ...]:
        if self.at != len(self.payload):
            refuse(f"{len(self.payload) - self.at} bytes too many")
        return values

    def _fresh(self, node: Any) -> Value:
        self.elements = 0
        return self._value(node, 0)

    def _value(self, node: Any, depth: int) -> Value:
        tag, *rest = exactly(node, list) or [None]
        self.elements += 1
        if depth > DEPTH or self.elements > ELEMENTS + DEPTH * ELEMENTS:
            refuse("too many values in one")
        if tag in ("tuple", "list") and len(rest) == 1:
            values = [self._value(n, depth + 1) for n in exactly(rest[0], list)]
            return tuple(values) if tag == "tuple" else values
        if tag == "array" and len(rest) == 2:
            return self._array(rest)
        if tag == "sub" and len(rest) == 2 and exactly(rest[1], list)[:1] == ["array"] and len(rest[1]) == 3:
            return Subclassed(self._array(rest[1][1:]), text_of(rest[0]))
        return self._single(tag, rest)

    def _single(self, tag: Any, rest: list[Any]) -> Value:
        if tag == "kept":
            return self._kept([tag, *rest])
        if tag == "large" and len(rest) == 2:
            return TooLarge(shape_of(rest[1]), dtype_of(rest[0]).name)
        if tag == "foreign" and len(rest) == 1:
            return Foreign(text_of(rest[0]))
        if tag in ("none", "missing") and not rest:
            return None if tag == "none" else Missing()
        if tag == "float" and len(rest) == 1:
            return float_of(rest[0])
        if tag == "complex" and len(rest) == 2:
            return complex(float_of(rest[0]), float_of(rest[1]))
        kinds = {"bool": bool, "int": int, "str": str}
        if not isinstance(tag, str) or tag not in kinds or len(rest) != 1:
            refuse("a value of no kind")
        value = exactly(rest[0], kinds[tag])
        return text_of(value) if tag == "str" else value

    def _kept(self, node: list[Any]) -> Kept:
        if len(node) != 3 or node[0] != "kept":
            refuse("a value of no kind")
        return Kept(self._slot(node[1]), text_of(node[2]))

    def _slot(self, number: Any) -> int:
        slot = number_of(number, _SLOTS)
        self.top = max(self.top, slot + 1)
        return slot

    def _array(self, rest: list[Any]) -> np.ndarray[Any, Any]:
        dtype, shape = dtype_of(rest[0]), shape_of(rest[1])
        size = prod(shape)
        end = self.at + size * dtype.itemsize
        if end > len(self.payload):
            refuse("an array larger than what was sent")
        if dtype.kind == "b":
            # a byte that is neither 0 nor 1 is no bool
            flat = np.frombuffer(self.payload, np.uint8, size, self.at) != 0
        else:
            flat = np.frombuffer(self.payload, dtype, size, self.at).copy()
        self.at = end
        return reshaped(flat, shape)

    def _frame(self, row: Any) -> Frame:
        label, line, column, function = row_of(row, 4)
        return Frame(
            self._label(label), number_of(line), None if column is None else number_of(column), text_of(function)
        )

    def _failure(self, row: Any) -> Failure:
        kind, label, line, type_name, message, name = row_of(row, 6)
        if kind not in ("exception", "memory", "syntax", "ours"):
            refuse("a failure of no kind")
        at = self._label(label, "")
        return Failure(kind, at, number_of(line), text_of(type_name), text_of(message, MESSAGE), text_of(name))

    def _recorded(self, row: Any) -> Recorded:
        function, label, line, call, name, node = row_of(row, 6)
        value = self._fresh(node)
        return Recorded(text_of(function), self._label(label), number_of(line), number_of(call), text_of(name), value)

    def _warned(self, row: Any) -> Warned:
        category, message, label, line = row_of(row, 4)
        return Warned(text_of(category), text_of(message, MESSAGE), self._label(label, ""), number_of(line))

    def _label(self, label: Any, *others: str) -> str:
        if not isinstance(label, str) or not (label in self.labels or label in others):
            refuse("a place in no file")
        return label
