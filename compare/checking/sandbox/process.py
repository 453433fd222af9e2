"""A process for a stranger's code: an empty folder, a socket for frames, a socket for what is printed."""

import socket
from contextlib import suppress

from compare.checking.sandbox.errors import StrangerError
from compare.checking.sandbox.nurseries import Forked, GoneNurseryError, Nursery, forking, lost
from compare.checking.sandbox.start import Started, new_folder, remove

_SECONDS = 5.0
_SECONDS_TO_LEAVE = 0.2


class Process:
    """A running child: `channel` for frames, `output` for what is printed; `folder` is removed with it.

    Raises StrangerError where it does not start.
    """

    def __init__(self) -> None:
        try:
            self._begin(forking())
        except GoneNurseryError:
            lost()
            self._begin(None)

    @property
    def parent(self) -> int:
        """The process that it is to end with; 0 where it is not to be seen, or what started it has seen to that."""
        return self._running.parent

    def _begin(self, nursery: Nursery | None) -> None:
        try:
            self.folder = new_folder(nursery.folder if nursery else None)
        except OSError as error:
            raise GoneNurseryError if nursery else _cannot(error) from None
        self.channel, theirs = socket.socketpair()
        self.output, printed = socket.socketpair()
        try:
            self._running = _running(nursery, self.folder, theirs, printed)
        except (OSError, GoneNurseryError) as error:
            self.channel.close()
            self.output.close()
            remove(self.folder)
            if isinstance(error, GoneNurseryError):
                raise
            raise _cannot(error) from None
        finally:
            theirs.close()
            printed.close()
        self.channel.setblocking(False)
        self.output.setblocking(False)

    def ended(self) -> int | None:
        """The exit status, negative for a signal; None if it is not ended soon."""
        return self._running.ended(_SECONDS)

    def close(self, *, idle: bool) -> None:
        """End the process and whatever it has started, and remove its folder; one that is idle ends by itself."""
        if idle:
            with suppress(OSError):
                self.channel.shutdown(socket.SHUT_WR)
                self._running.ended(_SECONDS_TO_LEAVE)
        self._running.kill()
        self._running.ended(_SECONDS)
        self._emptied()
        self.channel.close()
        self.output.close()
        remove(self.folder)

    def _emptied(self) -> None:
        """Wait until nobody holds the other end: under bubblewrap the process ends after its keeper."""
        self.channel.settimeout(_SECONDS)
        try:
            while self.channel.recv(1 << 16):
                pass
        except OSError:
            return


def _cannot(error: OSError) -> StrangerError:
    return StrangerError("start", f"no process can be started for the code: {error}")


def _running(nursery: Nursery | None, folder: str, end: socket.socket, output: socket.socket) -> Forked | Started:
    return nursery.fork(folder, end, output) if nursery else Started("server", folder, end, output)
