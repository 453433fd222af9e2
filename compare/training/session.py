"""One run of `train`, from the options to the last sentence."""

import time
from collections.abc import Callable
from pathlib import Path

import click

from compare.errors import DivergedError, InterruptedRun, RefusedError, reason
from compare.files import replacing
from compare.training import checkpoint
from compare.training.checkpoint import Model
from compare.training.engines import ENGINES
from compare.training.loop import Copy, Epoch, Step, partings, train
from compare.training.optimiser import OPTIMISERS
from compare.training.plot import draw
from compare.training.prepare import Options, check_outputs, prepare
from compare.training.record import Outcome, Record
from compare.training.sample import sample
from compare.training.signals import Signals
from compare.training.text import Streams
from compare.training.view import View, parting_lines


def run(options: Options, signals: Signals) -> int:
    """Train as asked; returns the exit status.

    Raises RefusedError before training begins or where a file cannot be written, and DivergedError once what is
    known has been written.
    """
    check_outputs(options)
    began = time.perf_counter()
    source, model, training, validation = prepare(options)
    view = View(stderr=options.json_to_stdout)
    _introduce(view, options, source, model, training, validation)
    with signals.deferred():
        outcome = _train(options, signals, view, model, training, validation)
    apart = partings(outcome.steps, model.dtype) if options.engine == "both" else []
    if apart and outcome.steps:
        view.line("\n" + "\n".join(parting_lines(apart, outcome.steps[-1])))
    text = _sample(options, view, outcome.model, int(training.ids[0])) if outcome.ended == "finished" else ""
    if options.plot and outcome.steps:
        title = f"{Path(source).name}: {options.engine}, {options.optimizer}, {model.dtype}"
        _write("--plot", options.plot, lambda path: draw(path, title, model.dtype, outcome.steps, outcome.epochs))
        view.line(f"Drawn: {options.plot}")
    if options.json:
        seconds = time.perf_counter() - began
        _write_json(options.json, Record(outcome, len(training.ids), apart, text, seconds))
    if outcome.error:
        raise outcome.error
    return _interrupted(options, signals.received, outcome) if signals.received else 0


def _introduce(
    view: View, options: Options, source: str, model: Model, training: Streams, validation: Streams | None
) -> None:
    held_out = f", {len(validation.ids):,} more held out" if validation else ""
    view.line(f"{source}: {len(training.ids):,} {model.kind}{held_out}")
    view.line(
        f"V {len(model.vocabulary)}, D {model.D}, H {model.H}, N {options.batch}, T {options.time}, {model.dtype}, "
        f"{options.optimizer} lr {options.plan.lr:g}, engine {options.engine}, seed {options.seed}\n"
    )


def _train(
    options: Options,
    signals: Signals,
    view: View,
    model: Model,
    training: Streams,
    validation: Streams | None,
) -> Outcome:
    copies = [
        Copy(engine([param.copy() for param in model.params]), OPTIMISERS[options.optimizer](options.plan.lr))
        for engine in ENGINES[options.engine]
    ]
    now = Model(model.kind, model.vocabulary, tuple(copies[0].engine.params), model.config)
    steps: list[Step] = []
    epochs: list[Epoch] = []

    total = min(options.steps or training.chunks * options.epochs, training.chunks * options.epochs)
    events = train(copies, training, validation, options.plan)
    saved = 0
    try:
        for event in view.table(events, total, compared=len(copies) == 2, validated=validation is not None):
            if isinstance(event, Step):
                steps.append(event)
            else:
                epochs.append(event)
                saved = _save(options, now, event.step)
            if signals.received:
                if options.save and saved < len(steps):
                    _save(options, now, len(steps))
                return Outcome("interrupted", steps, epochs, now)
    except DivergedError as error:
        kept = f"; {options.save} holds the model after step {saved}" if saved else ""
        return Outcome("diverged", steps, epochs, now, DivergedError(f"{error}{kept}"))
    return Outcome("finished", steps, epochs, now)


def _save(options: Options, model: Model, step: int) -> int:
    if options.save:
        _write("--save", options.save, lambda path: checkpoint.save(path, model))
    return step if options.save else 0


def _write(option: str, path: Path, write: Callable[[Path], None]) -> None:
    try:
        write(path)
    except OSError as error:
        kept = "the file that was there is as it was" if path.exists() else "nothing was left there"
        raise RefusedError(
            f"{option}: cannot write {path} ({reason(error)}), {kept}; make room or name another place"
        ) from None


def _sample(options: Options, view: View, model: Model, first: int) -> str:
    length = {"chars": 300, "words": 60}[model.kind] if options.sample is None else options.sample
    if not length:
        return ""
    text = sample(model, length, options.temperature, options.seed, first)
    view.line(f"\nSample of {length} {model.kind} at temperature {options.temperature:g}:\n{text}")
    return text


def _write_json(path: Path, record: Record) -> None:
    encoded = record.json() + "\n"

    def write(path: Path) -> None:
        with replacing(path) as file:
            file.write(encoded.encode())

    if str(path) == "-":
        click.echo(encoded, nl=False)
    else:
        _write("--json", path, write)


def _interrupted(options: Options, signum: int, outcome: Outcome) -> int:
    interrupted = InterruptedRun(signum)
    where = (
        f"the model is saved in {options.save}: go on with --load {options.save}"
        if options.save
        else "nothing is saved: next time give --save model.npz"
    )
    click.echo(f"{interrupted.name} after step {len(outcome.steps):,}; {where}", err=True)
    return interrupted.status
