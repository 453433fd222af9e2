"""A run as data, for machines: what `--json` writes."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from compare.errors import DivergedError
from compare.training.checkpoint import Model
from compare.training.course import Epoch, Parting, Step, perplexity


@dataclass(frozen=True)
class Outcome:
    """A run: what ended it, its record, and the model as it is now (of both copies, the handwritten one)."""

    ended: Literal["finished", "interrupted", "diverged"]
    steps: list[Step]
    epochs: list[Epoch]
    model: Model
    error: DivergedError | None = None


@dataclass(frozen=True)
class Record:
    """An outcome, and what came after the training."""

    outcome: Outcome
    tokens: int
    parted: Sequence[Parting]
    sample: str
    seconds: float

    def json(self) -> str:
        """One JSON object; a perplexity beyond the largest float is null."""
        report = {
            "ok": self.outcome.ended == "finished",
            "ended": self.outcome.ended,
            "config": dict(self.outcome.model.config),
            "V": len(self.outcome.model.vocabulary),
            "tokens": self.tokens,
            "steps": [asdict(step) for step in self.outcome.steps],
            "epochs": [
                {
                    **asdict(epoch),
                    "perplexity": _perplexity(epoch.loss),
                    "validation_perplexity": _perplexity(epoch.validation),
                }
                for epoch in self.outcome.epochs
            ],
            "parted": [asdict(parting) for parting in self.parted],
            "sample": self.sample,
            "seconds": self.seconds,
        }
        return json.dumps(report, allow_nan=False)


def _perplexity(loss: float | None) -> float | None:
    return None if loss is None or math.isinf(perplexity(loss)) else perplexity(loss)
