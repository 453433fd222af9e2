"""What a command leaves: files that could be written, or one sentence, and JSON alone on standard output."""

from collections.abc import Callable
from pathlib import Path

import click

from compare.errors import RefusedError, reason
from compare.files import replacing


def write(option: str, path: Path, write: Callable[[Path], None]) -> None:
    """Write the file of the option.

    Raises RefusedError where it cannot be written.
    """
    try:
        write(path)
    except OSError as error:
        kept = "the file that was there is as it was" if path.exists() else "nothing was left there"
        raise RefusedError(
            f"{option}: cannot write {path} ({reason(error)}), {kept}; make room or name another place"
        ) from None


def write_json(path: Path, encoded: str) -> None:
    """Write JSON to a file, to standard output for '-'.

    Raises RefusedError where it cannot be written.
    """

    def whole(path: Path) -> None:
        with replacing(path) as file:
            file.write(f"{encoded}\n".encode())

    if str(path) == "-":
        click.echo(encoded)
    else:
        write("--json", path, whole)
