"""bubblewrap, where it is installed and works: no network, nothing of the home folder, no other process to be seen."""

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from shutil import which

import numpy as np

_SECONDS = 5
# what other programs leave there is nothing for a layer to read
_PLACES = (Path("/tmp"), Path("/var/tmp"))


def wrapped(command: Sequence[str], folder: str, needed: Iterable[str]) -> list[str]:
    """The command under bubblewrap, with `folder` to write to, and `needed` to be read also in what is hidden.

    Without bubblewrap the command itself.
    """
    program = works()
    return [*_options(program, folder, needed), *command] if program else list(command)


@cache
def works() -> str:
    """Where bubblewrap is, "" if it is not there or the system does not let it work; tried once."""
    program = which("bwrap") if sys.platform.startswith("linux") else None
    if program is None:
        return ""
    with tempfile.TemporaryDirectory() as folder:
        trial = [*_options(program, folder, ()), sys.executable, "-I", "-S", "-c", "pass"]
        try:
            done = subprocess.run(trial, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return ""
    return program if done.returncode == 0 else ""


def _options(program: str, folder: str, needed: Iterable[str]) -> list[str]:
    hidden = [str(path.resolve()) for path in (Path(tempfile.gettempdir()), *_PLACES, *_home()) if path.is_dir()]
    options = [program, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    options += ["--ro-bind", "/", "/"]
    options += ["--dev", "/dev", "--proc", "/proc"]
    for path in dict.fromkeys(hidden):
        options += ["--tmpfs", path]
    seen = [sys.prefix, sys.base_prefix, str(Path(sys.executable).resolve().parent), _packages(), *needed]
    for path in dict.fromkeys(seen):
        if any(Path(path).is_relative_to(place) for place in hidden):
            options += ["--ro-bind", path, path]
    return [*options, "--bind", folder, folder, "--chdir", folder, "--"]


def _packages() -> str:
    """Where numpy is installed."""
    return str(Path(np.__file__).parents[1])


def _home() -> list[Path]:
    try:
        home = Path.home()
    except RuntimeError:
        return []
    return [] if home == Path(home.anchor) else [home]
