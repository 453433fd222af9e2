"""A process for a stranger's code: an empty folder, an environment of nothing of the caller's, two sockets."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

# not used here: that its bytecode is kept, which the child itself does not do, saves it a third of its start
import compare.checking.child.server  # noqa: F401
from compare.checking.sandbox.bubblewrap import wrapped
from compare.checking.sandbox.errors import StrangerError

ROOT = Path(__file__).resolve().parents[3]
# our packages by their place, so that no other of their names comes first; numpy also where only users have it
_BOOTSTRAP = """\
import sys
from importlib.util import module_from_spec, spec_from_file_location
root, packages, handle = sys.argv[1], sys.argv[2], int(sys.argv[3])
folder = root + "/compare"
spec = spec_from_file_location("compare", folder + "/__init__.py", submodule_search_locations=[folder])
module = sys.modules["compare"] = module_from_spec(spec)
spec.loader.exec_module(module)
if packages not in sys.path:
    sys.path.append(packages)
from compare.checking.child.server import main
sys.argv[:] = [""]
main(root, handle)
"""
# what the loader of programs may need to start Python at all
_PASSED_ON = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
_SECONDS = 5.0
_SECONDS_TO_LEAVE = 0.2


class Process:
    """A running child: `channel` for frames, `output` for what is printed; `folder` is removed with it."""

    def __init__(self) -> None:
        # resolved: Landlock and the audit hook compare real paths
        self.folder = str(Path(tempfile.mkdtemp(prefix="tiny-autograd-rnn-")).resolve())
        self.channel, theirs = socket.socketpair()
        self.output, printed = socket.socketpair()
        try:
            self._popen = self._started(theirs, printed)
        except OSError as error:
            self.channel.close()
            self.output.close()
            _remove(self.folder)
            raise StrangerError("start", f"no process can be started for the code: {error}") from None
        finally:
            theirs.close()
            printed.close()
        self.channel.setblocking(False)
        self.output.setblocking(False)

    def _started(self, theirs: socket.socket, printed: socket.socket) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-I", "-B", "-c", _BOOTSTRAP, str(ROOT), str(Path(np.__file__).parents[1])]
        options: dict[str, Any] = {"stdout": printed.fileno(), "stderr": printed.fileno()}
        if sys.platform == "win32":
            # a socket cannot be the output of a process there: what is printed is lost
            theirs.set_inheritable(True)
            options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "close_fds": False}
        else:
            options |= {"pass_fds": (theirs.fileno(),), "start_new_session": True}
        command = wrapped([*command, str(theirs.fileno())], self.folder, [str(ROOT)])
        self._kept = command[0] != sys.executable
        return subprocess.Popen(command, cwd=self.folder, env=_environment(), stdin=subprocess.DEVNULL, **options)

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._popen.poll() is None

    def ended(self) -> int | None:
        """The exit status, negative for a signal; None if it is not ended soon. Under bubblewrap 128 + signal."""
        try:
            status = self._popen.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            return None
        return 128 - status if status > 128 and self._kept else status

    def close(self, *, idle: bool) -> None:
        """End the process and whatever it has started, and remove its folder; one that is idle ends by itself."""
        if idle:
            with suppress(OSError, subprocess.TimeoutExpired):
                self.channel.shutdown(socket.SHUT_WR)
                self._popen.wait(_SECONDS_TO_LEAVE)
        if self._popen.poll() is None:
            self._kill()
        self._popen.wait()
        self._emptied()
        self.channel.close()
        self.output.close()
        _remove(self.folder)

    def _kill(self) -> None:
        if sys.platform == "win32":
            self._popen.kill()
        else:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._popen.pid, 9)

    def _emptied(self) -> None:
        """Wait until nobody holds the other end: under bubblewrap the process ends after its keeper."""
        self.channel.settimeout(_SECONDS)
        try:
            while self.channel.recv(1 << 16):
                pass
        except OSError:
            return


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "LANG": "C.UTF-8", **kept}


def _remove(folder: str) -> None:
    try:
        shutil.rmtree(folder)
    except OSError:
        # a folder that was made unreadable
        for place, folders, _ in os.walk(folder):
            for name in folders:
                Path(place, name).chmod(0o700)
        shutil.rmtree(folder, ignore_errors=True)
