"""What options accept, and how a wrong one is refused: in one sentence."""

import math
from collections.abc import Callable
from typing import Any

import click

# the names of models.py's table, which would take NumPy and autograd to import
MODELS = ("simple-rnnlm", "rnnlm", "better-rnnlm", "gru")


class OptionError(click.ClickException):
    """An option that cannot be used as given."""

    exit_code = 2


class OneSentence(click.Command):
    """A command whose usage errors come without the usage: what was wrong, and where help is."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        try:
            return super().make_context(*args, **kwargs)
        except click.UsageError as error:
            message = " ".join(error.format_message().split()).rstrip(".")
            raise OptionError(f"{message} ({self.name} --help lists what there is)") from None


def number(
    kind: type[int] | type[float], low: float, high: float = math.inf, *, above: bool = False
) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """A check for click: a finite number of at least `low` (`above`: more than it) and at most `high`."""
    noun = "whole number" if kind is int else "number"
    wanted = f"a {noun} {'above' if above else 'of at least'} {low:g}"
    if high < math.inf:
        wanted += f" and at most {high:g}"

    def check(context: click.Context, param: click.Parameter, value: Any) -> Any:
        if value is None:
            return None
        try:
            converted = kind(value)
            if math.isfinite(converted) and low <= converted <= high and not (above and converted == low):
                return converted
        except (ValueError, OverflowError):
            pass
        raise OptionError(f"{param.opts[0]}: got {value}; wanted {wanted}")

    return check
