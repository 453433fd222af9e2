"""Second order: autograd's Hessian-vector product of the twin against a finite difference of the handwritten gradient.

With L = Σ ⟨cotangent, output⟩ and a direction v over all inputs and parameters, the twin gives H v = ∇ ⟨∇L, v⟩ by
differentiating its gradient once more; the hand, which has no second derivative, gives
(∇L(θ + h v) − ∇L(θ − h v)) / 2h, to fourth order in h and in the widest precision.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd.differential_operators import make_vjp

from compare.agreement import Array, bits_of_agreement, relative_error, unit_roundoff
from compare.cases import sizes
from compare.inputs import Case, Inputs, draw
from compare.pair import Pair
from compare.report import PairReport, Tensor
from compare.rounding import WIDE, longest_paths, own_error_u, path_allowance
from compare.runs import run_hand, traced_twin
from tiny_autograd_rnn.signature import Argument


def compare_hessian(pair: Pair, dtype: Any = np.float64, seeds: int = 3) -> PairReport:
    """H v by both sides for several seeds, a row for the block of every input and parameter: the worst of them."""
    try:
        found = [_rows(pair, dtype, seed) for seed in range(seeds)]
        rows = [max(answers, key=lambda row: row.strain) for answers in zip(*found, strict=True)]
    except Exception as error:  # anybody's code may fail in any way
        rows = [_missing(a, f"{type(error).__name__}: {error}") for a in pair.signature.arguments if a.floats]
    name = f"{pair.twin.__module__}.{pair.twin.__qualname__}", f"{pair.hand.__module__}.{pair.hand.__qualname__}"
    return PairReport(f"{pair.title}, Hessian", *name, tuple(rows), pair.family)


def _missing(argument: Argument, note: str) -> Tensor:
    return Tensor(f"Hv {argument.name}", (), 0.0, False, math.inf, 0.0, False, "hand", note)


def _rows(pair: Pair, dtype: Any, seed: int) -> list[Tensor]:
    inputs = draw(pair.signature, Case(f"seed {seed}", sizes(pair.signature), seed)).astype(dtype)
    rng = np.random.default_rng(seed)
    names = [a.name for a in pair.signature.arguments if a.floats]
    # of length 1 over all: the steps along it stay small however many parameters there are
    length = sum(inputs.arguments[name].size for name in names) ** -0.5
    v = {name: (rng.choice([-length, length], inputs.arguments[name].shape)).astype(dtype) for name in names}
    arrays = [inputs.arguments[name] for name in v]
    products, paths = longest_paths(lambda *traced: _product(pair, inputs, v, traced), arrays)
    wide = inputs.astype(WIDE or dtype)
    truth = _by_twin(pair, wide, v) if WIDE else {}
    # rounding divided by h as large as the h⁴ that the formula leaves out
    h = float(np.finfo(wide.dtype).eps) ** 0.2
    by_hand, rougher = _by_hand(pair, wide, v, h), _by_hand(pair, wide, v, 2 * h)
    u = unit_roundoff(dtype)
    rows = []
    for name, b, path in zip(names, products, paths, strict=True):
        a = by_hand[name].astype(dtype)
        # at 2h the formula leaves out 16 times as much, so this is more than what it leaves out at h
        formula = relative_error(rougher[name], by_hand[name]) / u
        allowed = path_allowance(path, b.size) + own_error_u(b, truth.get(name), dtype) + formula
        error = relative_error(a, b) / u
        identical = bool(np.array_equal(a, b))
        ok = error <= allowed
        row = Tensor(
            f"Hv {name}", b.shape, bits_of_agreement(a, b), identical, error, allowed, ok, None if ok else "hand"
        )
        rows.append(row)
    return rows


def _by_twin(pair: Pair, inputs: Inputs, v: Mapping[str, Array]) -> dict[str, Array]:
    """∇ ⟨∇L, v⟩ by autograd."""
    arrays = [inputs.arguments[name] for name in v]
    return dict(zip(v, map(np.asarray, _product(pair, inputs, v, arrays)), strict=True))


def _product(pair: Pair, inputs: Inputs, v: Mapping[str, Array], arrays: Any) -> Any:
    def along_v(*traced: Any) -> Any:
        arguments = {**inputs.arguments, **dict(zip(v, traced, strict=True))}
        grads = traced_twin(pair, replace(inputs, arguments=arguments)).grads
        return sum(anp.sum(grads[f"d{name}"] * direction) for name, direction in v.items())

    with np.errstate(over="ignore"):
        vjp, value = make_vjp(along_v, argnum=tuple(range(len(v))))(*arrays)
        return vjp(value * 0 + 1)


def _by_hand(pair: Pair, inputs: Inputs, v: Mapping[str, Array], h: float) -> dict[str, Array]:
    """(8 (∇L(h) − ∇L(−h)) − (∇L(2h) − ∇L(−2h))) / 12 h from the handwritten gradient."""
    at = {
        steps: run_hand(pair, inputs.moved({name: steps * h * direction for name, direction in v.items()})).grads
        for steps in (-2, -1, 1, 2)
    }
    return {
        name: (8 * (at[1][f"d{name}"] - at[-1][f"d{name}"]) - (at[2][f"d{name}"] - at[-2][f"d{name}"])) / (12 * h)
        for name in v
    }
