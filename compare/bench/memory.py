"""The memory of this process: what it holds, and the most that it held."""

import resource
import sys
from contextlib import suppress
from pathlib import Path

_STATUS = Path("/proc/self/status")


def held() -> int:
    """The bytes that the process holds at present; where the system does not say, the most that it held so far."""
    return _status("VmRSS") or peak()


def forget_peak() -> None:
    """Count the peak from here on, where the system can: what importing took is none of the step's."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def peak() -> int:
    """The most bytes that the process held.

    Not `ru_maxrss` where there is better: a child begins with its parent's.
    """
    factor = 1 if sys.platform == "darwin" else 1024
    return _status("VmHWM") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * factor


def _status(name: str) -> int:
    try:
        lines = _STATUS.read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:")), 0)
