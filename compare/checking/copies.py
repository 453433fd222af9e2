"""The mended copies that `--fix` writes: where they go, and what is still not right in them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from compare.checking.findings import FileReport
from compare.checking.mistakes import mistakes
from compare.checking.reveal import listed
from compare.checking.run import check_text
from compare.checking.settings import Settings
from compare.errors import RefusedError, reason
from compare.files import check_output, replacing
from compare.mending import Manuscript


@dataclass(frozen=True)
class Copy:
    """A mended copy: its bytes, how many mistakes are mended in it, and what is not right all the same."""

    data: bytes
    mistakes: int
    left: tuple[str, ...]


@dataclass(frozen=True)
class Checked:
    """A file's report, and its mended copy where one was asked for and could be made."""

    file: Path
    report: FileReport
    copy: Copy | None = None


def copy_of(report: FileReport, raw: bytes, settings: Settings, folder: Path) -> Copy | None:
    """The mended copy of a file that was read from `raw`, judged once more as it is to be written; None without one."""
    if report.mended is None:
        return None
    manuscript = Manuscript.of(report.mended, report.path, folder)
    data = manuscript.encoded(raw)
    after = check_text(data, report.path, replace(settings, mend=False), folder)
    left = [
        f"{s.name} still crashes" if s.verdict == "crashes" else f"{s.name} is still {s.verdict}"
        for s in after.symbols
        if s.verdict not in after.passing
    ]
    if not left and not after.ok:
        left = ["the file is still not right"]
    text = "\n".join(manuscript.texts.values())
    # one mistake may show itself in two functions, and not all that is advised is done
    mended = {
        (mistake.cause, mistake.fix or mistake.place)
        for mistake in mistakes(report, "fix")
        if mistake.cause and (mistake.fix is None or mistake.fix.after in text)
    }
    return Copy(data, len(mended), tuple(left))


def targets(out: Path, path: str, files: Sequence[Path]) -> Mapping[Path, Path]:
    """Where the copy of each file goes: to `out`, or of a folder's files to the same place in the folder `out`.

    Raises RefusedError for what could not be written, and for a copy that would take the place of what is checked.
    """
    folder = path != "-" and Path(path).is_dir()
    if str(out) == "-":
        raise RefusedError("--fix: the copy cannot go to standard output, where the report goes; wanted a file's name")
    if not folder:
        check_output("--fix", out, ".ipynb" if path.lower().endswith(".ipynb") else "")
        found = dict.fromkeys(files or (Path("-"),), out)
    else:
        if out.exists() and not out.is_dir():
            raise RefusedError(
                f"--fix: {out} is a file, and {path} a folder; wanted the name of a folder for the copies"
            )
        check_output("--fix", out / "copy" if out.is_dir() else out)
        found = {file: out / file.relative_to(path) for file in files}
    given = {_identity(file) for file in files}
    for target in found.values():
        if target.exists() and _identity(target) in given:
            raise RefusedError(f"--fix: {target} is what is checked, and is never written over; name another place")
        if target.is_dir():
            raise RefusedError(f"--fix: {target} is a folder, and would have to be a copy; name another folder")
    return found


def written(every: Sequence[Checked], goals: Mapping[Path, Path], out: Path, folder: bool) -> str:
    """Write the copies; what was written, and what is still not right: in one line, of a folder in one more a file.

    Raises RefusedError where a copy cannot be written.
    """
    for one in every:
        if one.copy:
            _write(goals[one.file], one.copy.data)
    made = [one.copy for one in every if one.copy]
    left = [text for one in every for text in _left(one, folder)]
    between = "\n  " if folder else "; "
    if not made:
        return between.join((f"nothing was mended: {out} is not written", *left))
    files = f"{len(made)} of {_counted(len(every), 'file')} to {out}" if folder else f"{out}"
    mended = f"{_counted(sum(copy.mistakes for copy in made), 'mistake')} mended"
    return between.join((f"wrote {files}: {mended}{'' if left else ', all layers right'}", *left))


def _left(one: Checked, folder: bool) -> Iterator[str]:
    """What is not right in a copy, or in a file that there is none of; of a folder's, with the file's name."""
    name = f"{one.file}: " if folder else ""
    if one.copy and one.copy.left:
        yield f"{name}{listed(one.copy.left)}"
    elif not one.copy and not one.report.ok:
        yield f"{name}{'could not be read' if one.report.unreadable else 'no way was found to mend it'}"


def _write(target: Path, data: bytes) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as file:
            file.write(data)
    except OSError as error:
        raise RefusedError(f"--fix: cannot write {target} ({reason(error)}); what stood there is untouched") from None


def _identity(path: Path) -> tuple[int, int]:
    """The file itself, by whatever name or link it is called."""
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_dev, status.st_ino


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
