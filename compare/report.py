"""What a comparison found, as data: the terminal's tables and the JSON are views of it."""

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from compare.explanation import WrongLine


@dataclass(frozen=True)
class Tensor:
    """How one tensor of the hand agrees with the twin's.

    `error_u` and `allowed_u` are in units of roundoff of the dtype, relative to the tensor's largest element.
    `blame` names the side that is wrong (`hand`, `twin` or `both`), `forward` where the forward passes disagree
    already, so that the gradient cannot be judged, and `inputs` where a fault could not have been seen.
    """

    name: str
    shape: tuple[int, ...]
    bits: float
    identical: bool
    error_u: float
    allowed_u: float
    ok: bool
    blame: str | None = None
    note: str = ""

    @property
    def strain(self) -> float:
        """The observed error as a part of the allowed one; more than anything for what is not ok."""
        return self.error_u / self.allowed_u if self.ok and self.allowed_u else (0.0 if self.ok else math.inf)


@dataclass(frozen=True)
class PairReport:
    """All tensors of one handwritten layer against its twin; each the worst over all cases.

    `explanation` are the wrong lines of a layer that is not ok, as far as they were looked for and found.
    """

    name: str
    twin: str
    hand: str
    tensors: tuple[Tensor, ...]
    family: str = ""
    explanation: tuple["WrongLine", ...] = ()

    @property
    def ok(self) -> bool:
        return bool(self.tensors) and all(tensor.ok for tensor in self.tensors)


@dataclass(frozen=True)
class Report:
    """The outcome of a whole run."""

    dtype: str
    seeds: int
    seconds: float
    pairs: tuple[PairReport, ...]

    @property
    def ok(self) -> bool:
        return bool(self.pairs) and all(pair.ok for pair in self.pairs)


def to_json(report: Report) -> str:
    """The report as JSON text; numbers that are not finite become null."""
    return json.dumps(
        {
            "ok": report.ok,
            "dtype": report.dtype,
            "seeds": report.seeds,
            "seconds": round(report.seconds, 3),
            "pairs": [_pair(pair) for pair in report.pairs],
        },
        indent=2,
        allow_nan=False,
    )


def _pair(pair: PairReport) -> dict[str, Any]:
    return {
        "name": pair.name,
        "twin": pair.twin,
        "hand": pair.hand,
        "ok": pair.ok,
        "tensors": [_tensor(tensor) for tensor in pair.tensors],
        "explanation": [wrong.data for wrong in pair.explanation],
    }


def _tensor(tensor: Tensor) -> dict[str, Any]:
    return {
        "name": tensor.name,
        "shape": list(tensor.shape),
        "bits": round(tensor.bits, 2),
        "identical": tensor.identical,
        "error_u": _finite(tensor.error_u),
        "allowed_u": _finite(tensor.allowed_u),
        "ok": tensor.ok,
        "blame": tensor.blame,
    }


def _finite(number: float) -> float | None:
    return round(number, 3) if math.isfinite(number) else None
