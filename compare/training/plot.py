"""The course of a training as a picture: loss, perplexity and, of two copies, their agreement over steps."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from compare.agreement import precision
from compare.errors import RefusedError
from compare.files import replacing
from compare.training.course import Epoch, Step, perplexity


def require(option: str) -> None:
    """Raises RefusedError where matplotlib is missing, before a long run rather than after it."""
    try:
        import matplotlib.backends.backend_agg
        import matplotlib.figure  # noqa: F401
    except ImportError:
        raise RefusedError(
            f"{option}: matplotlib is not installed; run: pip install 'tiny-autograd-rnn[plot]'"
        ) from None


def draw(path: Path, title: str, dtype: str, steps: Sequence[Step], epochs: Sequence[Epoch]) -> None:
    """Write the picture as PNG.

    Raises OSError where it cannot be written.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    compared = bool(steps and steps[0].parameters)
    panels = 3 if compared else 2
    figure = Figure(figsize=(8, 2.6 * panels + 0.5), layout="constrained")
    axes = figure.subplots(panels, 1, sharex=True)
    figure.suptitle(title, fontsize=11)
    _losses(axes[0], steps, epochs)
    _perplexities(axes[1], epochs)
    if compared:
        _agreement(axes[2], steps, precision(dtype))
    for axis in axes:
        axis.grid(alpha=0.3)
        axis.margins(x=0.02)
    axes[-1].set_xlabel("steps (updates of the parameters)")
    with replacing(path) as file:
        FigureCanvasAgg(figure).print_png(file)


def _losses(axis: Any, steps: Sequence[Step], epochs: Sequence[Epoch]) -> None:
    axis.plot([s.step for s in steps], [s.losses[0] for s in steps], lw=0.6, alpha=0.45, color="C0", label="each step")
    axis.plot([e.step for e in epochs], [e.loss for e in epochs], **_marked("C0", epochs), label="mean of the epoch")
    if any(e.validation is not None for e in epochs):
        axis.plot([e.step for e in epochs], [e.validation for e in epochs], **_marked("C1", epochs), label="validation")
    axis.set_ylabel("loss (nats per token)")
    axis.legend()


def _perplexities(axis: Any, epochs: Sequence[Epoch]) -> None:
    at = [e.step for e in epochs]
    axis.plot(at, [perplexity(e.loss) for e in epochs], **_marked("C0", epochs), label="training")
    held_out = [perplexity(e.validation) for e in epochs if e.validation is not None]
    if held_out:
        axis.plot(at, held_out, **_marked("C1", epochs), label="validation")
    axis.set_ylabel("perplexity (tokens)")
    axis.set_ylim(bottom=0)
    axis.legend()


def _agreement(axis: Any, steps: Sequence[Step], most: int) -> None:
    at = [s.step for s in steps]
    gradients = [s.gradients.bits for s in steps if s.gradients]
    parameters = [s.parameters.bits for s in steps if s.parameters]
    axis.plot(at, gradients, lw=0.6, color="C3", alpha=0.6, label="gradients, each at its own parameters")
    axis.plot(at, parameters, lw=1.5, color="C2", label="parameters")
    axis.axhline(most, color="0.4", lw=0.8, ls="--", label=f"identical ({most} bits)")
    axis.set_ylim(0, most * 1.08)
    axis.set_yticks(np.arange(0, most + 1, 10 if most > 24 else 5))
    axis.set_ylabel("agreement of the two copies\n(bits, worst tensor)")
    axis.legend()


def _marked(color: str, epochs: Sequence[Epoch]) -> dict[str, Any]:
    # a marker on each of a hundred epochs would hide the line
    return {"color": color, "lw": 1.6, "marker": "o" if len(epochs) <= 30 else "", "ms": 4}
