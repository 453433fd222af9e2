"""The command `check`: read what is named, judge it apart from us, show what came out."""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from compare.checking.findings import FileReport, to_data
from compare.checking.junit import junit
from compare.checking.reading import UnreadableError, gather
from compare.checking.roles import BY_CLASS, BY_FUNCTION, BY_LOSS, named
from compare.checking.run import check_file, check_text
from compare.checking.settings import Settings
from compare.checking.show import show, summary
from compare.errors import RefusedError, reason
from compare.files import check_distinct, check_output, replacing

# more than a person writes by hand, and enough for a notebook with its pictures
LARGEST = 20 << 20


@click.command(short_help="Judge anybody's handwritten layers.")
@click.argument("path", metavar="PATH")
@click.option(
    "--like", multiple=True, metavar="[NAME=]TWIN", help="What NAME, or all that have no known name, is to be."
)
@click.option("--strict", is_flag=True, help="What is fragile fails too.")
@click.option("--json", "json_to", metavar="PATH|-", help="Write the report as JSON; - for standard output, alone.")
@click.option("--junit", "junit_to", metavar="PATH", type=click.Path(path_type=Path), help="Write JUnit's XML.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="J", help="Files at a time.  [default: one a core]")
def check(
    path: str, like: Sequence[str], strict: bool, json_to: str | None, junit_to: Path | None, jobs: int | None
) -> None:
    """Judge the handwritten layers in PATH: a .py file, a notebook, a text export of one, a folder, or - for standard
    input.

    Nothing of the file has to run as a whole, and none of it runs in this process. Every class and function that is a
    layer gets a verdict: correct, fragile (right numbers, broken contract), wrong, crashes, incomplete, unparsable, or
    blocked by another one.

    Exit status: 0 nothing wrong, 1 something wrong, 2 could not read.
    """
    try:
        outputs = {"--json": Path(json_to) if json_to not in (None, "-") else None, "--junit": junit_to}
        check_distinct({**outputs, "PATH": Path(path)} if path != "-" else outputs)
        for option, output in outputs.items():
            if output:
                check_output(option, output)
        settings = Settings(_like(like), strict)
        reports = list(_reports(path, settings, jobs or os.cpu_count() or 1, alone=json_to == "-"))
        folder = path != "-" and Path(path).is_dir()
        text = json.dumps(_data(path, reports, folder), indent=2, allow_nan=False)
        if json_to == "-":
            click.echo(text)
        elif folder:
            summary(reports, Console(highlight=False))
        if outputs["--json"]:
            _write("--json", outputs["--json"], (text + "\n").encode())
        if junit_to:
            _write("--junit", junit_to, junit(reports))
    except RefusedError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        click.echo("Error: interrupted before everything was checked", err=True)
        sys.exit(130)
    sys.exit(_status(reports))


def _reports(path: str, settings: Settings, jobs: int, alone: bool) -> Iterator[FileReport]:
    """The reports in the order of the files, each shown as soon as those before it are."""
    console = Console(highlight=False)
    for report in _checked(path, settings, jobs):
        if report.unreadable and path == report.path:
            raise RefusedError(report.unreadable)
        if not alone:
            show(report, console)
            console.print()
        yield report


def _checked(path: str, settings: Settings, jobs: int) -> Iterator[FileReport]:
    if path == "-":
        yield check_text(sys.stdin.buffer.read(LARGEST + 1), "-", settings, Path.cwd())
        return
    try:
        files = gather(Path(path))
    except UnreadableError as error:
        raise RefusedError(str(error)) from None
    if len(files) == 1:
        yield check_file(files[0], settings)
        return
    if not files:
        raise RefusedError(f"PATH: {path} holds no .py, .ipynb or exported notebook; name a folder that does")
    yield from _in_parallel(files, settings, jobs)


def _in_parallel(files: Sequence[Path], settings: Settings, jobs: int) -> Iterator[FileReport]:
    columns = (TextColumn("checking {task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    errors = Console(stderr=True)
    with (
        ProcessPoolExecutor(min(jobs, len(files))) as pool,
        Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as progress,
    ):
        task = progress.add_task("", total=len(files))
        waiting = [(path, pool.submit(_one, path, settings)) for path in files]
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


def _result(path: Path, future: "Future[FileReport]") -> FileReport:
    try:
        return future.result()
    except BrokenExecutor:
        return FileReport(str(path), unreadable=f"{path}: could not be judged (a process of ours was ended)")


def _one(path: Path, settings: Settings) -> FileReport:
    """One file of a folder: whatever it does to us, the others are checked."""
    try:
        return check_file(path, settings)
    except Exception as error:
        return FileReport(str(path), unreadable=f"{path}: could not be judged ({type(error).__name__}: {error})")


def _like(given: Sequence[str]) -> Mapping[str, str]:
    """From `--like TimeRNN` and `--like MyNet=TimeRNN`: the twin by the name it is for, "" for all.

    Raises RefusedError for a twin that there is not.
    """
    found = {}
    for text in given:
        name, _, twin = text.rpartition("=")
        if named(twin) is None:
            every = ", ".join([role.name for role in (*BY_CLASS.values(), *BY_FUNCTION.values(), *BY_LOSS.values())])
            raise RefusedError(f"--like: there is no twin {twin!r}; choose from {every}")
        found[name] = twin
    return found


def _data(path: str, reports: Sequence[FileReport], folder: bool) -> dict[str, Any]:
    if not folder:
        return to_data(reports[0])
    return {"ok": all(r.ok for r in reports), "path": path, "files": [to_data(report) for report in reports]}


def _status(reports: Sequence[FileReport]) -> int:
    if any(not report.ok and not report.unreadable for report in reports):
        return 1
    return 2 if any(report.unreadable for report in reports) or not any(r.symbols for r in reports) else 0


def _write(option: str, path: Path, data: bytes) -> None:
    try:
        with replacing(path) as file:
            file.write(data)
    except OSError as error:
        raise RefusedError(f"{option}: cannot write {path} ({reason(error)}); what stood there is untouched") from None
