"""What a run needs before its first step: options that make sense together, the text, the model to start from."""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from compare.errors import RefusedError
from compare.files import check_distinct, check_output
from compare.training import checkpoint, plot
from compare.training.checkpoint import Model
from compare.training.engines import initial
from compare.training.loop import Plan
from compare.training.text import Streams, Vocabulary, read, split, tokenise


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


def check_outputs(options: Options) -> None:
    """Refuse, before training, what could not be written after it.

    Raises RefusedError.
    """
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


def prepare(options: Options) -> tuple[str, Model, Streams, Streams | None]:
    """(what the text is, the model to start from, the text to train on, the text to validate on).

    Raises RefusedError where the text or the loaded model does not fit the options.
    """
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
    if loaded:
        params = loaded.params
    else:
        D, H, dtype = options.wordvec or 32, options.hidden or 128, options.dtype or "float64"
        params = tuple(initial(len(vocabulary), D, H, dtype, options.seed))
    given = {name: value for name, value in asdict(options).items() if name not in ("save", "load", "plot", "json")}
    bare = Model(kind, vocabulary, params, given)
    known = {"tokens": kind, "wordvec": bare.D, "hidden": bare.H, "dtype": bare.dtype, "lr": options.plan.lr}
    return source, replace(bare, config={**given, **known}), training, validation


def _check_match(options: Options, loaded: Model) -> None:
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
