"""Autograd's tape and memory grow linearly with the steps T: at most 2.2 times as much for twice as many."""

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import autograd.numpy as anp
import pytest
from autograd.core import VJPNode
from autograd.tracer import trace
from autograd.util import toposort

from benchmarks.scaling import RECURRENT, WANTED, WORK, peak, product
from compare.cases import sizes
from compare.inputs import Case, Inputs, draw
from compare.pair import Pair
from compare.runs import run_twin
from tiny_autograd_rnn.signature import Array, Float, specified

STEPS = (20, 40, 80)


def inputs_of(pair: Pair, steps: int) -> Inputs:
    return draw(pair.signature, Case(f"T = {steps}", {**sizes(pair.signature), "T": steps}))


def tape(pair: Pair, steps: int) -> tuple[int, int]:
    """The nodes that the backward pass walks through, and the edges between them."""
    inputs = inputs_of(pair, steps)
    arrays = list(inputs.arguments.values())
    floats = [i for i, a in enumerate(pair.signature.arguments) if a.floats]

    def forward(box: Any) -> Any:
        given = list(arrays)
        for place, i in enumerate(floats):
            given[i] = box[place]
        return pair.twin(*given)

    _, end = trace(VJPNode.new_root(), forward, tuple(arrays[i] for i in floats))
    nodes = list(toposort(end))
    return len(nodes), sum(len(node.parents) for node in nodes)


def growth(measure: Callable[[int], float], tried: Sequence[int] = STEPS) -> list[float]:
    """The ratio of each doubling of T."""
    measured = [measure(steps) for steps in tried]
    return [more / less for less, more in itertools.pairwise(measured)]


@pytest.mark.parametrize("pair", RECURRENT, ids=lambda pair: pair.title)
def test_the_tape_grows_linearly(pair: Pair) -> None:
    nodes, edges = zip(*(tape(pair, steps) for steps in STEPS), strict=True)
    # a node at least for each step's tanh, or nothing was counted
    assert nodes[0] > STEPS[0]
    for counts in (nodes, edges):
        # the later steps add as many as the earlier ones
        assert counts[2] - counts[1] == 2 * (counts[1] - counts[0])
        assert max(more / less for less, more in itertools.pairwise(counts)) <= WANTED


@pytest.mark.parametrize("order", WORK)
@pytest.mark.parametrize("pair", RECURRENT, ids=lambda pair: pair.title)
def test_the_memory_grows_linearly(pair: Pair, order: int) -> None:
    assert max(growth(lambda steps: peak(WORK[order], pair, inputs_of(pair, steps)))) <= WANTED


@pytest.mark.parametrize("pair", RECURRENT, ids=lambda pair: pair.title)
def test_the_tape_of_a_hessian_vector_product_grows_linearly(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [0]
    count = VJPNode.__init__

    def counted(*args: Any) -> None:
        made[0] += 1
        count(*args)

    monkeypatch.setattr(VJPNode, "__init__", counted)

    def nodes(steps: int) -> int:
        made[0] = 0
        product(pair, inputs_of(pair, steps))
        return made[0]

    # beside the forward pass, the tape holds the backward pass
    assert nodes(STEPS[0]) > 2 * tape(pair, STEPS[0])[0]
    assert max(growth(nodes)) <= WANTED


@specified
def rejoined(
    xs: Float[Array, "N T D"],
    h0: Float[Array, "N H"],
    /,
    Wx: Float[Array, "D H"],
    Wh: Float[Array, "H H"],
    b: Float[Array, "H"],
) -> Float[Array, "N T H"]:
    """Every step sums over all that was before it"""
    hs = [h0]
    for t in range(xs.shape[1]):
        hs.append(anp.tanh(anp.dot(xs[:, t], Wx) + anp.dot(sum(hs), Wh) + b))
    out: Array = anp.swapaxes(anp.array(hs[1:]), 0, 1)
    return out


def test_quadratic_growth_is_noticed() -> None:
    pair = Pair(RECURRENT[0].hand, rejoined)
    tried = (20, 40, 80)
    assert growth(lambda steps: tape(pair, steps)[0], tried)[-1] > WANTED
    assert growth(lambda steps: peak(run_twin, pair, inputs_of(pair, steps)), tried)[-1] > WANTED
