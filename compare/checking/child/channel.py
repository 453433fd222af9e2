"""The child's end of the channel: whole frames in, whole frames out."""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from os import read, write
from typing import Any

from compare.checking.child.wire import NONCE_BYTES, PREFIX_BYTES, head, header_of, lengths

# one system call's worth
_CHUNK = 1 << 20


class ClosedError(Exception):
    """The parent has closed the channel, or is gone."""


class Channel:
    """The socket that the process was started with, by its descriptor (on Windows: its handle).

    `nonce` is that of the request under way, which the reply repeats.
    """

    def __init__(self, handle: int) -> None:
        self._read, self._write = _ends(handle)
        self.nonce = bytes(NONCE_BYTES)

    def receive(self) -> tuple[Any, bytes]:
        """The next request: its header, and its payload.

        Raises ClosedError.
        """
        self.nonce, header, payload = lengths(self._exactly(PREFIX_BYTES))
        return header_of(self._exactly(header)), self._exactly(payload)

    def send(self, header: Any, arrays: Sequence[bytes]) -> None:
        """Answer the request under way.

        Raises ClosedError.
        """
        self._all(head(self.nonce, header, sum(map(len, arrays))))
        for array in arrays:
            self._all(array)

    def _exactly(self, size: int) -> bytes:
        parts = []
        while size:
            part = self._read(min(size, _CHUNK))
            if not part:
                raise ClosedError
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _all(self, data: bytes | memoryview) -> None:
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[self._write(rest[:_CHUNK]) :]
            except OSError:
                raise ClosedError from None


def _ends(handle: int) -> tuple[Callable[[int], bytes], Callable[[memoryview], int]]:
    if sys.platform == "win32":
        import socket

        end = socket.socket(fileno=handle)
        return end.recv, end.send
    return partial(read, handle), partial(write, handle)
