"""Files that are written whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from compare.errors import RefusedError, reason


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A new file that takes the place of `path` once the body is through and its bytes are on the disk.

    Where the body raises, or the disk is full, `path` stays as it was and nothing is left beside it. A device or a
    pipe is no file to replace: it is written to.
    """
    if _is_device(path):
        with path.open("wb") as device:
            yield device
        return
    # a link stays a link to the file that is replaced
    path = path.resolve()
    temporary = path.with_name(f".saving-{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def check_output(option: str, path: Path, suffix: str = "") -> None:
    """Refuse a path that could not be written at the end of a long run.

    Text may go to a device or a pipe, what needs a suffix may not.

    Raises RefusedError for a wrong suffix, a folder, a missing folder and a folder that cannot be written to.
    """
    if suffix and path.suffix.lower() != suffix:
        raise RefusedError(
            f"{option}: {path} does not end in {suffix}; wanted a name such as {path.stem or 'run'}{suffix}"
        )
    if suffix and _is_device(path):
        raise RefusedError(f"{option}: {path} is a device or a pipe; wanted the name of a file")
    if path.is_dir():
        raise RefusedError(f"{option}: {path} is a folder; wanted the name of a file in it")
    if not path.parent.is_dir():
        raise RefusedError(f"{option}: there is no folder {path.parent}; make it first or name another for {path.name}")
    if _is_device(path):
        return
    # asking for permissions is not enough: only a file that was made shows that one can be
    probe = path.resolve().with_name(f".saving-{os.getpid()}")
    try:
        probe.open("wb").close()
        probe.unlink()
    except OSError as error:
        raise RefusedError(
            f"{option}: cannot write {path} ({reason(error)}); name a folder that can be written to"
        ) from None


def check_distinct(paths: dict[str, Path | None]) -> None:
    """Refuse two names for the same file: the later one would be written over the earlier."""
    seen: dict[Path, str] = {}
    for name, path in paths.items():
        if path is None:
            continue
        other = seen.setdefault(path.resolve(), name)
        if other != name:
            raise RefusedError(f"{name}: {path} is also {other}, and would be written over; name another file")


def _is_device(path: Path) -> bool:
    return path.exists() and not path.is_file() and not path.is_dir()
