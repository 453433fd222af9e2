"""The rounded operations on the longest path to every output and gradient of a twin, counted on autograd's tape."""

import math
from collections.abc import Callable, Hashable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from compare.cases import sizes
from compare.inputs import Inputs, draw
from compare.pair import Pair
from compare.rounding import longest_paths
from compare.runs import Run, run_twin, traced_twin
from tiny_autograd_rnn.forms import GRADIENT, LABELS

# a path grows with T by the same operations at every step, and by logarithms: so it is counted on these steps at most
SHORT = 10
# the axes that a twin walks along; the others only make the arrays wider
_WALKED = ("T", "K")
# none divides SHORT, nor the 2, 3 and 4 that shapes have as fixed sizes and multiples
_PRIMES = (7, 11, 13, 17, 19, 23, 29)

_counted: dict[Hashable, Mapping[str, float]] = {}


def counted(pair: Pair, inputs: Inputs) -> tuple[Run, Mapping[str, float]]:
    """The twin's run, and the operations by the name of the tensor; of a sequence longer than SHORT, an upper bound.

    A path of a + b T operations has at most (a + b SHORT) T/SHORT of them; and where an axis of a sequence is shorter
    than usual, no path is longer.
    """
    case = inputs.case
    T = case.sizes.get("T", 0)
    if any(argument.note == GRADIENT for argument in pair.signature.data):
        # clipping: how large the values are decides what is computed
        return _count(pair, inputs)
    if T > SHORT:
        return run_twin(pair, inputs), {name: n * T / SHORT for name, n in counted_short(pair, inputs).items()}
    base, measured = sizes(pair.signature), inputs
    if T and case.sizes != base and all(case.sizes[axis] <= size for axis, size in base.items()):
        measured = draw(pair.signature, replace(case, sizes=base)).astype(inputs.dtype)
    # otherwise the path depends on shapes and options alone, and is worth remembering
    key = _key(pair, measured)
    if key not in _counted:
        run, _counted[key] = _count(pair, measured)
        if measured is inputs:
            return run, _counted[key]
    return run_twin(pair, inputs), _counted[key]


def counted_short(pair: Pair, inputs: Inputs) -> Mapping[str, float]:
    """The operations over SHORT steps, counted on narrow arrays as if they were as wide as the inputs.

    Every other axis gets a prime number of its own as its size, so that the size of an array tells its axes, and from
    them the logarithm of the size that it stands for.
    """
    case = inputs.case
    K = case.sizes.get("K", 1)
    wide = [axis for axis in case.sizes if axis not in _WALKED]
    primes = dict(zip(wide, (p for p in _PRIMES if K % p), strict=False))
    key = (*_key(pair, inputs), SHORT)
    if key not in _counted:
        narrow = replace(case, sizes={**case.sizes, "T": SHORT, **primes})
        log2 = _log2_of({primes[axis]: case.sizes[axis] for axis in wide})
        _, _counted[key] = _count(pair, _none_ignored(pair, draw(pair.signature, narrow)).astype(inputs.dtype), log2)
    return _counted[key]


def _none_ignored(pair: Pair, inputs: Inputs) -> Inputs:
    """With every label kept, unless all are ignored: a mean over some of them would have a size that tells no axes."""
    arguments = dict(inputs.arguments)
    label = {**pair.signature.options, **inputs.case.options}.get("ignore_label")
    for argument in pair.signature.data:
        ids = arguments[argument.name]
        if argument.note == LABELS and ids.ndim == len(argument.axes) and (ids != label).any():
            arguments[argument.name] = np.where(ids == label, int(label == 0), ids)
    return replace(inputs, arguments=arguments)


def _log2_of(stands_for: Mapping[int, int]) -> Callable[[int], float]:
    """The logarithm of a size in which every prime number stands for another one."""

    def log2(size: int) -> float:
        found = 0.0
        for prime, axis in stands_for.items():
            while size % prime == 0:
                size //= prime
                found += math.log2(axis)
        return found + math.log2(size)

    return log2


def _key(pair: Pair, inputs: Inputs) -> tuple[Hashable, ...]:
    """All that the path depends on."""
    shapes = tuple(array.shape for array in inputs.arguments.values())
    structural = {name for name, option in pair.signature.keywords.items() if option.choices or option.rule}
    options = {**pair.options, **inputs.case.options}
    return (pair.twin, shapes, *sorted((name, options[name]) for name in structural & options.keys()))


def _count(pair: Pair, inputs: Inputs, log2: Callable[[int], float] = math.log2) -> tuple[Run, dict[str, float]]:
    floats = [a.name for a in pair.signature.arguments if a.floats]
    names: list[str] = []

    def results(*traced: Any) -> list[Any]:
        arguments = {**inputs.arguments, **dict(zip(floats, traced, strict=True))}
        run = traced_twin(pair, replace(inputs, arguments=arguments))
        names.extend(run.tensors)
        return list(run.tensors.values())

    values, lengths = longest_paths(results, [inputs.arguments[name] for name in floats], log2)
    named = dict(zip(names, values, strict=True))
    outputs = [output.name for output in pair.signature.outputs]
    grads = {name: value for name, value in named.items() if name not in outputs}
    return Run({name: named[name] for name in outputs}, grads), dict(zip(names, lengths, strict=True))
