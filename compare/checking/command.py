"""The command `check`: read what is named, judge it apart from us, show what came out."""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from compare.checking.copies import Checked, targets, written
from compare.checking.every import Asked, checked
from compare.checking.findings import FileReport, to_data
from compare.checking.junit import junit
from compare.checking.reading import gather
from compare.checking.reveal import REVEALS, Reveal, enough, told
from compare.checking.roles import BY_CLASS, BY_FUNCTION, BY_LOSS, named
from compare.checking.settings import Settings
from compare.checking.show import show, summary
from compare.errors import RefusedError, reason
from compare.files import check_distinct, check_output, replacing


@click.command(short_help="Judge anybody's handwritten layers.")
@click.argument("path", metavar="PATH")
@click.option(
    "--like", multiple=True, metavar="[NAME=]TWIN", help="What NAME, or all that have no known name, is to be."
)
@click.option("--strict", is_flag=True, help="What is fragile fails too.")
@click.option(
    "--reveal",
    type=click.Choice(REVEALS),
    help="How much to tell: the verdicts alone, a hint at each mistake, its line and why it is one, or also the right "
    "line.  [default: line; the JSON has all]",
)
@click.option("--fix", "out", metavar="OUT", type=click.Path(path_type=Path), help="Write the mended copy; PATH stays.")
@click.option("--json", "json_to", metavar="PATH|-", help="Write the report as JSON; - for standard output, alone.")
@click.option("--junit", "junit_to", metavar="PATH", type=click.Path(path_type=Path), help="Write JUnit's XML.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="J", help="Files at a time.  [default: one a core]")
def check(
    path: str,
    like: Sequence[str],
    strict: bool,
    reveal: Reveal | None,
    out: Path | None,
    json_to: str | None,
    junit_to: Path | None,
    jobs: int | None,
) -> None:
    """Judge the handwritten layers in PATH: a .py file, a notebook, a text export of one, a folder, or - for standard
    input.

    Nothing of the file has to run as a whole, and none of it runs in this process. Every class and function that is a
    layer gets a verdict: correct, fragile (right numbers, broken contract), wrong, crashes, incomplete, unparsable, or
    blocked by another one. What is wrong is looked for: the line, the cause, and the right line, which is told only if
    the layer was proven right with it.

    Exit status: 0 nothing wrong, 1 something wrong, 2 could not read.
    """
    try:
        outputs = {"--json": Path(json_to) if json_to not in (None, "-") else None, "--junit": junit_to}
        check_distinct({"PATH": Path(path) if path != "-" else None, "--fix": out, **outputs})
        for option, output in outputs.items():
            if output:
                check_output(option, output)
        if out and reveal not in (None, "fix"):
            raise RefusedError(
                f"--fix: a mended copy gives the right lines away, and --reveal {reveal} is to keep them"
            )
        files = _files(path)
        goals = targets(out, path, files) if out else {}
        for goal in goals.values():
            check_distinct({"--fix": goal, **outputs})
        asked = Asked(enough(Settings(_like(like), strict), reveal, bool(out)), bool(out), jobs or os.cpu_count() or 1)
        # who asks for the mended copy may see what is in it
        shown: Reveal = reveal or ("fix" if out else "line")
        every = list(_shown(path, files, asked, None if json_to == "-" else shown))
        reports = [one.report for one in every]
        data = (json.dumps(_data(path, reports, reveal or "fix"), indent=2, allow_nan=False) + "\n").encode()
        if json_to == "-":
            click.echo(data, nl=False)
        elif _is_folder(path):
            summary(reports, Console(highlight=False, emoji=False))
        if outputs["--json"]:
            _write("--json", outputs["--json"], data)
        if junit_to:
            _write("--junit", junit_to, junit(reports, reveal or "line"))
        if out:
            click.echo(written(every, goals, out, _is_folder(path)), err=json_to == "-")
    except RefusedError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        click.echo("Error: interrupted before everything was checked", err=True)
        sys.exit(130)
    sys.exit(_status(reports))


def _files(path: str) -> Sequence[Path]:
    """The files to check, none for standard input.

    Raises RefusedError where there are none.
    """
    if path == "-":
        return ()
    files = gather(Path(path))
    if not files:
        raise RefusedError(f"PATH: {path} holds no .py, .ipynb or exported notebook; name a folder that does")
    return files


def _shown(path: str, files: Sequence[Path], asked: Asked, reveal: Reveal | None) -> Iterator[Checked]:
    """What came of the files, in their order, each shown as soon as those before it are; with None nothing is shown."""
    console = Console(highlight=False, emoji=False)
    for one in checked(files, asked):
        if one.report.unreadable and path == one.report.path:
            raise RefusedError(one.report.unreadable)
        if reveal:
            show(one.report, console, reveal)
            console.print()
        yield one


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


def _data(path: str, reports: Sequence[FileReport], reveal: Reveal) -> dict[str, Any]:
    files = [to_data(report, told(report, reveal)) for report in reports]
    return {"ok": all(r.ok for r in reports), "path": path, "files": files} if _is_folder(path) else files[0]


def _is_folder(path: str) -> bool:
    return path != "-" and Path(path).is_dir()


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
