"""Files on the disk: which ones to read, and their bytes."""

import os
import re
from pathlib import Path

from compare.errors import RefusedError, reason

LARGEST = 20_000_000
SUFFIXES = (".py", ".ipynb", ".txt")
_NOT_THEIRS = {"__pycache__", "node_modules", "site-packages", "venv", "env"}
_CODE = re.compile(rb"^(?:In ?\[(?:\d+|None| |\*)?\]:|class \w+ *[(:]|def \w+ *\()", re.MULTILINE)


class UnreadableError(RefusedError):
    """What is given is no file with code in it: which one, what was seen, what is wanted, what to do."""


def contents(path: Path, largest: int = LARGEST) -> bytes:
    """The bytes of a file.

    Raises UnreadableError where there is none, and for a folder, a device, and more bytes than the largest.
    """
    try:
        if path.is_dir():
            raise UnreadableError(f"{path} is a folder; wanted a file: name one of those in it")
        if path.exists() and not path.is_file():
            raise UnreadableError(f"{path} is a device or a pipe; wanted a file, or - for standard input")
        with path.open("rb") as file:
            raw = file.read(largest + 1)
    except FileNotFoundError:
        raise UnreadableError(f"there is no file {path}; wanted a .py, .ipynb or .txt file: check the name") from None
    except OSError as error:
        raise UnreadableError(f"cannot read {path} ({reason(error)}); wanted a file that can be read") from None
    except ValueError as error:  # a null byte in the name
        raise UnreadableError(f"{str(path)!r} is no name of a file ({error}); wanted one: check the name") from None
    return checked_size(raw, str(path), largest)


def checked_size(raw: bytes, name: str, largest: int = LARGEST) -> bytes:
    """The bytes; raises UnreadableError for too many."""
    if len(raw) > largest:
        raise UnreadableError(
            f"{name} has more than {largest // 1_000_000} MB; wanted a file of code: leave data out, or clear the "
            "notebook's outputs"
        )
    return raw


def gather(path: Path) -> tuple[Path, ...]:
    """The files with code in a folder and in the folders within, sorted; of a file, the file itself.

    Hidden folders, environments and links to folders are left out, and a .txt file that holds no code.

    Raises UnreadableError where there is nothing of that name, or the folder cannot be listed.
    """
    try:
        if path.is_dir():
            next(path.iterdir(), None)  # os.walk is silent where it may not look
            return tuple(sorted(_within(path)))
        found = path.exists() or path.is_symlink()
    except OSError as error:
        raise UnreadableError(f"cannot look into {path} ({reason(error)}); wanted a folder that can be read") from None
    except ValueError:
        found = False
    if not found:
        raise UnreadableError(f"there is no file or folder {path}; wanted one with code in it: check the name")
    return (path,)


def _within(top: Path) -> list[Path]:
    found = []
    for folder, inner, names in os.walk(top):
        inner[:] = [name for name in inner if _theirs(Path(folder, name))]
        paths = (Path(folder, name) for name in names)
        found += [path for path in paths if path.suffix.lower() in SUFFIXES and path.is_file() and _holds_code(path)]
    return found


def _theirs(folder: Path) -> bool:
    if folder.name.startswith(".") or folder.name in _NOT_THEIRS:
        return False
    return not (folder / "pyvenv.cfg").is_file()


def _holds_code(path: Path) -> bool:
    if path.suffix.lower() != ".txt":
        return True
    try:
        with path.open("rb") as file:
            return bool(_CODE.search(file.read(100_000).replace(b"\r", b"\n")))
    except OSError:
        return False
