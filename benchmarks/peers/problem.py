"""A learner's layer as the other checkers take it: one vector out of some arrays, and its vector-Jacobian product.

The code runs in this process, with the stand-ins for what its own repository has; every call makes a new layer.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import numpy as np

from compare.agreement import Array
from compare.cases import sizes
from compare.checking.child import chance
from compare.checking.child.ours import Ours
from compare.checking.child.requests import Requests
from compare.checking.judgement import keeps_state
from compare.checking.reading import read
from compare.checking.sandbox import Missing, Result, Session
from compare.checking.settling import settled
from compare.checking.subjects import Subject, subjects
from compare.checking.trial import Trial
from compare.inputs import Case, Inputs
from compare.pair import Pair
from compare.runs import Hand

ROOT = Path(__file__).parents[2]
SIZES = {"N": 2, "T": 3, "D": 4, "H": 5, "V": 6}


class Shown(Ours):
    """Our packages in a process that is our own: nothing of them is hidden."""

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Nothing to do."""
        yield


_SHOWN = Shown(str(ROOT))
_SHOWN.open = True


@dataclass
class Local:
    """What a `Session` does, without a process of its own: definitions made, called and read."""

    text: str
    label: str
    things: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        requests = Requests(_SHOWN, 0, 1 << 30)
        unit = [self.label, self.text]
        requests.define({"poison": False, "modules": {}, "units": [unit], "replaced": {}})
        self.namespace = requests.namespace
        # what Python itself says of a file that it does not read
        compile(self.text, self.label, "exec")

    def make(self, symbol: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> int:
        """An object of a class."""
        chance.same_again()
        self.things.append(self._named(symbol)(*args, **kwargs))
        return len(self.things) - 1

    def function(self, symbol: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Result:
        """A function's call."""
        return Result(_plain(self._named(symbol)(*args, **kwargs)), tuple(args))

    def call(self, slot: int, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Result:
        """A method's call."""
        chance.same_again()
        return Result(_plain(getattr(self.things[slot], method)(*args, **kwargs)), tuple(args))

    def read(self, slot: int, *names: str) -> tuple[Any, ...]:
        """Attributes."""
        return tuple(_plain(getattr(self.things[slot], name, Missing())) for name in names)

    def write(self, slot: int, name: str, value: Any) -> None:
        """Set an attribute."""
        setattr(self.things[slot], name, value)

    def fill(self, slot: int, name: str, index: int | None, array: Array) -> None:
        """Write into an array that the object has."""
        target = getattr(self.things[slot], name)
        (target if index is None else target[index])[...] = array

    def _named(self, symbol: str) -> Any:
        if symbol not in self.namespace:
            raise NameError(f"name '{symbol}' is not defined")
        return self.namespace[symbol]


@dataclass(frozen=True)
class Problem:
    """A layer at one point; `names` are the arguments that it is differentiated by."""

    pair: Pair
    inputs: Inputs
    names: tuple[str, ...]

    @property
    def point(self) -> tuple[Array, ...]:
        return tuple(self.inputs.arguments[name].copy() for name in self.names)

    @property
    def outputs(self) -> int:
        """How long the vector of all outputs is."""
        return sum(cotangent.size for cotangent in self.inputs.cotangents.values())

    def forward(self, *arrays: Array) -> Array:
        """All outputs, as one vector."""
        return self.pullback(*arrays)[0]

    def vjp(self, cotangent: Array, *arrays: Array) -> tuple[Array, ...]:
        """A forward pass, and the gradients of all arguments for a cotangent of its outputs."""
        return self.pullback(*arrays)[1](cotangent)

    def pullback(self, *arrays: Array) -> tuple[Array, Any]:
        """The outputs, and the backward pass that belongs to this forward pass."""
        given = {n: np.array(a, float) for n, a in zip(self.names, arrays, strict=True)}
        inputs = replace(self.inputs, arguments={**self.inputs.arguments, **given}).copied()
        hand = Hand(self.pair, inputs)
        outputs = hand.forward(inputs)
        flat = np.concatenate([np.asarray(output, float).reshape(-1) for output in outputs.values()])

        def backward(cotangent: Array) -> tuple[Array, ...]:
            parts, start = {}, 0
            for name, like in self.inputs.cotangents.items():
                parts[name] = np.array(cotangent[start : start + like.size], float).reshape(like.shape)
                start += like.size
            grads = hand.backward(parts)
            missing = [f"d{name}" for name in self.names if grads.get(f"d{name}") is None]
            if missing:
                raise TypeError(f"nothing comes back for {', '.join(missing)}")
            return tuple(np.asarray(grads[f"d{name}"], float) for name in self.names)

        return flat, backward


def problem(right: Path, text: str, symbol: str) -> Problem:
    """A symbol of a right file, made of another text that may have a fault.

    Raises whatever the definitions raise.
    """
    subject = subject_of(right, symbol)
    settled_trial = settled(subject, _session(right.read_text(encoding="utf-8"), right.name), keeps_state(subject))
    trial = Trial(
        subject,
        _session(text, right.name),
        settled_trial.convention,
        settled_trial.options,
        settled_trial.keeps_state,
    )
    case = Case("peers", {**sizes(trial.signature), **{a: n for a, n in SIZES.items() if a in sizes(trial.signature)}})
    inputs = settled_trial.inputs(case)
    with_gradient = _run(settled_trial.pair(case), inputs)
    names = tuple(a.name for a in trial.signature.arguments if a.floats and f"d{a.name}" in with_gradient)
    return Problem(trial.pair(case), inputs, names)


def subject_of(right: Path, symbol: str) -> Subject:
    """The subject that a definition of a file belongs to."""
    found = subjects(read(right), {}, {})
    return next(s for s in found if symbol in {definition.name for definition in s.definitions})


def _run(pair: Pair, inputs: Inputs) -> set[str]:
    """The gradients that the right file keeps."""
    inputs = inputs.copied()
    hand = Hand(pair, inputs)
    hand.forward(inputs)
    return {name for name, grad in hand.backward(inputs.cotangents).items() if grad is not None}


def _session(text: str, label: str) -> Session:
    return cast(Session, Local(text, label))


def _plain(value: Any) -> Any:
    """NumPy's scalars as arrays, as they come out of a session."""
    # a cache may be a tuple with names
    if type(value) is tuple:
        return tuple(_plain(part) for part in value)
    return np.asarray(value) if isinstance(value, np.generic) else value
