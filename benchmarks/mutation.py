"""Which wrong lines would the comparison miss? Every one-place change in `manual/` is planted, and compared.

    python -m benchmarks.mutation --jobs 2 --write

A mutant is caught when a pair made of the changed file is not ok in float64 or in float32, or cannot be run at all: it
raises, does not import, or does not come to an end. One that survives must have a reason in `benchmarks/survivors.py`
why nobody could tell the difference; the exit status is 1 when one has none, or when a reason has no survivor any more.
`--write` writes all of it into `docs/mutation.md`.
"""

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from benchmarks.mutants import Mutant, mutants
from benchmarks.survivors import REASONS
from benchmarks.trial import SOURCES, caught_by, prepare

PAGE = Path(__file__).parents[1] / "docs" / "mutation.md"
TEXT = """\
# Mutation

A comparison that could not fail would prove nothing. So `benchmarks/mutation.py` plants every one-place change that it can make in the handwritten layers, one at a time, and asks the comparison about each: operators, operands, transposes, arguments, axes, dtypes and constants exchanged or left out, statements removed, conditions negated, loops run backwards or cut short, indices moved by one, arrays bound anew instead of filled. Annotations, docstrings and the texts of messages stay as they are. The script writes this page:

    python -m benchmarks.mutation --write

A mutant is caught when a pair made of the changed file is not ok, in float64 or in float32, or raises, or comes to no end. What `np.empty` gives is filled with NaN, so that no verdict rests on what memory happens to hold.

| file | mutants | caught | survived |
|---|---|---|---|
{rows}

## The survivors

All {count} are equivalent: by no value can a caller tell them from the lines as they stand, but for what the reason itself admits. The script fails when a survivor has no reason, or when a reason has no survivor.

{survivors}
"""  # noqa: E501


@dataclass(frozen=True)
class Verdict:
    """A mutant, and what caught it; nothing if it survived."""

    mutant: Mutant
    caught: str

    @property
    def reason(self) -> str:
        """Why a survivor is equivalent, as far as anybody has said."""
        return REASONS.get(self.key, "")

    @property
    def key(self) -> tuple[str, str, str]:
        """What a reason is found by."""
        return self.mutant.file, self.mutant.before, self.mutant.after


def main() -> int:
    args = _arguments()
    console, began = Console(), time.perf_counter()
    chosen = list(planted(args.file, args.only))
    verdicts: list[Verdict] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task("mutants", total=len(chosen))
        for verdict in tried(chosen, args.jobs):
            verdicts.append(verdict)
            bar.update(task, advance=1)
    seconds = time.perf_counter() - began
    everything = not args.file and not args.only
    bad = [v for v in survivors(verdicts) if not v.reason]
    stale = sorted(set(REASONS) - {v.key for v in survivors(verdicts)}) if everything else []
    show(verdicts, stale, seconds, console)
    if args.json:
        Path(args.json).write_text(json.dumps(summary(verdicts, stale, seconds), indent=2) + "\n", encoding="utf-8")
    if args.write:
        PAGE.write_text(page(verdicts), encoding="utf-8")
    return 1 if bad or stale else 0


def planted(files: Sequence[str], only: str) -> Iterator[Mutant]:
    """The mutants of all handwritten layers, or of some files; or those alone whose change contains a text."""
    for file, source in SOURCES.items():
        if not files or file in files:
            yield from (m for m in mutants(file, source) if only in f"{m.before} -> {m.after}")


def tried(chosen: Sequence[Mutant], jobs: int) -> Iterator[Verdict]:
    """The verdicts in the order of the mutants, from worker processes of one thread each."""
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ[f"{library}_NUM_THREADS"] = "1"
    # spawned, so that each worker is single-threaded, and may fork a process for every mutant
    files = sorted({mutant.file for mutant in chosen})
    with multiprocessing.get_context("spawn").Pool(jobs, prepare, (SOURCES, files)) as pool:
        for file in files:
            objection = pool.apply(caught_by, (Mutant(file, 0, "", "", SOURCES[file]),))
            if objection:
                raise SystemExit(f"{file} is not passed as it stands, so its mutants prove nothing: {objection}")
        yield from map(Verdict, chosen, pool.imap(caught_by, chosen, chunksize=8))


def survivors(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """What nothing caught."""
    return [verdict for verdict in verdicts if not verdict.caught]


def by_file(verdicts: Sequence[Verdict]) -> Iterator[tuple[str, int, int, int]]:
    """Of each file and of all together: mutants, caught, survived."""
    files = sorted({verdict.mutant.file for verdict in verdicts})
    for name, group in [*((f, [v for v in verdicts if v.mutant.file == f]) for f in files), ("all", list(verdicts))]:
        yield name, len(group), len(group) - len(survivors(group)), len(survivors(group))


def show(verdicts: Sequence[Verdict], stale: Sequence[tuple[str, ...]], seconds: float, console: Console) -> None:
    """The figures, every survivor with its reason, and what is wrong with the reasons."""
    table = Table("file", "mutants", "caught", "survived")
    for row in by_file(verdicts):
        table.add_row(*map(str, row))
    console.print(table)
    for v in survivors(verdicts):
        told = f"{v.mutant.file}:{v.mutant.line}  {v.mutant.before}  ->  {v.mutant.after}"
        console.print(
            f"{told}\n    {v.reason or 'NO REASON: a fault that nothing catches?'}", markup=False, soft_wrap=True
        )
    for key in stale:
        console.print(f"stale reason, no such survivor: {key}", markup=False, soft_wrap=True)
    console.print(f"{seconds:.0f} s")


def summary(verdicts: Sequence[Verdict], stale: Sequence[tuple[str, ...]], seconds: float) -> dict[str, Any]:
    """All of it, as plain data."""
    return {
        "mutants": len(verdicts),
        "caught": len(verdicts) - len(survivors(verdicts)),
        "survivors": [
            {"file": v.mutant.file, "line": v.mutant.line, "before": v.mutant.before, "after": v.mutant.after}
            | {"reason": v.reason}
            for v in survivors(verdicts)
        ],
        "stale": [list(key) for key in stale],
        "seconds": round(seconds, 1),
    }


def page(verdicts: Sequence[Verdict]) -> str:
    """All of it as Markdown: the figures, then the survivors by reason."""
    rows = "\n".join(f"| {name} | {n} | {caught} | {left} |" for name, n, caught, left in by_file(verdicts))
    reasons: dict[str, list[str]] = {}
    for v in survivors(verdicts):
        change = f"- `{v.mutant.file}:{v.mutant.line}` `{v.mutant.before}` → `{v.mutant.after}`"
        reasons.setdefault(v.reason or "No reason is known.", []).append(change)
    told = "\n\n".join("\n".join([f"**{reason}**", "", *changes]) for reason, changes in reasons.items())
    return TEXT.format(rows=rows, survivors=told, count=len(survivors(verdicts)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes (default: one a core)")
    parser.add_argument("--file", action="append", default=[], metavar="NAME", help="this file alone, such as rnn.py")
    parser.add_argument("--only", default="", metavar="TEXT", help="the changes that contain this text alone")
    parser.add_argument("--json", metavar="PATH", help="write the verdicts there")
    parser.add_argument("--write", action="store_true", help="write docs/mutation.md")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
