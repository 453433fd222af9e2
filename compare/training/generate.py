"""The command `generate`: text from a saved model."""

import sys
from pathlib import Path
from typing import Any

import click

from compare.training.guard import guarded
from compare.training.options import OneSentence, number
from compare.training.signals import Signals

FILE = click.Path(path_type=Path)


@click.command(cls=OneSentence, short_help="Write text with a model that was trained.")
@click.argument("model", type=FILE)
@click.option(
    "--length", type=str, callback=number(int, 1), metavar="K", help="Tokens to write.  [default: 300; words 60]"
)
@click.option(
    "--temperature",
    type=str,
    callback=number(float, 0, above=True),
    default=0.7,
    show_default=True,
    metavar="F",
    help="Low: likely tokens only; 1: as learned.",
)
@click.option("--top-k", type=str, callback=number(int, 1), metavar="K", help="Draw from the K likeliest tokens only.")
@click.option("--prompt", metavar="TEXT", help="What to go on from.  [default: the model's first token]")
@click.option("--seed", type=str, callback=number(int, 0), default=0, show_default=True, metavar="K")
@click.option("--json", type=FILE, metavar="PATH|-", help="Write text and options as JSON.")
def generate(**options: Any) -> None:
    """Write text with MODEL, a file that train --save wrote.

    The same seed writes the same text.

    Exit status: 0 written, 1 the model gives no finite scores, 2 could not run, 130 after Ctrl-C, 143 after SIGTERM.
    """

    def run(signals: Signals) -> int:
        from compare.training.writing import Options, run

        return run(Options(**options))

    sys.exit(guarded(run, "before the text was written"))
