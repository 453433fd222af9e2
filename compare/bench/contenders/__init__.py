"""The contenders, each a way to take the same training step; a module is imported only in the process that runs it."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from compare.bench.contenders.step import Step
from compare.bench.problem import Problem


@dataclass(frozen=True)
class Contender:
    """Who takes the step, where that is written, and the package that it takes beside ours.

    `own`: it has threads of its own, and keeps the BLAS to one.
    """

    name: str
    place: str
    what: str
    needs: str = ""
    own: bool = False

    def blas(self, threads: int) -> int:
        """How many of its threads are the BLAS's."""
        return 1 if self.own else threads

    def build(self, problem: Problem, threads: int) -> Step:
        """The step, ready to be taken.

        Raises ImportError where its package is not installed.
        """
        module, _, function = self.place.partition(":")
        build: Callable[[Problem, int], Step] = getattr(
            importlib.import_module(f"{__name__}.{module}"), function or "build"
        )
        return build(problem, threads)


CONTENDERS: Mapping[str, Contender] = {
    contender.name: contender
    for contender in (
        Contender("fused", "hands:fused", "manual.fused: derived by hand, arranged for speed", own=True),
        Contender("floor", "floor", "only the step's matrix products, by NumPy"),
        Contender("plain", "hands:plain", "manual: derived by hand, a cell at a time"),
        Contender("book", "book", "the book's layers as published: no argument is checked"),
        Contender("twin", "tapes:twin", "tiny_autograd_rnn, differentiated by autograd"),
        Contender("autograd", "tapes:straightforward", "the straightforward forward pass, differentiated by autograd"),
        Contender("torch", "peer_torch", "torch: nn.Embedding, nn.RNN or nn.LSTM, nn.Linear, cross_entropy", "torch"),
        Contender("jax", "peer_jax", "JAX: jit of value_and_grad, lax.scan", "jax"),
    )
}
PEERS = tuple(name for name, contender in CONTENDERS.items() if contender.needs)
