"""Python started for a stranger's code, with an environment of nothing of the caller's."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

# not used here: that their bytecode is kept, which the child itself does not do, saves it a third of its start
import compare.checking.child.nursery
import compare.checking.child.server  # noqa: F401
from compare.checking.sandbox.bubblewrap import works, wrapped

ROOT = Path(__file__).resolve().parents[3]
# our packages by their place, so that no other of their names comes first; numpy also where only users have it
_BOOTSTRAP = """\
import sys
from importlib.util import module_from_spec, spec_from_file_location
root, packages, module, *numbers = sys.argv[1:]
folder = root + "/compare"
spec = spec_from_file_location("compare", folder + "/__init__.py", submodule_search_locations=[folder])
package = sys.modules["compare"] = module_from_spec(spec)
spec.loader.exec_module(package)
if packages not in sys.path:
    sys.path.append(packages)
from importlib import import_module
main = import_module("compare.checking.child." + module).main
sys.argv[:] = [""]
main(root, *map(int, numbers))
"""
# what the loader of programs may need to start Python at all
_PASSED_ON = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")


class Started:
    """A process that runs a module of `compare.checking.child`, with one end of a socket; `folder` is its own."""

    def __init__(self, module: str, folder: str, end: socket.socket, output: socket.socket | None, *more: int) -> None:
        command = [sys.executable, "-I", "-B", "-c", _BOOTSTRAP, str(ROOT), str(Path(np.__file__).parents[1]), module]
        printed = subprocess.DEVNULL if output is None else output.fileno()
        options: dict[str, Any] = {"stdout": printed, "stderr": printed}
        if sys.platform == "win32":
            # a socket cannot be the output of a process there: what is printed is lost
            end.set_inheritable(True)
            options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "close_fds": False}
        else:
            options |= {"pass_fds": (end.fileno(),), "start_new_session": True}
        command = wrapped([*command, str(end.fileno()), *map(str, more)], folder, [str(ROOT)])
        self._kept = bool(works())
        # under bubblewrap we are not to be seen, and it sees to the end
        self.parent = 0 if self._kept else os.getpid()
        self._popen = subprocess.Popen(command, cwd=folder, env=_environment(), stdin=subprocess.DEVNULL, **options)

    def ended(self, seconds: float) -> int | None:
        """The exit status, negative for a signal; None if it is not ended so soon. Under bubblewrap 128 + signal."""
        try:
            status = self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        return 128 - status if status > 128 and self._kept else status

    def kill(self) -> None:
        """End it and whatever it has started."""
        if self._popen.poll() is not None:
            return
        if sys.platform == "win32":
            self._popen.kill()
        else:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._popen.pid, signal.SIGKILL)


def new_folder(within: str | None = None) -> str:
    """An empty folder; resolved, as Landlock and the audit hook compare real paths."""
    return str(Path(tempfile.mkdtemp(prefix="tiny-autograd-rnn-", dir=within)).resolve())


def remove(folder: str) -> None:
    """Remove a folder, also with what was made unreadable in it."""
    try:
        shutil.rmtree(folder)
    except OSError:
        for place, folders, _ in os.walk(folder):
            for name in folders:
                Path(place, name).chmod(0o700)
        shutil.rmtree(folder, ignore_errors=True)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "LANG": "C.UTF-8", **kept}
