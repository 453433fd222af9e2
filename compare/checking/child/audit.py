"""A belt over the braces: Python itself asks before it does what reaches outside, and is told no, with a line number.

On systems without a filter of system calls this is all there is; code that means to get round it, can.
"""

import os
import sys
from typing import Any

from compare.checking.child.ours import OURS, Ours

_STARTS = "starts a process"
_NETWORK = "uses the network"
_MEMORY = "reaches into memory and libraries (ctypes)"
_REFUSED = {
    **dict.fromkeys(("os.fork", "os.forkpty", "os.exec", "os.posix_spawn", "os.spawn", "os.system"), _STARTS),
    **dict.fromkeys(("os.startfile", "os.startfile/2", "subprocess.Popen", "pty.spawn", "webbrowser.open"), _STARTS),
    **dict.fromkeys(("_winapi.CreateProcess", "_winapi.OpenProcess"), _STARTS),
    **dict.fromkeys(("os.kill", "os.killpg", "signal.pthread_kill", "_winapi.TerminateProcess"), "sends a signal"),
    **dict.fromkeys(("_thread.start_new_thread", "_thread.start_joinable_thread"), "starts a thread"),
    **dict.fromkeys(("resource.setrlimit", "resource.prlimit"), "changes its limits"),
    **dict.fromkeys(("fcntl.ioctl", "fcntl.fcntl", "fcntl.flock", "fcntl.lockf", "os.lockf"), "commands a descriptor"),
    **dict.fromkeys(("syslog.openlog", "syslog.syslog", "sys.remote_exec"), "reaches another program"),
    **dict.fromkeys(("os.chmod", "os.chown", "os.chflags", "os.lchmod", "os.utime"), "changes a file's attributes"),
    **dict.fromkeys(("os.setxattr", "os.removexattr", "os.mkfifo", "os.mknod"), "changes a file's attributes"),
}
_FAMILIES = {"socket.": _NETWORK, "ctypes.": _MEMORY, "winreg.": "changes the registry"}
# events, and which of their arguments are paths that are changed
_CHANGED = {
    **dict.fromkeys(("os.remove", "os.rmdir", "os.mkdir", "os.truncate"), slice(1)),
    **dict.fromkeys(("os.rename", "os.link"), slice(2)),
    "os.symlink": slice(1, 2),
}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# there is no limit to the space that many small files take together
_MOST_FILES = 100

_realpath, _fspath, _fsdecode, _devnull = os.path.realpath, os.fspath, os.fsdecode, os.devnull


class Hook:
    """Refuses, with PermissionError, what is not for a layer to do; writing is allowed below `folder`."""

    def __init__(self, folder: str, ours: Ours) -> None:
        self._ours = ours
        self._sources = tuple(_realpath(f"{ours.root}/{package}") + os.sep for package in OURS)
        self._folder = os.path.join(_realpath(folder), "")  # noqa: PTH118 (a path that ends in a separator)
        self._files = 0
        self._own = (f"/proc/{os.getpid()}/", "/proc/self/")

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        """What `sys.addaudithook` calls.

        Raises PermissionError.
        """
        if event == "open":
            self._open(*args)
        elif event in _CHANGED:
            for path in args[_CHANGED[event]]:
                self._write(path)
        elif event in _REFUSED:
            _refuse(_REFUSED[event], event)
        else:
            family = event[: event.find(".") + 1]
            if family in _FAMILIES:
                _refuse(_FAMILIES[family], event)

    def _open(self, path: Any, mode: Any, flags: Any) -> None:
        if type(path) is int:
            return
        writing = type(flags) is int and flags & _WRITING
        if writing or (type(mode) is str and not {*mode}.isdisjoint("wax+")):
            self._write(path)
        else:
            self._read(_realpath(_fsdecode(path)))

    def _read(self, path: str) -> None:
        if path.startswith("/proc/") and path[6:7].isdigit() and not path.startswith(self._own):
            _refuse("reads about another process", path)
        if path.startswith(self._sources) and not self._ours.open:
            _refuse("reads the layers of this checker", path)

    def _write(self, path: Any) -> None:
        if type(path) is int:
            return
        text = _fsdecode(_fspath(path))
        if text == _devnull:
            return
        if not _realpath(text).startswith(self._folder):
            _refuse("writes outside its folder", text)
        self._files += 1
        if self._files > _MOST_FILES:
            _refuse("writes more files than a layer needs", text)


def install(folder: str, ours: Ours) -> None:
    """Put the hook on; it cannot be taken off again."""
    sys.addaudithook(Hook(folder, ours))


def _refuse(what: str, event: str) -> None:
    raise PermissionError(f"the code {what} ({event[:100]}), which it may not do here")
