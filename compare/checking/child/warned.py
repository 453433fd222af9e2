"""The warnings of one call, each once, with the stranger's line that caused it."""

import warnings
from collections.abc import Container, Iterator
from contextlib import contextmanager
from sys import _getframe
from typing import Any

import numpy as np

from compare.checking.child.faults import stack
from compare.checking.child.wire import MESSAGE, TEXT

_errstate = np.errstate
_MOST = 50


@contextmanager
def recorded(labels: Container[str]) -> Iterator[list[Any]]:
    """Category, message, label and line of every warning within the body; numpy warns as it does when untouched."""
    found: list[Any] = []

    def show(message: Any, category: type, filename: str, lineno: int, *_: Any) -> None:
        frames = stack(_getframe(1), labels)
        label, line = frames[-1][:2] if frames else ("", 0)
        row = [str(category.__name__)[:TEXT], str(message)[:MESSAGE], label, line]
        if row not in found and len(found) < _MOST:
            found.append(row)

    with warnings.catch_warnings(), _errstate(divide="warn", over="warn", under="ignore", invalid="warn"):
        warnings.simplefilter("always")
        warnings.showwarning = show  # type: ignore[assignment]
        yield found
