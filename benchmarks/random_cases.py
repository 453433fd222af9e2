"""One random comparison of a correct layer, and the same again with a planted error."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.planted import Plant, with_plant
from compare.agreement import precision
from compare.cases import cases
from compare.inputs import Case
from compare.judge import judge
from compare.pair import Pair
from compare.pairs import PAIRS
from compare.reference import reference
from compare.report import Tensor
from compare.rounding import PROMISE

MOST = {"N": 32, "T": 200, "D": 256, "H": 256, "V": 256, "K": 4}
DTYPES = (np.float64, np.float32)


@dataclass(frozen=True)
class Outcome:
    """One comparison: how near its tensors came to the bound, and what was not passed.

    `strain` is the largest error of a tensor as a part of the allowed one. `plant` and `caught` tell of the error
    planted afterwards; `caught` is None where there was none.
    """

    number: int
    pair: str
    dtype: str
    case: str
    strain: float
    bits: tuple[int, ...]
    alarms: tuple[str, ...]
    plant: str = ""
    caught: bool | None = None


def examine(seed: int, number: int, planted: bool) -> Outcome:
    """The comparison with this number: its pair and dtype come in turn, all else is drawn."""
    rng = np.random.default_rng([seed, number])
    pair, dtype = PAIRS[number % len(PAIRS)], DTYPES[number // len(PAIRS) % len(DTYPES)]
    case = random_case(rng, pair, dtype)
    ref = reference(pair, case, dtype)
    rows = judge(pair, ref)
    found: dict[str, Any] = {}
    tensor = str(rng.choice(list(ref.run.tensors)))
    if planted and ref.run.tensors[tensor].any():
        plant = random_plant(rng, tensor, dtype)
        again = {row.name: row for row in judge(with_plant(pair, plant), ref)}
        found = {"plant": str(plant), "caught": not again[tensor].ok}
    return Outcome(
        number,
        pair.title,
        np.dtype(dtype).name,
        f"{dict(case.sizes)} seed {ref.inputs.case.seed} {case.name}",
        max(_strain(row) for row in rows),
        tuple(int(row.bits) for row in rows),
        tuple(f"{row.name}: {row.error_u:.3g} u of {row.allowed_u:.3g} u {row.note}" for row in rows if not row.ok),
        **found,
    )


def random_case(rng: np.random.Generator, pair: Pair, dtype: Any) -> Case:
    """Sizes drawn log-uniformly; in a quarter of the cases special values, if the pair has any.

    One corner is left out. With zero weights the scores of all rows are the same, so that in a sum over the rows the
    rounding errors are the same too, and add up instead of averaging out: over thousands of rows a correct sum in
    float32 is off by as much as the comparison promises to catch. There T is at most 32.
    """
    seed, signature = int(rng.integers(2**31)), pair.signature
    sizes = {axis: int(np.exp(rng.uniform(0, np.log(MOST[axis] + 1)))) for axis in signature.axes}
    special = [case for case in cases(pair, seeds=0) if case.special or case.options]
    if not special or rng.random() < 0.75:
        return Case("plain", sizes, seed)
    chosen = special[rng.integers(len(special))]
    if chosen.special == "zero weights" and dtype == np.float32 and "T" in sizes:
        sizes["T"] = min(sizes["T"], 32)
    return Case(chosen.name, sizes, seed, chosen.special, chosen.options)


def random_plant(rng: np.random.Generator, tensor: str, dtype: Any) -> Plant:
    """Exactly the error that is promised to be caught, up or down, in every dtype or in the compared one alone."""
    error = float(rng.choice([-1, 1])) * PROMISE[precision(dtype)]
    return Plant(tensor, rng.random(), error, np.dtype(dtype).name if rng.random() < 0.5 else None)


def _strain(row: Tensor) -> float:
    return row.error_u / row.allowed_u if row.allowed_u else float("inf")
