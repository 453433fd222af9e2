"""The course of a training: how it is planned, and what is known of every step and epoch of it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from compare.agreement import Array, bits_of_agreement, precision


@dataclass(frozen=True)
class Agreement:
    """The bits on which two lists of tensors agree: those of the tensor that agrees least, and its name."""

    bits: float
    tensor: str

    @staticmethod
    def of(names: Sequence[str], a: Sequence[Array], b: Sequence[Array]) -> "Agreement":
        return min(
            (Agreement(bits_of_agreement(x, y), name) for name, x, y in zip(names, a, b, strict=True)),
            key=lambda agreement: agreement.bits,
        )


@dataclass(frozen=True)
class Step:
    """One step: the loss of every copy in nats, before its update.

    With two copies, `gradients` compares the gradients that each took at its own parameters, before clipping,
    and `parameters` what they are after the update.
    """

    step: int
    epoch: int
    losses: tuple[float, ...]
    gradients: Agreement | None = None
    parameters: Agreement | None = None


@dataclass(frozen=True)
class Epoch:
    """One epoch: the mean loss of the first copy over its steps, and its loss on the held-out text after it.

    `lr` is the learning rate of its steps, `seconds` the time since the training began.
    """

    epoch: int
    step: int
    loss: float
    validation: float | None
    gradients: Agreement | None
    parameters: Agreement | None
    lr: float
    seconds: float


@dataclass(frozen=True)
class Parting:
    """The first step after which the parameters agreed on fewer than `bits` bits, None if they never did."""

    bits: int
    step: int | None


@dataclass(frozen=True)
class Plan:
    """How long and how.

    The learning rate of epoch e (from 0) is lr · lr_decay^e, and, without `keep_lr`, a quarter of that for every
    epoch before it that did not lower the validation loss. With `carry`, an epoch goes on where the one before
    stopped, in place and state, as in the book; without, every epoch begins at the beginning and from a state of
    zero. `seed` draws the masks of dropout.
    """

    epochs: int
    lr: float
    lr_decay: float = 1.0
    steps: int | None = None
    clip: float | None = None
    carry: bool = False
    keep_lr: bool = False
    seed: int = 0

    def total(self, chunks: int) -> int:
        """The step after which the training ends."""
        return min(self.steps or self.epochs * chunks, self.epochs * chunks)

    def rate(self, epochs: Sequence[Epoch]) -> float:
        """The learning rate of the epoch after these."""
        quartered = 0 if self.keep_lr else lowered(epochs).count(False)
        return self.lr * self.lr_decay ** len(epochs) * 0.25**quartered


def whole(epochs: Sequence[Epoch], chunks: int) -> list[Epoch]:
    """The epochs of this many chunks that no end of the run cut short."""
    return [epoch for epoch in epochs if epoch.step == epoch.epoch * chunks]


def perplexity(loss: float) -> float:
    """exp(loss): among how many tokens, equally likely, the model is as unsure."""
    return math.exp(loss) if loss < 700 else math.inf


def lowered(epochs: Sequence[Epoch]) -> list[bool]:
    """Whether each epoch brought the validation loss below all before it; without validation, each did."""
    lowest, fell = math.inf, []
    for epoch in epochs:
        fell.append(epoch.validation is None or epoch.validation < lowest)
        if epoch.validation is not None:
            lowest = min(lowest, epoch.validation)
    return fell


def partings(steps: Sequence[Step], dtype: str) -> list[Parting]:
    """When the parameters first fell below 40, 30, 20 and 10 bits (float32: 20, 15, 10 and 5)."""
    thresholds = (40, 30, 20, 10) if precision(dtype) > 24 else (20, 15, 10, 5)
    return [
        Parting(bits, next((s.step for s in steps if s.parameters and s.parameters.bits < bits), None))
        for bits in thresholds
    ]
