"""The table of language models: each a handwritten class and its twin, whose signature says everything else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

import manual
import tiny_autograd_rnn as pure
from compare.agreement import Array
from manual import fused
from tiny_autograd_rnn.signature import Argument, Signature


@dataclass(frozen=True)
class Architecture:
    """A model that can be trained: what `--model` calls it, its handwritten class, and the class's twin.

    The class is the fused one, whose steps are the shorter ones; `plain` is that of the documents.
    """

    name: str
    hand: Callable[..., Any]
    twin: Callable[..., Any]

    @property
    def title(self) -> str:
        return self.hand.__name__

    @property
    def plain(self) -> Callable[..., Any]:
        return getattr(manual, self.title)

    @cached_property
    def signature(self) -> Signature:
        return Signature.of(self.twin)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the parameters, in the order of both sides."""
        return tuple(argument.name for argument in self.signature.params)

    @cached_property
    def states(self) -> tuple[str, ...]:
        """What the hand calls the states that it carries: h for the twin's h0."""
        return tuple(argument.name.removesuffix("0") for argument in self.signature.states)

    @cached_property
    def masks(self) -> tuple[Argument, ...]:
        """The twin's data that are neither text nor state: which units a dropout keeps."""
        states = self.signature.states
        return tuple(a for a in self.signature.data if a not in states and a.name not in ("xs", "ts"))

    @property
    def drops(self) -> bool:
        """Whether it has dropout."""
        return "ratio" in self.signature.options

    @property
    def tied(self) -> bool:
        """Whether the embedding is also the weight of the affine layer, so that D is H."""
        return "D" not in self.signature.axes

    def sizes(self, params: Sequence[Array]) -> dict[str, int]:
        """V, D and H of parameters in their usual order.

        Raises ValueError where one has not as many axes as it should.
        """
        sizes: dict[str, int] = {}
        for argument, param in zip(self.signature.params, params, strict=True):
            if param.ndim != len(argument.axes):
                raise ValueError(f"has {argument.name} of shape {param.shape}, which does not fit the other parameters")
            for axis, size in zip(argument.axes, param.shape, strict=True):
                if axis.times == 1:
                    sizes.setdefault(axis.letter, size)
        return {"D": sizes["H"], **sizes}

    def shapes(self, arguments: Sequence[Argument], **sizes: int) -> dict[str, tuple[int, ...]]:
        """The shape of each argument, by name."""
        return {argument.name: argument.forms[0].shape(sizes) for argument in arguments}

    def initial(self, V: int, D: int, H: int, dtype: Any, seed: int) -> list[Array]:
        """The book's start: normal numbers over 100 (embed_W) or √rows (every other weight), and biases of 0."""
        randn = np.random.default_rng(seed).standard_normal
        params = []
        for name, shape in self.shapes(self.signature.params, V=V, D=D, H=H).items():
            if name.endswith("_b"):
                param = np.zeros(shape)
            else:
                param = randn(shape) / (100 if name == "embed_W" else np.sqrt(shape[0]))
            params.append(param.astype(dtype))
        return params


MODELS = {
    model.name: model
    for model in (
        Architecture("simple-rnnlm", fused.SimpleRnnlm, pure.simple_rnnlm),
        Architecture("rnnlm", fused.Rnnlm, pure.rnnlm),
        Architecture("better-rnnlm", fused.BetterRnnlm, pure.better_rnnlm),
        Architecture("gru", fused.GruRnnlm, pure.gru_rnnlm),
    )
}
