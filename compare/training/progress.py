"""A training under way as a part of its model's file: what going on exactly takes, as arrays and JSON."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from compare.agreement import Array
from compare.training import checkpoint
from compare.training.checkpoint import Model
from compare.training.course import Agreement, Epoch, Step
from compare.training.engines import ENGINES
from compare.training.loop import Copy, Run
from compare.training.optimiser import OPTIMISERS
from compare.training.settings import DEFINING


@dataclass(frozen=True)
class Identity:
    """By what a text is known again: its tokens counted, and their ids hashed."""

    tokens: int
    sha256: str

    @staticmethod
    def of(ids: Array) -> "Identity":
        return Identity(len(ids), hashlib.sha256(ids.astype("<i8").tobytes()).hexdigest())


@dataclass(frozen=True)
class Saved:
    """What a file holds: a model, the training that it comes from, and the text of that."""

    model: Model
    run: Run
    text: Identity


def begin(model: Model) -> Run:
    """A training that has not begun: every copy with the model's parameters, as `model.config` says."""
    config, architecture = model.config, model.architecture
    ratio = config["dropout"] if architecture.drops else None
    return Run(
        [
            Copy(
                engine(architecture, [param.copy() for param in model.params], ratio),
                OPTIMISERS[config["optimizer"]](config["lr"]),
            )
            for engine in ENGINES[config["engine"]]
        ]
    )


def save(path: Path, saved: Saved) -> None:
    """Write the file whole or leave what stands there.

    Raises OSError where it cannot be written.
    """
    run, names = saved.run, saved.model.architecture.names
    arrays = {"steps": _rows(run.steps, names)}
    for i, copy in enumerate(run.copies):
        tensors = {"": copy.engine.params, **{f"{kind}.": means for kind, means in copy.optimiser.means.items()}}
        for kind, values in tensors.items():
            arrays |= {f"{i}.{kind}{name}": value for name, value in zip(names, values, strict=True)}
        states = zip(saved.model.architecture.states, copy.engine.state, strict=True)
        arrays |= {f"{i}.{name}": state for name, state in states}
    about = {"epochs": [asdict(epoch) for epoch in run.epochs], "best": run.best is not None, "seconds": run.seconds}
    checkpoint.save(path, saved.model, {"run": about, "text": asdict(saved.text)}, arrays)


def load(path: Path) -> Saved:
    """The training in a file, as it was when `save` wrote it.

    Raises RefusedError where there is none.
    """
    with checkpoint.explained(path, "--resume"):
        about, arrays = checkpoint.contents(path)
        model = checkpoint.model_in(about, arrays)
        try:
            return _saved(model, about, arrays)
        except (KeyError, TypeError, IndexError) as error:
            raise ValueError(f"holds no whole training to go on with ({type(error).__name__} {error})") from None


def _saved(model: Model, about: Mapping[str, Any], arrays: Mapping[str, Array]) -> Saved:
    if missing := [name for name in (*DEFINING, "text", "epochs") if name not in model.config]:
        raise ValueError(f"lacks the option {missing[0]} of its training")
    run = begin(model)
    names, V = model.architecture.names, len(model.vocabulary)
    run.steps = _steps(arrays["steps"], names, len(run.copies))
    run.epochs = [
        Epoch(**{**epoch, **{of: _agreement(epoch[of]) for of in ("gradients", "parameters")}})
        for epoch in about["run"]["epochs"]
    ]
    run.best = [param.copy() for param in model.params] if about["run"]["best"] else None
    run.seconds = float(about["run"]["seconds"])
    for i, copy in enumerate(run.copies):

        def tensors(kind: str, i: int = i) -> list[Array]:
            return list(checkpoint.params_in(model.architecture, arrays, V, f"{i}.{kind}"))

        for param, value in zip(copy.engine.params, tensors(""), strict=True):
            param[...] = value
        copy.optimiser.go_on(len(run.steps), {kind: tensors(f"{kind}.") for kind in copy.optimiser.means})
        copy.engine.go_on(_state(model, arrays, i))
    return Saved(model, run, Identity(**about["text"]))


def _state(model: Model, arrays: Mapping[str, Array], copy: int) -> tuple[Array, ...]:
    architecture = model.architecture
    sizes = {**architecture.sizes(model.params), "N": model.config["batch"]}
    shapes = architecture.shapes(architecture.signature.states, **sizes).values()
    state = tuple(arrays[f"{copy}.{name}"] for name in architecture.states)
    for name, array, shape in zip(architecture.states, state, shapes, strict=True):
        if (array.shape, array.dtype) != (shape, model.params[0].dtype) or not np.isfinite(array).all():
            raise ValueError(f"has a state {name} that does not fit its parameters")
    return state


def _rows(steps: Sequence[Step], names: Sequence[str]) -> Array:
    """A row for every step: epoch, losses, and of gradients and parameters the bits and the tensor's place."""

    def row(step: Step) -> tuple[float, ...]:
        agreements = [a for a in (step.gradients, step.parameters) if a]
        return (step.epoch, *step.losses, *(x for a in agreements for x in (a.bits, names.index(a.tensor))))

    return np.array([row(step) for step in steps])


def _steps(rows: Array, names: Sequence[str], copies: int) -> list[Step]:
    if rows.ndim != 2 or rows.shape[1] != 1 + copies + 4 * (copies == 2):
        raise ValueError(f"has steps of shape {rows.shape}, which does not fit its {copies} engines")

    def agreement(bits: float, tensor: float) -> Agreement:
        return Agreement(bits, names[int(tensor)])

    return [
        Step(
            step,
            int(row[0]),
            tuple(row[1 : 1 + copies]),
            *(agreement(*row[at : at + 2]) for at in range(1 + copies, len(row), 2)),
        )
        for step, row in enumerate(rows.tolist(), start=1)
    ]


def _agreement(about: Mapping[str, Any] | None) -> Agreement | None:
    return Agreement(**about) if about else None
