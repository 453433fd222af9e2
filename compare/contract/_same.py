"""What the checks of the contract are made of: runs with something changed, copies, and what differs."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from compare.agreement import Array
from compare.inputs import Inputs
from compare.runs import Hand


def run(hand: Hand, inputs: Inputs) -> dict[str, Any]:
    return {**copies(hand.forward(inputs)), **hand.backward(inputs.cotangents)}


def with_arguments(inputs: Inputs, arguments: Mapping[str, Array]) -> Inputs:
    return replace(inputs, arguments={**inputs.arguments, **arguments})


def with_options(inputs: Inputs, **options: Any) -> Inputs:
    return replace(inputs, case=replace(inputs.case, options={**inputs.case.options, **options}))


def copy(array: Any) -> Any:
    return None if array is None else np.array(array)


def copies(arrays: Mapping[str, Any]) -> dict[str, Any]:
    return {name: copy(array) for name, array in arrays.items()}


def different(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return [name for name in one if not np.array_equal(np.asarray(one[name]), np.asarray(other[name]))]
