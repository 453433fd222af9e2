"""One run of `train`, from the options to the last sentence."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import click

from compare.training import checkpoint, plot
from compare.training.engines import ENGINES, initial
from compare.training.errors import DivergedError, InterruptedRun, RefusedError, reason
from compare.training.files import check_distinct, check_output, replacing
from compare.training.loop import Copy, Epoch, Plan, Step, partings, perplexity, train
from compare.training.optimiser import OPTIMISERS
from compare.training.sample import sample
from compare.training.signals import Signals
from compare.training.text import Streams, Vocabulary, read, split, tokenise
from compare.training.view import View, parting_lines


@dataclass(frozen=True)
class Options:
    """The options of `train` by name; None: not given."""

    text: str | None
    engine: Literal["manual", "autograd", "both"]
    tokens: str | None
    limit: int | None
    max_vocab: int | None
    batch: int
    time: int
    wordvec: int | None
    hidden: int | None
    epochs: int
    steps: int | None
    carry: bool
    optimizer: Literal["sgd", "adam"]
    lr: float | None
    lr_decay: float
    clip: float | None
    dtype: str | None
    seed: int
    val_fraction: float
    sample: int | None
    temperature: float
    save: Path | None
    load: Path | None
    plot: Path | None
    json: Path | None

    @property
    def json_to_stdout(self) -> bool:
        return str(self.json) == "-"

    @property
    def plan(self) -> Plan:
        lr = self.lr or {"sgd": 0.1, "adam": 0.003}[self.optimizer]
        return Plan(self.epochs, lr, self.lr_decay, self.steps, self.clip, self.carry)


@dataclass(frozen=True)
class Outcome:
    """A finished run: what ended it, its record, and the model as it is now (of both, the handwritten copy)."""

    ended: Literal["finished", "interrupted", "diverged"]
    steps: list[Step]
    epochs: list[Epoch]
    model: checkpoint.Model
    error: DivergedError | None = None


def run(options: Options, signals: Signals) -> int:
    """Train as asked; returns the exit status.

    Raises RefusedError before training begins, and DivergedError after what is known has been written.
    """
    _check_outputs(options)
    began = time.perf_counter()
    source, model, training, validation = _prepare(options)
    view = View(stderr=options.json_to_stdout)
    _introduce(view, options, source, model, training, validation)
    with signals.deferred():
        outcome = _train(options, signals, view, model, training, validation)
    dtype = model.dtype
    apart = partings(outcome.steps, dtype) if options.engine == "both" else []
    if apart and outcome.steps:
        view.line("\n" + "\n".join(parting_lines(apart, outcome.steps[-1])))
    text = ""
    length = options.sample if options.sample is not None else (300 if model.kind == "chars" else 60)
    if outcome.ended == "finished" and length:
        text = sample(outcome.model, length, options.temperature, options.seed, int(training.ids[0]))
        view.line(f"\nSample of {length} tokens at temperature {options.temperature:g}:\n{text}")
    if options.plot and outcome.steps:
        title = f"{source}: {options.engine}, {options.optimizer}, {dtype}"
        _write("--plot", options.plot, lambda path: plot.draw(path, title, dtype, outcome.steps, outcome.epochs))
        view.line(f"Drawn: {options.plot}")
    if options.json:
        _write_json(options, outcome, len(training.ids), text, [asdict(p) for p in apart], time.perf_counter() - began)
    if outcome.error:
        raise outcome.error
    return 0 if signals.received is None or outcome.ended == "finished" else _interrupted(options, signals, outcome)


def _check_outputs(options: Options) -> None:
    json_path = None if options.json_to_stdout else options.json
    text = Path(options.text) if options.text not in (None, "-") else None
    check_distinct({"TEXT": text, "--save": options.save, "--plot": options.plot, "--json": json_path})
    check_distinct({"--load": options.load, "--plot": options.plot, "--json": json_path})
    if options.save:
        check_output("--save", options.save, ".npz")
        if options.save.exists() and not checkpoint.is_model(options.save):
            raise RefusedError(
                f"--save: {options.save} exists and is no model of ours; wanted a new name, or a model to replace"
            )
    if options.plot:
        check_output("--plot", options.plot, ".png")
        plot.require()
    if json_path:
        check_output("--json", json_path)


def _prepare(options: Options) -> tuple[str, checkpoint.Model, Streams, Streams | None]:
    loaded = checkpoint.load(options.load) if options.load else None
    if loaded:
        _check_match(options, loaded)
    kind = loaded.kind if loaded else options.tokens or "chars"
    source, text = read(options.text)
    tokens = tokenise(text, kind, options.limit)
    if not tokens:
        raise RefusedError(f"TEXT: {source} holds no {kind}; wanted a text to learn from")
    vocabulary = loaded.vocabulary if loaded else Vocabulary.of(tokens, options.max_vocab)
    training, validation = split(vocabulary.encode(tokens), options.batch, options.time, options.val_fraction)
    config = {name: value for name, value in asdict(options).items() if name not in ("save", "load", "plot", "json")}
    if loaded:
        return source, checkpoint.Model(kind, vocabulary, loaded.params, config), training, validation
    D, H, dtype = options.wordvec or 32, options.hidden or 128, options.dtype or "float64"
    params = tuple(initial(len(vocabulary), D, H, dtype, options.seed))
    return source, checkpoint.Model(kind, vocabulary, params, config), training, validation


def _check_match(options: Options, loaded: checkpoint.Model) -> None:
    has = {"tokens": loaded.kind, "wordvec": loaded.D, "hidden": loaded.H, "dtype": loaded.dtype}
    for name, value in has.items():
        given = getattr(options, name)
        if given is not None and given != value:
            raise RefusedError(
                f"--{name}: got {given}, but {options.load} has {value}; leave --{name} out to go on from it"
            )
    if options.max_vocab is not None:
        raise RefusedError(
            f"--max-vocab: got {options.max_vocab}, but {options.load} has a vocabulary of its own, of "
            f"{len(loaded.vocabulary)} tokens; leave --max-vocab out to go on from it"
        )


def _introduce(
    view: View, options: Options, source: str, model: checkpoint.Model, training: Streams, validation: Streams | None
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
    model: checkpoint.Model,
    training: Streams,
    validation: Streams | None,
) -> Outcome:
    copies = [
        Copy(engine([param.copy() for param in model.params]), OPTIMISERS[options.optimizer](options.plan.lr))
        for engine in ENGINES[options.engine]
    ]
    now = checkpoint.Model(model.kind, model.vocabulary, tuple(copies[0].engine.params), model.config)
    steps: list[Step] = []
    epochs: list[Epoch] = []

    def outcome(ended: Literal["finished", "interrupted", "diverged"], error: DivergedError | None = None) -> Outcome:
        return Outcome(ended, steps, epochs, now, error)

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
            if signals.received is not None and (isinstance(event, Step) or event.step < total):
                if options.save and saved < len(steps):
                    _save(options, now, len(steps))
                return outcome("interrupted")
    except DivergedError as error:
        kept = f"; {options.save} holds the model after step {saved}" if saved else ""
        return outcome("diverged", DivergedError(f"{error}{kept}"))
    return outcome("finished")


def _save(options: Options, model: checkpoint.Model, step: int) -> int:
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


def _write_json(
    options: Options, outcome: Outcome, tokens: int, text: str, apart: list[dict[str, Any]], seconds: float
) -> None:
    report = {
        "ok": outcome.ended == "finished",
        "ended": outcome.ended,
        "engine": options.engine,
        "V": len(outcome.model.vocabulary),
        "tokens": tokens,
        "config": {**outcome.model.config, "lr": options.plan.lr},
        "steps": [asdict(step) for step in outcome.steps],
        "epochs": [
            {**asdict(e), "perplexity": _finite(perplexity(e.loss)), "validation_perplexity": _finite(perplexity(v))}
            if (v := e.validation) is not None
            else {**asdict(e), "perplexity": _finite(perplexity(e.loss)), "validation_perplexity": None}
            for e in outcome.epochs
        ],
        "parted": apart,
        "sample": text,
        "seconds": seconds,
    }
    encoded = json.dumps(report, default=str, allow_nan=False) + "\n"
    if options.json_to_stdout or not options.json:
        click.echo(encoded, nl=False)
    else:
        _write("--json", options.json, lambda path: _write_bytes(path, encoded.encode()))


def _write_bytes(path: Path, content: bytes) -> None:
    with replacing(path) as file:
        file.write(content)


def _finite(number: float) -> float | None:
    return number if number < float("inf") else None


def _interrupted(options: Options, signals: Signals, outcome: Outcome) -> int:
    assert signals.received is not None
    interrupted = InterruptedRun(signals.received)
    where = (
        f"the model is saved in {options.save}: go on with --load {options.save}"
        if options.save
        else "nothing is saved: next time give --save model.npz"
    )
    click.echo(f"{interrupted.name} after step {len(outcome.steps):,}; {where}", err=True)
    return interrupted.status
