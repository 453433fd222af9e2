"""The command `compare`: choose the pairs, judge them, show what came out."""

import gc
import sys
import time
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from compare.errors import RefusedError, reason
from compare.files import check_output, replacing
from compare.judge import compare_pair
from compare.pair import Pair
from compare.pairs import FAMILIES, HESSIANS, PAIRS, TAUGHT
from compare.report import PairReport, Report, to_json
from compare.second_order import compare_hessian
from compare.show import show


@click.command(short_help="Compare every handwritten layer with its twin.")
@click.argument("layers", nargs=-1, metavar="[LAYER]...")
@click.option("--family", "families", multiple=True, type=click.Choice(list(FAMILIES)), help="A family of layers.")
@click.option("--seeds", type=click.IntRange(min=1), default=3, show_default=True, metavar="K", help="Draws per layer.")
@click.option("--dtype", type=click.Choice(["float64", "float32"]), default="float64", show_default=True)
@click.option("--json", "json_to", metavar="PATH|-", help="Write the report as JSON; - for standard output, alone.")
def compare(layers: Sequence[str], families: Sequence[str], seeds: int, dtype: str, json_to: str | None) -> None:
    """Compare handwritten layers with their twins, tensor by tensor; all of them, or each LAYER and family named.

    The fused hands (fused.TimeRNN, --family fused) are further hands of the same twins: they are compared when named.

    Every tensor shows its bits of agreement, and its largest error beside the allowed one, both in units of
    roundoff u and relative to the tensor's largest element; the worst over all cases.

    Exit status: 0 all agree, 1 some disagree, 2 could not run.
    """
    try:
        pairs = choose(layers, families)
        path = Path(json_to) if json_to not in (None, "-") else None
        if path:
            check_output("--json", path)
        report = run(pairs, dtype, seeds)
        if json_to == "-":
            click.echo(to_json(report))
        else:
            show(report, Console(highlight=False))
        if path:
            _write(path, to_json(report) + "\n")
    except RefusedError as error:
        sys.exit(_end(f"Error: {error}", 2))
    except KeyboardInterrupt:
        sys.exit(_end("Error: interrupted before all layers were compared", 130))
    sys.exit(0 if report.ok else 1)


def choose(names: Sequence[str], families: Sequence[str] = ()) -> list[Pair]:
    """The pairs of the families, and those that the names mean: a class, its twin, or a pair's full name, in any case.

    Without a name all that the documents teach; the fused hands have the same twins.

    Raises RefusedError for a name that means none.
    """
    if not names and not families:
        return list(TAUGHT)
    known: dict[str, list[Pair]] = {}
    for pair in PAIRS:
        for key in {pair.title.lower(), pair.title.split(",")[0].lower(), pair.twin.__name__.lower()}:
            known.setdefault(key, []).append(pair)
    chosen = [pair for family in dict.fromkeys(families) for pair in FAMILIES[family]]
    for name in names:
        if name.lower() not in known:
            near = get_close_matches(name.lower(), known, n=1)
            every = ", ".join(dict.fromkeys(pair.title.split(",")[0] for pair in PAIRS))
            hint = f"did you mean {known[near[0]][0].title}?" if near else f"choose from {every}"
            raise RefusedError(f"LAYER: there is no {name!r}; {hint}")
        chosen += [pair for pair in known[name.lower()] if pair not in chosen]
    return chosen


def run(pairs: Sequence[Pair], dtype: str, seeds: int) -> Report:
    """Compare the pairs one after the other; on a terminal a bar shows how far it is."""
    started = time.perf_counter()
    columns = (TextColumn("comparing {task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    comparisons: list[tuple[Pair, Callable[[Pair, Any, int], PairReport]]] = [(pair, compare_pair) for pair in pairs]
    comparisons += [(pair, compare_hessian) for pair in HESSIANS if pair in pairs]
    reports = []
    # tapes are many small objects and hardly any cycle: looking for garbage all the time takes a quarter of a run
    gc.set_threshold(100_000)
    errors = Console(stderr=True)
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as progress:
        task = progress.add_task("", total=len(comparisons))
        for pair, ask in comparisons:
            progress.update(task, description=pair.title)
            reports.append(ask(pair, dtype, seeds))
            progress.advance(task)
        if not all(report.ok for report in reports):
            progress.update(task, description="what is wrong")
            reports = _explained(comparisons, reports)
    return Report(dtype, seeds, time.perf_counter() - started, tuple(reports))


def _explained(comparisons: Sequence[tuple[Pair, object]], reports: Sequence[PairReport]) -> list[PairReport]:
    # imported here: a run in which all agree has no use for what explains and mends
    from compare.explanation import explained

    return explained([(pair, report) for (pair, _), report in zip(comparisons, reports, strict=True)])


def _write(path: Path, text: str) -> None:
    try:
        with replacing(path) as file:
            file.write(text.encode())
    except OSError as error:
        raise RefusedError(f"--json: cannot write {path} ({reason(error)}); what stood there is untouched") from None


def _end(sentence: str, status: int) -> int:
    click.echo(sentence, err=True)
    return status
