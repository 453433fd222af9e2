"""The child's life: locked up, told what to define, asked until the channel closes."""

import signal
import sys
from os import _exit
from os.path import realpath
from types import FrameType
from typing import Any, NoReturn

import numpy as np

from compare.checking.child.channel import Channel, ClosedError
from compare.checking.child.faults import fault, stack
from compare.checking.child.guards import lock
from compare.checking.child.ours import Ours
from compare.checking.child.requests import Requests
from compare.checking.child.slots import SlotGoneError

_flush = [sys.stdout.flush, sys.stderr.flush]
_timer = getattr(signal, "setitimer", None)


class Server:
    """Answers one request after the other; a request that takes too long is answered with where it is."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.requests: Requests | None = None
        self.running = False
        # let go when memory is short, so that there is enough to say so
        self.spare = bytearray(1 << 20)

    def lock(self, root: str) -> None:
        """Lock the process up as the first request says, and answer with the guards that are on.

        Raises ClosedError.
        """
        header, _ = self.channel.receive()
        ours = Ours(root)
        # where we are installed beside numpy, the folder stays
        if not np.__file__.startswith(root):
            sys.path[:] = [path for path in sys.path if realpath(path) != root]
        guards = lock(header, ours)
        ours.hide()
        self.requests = Requests(ours, header["first_slot"], header["limits"]["reply_bytes"])
        if _timer:
            signal.signal(signal.SIGALRM, self._alarm)
        self.channel.send({"guards": guards}, [])

    def serve(self) -> None:
        """Answer requests.

        Raises ClosedError when there are no more.
        """
        while True:
            header, payload = self.channel.receive()
            reply, arrays = self._answer(header, payload)
            for flush in _flush:
                try:
                    flush()
                except BaseException:
                    # the stranger has closed it
                    continue
            self.channel.send(reply, arrays)

    def _answer(self, header: Any, payload: bytes) -> tuple[Any, list[bytes]]:
        assert self.requests is not None
        record = self.requests.record
        try:
            self._begin(header["seconds"])
            reply, arrays = self.requests.answer(header, payload)
            self._end()
            return {**reply, **record.taken()}, arrays
        except SlotGoneError:
            self._end()
            return {"error": {"kind": "gone"}, **record.taken()}, []
        except BaseException as error:
            self._end()
            if isinstance(error, MemoryError):
                self.spare.clear()
            return {"error": fault(error, record.labels), **record.taken()}, []

    def _begin(self, seconds: float) -> None:
        self.running = True
        if _timer:
            _timer(signal.ITIMER_REAL, seconds)

    def _end(self) -> None:
        self.running = False
        if _timer:
            _timer(signal.ITIMER_REAL, 0)

    def _alarm(self, number: int, frame: FrameType | None) -> None:
        if self.running and self.requests is not None:
            frames = stack(frame, self.requests.record.labels)
            self.channel.send({"error": {"kind": "timeout", "frames": frames}}, [])
            _exit(0)


def main(root: str, handle: int) -> NoReturn:
    """Serve the channel with this descriptor until it closes; nothing that the stranger left to be done is done."""
    server = Server(Channel(handle))
    try:
        server.lock(root)
        server.serve()
    except ClosedError:
        pass
    _exit(0)
