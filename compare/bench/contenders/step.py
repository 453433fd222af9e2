"""What a contender hands over: a step to take again and again, and what came out of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from compare.agreement import Array


@dataclass(frozen=True)
class Step:
    """`take` is one training step: forward, backward, all gradients; `loss` and `grads` are those of the latest.

    The gradients come in the order of the model's parameters. A step that computes none has no `grads`.
    """

    take: Callable[[], object]
    loss: Callable[[], float]
    grads: Callable[[], Sequence[Array]]
