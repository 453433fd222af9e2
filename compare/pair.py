"""A pair: a handwritten class beside the pure function that specifies it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tiny_autograd_rnn.signature import Signature


@dataclass(frozen=True)
class Pair:
    """A handwritten class, its twin, and the options that make the class keep what the twin takes as data.

    `layer`: the hand keeps the contract of a layer, its clear refusals included. `stopped`: a gradient is stopped
    on purpose, so that neither backward pass is the whole derivative of its forward pass. `long`: the steps T of the
    long sequence that it is compared on, fewer where a step takes several cells.
    """

    hand: Callable[..., Any]
    twin: Callable[..., Any]
    options: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    layer: bool = True
    stopped: bool = False
    long: int = 200
    family: str = ""

    @cached_property
    def title(self) -> str:
        """What the pair is called in every report: the class's name, unless another is given."""
        return self.name or self.hand.__name__

    @cached_property
    def signature(self) -> Signature:
        """The specification: the twin's signature."""
        return Signature.of(self.twin)
