"""The options of `train` by name, and which of them make the run what it is."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from compare.training.course import Plan

# what a run goes on with; the others say how far it goes and what is shown of it
DEFINING = (
    "model",
    "engine",
    "tokens",
    "limit",
    "max_vocab",
    "batch",
    "time",
    "wordvec",
    "hidden",
    "dropout",
    "carry",
    "optimizer",
    "lr",
    "lr_decay",
    "keep_lr",
    "clip",
    "dtype",
    "seed",
    "val_fraction",
)
FILES = ("save", "load", "resume", "plot", "json")


@dataclass(frozen=True)
class Options:
    """The options of `train` by name; None: not given. `given` names those that stand on the command line."""

    given: frozenset[str]
    text: str | None
    model: str | None
    engine: Literal["manual", "plain", "autograd", "both"]
    tokens: str | None
    limit: int | None
    max_vocab: int | None
    batch: int
    time: int
    wordvec: int | None
    hidden: int | None
    dropout: float | None
    epochs: int
    steps: int | None
    carry: bool
    optimizer: Literal["sgd", "adam"]
    lr: float | None
    lr_decay: float
    keep_lr: bool
    clip: float | None
    dtype: str | None
    seed: int
    val_fraction: float
    sample: int | None
    temperature: float
    save: Path | None
    load: Path | None
    resume: Path | None
    plot: Path | None
    json: Path | None

    @property
    def json_to_stdout(self) -> bool:
        return str(self.json) == "-"

    @property
    def rate(self) -> float:
        """The learning rate of the first epoch."""
        return self.lr or {"sgd": 0.1, "adam": 0.003}[self.optimizer]

    @property
    def plan(self) -> Plan:
        return Plan(self.epochs, self.rate, self.lr_decay, self.steps, self.clip, self.carry, self.keep_lr, self.seed)

    @property
    def config(self) -> dict[str, Any]:
        """All but the names of files, which are another's business."""
        return {name: value for name, value in asdict(self).items() if name not in (*FILES, "given")}
