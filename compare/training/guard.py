"""How a command ends: with a status, and one sentence for what kept it from its end."""

from collections.abc import Callable

import click

from compare.errors import DivergedError, InterruptedRun, RefusedError
from compare.training.signals import Signals


def guarded(run: Callable[[Signals], int], meanwhile: str) -> int:
    """Run, and say in one sentence what kept it from its end; returns the exit status.

    `run` imports what takes time, so that Ctrl-C is heard meanwhile: `meanwhile` says what is left if it comes
    before `run` says otherwise.
    """
    signals = Signals(meanwhile)
    try:
        with signals.handled():
            return run(signals)
    except InterruptedRun as interrupted:
        return _interrupted(interrupted, signals)
    except (RefusedError, DivergedError) as error:
        return _end(f"Error: {error}", error.status)
    except MemoryError:
        return _end("Error: the model does not fit into memory; lower --hidden, --wordvec, --max-vocab or --batch", 2)
    except Exception:
        # an import that Ctrl-C broke may raise something else in its place
        if signals.received is None:
            raise
        return _interrupted(InterruptedRun(signals.received), signals)


def _interrupted(interrupted: InterruptedRun, signals: Signals) -> int:
    return _end(f"{interrupted.name} {signals.meanwhile}", interrupted.status)


def _end(sentence: str, status: int) -> int:
    click.echo(sentence, err=True)
    return status
