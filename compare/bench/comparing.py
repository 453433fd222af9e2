"""What the comparison itself costs: beside the steps that it compares, and beside finite differences."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from compare.bench.problem import Shape
from compare.errors import RefusedError
from compare.inputs import Case, Inputs, draw
from compare.judge import compare_pair, judge
from compare.pair import Pair
from compare.pairs import PAIRS
from compare.reference import reference
from compare.report import Tensor
from compare.runs import Hand, run_twin
from compare.training.models import MODELS

# the size for a check by finite differences
CHECKED = {"N": 4, "T": 10, "D": 32, "H": 32}


def whole_model(model: str, shape: list[int], rounds: int) -> dict[str, Any]:
    """The seconds of a step by autograd, of one by hand, and of comparing the two, in turn.

    The steps in the order in which the comparison takes them: the hand is built anew each time, and has to fetch from
    the system the memory that autograd has just given back, which can take longer than the step itself.
    """
    pair = _pair(MODELS[model].title)
    case = Case("bench", {axis: Shape(*shape)._asdict()[axis] for axis in pair.signature.axes})
    inputs = draw(pair.signature, case).astype(np.float32)
    found: dict[str, list[float]] = {"hand": [], "autograd": [], "compare": []}
    # the first round warms up
    for k in range(rounds + 1):
        seconds = {
            "autograd": _seconds(lambda: run_twin(pair, inputs)),
            "hand": _seconds(lambda: _by_hand(pair, inputs)),
            "compare": _seconds(lambda: _agreeing(compare_pair(pair, np.float32, chosen=[case]).tensors)),
        }
        for name in found if k else ():
            found[name].append(seconds[name])
    return found


def finite_differences(rounds: int) -> dict[str, Any]:
    """The seconds of torch's gradcheck of our TimeRNN, and of the three questions about it, on the same inputs."""
    pair = _pair("TimeRNN")
    case = Case("bench", CHECKED)
    given = draw(pair.signature, case)
    found: dict[str, list[float]] = {"gradcheck": [], "compare": []}
    for k in range(rounds + 1):
        compare = _seconds(lambda: _agreeing(judge(pair, reference(pair, case, np.float64))), times=20)
        gradcheck = _seconds(lambda: _gradcheck(pair, given)) if k else 0.0
        if k:
            found["compare"].append(compare)
            found["gradcheck"].append(gradcheck)
    return found


def _gradcheck(pair: Pair, inputs: Inputs) -> None:
    """torch's own check of the same layer: its backward pass against differences of its forward pass."""
    import torch

    signature = pair.signature

    class Layer(torch.autograd.Function):  # type: ignore[misc]  # torch is not there for mypy
        @staticmethod
        def forward(context: Any, *tensors: Any) -> Any:
            arrays = (tensor.detach().numpy() for tensor in tensors)
            given = dict(zip((a.name for a in signature.arguments), arrays, strict=True))
            context.hand = Hand(pair, replace(inputs, arguments=given))
            return torch.from_numpy(context.hand.forward(replace(inputs, arguments=given))["hs"])

        @staticmethod
        def backward(context: Any, *upstream: Any) -> Any:
            grads = context.hand.backward({"hs": upstream[0].contiguous().numpy()})
            return tuple(torch.from_numpy(grads[f"d{a.name}"]) for a in signature.arguments)

    tensors = tuple(torch.tensor(inputs.arguments[a.name], requires_grad=True) for a in signature.arguments)
    if not torch.autograd.gradcheck(Layer.apply, tensors):
        raise RefusedError("bench: torch's gradcheck objects to TimeRNN")


def _by_hand(pair: Pair, inputs: Inputs) -> None:
    hand = Hand(pair, inputs)
    hand.forward(inputs)
    hand.backward(inputs.cotangents)


def _agreeing(rows: Any) -> None:
    wrong = [row.name for row in rows if isinstance(row, Tensor) and not row.ok and row.blame != "inputs"]
    if wrong:
        raise RefusedError(f"bench: {', '.join(wrong)} do not agree; run: tiny-autograd-rnn compare")


def _pair(title: str) -> Pair:
    return next(pair for pair in PAIRS if pair.title == title)


def _seconds(do: Callable[[], object], times: int = 1) -> float:
    began = time.perf_counter()
    for _ in range(times):
        do()
    return (time.perf_counter() - began) / times
