"""The command `bench`: what to measure, and how it ends."""

import sys
from pathlib import Path
from typing import Any

import click

from compare.training.options import OneSentence, OptionError, number

FILE = click.Path(path_type=Path)
# the names of problem.py's models and of contenders/, which would take NumPy and autograd to import
MODELS = ("simple-rnnlm", "rnnlm")
OURS = ("fused", "floor", "plain", "book", "twin", "autograd")
PEERS = ("torch", "jax")
PARTS = ("steps", "scaling", "comparison")


def shapes(context: click.Context, param: click.Parameter, values: tuple[str, ...]) -> list[tuple[int, ...]]:
    """Five sizes each: 20,35,100,100,10000."""
    found = []
    for value in values:
        sizes = [part.strip() for part in value.split(",")]
        if len(sizes) != 5 or not all(size.isdecimal() and int(size) > 0 for size in sizes):
            raise OptionError(f"--shape: got {value}; wanted N,T,D,H,V, five whole numbers of at least 1")
        found.append(tuple(map(int, sizes)))
    return found


@click.command(cls=OneSentence, short_help="Time a training step beside other ways to take it, and the comparison.")
@click.option("--peers", is_flag=True, help="Beside torch and JAX too.")
@click.option("--part", "parts", multiple=True, type=click.Choice(PARTS), help="[default: all]")
@click.option("--model", "models", multiple=True, type=click.Choice(MODELS), help="[default: both]")
@click.option("--shape", "shapes", multiple=True, callback=shapes, metavar="N,T,D,H,V", help="[default: five shapes]")
@click.option("--threads", multiple=True, type=click.IntRange(min=1), metavar="K", help="[default: 1 and 2]")
@click.option("--contender", "contenders", multiple=True, type=click.Choice((*OURS, *PEERS)), help="[default: all]")
@click.option(
    "--seconds", type=str, callback=number(float, 0), default=20, show_default=True, metavar="S", help="For each table."
)
@click.option("--plot", type=FILE, metavar="PATH.png", help="Draw time against T, H and V.")
@click.option("--json", "json_to", type=FILE, metavar="PATH|-", help="Write every round, after each table.")
@click.option("--resume", is_flag=True, help="Keep what the file of --json holds, measure the rest.")
def bench(**options: Any) -> None:
    """Time one training step, forward, backward and all gradients, in float32: derived by hand and arranged for speed,
    as the documents have it, by autograd, and no more than its matrix products; and what the comparison itself takes.

    Each contender runs in its own process and takes turns with the others. A ratio whose spread is wider than its
    distance from 1 is not printed.

    Exit status: 0 measured, 2 could not run, 130 after Ctrl-C, 143 after SIGTERM; what --json has by then is kept.
    """
    from compare.training.guard import guarded
    from compare.training.signals import Signals

    def run(signals: Signals) -> int:
        from compare.bench.running import run

        return run(signals=signals, **options)

    sys.exit(guarded(run, "before anything was measured"))
