"""A process started while the one before it is at work: Python and NumPy take longer to start than a layer to run."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from compare.checking.sandbox.errors import StrangerError
from compare.checking.sandbox.start import Process


class _Spare(threading.local):
    """Of each thread its own: a process dies with the thread that started it."""

    wanted = False
    process: Process | None = None


_spare = _Spare()


@contextmanager
def ahead() -> Iterator[None]:
    """Within it one process more than is needed waits to be needed."""
    outermost, _spare.wanted = not _spare.wanted, True
    try:
        yield
    finally:
        if outermost:
            _spare.wanted = False
            if _spare.process:
                _spare.process.close(idle=False)
                _spare.process = None


def started() -> Process:
    """A process that nothing has been asked of.

    Raises StrangerError.
    """
    waiting, _spare.process = _spare.process, None
    if waiting and not waiting.running:
        waiting.close(idle=False)
        waiting = None
    process = waiting or Process()
    if _spare.wanted:
        try:
            _spare.process = Process()
        except StrangerError:
            # there is one, and that is enough
            _spare.process = None
    return process
