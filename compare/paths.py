"""The rounded operations on the longest path to every output and gradient of a twin, counted on autograd's tape."""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any

from compare.cases import sizes
from compare.inputs import Inputs, draw
from compare.pair import Pair
from compare.rounding import longest_paths
from compare.runs import traced_twin

# a path grows with T by the same operations at every step, and by logarithms: so it is counted on these steps at most
SHORT = 10

_counted: dict[Hashable, Mapping[str, float]] = {}


def operations(pair: Pair, inputs: Inputs) -> Mapping[str, float]:
    """By the name of the tensor; of a sequence longer than SHORT, an upper bound.

    A path of a + b T operations has at most (a + b SHORT) T/SHORT of them; and where an axis is shorter than usual, no
    path is longer.
    """
    case = inputs.case
    T = case.sizes.get("T", 0)
    if T > SHORT:
        short = draw(pair.signature, replace(case, sizes={**case.sizes, "T": SHORT}))
        return {name: n * T / SHORT for name, n in operations(pair, short.astype(inputs.dtype)).items()}
    if not T:
        return _count(pair, inputs)
    base = sizes(pair.signature)
    if case.sizes != base and all(case.sizes[axis] <= size for axis, size in base.items()):
        inputs = draw(pair.signature, replace(case, sizes=base)).astype(inputs.dtype)
    # over a sequence the path depends on shapes and options alone, and is worth remembering
    shapes = tuple(array.shape for array in inputs.arguments.values())
    structural = {name for name, option in pair.signature.keywords.items() if option.choices or option.rule}
    options = {**pair.options, **case.options}
    key = (pair.twin, shapes, *sorted((name, options[name]) for name in structural & options.keys()))
    if key not in _counted:
        _counted[key] = _count(pair, inputs)
    return _counted[key]


def _count(pair: Pair, inputs: Inputs) -> dict[str, float]:
    floats = [a.name for a in pair.signature.arguments if a.floats]
    names: list[str] = []

    def results(*traced: Any) -> list[Any]:
        arguments = {**inputs.arguments, **dict(zip(floats, traced, strict=True))}
        tensors = traced_twin(pair, replace(inputs, arguments=arguments)).tensors
        names.extend(tensors)
        return list(tensors.values())

    lengths = longest_paths(results, [inputs.arguments[name] for name in floats])
    return dict(zip(names, lengths, strict=True))
