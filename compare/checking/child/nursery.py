"""A process of which others are forked: Python, NumPy and our modules take longer to load than a layer to run.

A question is one message, `{"fork": folder, "layers": whether ours shall be loaded}` with two descriptors,
`{"wait": process, "seconds": s}` or `{"kill": process}`; so is its answer. Nothing of a stranger's is ever here.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import module_from_spec
from socket import recv_fds, socket
from typing import Any, NoReturn

from compare.checking.child import server
from compare.checking.child.limits import die_with
from compare.checking.child.ours import Ours

LONGEST = 1 << 14
_PAUSE = 0.0005


def main(root: str, handle: int, parent: int) -> NoReturn:
    """Answer until the socket with this descriptor closes; the processes forked here end with this one."""
    die_with(parent)
    control = socket(fileno=handle)
    while True:
        message, descriptors, _, _ = recv_fds(control, LONGEST, 2)
        if not message:
            os._exit(0)
        control.send(json.dumps(_answer(json.loads(message), descriptors, root, control)).encode())


def _answer(asked: Any, descriptors: Sequence[int], root: str, control: socket) -> Any:
    """The number of a process, or its exit status if it has one by then: negative for a signal."""
    if "fork" in asked:
        if asked["layers"] and "manual" not in sys.modules:
            _load_layers(root)
        return _forked(asked["fork"], descriptors, root, control)
    if "kill" in asked:
        _killed(asked["kill"])
        return None
    until = time.monotonic() + asked["seconds"]
    while True:
        ended, status = os.waitpid(asked["wait"], os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() >= until:
            return None
        time.sleep(_PAUSE)


def _load_layers(root: str) -> None:
    """What stand-ins are made of, loaded once for all that are forked from now on; there it is hidden as ever."""
    spec = Ours(root).spec("manual")
    assert spec
    assert spec.loader
    sys.modules["manual"] = module = module_from_spec(spec)
    spec.loader.exec_module(module)
    from compare.checking.child import book, course  # noqa: F401


def _killed(number: int) -> None:
    for kill in (os.killpg, os.kill):
        # it leads a group of its own soon after it is forked
        with suppress(ProcessLookupError):
            kill(number, signal.SIGKILL)
            return


def _forked(folder: str, descriptors: Sequence[int], root: str, control: socket) -> int:
    channel, printed = descriptors
    ours = os.getpid()
    number = os.fork()
    if number == 0:
        die_with(ours)
        control.close()
        _serve(folder, channel, printed, root)
    os.close(channel)
    os.close(printed)
    return number


def _serve(folder: str, channel: int, printed: int, root: str) -> NoReturn:
    os.setsid()
    os.chdir(folder)
    os.dup2(printed, 1)
    os.dup2(printed, 2)
    os.close(printed)
    server.main(root, channel)
