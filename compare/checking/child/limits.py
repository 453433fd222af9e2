"""The limits that every system of the Unix family keeps for a process, and its end with ours."""

import ctypes
import os
import signal
import sys
from collections.abc import Mapping

_PR_SET_PDEATHSIG = 1


def limit(limits: Mapping[str, int]) -> bool:
    """Set the limits on time, memory, files and processes, as far as the system knows them.

    Returns whether there are such limits here: on Windows there are none. macOS sets no limit to the address space,
    and root may have any number of processes: `seccomp` refuses them to root too.
    """
    if sys.platform == "win32":
        return False
    import resource

    cpu = limits["cpu_seconds"]
    wanted = {
        # the signal first, then the end
        "RLIMIT_CPU": (cpu, cpu + 1),
        "RLIMIT_AS": (limits["memory_bytes"],) * 2,
        "RLIMIT_FSIZE": (limits["file_bytes"],) * 2,
        "RLIMIT_NOFILE": (limits["open_files"],) * 2,
        "RLIMIT_NPROC": (0, 0),
        "RLIMIT_CORE": (0, 0),
    }
    for name, pair in wanted.items():
        if hasattr(resource, name):
            try:
                resource.setrlimit(getattr(resource, name), pair)
            except (ValueError, OSError):
                # a limit that is lower already may not be raised
                continue
    return True


def die_with(parent: int) -> None:
    """End when the parent ends, where the system can do that; 0 for a parent that is not seen from here."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if parent and os.getppid() != parent:
        os._exit(1)
