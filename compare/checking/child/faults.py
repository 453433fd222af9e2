"""What went wrong, as data: the exception, and the lines of the stranger's files that it passed."""

import sys
from collections.abc import Container
from itertools import islice
from types import FrameType, TracebackType
from typing import Any

from compare.checking.child.values import type_name
from compare.checking.child.wire import FRAMES, MESSAGE, TEXT

_PLAIN = {
    SystemExit: "the program ended itself (sys.exit)",
    KeyboardInterrupt: "the program interrupted itself",
    RecursionError: "a function calls itself without end",
}


def fault(error: BaseException, labels: Container[str]) -> dict[str, Any]:
    """Kind, type, message and frames of an exception."""
    kind = "memory" if isinstance(error, MemoryError) else "exception"
    return {"kind": kind, "type": type_name(error), "message": message(error), "frames": frames(error, labels)}


def message(error: BaseException) -> str:
    """What an exception says, shortened; a sentence of ours where it says nothing of use."""
    for kind, said in _PLAIN.items():
        if isinstance(error, kind):
            return said
    try:
        return str(error)[:MESSAGE]
    except BaseException:
        return "an exception whose message cannot be had"


def frames(error: BaseException, labels: Container[str]) -> list[Any]:
    """Label, line, column and function of the frames within the stranger's files, outermost first."""
    if isinstance(error, SyntaxError) and error.filename in labels:
        return [[error.filename, error.lineno if type(error.lineno) is int and error.lineno > 0 else 1, None, ""]]
    found = []
    at: TracebackType | None = error.__traceback__
    while at is not None:
        if at.tb_frame.f_code.co_filename in labels:
            found.append(_frame(at.tb_frame, at.tb_lineno, at.tb_lasti))
        at = at.tb_next
    return _shortened(found)


def stack(frame: FrameType | None, labels: Container[str]) -> list[Any]:
    """The same of the frames that are being run, from a frame outwards."""
    found = []
    while frame is not None:
        if frame.f_code.co_filename in labels:
            found.append(_frame(frame, frame.f_lineno, frame.f_lasti))
        frame = frame.f_back
    return _shortened(found[::-1])


def _shortened(found: list[Any]) -> list[Any]:
    return found if len(found) <= FRAMES else found[: FRAMES // 2] + found[-FRAMES // 2 :]


def _frame(frame: FrameType, line: int | None, instruction: int) -> list[Any]:
    code, column = frame.f_code, None
    if sys.version_info >= (3, 11) and instruction >= 0:
        # in bytes of the line, as ast counts
        _, _, column, _ = next(islice(code.co_positions(), instruction // 2, None), (None,) * 4)
    return [code.co_filename, line or code.co_firstlineno, column, code.co_name[:TEXT]]
