"""The training itself: copies of the model that step over the same chunks, and a record of every step."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from compare.agreement import Array, bits_of_agreement, precision
from compare.errors import DivergedError
from compare.training.engines import PARAMS, Engine
from compare.training.optimiser import Optimiser, clipped, global_norm
from compare.training.text import Streams

REMEDY = "lower --lr, or give --clip, such as --clip 5"


@dataclass(frozen=True)
class Agreement:
    """The bits on which two lists of tensors agree: those of the tensor that agrees least, and its name."""

    bits: float
    tensor: str

    @staticmethod
    def of(a: Sequence[Array], b: Sequence[Array]) -> "Agreement":
        return min(
            (Agreement(bits_of_agreement(x, y), name) for name, x, y in zip(PARAMS, a, b, strict=True)),
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
    """One epoch: the mean loss of the first copy over its steps, and its loss on the held-out text after it."""

    epoch: int
    step: int
    loss: float
    validation: float | None
    gradients: Agreement | None
    parameters: Agreement | None


@dataclass(frozen=True)
class Parting:
    """The first step after which the parameters agreed on fewer than `bits` bits, None if they never did."""

    bits: int
    step: int | None


@dataclass
class Copy:
    """An engine with its own parameters, and the optimiser that moves them."""

    engine: Engine
    optimiser: Optimiser


@dataclass(frozen=True)
class Plan:
    """How long and how: the learning rate of epoch e (from 0) is lr · lr_decay^e.

    With `carry`, an epoch goes on where the one before stopped, in place and state, as in the book; without,
    every epoch begins at the beginning and from a state of zero.
    """

    epochs: int
    lr: float
    lr_decay: float = 1.0
    steps: int | None = None
    clip: float | None = None
    carry: bool = False


def perplexity(loss: float) -> float:
    """exp(loss): among how many tokens, equally likely, the model is as unsure."""
    return math.exp(loss) if loss < 700 else math.inf


def train(copies: Sequence[Copy], training: Streams, validation: Streams | None, plan: Plan) -> Iterator[Step | Epoch]:
    """Every step, and after its last step every epoch, as they happen; whoever reads may stop at any of them.

    Raises DivergedError where a loss, a gradient or a parameter is no longer finite; the parameters are then those
    of the last step at which all were.
    """
    step = 0
    for epoch in range(plan.epochs):
        losses = []
        for copy in copies:
            copy.optimiser.lr = plan.lr * plan.lr_decay**epoch
            if not plan.carry:
                copy.engine.reset()
        for i in range(training.chunks):
            if step == plan.steps:
                break
            record = _step(copies, *training.chunk(step if plan.carry else i), step + 1, epoch + 1, plan.clip)
            step += 1
            losses.append(record.losses[0])
            yield record
        if losses:
            held_out = evaluate(copies[0].engine, validation) if validation else None
            yield Epoch(epoch + 1, step, float(np.mean(losses)), held_out, record.gradients, record.parameters)


def evaluate(engine: Engine, streams: Streams) -> float:
    """The mean loss in nats over all streams, from a state of zero; the engine's own state stays as it is."""
    # another engine over the same parameters: its state begins at zero
    fresh = type(engine)(engine.params)
    with np.errstate(over="ignore", invalid="ignore"):
        try:
            losses = [(fresh.loss(xs, ts), ts.size) for xs, ts in streams.whole()]
        except ValueError as error:
            raise DivergedError(f"validation failed: {error}; {REMEDY}") from None
    return sum(loss * size for loss, size in losses) / sum(size for _, size in losses)


def partings(steps: Sequence[Step], dtype: str) -> list[Parting]:
    """When the parameters first fell below 40, 30, 20 and 10 bits (float32: 20, 15, 10 and 5)."""
    thresholds = (40, 30, 20, 10) if precision(dtype) > 24 else (20, 15, 10, 5)
    return [
        Parting(bits, next((s.step for s in steps if s.parameters and s.parameters.bits < bits), None))
        for bits in thresholds
    ]


def _step(copies: Sequence[Copy], xs: Array, ts: Array, step: int, epoch: int, clip: float | None) -> Step:
    # overflow is not hidden: what comes of it is not finite, and ends the run
    with np.errstate(over="ignore", invalid="ignore"):
        try:
            computed = [copy.engine.step(xs, ts) for copy in copies]
        except ValueError as error:
            # ids and parameters were in order: a layer refused an intermediate value that overflowed
            raise DivergedError(f"training diverged at step {step} (epoch {epoch}): {error}; {REMEDY}") from None
        for copy, (loss, grads) in zip(copies, computed, strict=True):
            _check(step, epoch, copy.engine.name, "loss", loss)
            _check(step, epoch, copy.engine.name, "norm of the gradients", global_norm(grads))
        gradients = Agreement.of(computed[0][1], computed[1][1]) if len(copies) == 2 else None
        before = [[param.copy() for param in copy.engine.params] for copy in copies]
        for copy, (_, grads) in zip(copies, computed, strict=True):
            copy.optimiser.update(copy.engine.params, clipped(grads, clip) if clip else grads)
        if not all(np.isfinite(param).all() for copy in copies for param in copy.engine.params):
            _restore(copies, before)
            _check(step, epoch, copies[0].engine.name, "largest parameter after the update", math.inf)
    parameters = Agreement.of(copies[0].engine.params, copies[1].engine.params) if len(copies) == 2 else None
    return Step(step, epoch, tuple(loss for loss, _ in computed), gradients, parameters)


def _restore(copies: Sequence[Copy], params: list[list[Array]]) -> None:
    for copy, before in zip(copies, params, strict=True):
        for param, old in zip(copy.engine.params, before, strict=True):
            param[...] = old


def _check(step: int, epoch: int, engine: str, what: str, value: float) -> None:
    if not math.isfinite(value):
        raise DivergedError(
            f"training diverged at step {step} (epoch {epoch}): the {what} is {value} in the {engine} engine; wanted a "
            f"finite number: {REMEDY}"
        )
