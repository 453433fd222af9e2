"""What a person sees: a progress bar on a terminal, and a line for every epoch everywhere."""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from compare.training.course import Epoch, Parting, Plan, Step, lowered, perplexity


class View:
    """Lines on standard output (on standard error where JSON takes standard output)."""

    def __init__(self, *, stderr: bool) -> None:
        self.console = Console(stderr=stderr, highlight=False)

    def line(self, text: str = "", style: str = "") -> None:
        """Print what the stream can show of the text; a control character in a token is no command to a terminal."""
        shown = "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)
        encoding = self.console.encoding
        shown = shown.encode(encoding, "replace").decode(encoding)
        # a pipe has no width to wrap at
        self.console.print(Text(shown, style=style), soft_wrap=not self.console.is_terminal)

    def table(
        self, events: Iterable[Step | Epoch], total: int, *, compared: bool, validated: bool
    ) -> Iterator[Step | Epoch]:
        """Pass the events on, with the bar moving at every step and a line under the heading at every epoch."""
        names = ["epoch", "step", "loss", "ppl"] + ["val ppl"] * validated + ["grad bits", "par bits"] * compared
        self.line("".join(f"{name:>{_width(name)}}" for name in names), "bold")
        with self._progress() as progress:
            task = progress.add_task("", total=total, now="")
            for event in events:
                if isinstance(event, Step):
                    progress.update(task, completed=event.step, now=_now(event))
                else:
                    self.line(
                        "".join(f"{cell:>{_width(name)}}" for name, cell in zip(names, _cells(event), strict=True))
                    )
                yield event

    def _progress(self) -> Progress:
        return Progress(
            TextColumn("{task.completed}/{task.total}"),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[now]}"),
            TimeRemainingColumn(compact=True),
            console=self.console,
            transient=True,
            disable=not self.console.is_terminal,
            expand=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )


def lr_line(plan: Plan, epochs: Sequence[Epoch]) -> str:
    """What the latest epoch did to the learning rate, empty where nothing."""
    if plan.keep_lr or lowered(epochs)[-1]:
        return ""
    return f"{'':5}  lr quartered to {plan.rate(epochs):.3g}: val ppl did not fall"


def best_line(epochs: Sequence[Epoch], step: int) -> str:
    """Which of the whole epochs the model is of, empty where that is the last step."""
    best = [epoch for epoch, fell in zip(epochs, lowered(epochs), strict=True) if fell][-1]
    if best.step == step or best.validation is None:
        return ""
    return (
        f"The model has the parameters after epoch {best.epoch}, of the lowest validation perplexity, "
        f"{_short(perplexity(best.validation))}, not the last ones."
    )


def parting_lines(partings: Sequence[Parting], last: Step) -> list[str]:
    """How the parameters of the two copies went apart, in sentences."""
    crossed = [f"{p.bits} bits after step {p.step:,}" for p in partings if p.step is not None]
    kept = [p.bits for p in partings if p.step is None]
    assert last.parameters is not None
    fell = f"Parameters fell below {_joined(crossed)}." if crossed else ""
    held = f"{'They' if crossed else 'Parameters'} never fell below {kept[0]} bits." if kept else ""
    bits = last.parameters.bits
    end = (
        f"After step {last.step:,} they agree on {bits:.1f} bits: apart by {2**-bits:.1g} of the largest "
        f"element of {last.parameters.tensor}, the tensor that agrees least."
    )
    return [line for line in (fell, held, end) if line]


def _joined(parts: Sequence[str]) -> str:
    return ", ".join(parts[:-1]) + " and " * (len(parts) > 1) + parts[-1]


def _width(name: str) -> int:
    return {"epoch": 5, "step": 8, "loss": 8, "grad bits": 10}.get(name, 9)


def _cells(epoch: Epoch) -> list[str]:
    cells = [
        f"{epoch.epoch}",
        f"{epoch.step}",
        f"{epoch.loss:.4f}" if epoch.loss < 100 else f"{epoch.loss:.2g}",
        _short(perplexity(epoch.loss)),
    ]
    if epoch.validation is not None:
        cells.append(_short(perplexity(epoch.validation)))
    if epoch.gradients and epoch.parameters:
        cells += [f"{epoch.gradients.bits:.1f}", f"{epoch.parameters.bits:.1f}"]
    return cells


def _short(number: float) -> str:
    return f"{number:.2f}" if number < 1e5 else f"{number:.2g}"


def _now(step: Step) -> str:
    now = f"ppl {_short(perplexity(step.losses[0]))}"
    if step.gradients and step.parameters:
        now += f"  grad {step.gradients.bits:.1f} par {step.parameters.bits:.1f} bits"
    return now
