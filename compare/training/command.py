"""The command `train`: its options, and how it ends."""

import sys
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from compare.training.guard import guarded
from compare.training.options import MODELS, OneSentence, number
from compare.training.signals import Signals

FILE = click.Path(path_type=Path)
# numbers come as str: click would take the type of a default, and refuse in its own words what is none


@click.command(cls=OneSentence, short_help="Train a language model by either derivation, or by both in lockstep.")
@click.argument("text", required=False)
@click.option("--model", type=click.Choice(MODELS), help="[default: simple-rnnlm]")
@click.option("--engine", type=click.Choice(["manual", "plain", "autograd", "both"]), default="both", show_default=True)
@click.option("--tokens", type=click.Choice(["words", "chars"]), help="Words or characters.  [default: chars]")
@click.option("--limit", type=str, callback=number(int, 2), metavar="K", help="Read the first K tokens only.")
@click.option("--max-vocab", type=str, callback=number(int, 2), metavar="V", help="Keep V tokens, <unk> for the rest.")
@click.option(
    "--batch", type=str, callback=number(int, 1), default=32, show_default=True, metavar="N", help="Parallel streams."
)
@click.option(
    "--time", type=str, callback=number(int, 1), default=20, show_default=True, metavar="T", help="Steps of a chunk."
)
@click.option(
    "--wordvec", type=str, callback=number(int, 1, 100_000), metavar="D", help="Size of an embedding.  [default: 32]"
)
@click.option(
    "--hidden", type=str, callback=number(int, 1, 100_000), metavar="H", help="Size of the state.  [default: 128]"
)
@click.option(
    "--dropout", type=str, callback=number(float, 0, 0.9), metavar="F", help="[default: 0.5; better-rnnlm only]"
)
@click.option("--epochs", type=str, callback=number(int, 1), default=3, show_default=True, metavar="E")
@click.option("--steps", type=str, callback=number(int, 1), metavar="S", help="Stop after S steps.")
@click.option("--carry", is_flag=True, help="Carry place and state into the next epoch, as the book does.")
@click.option("--optimizer", type=click.Choice(["sgd", "adam"]), default="adam", show_default=True)
@click.option(
    "--lr", type=str, callback=number(float, 0, above=True), metavar="R", help="[default: 0.003 (adam), 0.1 (sgd)]"
)
@click.option(
    "--lr-decay",
    type=str,
    callback=number(float, 0, above=True),
    default=1.0,
    metavar="F",
    help="Times F after every epoch.",
)
@click.option("--keep-lr", is_flag=True, help="Do not quarter it where the validation perplexity does not fall.")
@click.option(
    "--clip", type=str, callback=number(float, 0, above=True), metavar="G", help="Largest global norm of the gradients."
)
@click.option("--dtype", type=click.Choice(["float64", "float32"]), help="[default: float64]")
@click.option("--seed", type=str, callback=number(int, 0), default=0, show_default=True, metavar="K")
@click.option(
    "--val-fraction",
    type=str,
    callback=number(float, 0, 0.9),
    default=0.05,
    show_default=True,
    metavar="F",
    help="0 for none.",
)
@click.option(
    "--sample",
    type=str,
    callback=number(int, 0),
    metavar="K",
    help="Tokens to write at the end.  [default: 300; words 60]",
)
@click.option(
    "--temperature", type=str, callback=number(float, 0, above=True), default=0.7, show_default=True, metavar="F"
)
@click.option("--save", type=FILE, metavar="PATH.npz", help="Save model and run after every epoch.")
@click.option("--load", type=FILE, metavar="PATH.npz", help="Begin a new run with a saved model.")
@click.option("--resume", type=FILE, metavar="PATH.npz", help="Go on with a saved run, exactly.")
@click.option("--plot", type=FILE, metavar="PATH.png", help="Draw loss, perplexity and agreement.")
@click.option("--json", type=FILE, metavar="PATH|-", help="Write every figure as JSON.")
def train(**options: Any) -> None:
    """Train a language model of the documents on TEXT, a file or - for standard input.

    Without TEXT it reads CPython's documentation. With --engine both, two copies start from the same
    parameters, one moves by the handwritten gradients and one by autograd's, and every step shows on how
    many bits they still agree. The handwritten layers are the fused ones; --engine plain takes those of the
    documents.

    Exit status: 0 trained, 1 diverged, 2 could not run, 130 after Ctrl-C, 143 after SIGTERM.
    """
    source = click.get_current_context().get_parameter_source
    given = frozenset(name for name in options if source(name) is ParameterSource.COMMANDLINE)

    def run(signals: Signals) -> int:
        from compare.training.session import run
        from compare.training.settings import Options

        return run(Options(given=given, **options), signals)

    sys.exit(guarded(run, "before training began: nothing was left to save"))
