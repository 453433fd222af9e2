"""One run of `train`, from the options to the last sentence."""

import time
from dataclasses import replace
from pathlib import Path

from compare.errors import DivergedError, InterruptedRun
from compare.training import progress
from compare.training.checkpoint import Model
from compare.training.course import Step, partings, whole
from compare.training.loop import train
from compare.training.output import write, write_json
from compare.training.plot import draw
from compare.training.prepare import Start, check_outputs, prepare, resumed
from compare.training.record import Outcome, Record
from compare.training.sample import DEFAULT_LENGTH, sample
from compare.training.settings import Options
from compare.training.signals import Signals
from compare.training.view import View, best_line, lr_line, parting_lines


def run(options: Options, signals: Signals) -> int:
    """Train as asked; returns the exit status.

    Raises RefusedError before training begins or where a file cannot be written, and DivergedError once what is
    known has been written.
    """
    options, saved = resumed(options)
    check_outputs(options)
    began = time.perf_counter()
    start = prepare(options, saved)
    model = start.model
    view = View(stderr=options.json_to_stdout)
    _introduce(view, options, start)
    with signals.deferred():
        outcome = _train(options, signals, view, start)
        signals.meanwhile = f"after step {len(outcome.steps):,}; {_kept(options, outcome)}"
    apart = partings(outcome.steps, model.dtype) if options.engine == "both" else []
    if apart and outcome.steps:
        view.line("\n" + "\n".join(parting_lines(apart, outcome.steps[-1])))
    done = whole(start.run.epochs, start.training.chunks)
    if done and (line := best_line(done, len(outcome.steps))):
        view.line("\n" + line)
    first = int(start.training.ids[0])
    text = _sample(options, view, outcome.model, first) if outcome.ended == "finished" else ""
    if options.plot and outcome.steps:
        trained = f"{model.architecture.title}, {options.engine}, {options.optimizer}, {model.dtype}"
        title = f"{Path(start.source).name}: {trained}"
        write("--plot", options.plot, lambda path: draw(path, title, model.dtype, outcome.steps, outcome.epochs))
        view.line(f"Drawn: {options.plot}")
    if options.json:
        seconds = time.perf_counter() - began
        write_json(options.json, Record(outcome, len(start.training.ids), apart, text, seconds).json())
    if outcome.error:
        raise outcome.error
    if signals.received:
        raise InterruptedRun(signals.received)
    return 0


def _introduce(view: View, options: Options, start: Start) -> None:
    model, training, validation = start.model, start.training, start.validation
    held_out = f", {len(validation.ids):,} more held out" if validation else ""
    view.line(f"{start.source}: {len(training.ids):,} {model.kind}{held_out}")
    dropout = f"dropout {model.config['dropout']:g}, " if model.architecture.drops else ""
    view.line(
        f"{model.architecture.title}: V {len(model.vocabulary)}, D {model.D}, H {model.H}, N {options.batch}, "
        f"T {options.time}, {dropout}{model.dtype}, {options.optimizer} lr {options.rate:g}, engine {options.engine}, "
        f"seed {options.seed}"
    )
    if options.resume:
        view.line(f"{options.resume} goes on after step {len(start.run.steps):,}")
    view.line()


def _train(options: Options, signals: Signals, view: View, start: Start) -> Outcome:
    run, plan = start.run, options.plan
    # what the file to resume holds already
    saved = len(run.steps) if options.save == options.resume else 0
    events = train(run, start.training, start.validation, plan)
    total = plan.total(start.training.chunks)
    try:
        for event in view.table(events, total, compared=len(run.copies) == 2, validated=start.validation is not None):
            if not isinstance(event, Step):
                saved = _save(options, start)
                if event.step < total and (line := lr_line(plan, run.epochs)):
                    view.line(line)
            if signals.received:
                if options.save and saved < len(run.steps):
                    _save(options, start)
                return Outcome("interrupted", run.steps, run.epochs, start.model)
    except DivergedError as error:
        kept = f"; {options.save} holds the model after step {saved}" if saved else ""
        return Outcome("diverged", run.steps, run.epochs, start.model, DivergedError(f"{error}{kept}"))
    return Outcome("finished", run.steps, run.epochs, start.model)


def _save(options: Options, start: Start) -> int:
    """Save where that is wanted; returns the step after which the file now is."""
    if not options.save:
        return 0
    write("--save", options.save, lambda path: progress.save(path, replace(start.saved, model=start.model)))
    return len(start.run.steps)


def _kept(options: Options, outcome: Outcome) -> str:
    if not options.save:
        return "nothing is saved: next time give --save model.npz"
    further = f": go on with --resume {options.save}" if outcome.ended == "interrupted" else ""
    return f"the model is saved in {options.save}{further}"


def _sample(options: Options, view: View, model: Model, first: int) -> str:
    length = DEFAULT_LENGTH[model.kind] if options.sample is None else options.sample
    if not length:
        return ""
    text = sample(model, length, options.temperature, options.seed, [first])
    view.line(f"\nSample of {length} {model.kind} at temperature {options.temperature:g}:\n{text}")
    return text
