"""Processes forked of one that has loaded everything already, where the system can do that safely."""

import json
import os
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from compare.checking.child.nursery import LONGEST
from compare.checking.sandbox.bubblewrap import works
from compare.checking.sandbox.start import Started, new_folder, remove

# that it answers at all, and how long it may take to load what it needs
_SECONDS = 20.0


class GoneNurseryError(Exception):
    """The nursery has died, or does not answer."""


class Nursery:
    """One such process; the folders of those forked of it are in `folder`.

    Raises OSError where it does not start.
    """

    def __init__(self) -> None:
        self.folder = new_folder()
        self._owner = os.getpid()
        try:
            self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            self._control.settimeout(_SECONDS)
            with theirs:
                # under bubblewrap we are not to be seen, and it sees to the end
                self._started = Started("nursery", self.folder, theirs, None, 0 if works() else self._owner)
        except OSError:
            remove(self.folder)
            raise

    def fork(self, folder: str, channel: socket.socket, output: socket.socket) -> "Forked":
        """A process with these ends of its sockets.

        Raises GoneNurseryError.
        """
        question = {"fork": folder, "layers": _kept.layers}
        return Forked(self, self.ask(question, [channel.fileno(), output.fileno()]))

    def ask(self, question: Any, descriptors: Sequence[int] = (), seconds: float = 0) -> Any:
        """Its answer, which may take so many seconds more.

        Raises GoneNurseryError.
        """
        try:
            self._control.settimeout(_SECONDS + seconds)
            socket.send_fds(self._control, [json.dumps(question).encode()], descriptors)
            answer = self._control.recv(LONGEST)
        except OSError as error:
            raise GoneNurseryError from error
        if not answer:
            raise GoneNurseryError
        return json.loads(answer)

    def close(self) -> None:
        """End it, and every process forked of it."""
        self._started.kill()
        self._started.ended(_SECONDS)
        # under bubblewrap it ends after its keeper
        with suppress(OSError):
            while self._control.recv(LONGEST):
                pass
        self._control.close()
        remove(self.folder)

    @property
    def ours(self) -> bool:
        """Whether this process, and not the one that it was forked of, has started it."""
        return self._owner == os.getpid()


class Forked:
    """A process by its number in its nursery, which sees to it that they end together."""

    parent = 0

    def __init__(self, nursery: Nursery, number: int) -> None:
        self._nursery, self._number = nursery, number
        self._status: int | None = None

    def ended(self, seconds: float) -> int | None:
        """The exit status, negative for a signal; None if it is not ended so soon."""
        if self._status is None:
            try:
                self._status = self._nursery.ask({"wait": self._number, "seconds": seconds}, seconds=seconds)
            except GoneNurseryError:
                # it has taken everything with it
                self._status = -9
        return self._status

    def kill(self) -> None:
        """End it."""
        if self._status is None:
            with suppress(GoneNurseryError):
                self._nursery.ask({"kill": self._number})


class _Kept(threading.local):
    """Of each thread its own: a process dies with the thread that started it."""

    wanted = False
    # whether a file was given stand-ins, so that the next process will need our layers too
    layers = False
    nursery: Nursery | None = None


_kept = _Kept()


@contextmanager
def nursery() -> Iterator[None]:
    """Within it processes are forked of one that is started when the first of them is needed."""
    outermost, _kept.wanted = not _kept.wanted, True
    try:
        yield
    finally:
        if outermost:
            _kept.wanted = _kept.layers = False
            _left()


def forking() -> Nursery | None:
    """The nursery to take a process from; None where there is to be none, as on systems where a fork is not safe."""
    if not _kept.wanted or not sys.platform.startswith("linux"):
        return None
    if _kept.nursery and not _kept.nursery.ours:
        # we were forked ourselves, and it answers to another
        _kept.nursery = None
    if _kept.nursery is None:
        try:
            _kept.nursery = Nursery()
        except OSError:
            return None
    return _kept.nursery


def with_layers() -> None:
    """Have our layers loaded in what is forked from now on: it takes longer than to define a file."""
    _kept.layers = _kept.wanted


def _left() -> None:
    gone, _kept.nursery = _kept.nursery, None
    if gone and gone.ours:
        gone.close()


def lost() -> None:
    """Let go of a nursery that does not answer; the next process has a new one."""
    _left()
