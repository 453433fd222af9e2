"""What a run needs before its first step: options that make sense together, the text, the training to go on with."""

from dataclasses import dataclass, replace
from pathlib import Path

from compare.errors import RefusedError
from compare.files import check_distinct, check_output
from compare.training import checkpoint, plot, progress
from compare.training.checkpoint import Model
from compare.training.loop import Run
from compare.training.models import MODELS
from compare.training.progress import Identity, Saved
from compare.training.settings import DEFINING, Options
from compare.training.text import Streams, Vocabulary, read, split, tokenise


@dataclass(frozen=True)
class Start:
    """A training about to go on: what the text is, the model it started from, the training, the text in two parts."""

    source: str
    saved: Saved
    training: Streams
    validation: Streams | None

    @property
    def run(self) -> Run:
        return self.saved.run

    @property
    def model(self) -> Model:
        """The model that the training has come to."""
        return replace(self.saved.model, params=tuple(self.run.params))


def resumed(options: Options) -> tuple[Options, Saved | None]:
    """The options and the training of the file to resume, where one is asked for.

    Raises RefusedError where there is no such file, or an option would make another run of it.
    """
    path = options.resume
    if path is None:
        return options, None
    if options.load:
        raise RefusedError("--load and --resume: wanted one of them; --resume goes on with a run, --load begins one")
    saved = progress.load(path)
    config = saved.model.config
    for name in DEFINING:
        given = getattr(options, name)
        if name in options.given and given != config[name]:
            raise RefusedError(_mismatch(name, given, path, config[name]))
    if options.text is None and config["text"] == "-":
        raise RefusedError(f"TEXT: {path} was trained on standard input; give the same text again")
    kept = {name: config[name] for name in DEFINING}
    if options.text is None:
        kept["text"] = config["text"]
    if "epochs" not in options.given:
        kept["epochs"] = config["epochs"]
    return replace(options, save=options.save or path, **kept), saved


def check_outputs(options: Options) -> None:
    """Refuse, before training, what could not be written after it.

    Raises RefusedError.
    """
    json_path = None if options.json_to_stdout else options.json
    text = Path(options.text) if options.text not in (None, "-") else None
    check_distinct({"TEXT": text, "--save": options.save, "--plot": options.plot, "--json": json_path})
    check_distinct({"--load": options.load, "--plot": options.plot, "--json": json_path})
    check_distinct({"--resume": options.resume, "--plot": options.plot, "--json": json_path})
    if options.save:
        check_output("--save", options.save, ".npz")
        if options.save.exists() and not checkpoint.is_model(options.save):
            raise RefusedError(
                f"--save: {options.save} exists and is no model of ours; wanted a new name, or a model to replace"
            )
    if options.plot:
        check_output("--plot", options.plot, ".png")
        plot.require("--plot")
    if json_path:
        check_output("--json", json_path)


def prepare(options: Options, saved: Saved | None) -> Start:
    """The training to go on with: the saved one, else a new one from a loaded model or from the beginning.

    Raises RefusedError where the text or the loaded model does not fit the options.
    """
    loaded = saved.model if saved else checkpoint.load(options.load) if options.load else None
    if loaded and not saved:
        _check_match(options, loaded)
    kind = loaded.kind if loaded else options.tokens or "chars"
    source, text = read(options.text)
    tokens = tokenise(text, kind, options.limit)
    if not tokens:
        raise RefusedError(f"TEXT: {source} holds no {kind}; wanted a text to learn from")
    vocabulary = loaded.vocabulary if loaded else Vocabulary.of(tokens, options.max_vocab)
    ids = vocabulary.encode(tokens)
    text_is = Identity.of(ids)
    if saved and text_is != saved.text:
        raise RefusedError(
            f"TEXT: {source} is not the text that {options.resume} was trained on, {saved.text.tokens:,} {kind}; "
            "give that one, or begin a new run with --load"
        )
    training, validation = split(ids, options.batch, options.time, options.val_fraction)
    if saved:
        _check_more(options, saved.run, training.chunks)
        model = replace(saved.model, config=options.config)
        return Start(source, replace(saved, model=model), training, validation)
    model = _configured(options, replace(loaded, config={}) if loaded else _new(options, kind, vocabulary))
    return Start(source, Saved(model, progress.begin(model), text_is), training, validation)


def _new(options: Options, kind: str, vocabulary: Vocabulary) -> Model:
    architecture = MODELS[options.model or "simple-rnnlm"]
    H, dtype = options.hidden or 128, options.dtype or "float64"
    D = options.wordvec or (H if architecture.tied else 32)
    if architecture.tied and D != H:
        raise RefusedError(
            f"--wordvec: got {D}, but the embedding of {architecture.name} is its affine layer's weight too, of size "
            f"{H}; leave --wordvec out"
        )
    return Model(
        architecture, kind, vocabulary, tuple(architecture.initial(len(vocabulary), D, H, dtype, options.seed)), {}
    )


def _configured(options: Options, model: Model) -> Model:
    """The model with all that its training is told, what was left to it included."""
    architecture = model.architecture
    if options.dropout is not None and not architecture.drops:
        having = ", ".join(name for name, other in MODELS.items() if other.drops)
        raise RefusedError(f"--dropout: {architecture.name} has none; leave it out or train --model {having}")
    dropout = 0.5 if options.dropout is None else options.dropout
    known = {
        "model": architecture.name,
        "tokens": model.kind,
        "wordvec": model.D,
        "hidden": model.H,
        "dropout": dropout if architecture.drops else None,
        "dtype": model.dtype,
        "lr": options.rate,
    }
    return replace(model, config={**options.config, **known})


def _check_more(options: Options, run: Run, chunks: int) -> None:
    done, last = len(run.steps), options.epochs * chunks
    if options.steps is not None and options.steps <= done:
        raise RefusedError(f"--steps: got {options.steps}, but {options.resume} is after step {done:,}; wanted more")
    # stopped between the last step of an epoch and its evaluation, there is still that to do
    if done > last or (done == last and len(run.epochs) == options.epochs):
        raise RefusedError(
            f"--epochs: {options.resume} is after step {done:,}, the end of epoch {done // chunks}; wanted more epochs "
            f"to go on, such as --epochs {done // chunks + 3}"
        )


def _check_match(options: Options, loaded: Model) -> None:
    has = {
        "model": loaded.architecture.name,
        "tokens": loaded.kind,
        "wordvec": loaded.D,
        "hidden": loaded.H,
        "dtype": loaded.dtype,
    }
    for name, value in has.items():
        given = getattr(options, name)
        if given is not None and given != value:
            raise RefusedError(_mismatch(name, given, options.load, value))
    if options.max_vocab is not None:
        raise RefusedError(
            f"--max-vocab: got {options.max_vocab}, but {options.load} has a vocabulary of its own, of "
            f"{len(loaded.vocabulary)} tokens; leave --max-vocab out to go on from it"
        )


def _mismatch(name: str, given: object, path: Path | None, has: object) -> str:
    option = f"--{name.replace('_', '-')}"
    if given is True:
        return f"{option}: {path} was trained without it; leave {option} out to go on from it"
    return (
        f"{option}: got {given}, but {path} has {'none' if has is None else has}; leave {option} out to go on from it"
    )
