"""`check` from Python: a class, or a forward and a backward function, judged from their source."""

import inspect
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from compare.checking.findings import FileReport, to_data
from compare.checking.page import page
from compare.checking.reveal import REVEALS, Reveal, enough, told
from compare.checking.roles import named
from compare.checking.run import check_text
from compare.checking.settings import Settings
from compare.checking.show import show


@dataclass(frozen=True)
class CheckReport:
    """What `check` returns: true if nothing is wrong, readable as text, as HTML in a notebook, and as data.

    `reveal` says how much all of these tell; None as much as the command does unasked.
    """

    report: FileReport
    reveal: Reveal | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong; what is fragile counts only in a strict check."""
        return self.report.ok

    @property
    def verdict(self) -> str:
        """The verdict on the layer, the first of the report."""
        return self.report.symbols[0].verdict if self.report.symbols else "unreadable"

    @property
    def mended(self) -> str | None:
        """The text with every mistake mended that could be, of a notebook its cells; None without one, or kept back."""
        if self.report.mended is None or self.reveal not in (None, "fix"):
            return None
        places = [symbol.place.cell for symbol in self.report.symbols]
        places += [fix.cell for f in self.report.findings if f.fix for fix in (f.fix, *f.fix.also)]
        cells = sorted({cell for cell in places if cell is not None})
        if not cells:
            return self.report.mended
        found = json.loads(self.report.mended)["cells"]
        return "\n\n".join(found[cell]["source"] for cell in cells)

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        console = Console(width=100, highlight=False, emoji=False, color_system=None)
        with console.capture() as captured:
            show(self.report, console, self.reveal or "line")
        return captured.get()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return page(self.report, self.reveal or "line")

    def to_json(self) -> str:
        """The same JSON as `tiny-autograd-rnn check --json`."""
        findings = told(self.report, self.reveal or "fix")
        return json.dumps(to_data(self.report, findings), indent=2, allow_nan=False)


def check(
    layer: type | None = None,
    *,
    forward: Callable[..., Any] | None = None,
    backward: Callable[..., Any] | None = None,
    like: str | Callable[..., Any] = "",
    strict: bool = False,
    reveal: Reveal | None = None,
) -> CheckReport:
    """The report on a class, or on a pair of functions: `check(MyTimeRNN)`, `check(forward=f, backward=g, like="rnn")`.

    `like`: the twin, by its name or itself, of a layer whose own name does not tell. The source of the layer is read
    and run in another process, as `tiny-autograd-rnn check` does: its module's imports and definitions with it.
    `reveal`: how much the report tells: "verdict", "hint", "line" or "fix".

    Raises TypeError for what has no source to read (made by exec, built in), ValueError for a twin, and for an amount
    to reveal, that there is not.
    """
    if (layer is None) == (forward is None):
        raise TypeError("check: wanted a class, or forward= and backward=, and not both")
    if reveal not in (None, *REVEALS):
        raise ValueError(f"check: reveal is {reveal!r}; wanted one of {', '.join(REVEALS)}")
    twin = like if isinstance(like, str) else like.__name__
    if twin and named(twin) is None and named(twin.replace("_", "")) is None:
        raise ValueError(f"check: there is no twin {twin!r} to be like; wanted the name of a layer such as 'TimeRNN'")
    twin = twin if not twin or named(twin) else twin.replace("_", "")
    target: Any = layer if layer is not None else forward
    text, folder = _source(target)
    name = target.__name__
    pairs: dict[str, str] = {}
    if backward is not None:
        pairs = {name: backward.__name__}
    settings = enough(Settings({name: twin} if twin else {}, strict, name, pairs=pairs), reveal)
    return CheckReport(check_text(text, name, settings, folder), reveal)


def _source(target: Any) -> tuple[str, Path | None]:
    """The text of the module that a thing is defined in, or of all cells of the notebook, and its folder."""
    if not (inspect.isclass(target) or inspect.isfunction(target)):
        raise TypeError(
            f"check: {target!r} is a {type(target).__name__}; wanted a class or a function, not an object of it"
        )
    module = sys.modules.get(target.__module__)
    path = getattr(module, "__file__", None)
    if path and Path(path).is_file():
        return Path(path).read_text(encoding="utf-8", errors="replace"), Path(path).parent
    shell = getattr(module, "get_ipython", None)
    if callable(shell):
        return notebook(typed(shell())), Path.cwd()
    try:
        return inspect.getsource(target), Path.cwd()
    except (OSError, TypeError):
        raise TypeError(
            f"check: the source of {target.__name__} cannot be found; wanted a layer that is written in a file or in a "
            "notebook's cell"
        ) from None


def typed(shell: Any) -> list[str]:
    """What was typed into IPython so far, as it was typed: cell k is what the notebook shows as [k]."""
    return [str(cell) for cell in shell.history_manager.input_hist_raw]


def notebook(cells: list[str], metadata: Mapping[str, Any] | None = None) -> str:
    """Cells of code as a notebook file's text, so that places are those of cells."""
    found = [{"cell_type": "code", "metadata": {}, "source": cell, "outputs": []} for cell in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": dict(metadata or {}), "cells": found})
