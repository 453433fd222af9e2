"""One request and its reply, with what is printed meanwhile, before a deadline."""

import os
import selectors
import signal
import time
from collections.abc import Sequence
from typing import Any

from compare.checking.child.wire import (
    HEADER_BYTES,
    NONCE_BYTES,
    PREFIX_BYTES,
    TAIL,
    WireError,
    head,
    header_of,
    lengths,
)
from compare.checking.sandbox.errors import Kind, StrangerError
from compare.checking.sandbox.exact import refuse
from compare.checking.sandbox.limits import Limits
from compare.checking.sandbox.process import Process
from compare.checking.sandbox.text import plain

_CHUNK = 1 << 18
# what the child's own clock, which knows the line, may be late
_GRACE = 0.5


class Exchange:
    """A process, as requests and replies; `printed` is what it has printed, up to the limit.

    Whatever goes wrong raises StrangerError, and the process is to be closed.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.process = Process()
        self.printed = bytearray()
        self._received = bytearray()
        self._selector = selectors.DefaultSelector()
        for end in (self.process.output, self.process.channel):
            self._selector.register(end, selectors.EVENT_READ)
        # whether a request is answered, and the next one waited for
        self._idle = False

    def ask(self, header: Any, payload: Sequence[bytes], seconds: float) -> tuple[Any, bytes]:
        """The header and the payload of the reply.

        Raises StrangerError: timeout, died, output, protocol.
        """
        nonce, self._idle = os.urandom(NONCE_BYTES), False
        to_send = bytearray(head(nonce, header, sum(map(len, payload))) + b"".join(payload))
        deadline = time.monotonic() + seconds + _GRACE
        self._write(to_send)
        if to_send:
            self._selector.modify(self.process.channel, selectors.EVENT_READ | selectors.EVENT_WRITE)
        wanted = PREFIX_BYTES
        while len(self._received) < wanted:
            self._step(to_send, deadline, seconds)
            wanted = self._wanted(nonce)
        if len(self._received) > wanted or to_send:
            refuse("it answers more than it is asked")
        self.drain()
        reply = self._reply(wanted)
        self._idle = True
        return reply

    def drain(self) -> None:
        """Take what has been printed.

        Raises StrangerError where it is too much.
        """
        while self._read_output():
            pass

    def close(self) -> None:
        """End the process."""
        self._selector.close()
        self.process.close(idle=self._idle)

    def _step(self, to_send: bytearray, deadline: float, seconds: float) -> None:
        events = self._selector.select(max(deadline - time.monotonic(), 0))
        if not events or time.monotonic() > deadline:
            raise StrangerError("timeout", f"it took longer than {seconds:g} s and was stopped")
        for key, mask in events:
            if key.fileobj is self.process.output:
                if not self._read_output():
                    self._selector.unregister(key.fileobj)
                continue
            if mask & selectors.EVENT_WRITE:
                self._write(to_send)
                if not to_send:
                    self._selector.modify(key.fileobj, selectors.EVENT_READ)
            if mask & selectors.EVENT_READ:
                self._read()

    def _write(self, to_send: bytearray) -> None:
        try:
            sent = self.process.channel.send(to_send[:_CHUNK])
        except BlockingIOError:
            return
        except OSError:
            self._died()
        del to_send[:sent]

    def _read(self) -> None:
        try:
            data = self.process.channel.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._died()
        self._received += data

    def _read_output(self) -> bool:
        """Whether there may be more."""
        try:
            data = self.process.output.recv(_CHUNK)
        except OSError:
            return False
        self.printed += data[: self.limits.output_bytes - len(self.printed)]
        if len(data) and len(self.printed) >= self.limits.output_bytes:
            raise StrangerError("output", f"it prints more than {self.limits.output_bytes} bytes and was stopped")
        return bool(data)

    def _wanted(self, nonce: bytes) -> int:
        """How long the reply is to be, as far as that is known."""
        if len(self._received) < PREFIX_BYTES:
            return PREFIX_BYTES
        try:
            found, header, payload = lengths(bytes(self._received[:PREFIX_BYTES]))
        except WireError as error:
            refuse(str(error))
        if found != nonce:
            refuse("it answers no question")
        if header > HEADER_BYTES or payload > self.limits.reply_bytes:
            refuse("it is too long")
        return PREFIX_BYTES + header + payload

    def _reply(self, wanted: int) -> tuple[Any, bytes]:
        _, header, _ = lengths(bytes(self._received[:PREFIX_BYTES]))
        text, payload = PREFIX_BYTES + header, bytes(self._received[PREFIX_BYTES + header : wanted])
        try:
            found = header_of(bytes(self._received[PREFIX_BYTES:text]))
        except WireError as error:
            refuse(str(error))
        self._received.clear()
        return found, payload

    def _died(self) -> None:
        """Raises StrangerError that says how the process ended, and what it said last."""
        status = self.process.ended()
        self.drain()
        said = plain(self.printed[-TAIL:].decode("utf-8", "replace")).strip().rpartition("\n")[2]
        kind: Kind = "died"
        if status is None:
            how = "it closed its channel and went on"
        elif status < 0:
            kind = "timeout" if -status == getattr(signal, "SIGXCPU", None) else "died"
            how = f"it was ended by {_signal(-status)}"
        else:
            how = f"its process ended with exit status {status}"
        raise StrangerError(kind, f"{how}{f': {said}' if said else ''}")


def _signal(number: int) -> str:
    if number == getattr(signal, "SIGXCPU", None):
        return "the limit on processor time"
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
