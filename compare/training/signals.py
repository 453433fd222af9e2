"""Ctrl-C and SIGTERM: at once while nothing is at stake, at the end of the step while parameters are being learned."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from compare.errors import InterruptedRun

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Signals:
    """The signal that came first, if any, and whether it has to wait.

    `meanwhile` says when it would come, and what is left of the run then.
    """

    def __init__(self, meanwhile: str) -> None:
        self.meanwhile = meanwhile
        self.received: int | None = None
        self.waiting = False

    @contextmanager
    def handled(self) -> Iterator[None]:
        """Both signals come here; afterwards they go where they went before.

        Raises InterruptedRun out of the body, except within `deferred`.
        """
        # Python lets only the main thread set handlers; elsewhere the program around us owns them
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self._receive) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def deferred(self) -> Iterator[None]:
        """A signal within the body is noted in `received`; the body looks there between steps."""
        self.waiting = True
        try:
            yield
        finally:
            self.waiting = False

    def _receive(self, number: int, frame: FrameType | None) -> None:
        self.received = self.received or number
        if not self.waiting:
            raise InterruptedRun(number)
