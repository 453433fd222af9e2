"""The error that rounding may leave between two correct results: derived, not chosen.

Three parts, each in units of roundoff u of the dtype and relative to the tensor's largest element:

- the path: n rounded operations on the longest path through the tape, forwards and backwards, leave λ √n u, with
  λ = √(2 ln(2m/P)) for the m elements of a tensor, but for a chance of P (the probabilistic rounding analysis
  of Higham and Mary, 2019, counting tensor operations: a sum of k terms as log₂ k, as NumPy and BLAS add in blocks);
- the twin's own distance from the same function in `np.longdouble`: what the condition of the problem makes of u;
- the hand's own distance from itself in `np.longdouble`.

The last two are asked for only where the path does not explain a difference (`compare.judge`). A correct hand and its
twin agree in `np.longdouble`, so by the triangle inequality these two alone leave no room for a false alarm. None may
eat what a comparison promises to catch: the path counts up to an eighth of the promise, the twin's own error is kept
below an eighth by drawing other inputs, and counts, as the hand's own, up to a quarter.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from autograd.core import VJPNode
from autograd.tracer import Node, getval, isbox, notrace_primitives, register_notrace, trace

from compare.agreement import Array, precision, relative_error, unit_roundoff

CHANCE = 1e-9
# the relative error in one element, as a part of the tensor's largest, that no comparison may miss
PROMISE = {53: 1e-9, 24: 1e-4}

# x86's extended precision has 64 bits, but on some platforms np.longdouble is plain float64
WIDE: Any = np.longdouble if precision(np.longdouble) > precision(np.float64) else None
TRUTH = f"np.longdouble ({precision(np.longdouble)} bits)" if WIDE else "none: np.longdouble is no wider than float64"


def promised_u(dtype: Any) -> float:
    """What a comparison promises to catch, in units of roundoff."""
    return PROMISE[precision(dtype)] / unit_roundoff(dtype)


def path_allowance(operations: float, elements: int) -> float:
    """λ √n: the rounding error, in u, that n operations on the longest path leave in any of m elements."""
    return math.sqrt(2 * math.log(2 * max(elements, 1) / CHANCE)) * math.sqrt(max(operations, 1.0))


def own_error_u(result: Array, wide: Array | None, dtype: Any) -> float:
    """How far a result in `dtype` is from the same computation in `np.longdouble`, in u of `dtype`."""
    if wide is None:
        return promised_u(dtype) / 4
    return relative_error(result, wide) / unit_roundoff(dtype)


def allowed_u(dtype: Any, operations: float, elements: int, twin_u: float, hand_u: float) -> float:
    """The allowed distance of hand and twin, in u: the path and the own errors of both, as far as they count.

    Why the path has a cap: over T = 800 steps in float32 the bound alone would be two thirds of the promise.
    """
    promised = promised_u(dtype)
    return (
        min(path_allowance(operations, elements), promised / 8) + min(twin_u, promised / 4) + min(hand_u, promised / 4)
    )


def longest_paths(
    function: Callable[..., Sequence[Any]], arrays: Sequence[Array], log2: Callable[[int], float] = math.log2
) -> tuple[list[Array], list[float]]:
    """The results of a function of arrays, and for each the rounded operations on the longest path to it.

    `log2` takes the size of an array: another one than the logarithm counts as if the arrays were larger.
    """
    values: list[Array] = []
    lengths: list[float] = []

    def measured(box: Any) -> Any:
        for result in function(*(box[i] for i in range(len(arrays)))):
            values.append(np.asarray(getval(result)))
            lengths.append(result._node.length if isbox(result) else 0.0)
        return box

    trace(PathNode.new_root(log2), measured, tuple(arrays))
    return values, lengths


class PathNode(Node):  # type: ignore[misc]
    """A node of autograd's tape that knows only how many rounded operations lie behind it."""

    __slots__ = ["length", "log2"]

    def __init__(
        self, value: Any, fun: Any, args: Any, kwargs: Any, argnums: Any, parents: Sequence["PathNode"]
    ) -> None:
        self.log2: Callable[[int], float] = parents[0].log2
        self.length: float = max([parent.length for parent in parents]) + _rounded(fun.__name__, args, value, self.log2)

    def initialize_root(self, log2: Callable[[int], float]) -> None:
        self.length = 0.0
        self.log2 = log2


for _untraced in notrace_primitives[VJPNode]:
    register_notrace(PathNode, _untraced)

_MOVES_ONLY = """
    __getitem__ untake array_from_args concatenate_args reshape transpose swapaxes moveaxis _astype expand_dims squeeze
    ravel broadcast_to where container_take container_untake make_sequence array zeros_like ones_like negative max
    maximum repeat tile full covector
"""
# accurate to a few units in the last place: NumPy's vector versions promise 4
_LIBRARY = "exp log tanh cosh sinh log1p expm1 logaddexp sqrt power"
_OPERATIONS = {
    **dict.fromkeys(_MOVES_ONLY.split(), 0.0),
    **dict.fromkeys(("add", "subtract", "multiply", "divide"), 1.0),
    **dict.fromkeys(_LIBRARY.split(), 4.0),
}


def _rounded(name: str, args: Any, value: Any, log2: Callable[[int], float]) -> float:
    """The rounded operations, one after another, that one tensor operation adds to a path."""
    if name in _OPERATIONS:
        return _OPERATIONS[name]
    if name.startswith(("dot", "matmul", "tensordot", "einsum")):
        # |A| |B| / |A B| = k² for matrices of inner size k
        a, b, out = (log2(np.size(getval(array))) for array in (*args[:2], value))
        return 1 + max((a + b - out) / 2, 0.0)
    if name in ("sum", "mean"):
        return max(log2(np.size(getval(args[0]))) - log2(np.size(getval(value))), 0.0)
    return 1.0
