"""The command line: a group whose commands are imported when they are called, so that --help is quick."""

import importlib
from typing import Any

import click

_COMMANDS = {
    "compare": ("compare.command", "Compare every handwritten layer with its twin."),
    "check": ("compare.checking.command", "Judge anybody's handwritten layers: a file, a notebook, a folder."),
    "train": ("compare.training.command", "Train a language model by either derivation, or by both in lockstep."),
    "bench": ("compare.bench.command", "Time a training step beside other ways to take it, and the comparison."),
    "generate": ("compare.training.generate", "Write text with a model that was trained."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one only to run it or to show its help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(_COMMANDS[cmd_name][0]), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tiny-autograd-rnn")
def main(**_: Any) -> None:
    """Backpropagation derived twice, by hand and by autograd, and compared.

    Exit status: 0 all well, 1 something disagrees, 2 could not run.
    """
