"""Every file that was named, judged: several at a time, with a sign of life on a terminal."""

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from multiprocessing import active_children
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn

from compare.checking.copies import Checked, copy_of
from compare.checking.findings import FileReport
from compare.checking.reading.files import contents
from compare.checking.run import check_file, check_text
from compare.checking.settings import Settings

# more than a person writes by hand, and enough for a notebook with its pictures
LARGEST = 20 << 20


@dataclass(frozen=True)
class Asked:
    """What is done with each file: judged as the settings say, a mended copy made, so many at a time."""

    settings: Settings
    copies: bool
    jobs: int

    def checked(self, path: Path) -> Checked:
        report = check_file(path, self.settings)
        mended = self.copies and report.mended is not None
        return Checked(path, report, copy_of(report, contents(path), self.settings, path.parent) if mended else None)

    def given(self, raw: bytes) -> Checked:
        """Standard input's."""
        report = check_text(raw, "-", self.settings, Path.cwd())
        return Checked(Path("-"), report, copy_of(report, raw, self.settings, Path.cwd()) if self.copies else None)


def checked(files: Sequence[Path], asked: Asked) -> Iterator[Checked]:
    """What came of the files, in their order; without any, of standard input."""
    if len(files) > 1:
        yield from _in_parallel(files, asked)
        return
    raw = b"" if files else sys.stdin.buffer.read(LARGEST + 1)
    name = files[0].name if files else "standard input"
    with _waiting(f"checking {name}{' and looking for its mistakes' * asked.settings.mend} ..."):
        one = asked.checked(files[0]) if files else asked.given(raw)
    yield one


def _waiting(said: str) -> AbstractContextManager[object]:
    """A sign of life on a terminal while one file is judged and mended."""
    errors = Console(stderr=True, emoji=False)
    return errors.status(escape(said)) if errors.is_terminal else nullcontext()


def _in_parallel(files: Sequence[Path], asked: Asked) -> Iterator[Checked]:
    columns = (TextColumn("checking {task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    errors = Console(stderr=True)
    with (
        ProcessPoolExecutor(min(asked.jobs, len(files))) as pool,
        Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as progress,
    ):
        task = progress.add_task("", total=len(files))
        waiting = [(path, pool.submit(_one, path, asked)) for path in files]
        try:
            for path, future in waiting:
                progress.update(task, description=path.name)
                yield _result(path, future)
                progress.advance(task)
        except BaseException:
            # Ctrl-C: what is being judged is of no use any more
            for process in active_children():
                process.terminate()
            raise


def _result(path: Path, future: "Future[Checked]") -> Checked:
    try:
        return future.result()
    except BrokenExecutor:
        return _unjudged(path, "a process of ours was ended")


def _one(path: Path, asked: Asked) -> Checked:
    """One file of a folder: whatever it does to us, the others are checked."""
    try:
        return asked.checked(path)
    except Exception as error:
        return _unjudged(path, f"{type(error).__name__}: {error}")


def _unjudged(path: Path, why: str) -> Checked:
    return Checked(path, FileReport(str(path), unreadable=f"{path}: could not be judged ({why})"))
