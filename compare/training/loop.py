"""The training itself: copies of the model that step over the same chunks, and a record of every step."""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from compare.agreement import Array
from compare.errors import DivergedError
from compare.training.course import Agreement, Epoch, Plan, Step, lowered, whole
from compare.training.engines import Engine
from compare.training.optimiser import Optimiser, global_norm
from compare.training.text import Streams

REMEDY = "lower --lr, or give --clip, such as --clip 5"


@dataclass
class Copy:
    """An engine with its own parameters, and the optimiser that moves them."""

    engine: Engine
    optimiser: Optimiser


@dataclass
class Run:
    """A training under way: with the text and the plan, all that its next step depends on.

    `best` are the first copy's parameters after the whole epoch of the lowest validation loss, None before there
    is one.
    """

    copies: Sequence[Copy]
    steps: list[Step] = field(default_factory=list)
    epochs: list[Epoch] = field(default_factory=list)
    best: list[Array] | None = None
    seconds: float = 0.0

    @property
    def params(self) -> list[Array]:
        """The parameters that the training has come to: the best ones, else the last."""
        return self.best or self.copies[0].engine.params


def train(run: Run, training: Streams, validation: Streams | None, plan: Plan) -> Iterator[Step | Epoch]:
    """Every step, and after its last step every epoch, as they happen; whoever reads may stop at any of them.

    What was done is in `run` by then, and a run that was stopped goes on from there to the same bits.

    Raises DivergedError where a loss, a gradient or a parameter is no longer finite; the parameters are then those
    of the last step at which all were.
    """
    began, chunks = time.perf_counter() - run.seconds, training.chunks
    # an epoch that --steps cut short was told, but is not over
    run.epochs[:] = whole(run.epochs, chunks)
    for e in range(len(run.epochs), plan.epochs):
        lr, first = plan.rate(run.epochs), e * chunks
        for copy in run.copies:
            copy.optimiser.lr = lr
            if len(run.steps) == first and not plan.carry:
                copy.engine.go_on(())
        for step in range(len(run.steps), min(first + chunks, plan.total(chunks))):
            record = _step(run.copies, training.chunk(step if plan.carry else step - first), step + 1, e + 1, plan)
            run.steps.append(record)
            run.seconds = time.perf_counter() - began
            yield record
        if losses := [step.losses[0] for step in run.steps[first:]]:
            last, engine = run.steps[-1], run.copies[0].engine
            held_out = evaluate(engine, validation) if validation else None
            run.seconds = time.perf_counter() - began
            mean = float(np.mean(losses))
            run.epochs.append(Epoch(e + 1, last.step, mean, held_out, last.gradients, last.parameters, lr, run.seconds))
            if validation and len(losses) == chunks and lowered(run.epochs)[-1]:
                run.best = [param.copy() for param in engine.params]
            yield run.epochs[-1]
        if len(run.steps) == plan.total(chunks):
            return


def evaluate(engine: Engine, streams: Streams) -> float:
    """The mean loss in nats over all streams, from a state of zero; the engine's own state stays as it is.

    Raises DivergedError where it is not finite.
    """
    fresh = engine.evaluating()
    masks = fresh.masks(streams.N)
    with np.errstate(over="ignore", invalid="ignore"):
        try:
            losses = [(fresh.loss(xs, ts, masks), ts.size) for xs, ts in streams.whole()]
        except ValueError as error:
            raise DivergedError(f"validation failed: {error}; {REMEDY}") from None
    mean = sum(loss * size for loss, size in losses) / sum(size for _, size in losses)
    if not math.isfinite(mean):
        raise DivergedError(f"validation failed: the loss is {mean}; wanted a finite number: {REMEDY}")
    return mean


def _step(copies: Sequence[Copy], chunk: tuple[Array, Array], step: int, epoch: int, plan: Plan) -> Step:
    # a seed of its own for every step: the masks are the same for all copies, and however the run came to this step
    masks = copies[0].engine.masks(len(chunk[0]), (plan.seed, 2, step))
    names = copies[0].engine.model.names
    # overflow is not hidden: what comes of it is not finite, and ends the run
    with np.errstate(over="ignore", invalid="ignore"):
        try:
            computed = [copy.engine.step(*chunk, masks) for copy in copies]
        except ValueError as error:
            # ids and parameters were in order: a layer refused an intermediate value that overflowed
            raise DivergedError(f"training diverged at step {step} (epoch {epoch}): {error}; {REMEDY}") from None
        for copy, (loss, grads) in zip(copies, computed, strict=True):
            _check(step, epoch, copy.engine.name, "loss", loss)
            _check(step, epoch, copy.engine.name, "norm of the gradients", global_norm(grads))
        gradients = Agreement.of(names, computed[0][1], computed[1][1]) if len(copies) == 2 else None
        before = [[param.copy() for param in copy.engine.params] for copy in copies]
        for copy, (_, grads) in zip(copies, computed, strict=True):
            shortened = copy.engine.clipped(grads, plan.clip) if plan.clip else grads
            copy.optimiser.update(copy.engine.params, shortened)
        if not all(np.isfinite(param).all() for copy in copies for param in copy.engine.params):
            _restore(copies, before)
            _check(step, epoch, copies[0].engine.name, "largest parameter after the update", math.inf)
    parameters = Agreement.of(names, copies[0].engine.params, copies[1].engine.params) if len(copies) == 2 else None
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
