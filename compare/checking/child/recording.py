"""Every value that the stranger's statements give a variable, in the order in which they are given."""

import sys
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import numpy as np

from compare.checking.child.values import Outgoing
from compare.checking.child.wire import TEXT

# more than a layer on a few steps has
MOST = 20_000
_LARGEST = 100_000
_ndarray, _generic, _tobytes = np.ndarray, np.generic, np.ndarray.tobytes
_settrace = sys.settrace
_dict = object.__getattribute__


@contextmanager
def recording(labels: Container[str], out: Outgoing, wanted: bool) -> Iterator[list[Any]]:
    """Rows of function, label, line, number of the call, name and value, for everything run within the body."""
    recorder = _Recorder(labels, out)
    if wanted:
        _settrace(recorder.called)
    try:
        yield recorder.rows
    finally:
        if wanted:
            _settrace(None)


class _Recorder:
    def __init__(self, labels: Container[str], out: Outgoing) -> None:
        self.labels = labels
        self.out = out
        self.rows: list[Any] = []
        self.frames = 0

    def called(self, frame: FrameType, event: str, arg: Any) -> Callable[..., Any] | None:
        """What Python calls at the beginning of every function."""
        if frame.f_code.co_filename not in self.labels:
            return None
        self.frames += 1
        return _Call(self, self.frames).went_on


class _Call:
    """One call of a function: what its variables held when its last line began, its arguments among them."""

    def __init__(self, recorder: _Recorder, number: int) -> None:
        self.recorder, self.number = recorder, number
        self.known: dict[str, Any] = {}
        self.line = 0

    def went_on(self, frame: FrameType, event: str, arg: Any) -> Callable[..., Any]:
        """What Python calls before every line, and when the function returns."""
        if event in ("line", "return"):
            self._compare(frame, arg if event == "return" else None)
            self.line = frame.f_lineno
        return self.went_on

    def _compare(self, frame: FrameType, returned: Any) -> None:
        rows = self.recorder.rows
        values = _values(frame)
        parts = returned if type(returned) is tuple else (returned,)
        values |= {f"return {i}": part for i, part in enumerate(parts[:20]) if _is_array(part)}
        for name, value in values.items():
            mark = _mark(value)
            if mark == self.known.get(name) or len(rows) >= MOST:
                continue
            self.known[name] = mark
            code = frame.f_code
            # what returns ends on the line that it is on
            line = frame.f_lineno if name.startswith("return") else self.line or code.co_firstlineno
            node = self.recorder.out.value(value)
            rows.append([code.co_name[:TEXT], code.co_filename, line, self.number, name[:TEXT], node])


def _values(frame: FrameType) -> dict[str, Any]:
    """The arrays in a function's variables, in lists and tuples, and in the attributes of `self`."""
    found: dict[str, Any] = {}
    for name, value in list(frame.f_locals.items()):
        if name == "self":
            try:
                held = _dict(value, "__dict__")
            except AttributeError:
                continue
            for attribute, it in list(held.items()):
                found |= _arrays(f"self.{attribute}", it)
        else:
            found |= _arrays(name, value)
    return found


def _arrays(name: str, value: Any) -> dict[str, Any]:
    kind = type(value)
    if kind in (list, tuple):
        return {f"{name}[{i}]": v for i, v in enumerate(value[:20]) if _is_array(v)}
    return {name: value} if _is_array(value) else {}


def _is_array(value: Any) -> bool:
    if not issubclass(type(value), (_ndarray, _generic)):
        return False
    return value.dtype.kind == "f" and value.size <= _LARGEST


def _mark(value: Any) -> Any:
    # given again, or written into
    return id(value), value.shape, hash(_tobytes(value) if issubclass(type(value), _ndarray) else value)
