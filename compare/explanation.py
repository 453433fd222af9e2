"""Why a hand disagrees: its file explained and repaired by what `check` does with anybody's.

What a hand is made of is looked through from the ground up, so that a layer over time is not blamed for its cell.
"""

import inspect
import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from compare.checking.findings import FileReport
from compare.checking.mistakes import Mistake, mistakes
from compare.checking.run import check_text
from compare.checking.settings import Settings
from compare.judge import compare_pair
from compare.pair import Pair
from compare.pairs import PAIRS
from compare.report import PairReport

# the seconds of looking for what is wrong with a hand, and with all of them
_EACH, _MOST = 20.0, 60.0
# a stranger may not import our layers; here they are the ones that are judged, under another name
_OURS, _STRANGE = "manual", "hands"


@dataclass(frozen=True)
class WrongLine:
    """A mistake in a hand's file: the layer, the line, why it is wrong, and the right line if it was proven."""

    path: str
    mistake: Mistake
    kind: str | None

    @property
    def place(self) -> str:
        """As an editor takes it: `manual/rnn.py:53`."""
        return f"{self.path}:{self._line}"

    @property
    def cause(self) -> str:
        """One or two sentences."""
        return self.mistake.cause or " ".join(self.mistake.observations)

    @property
    def data(self) -> dict[str, Any]:
        """As JSON's types."""
        return {
            "symbol": self.mistake.symbol,
            "path": self.path,
            "line": self._line,
            "cause": self.cause,
            "kind": self.kind,
            "fix": asdict(self.mistake.fix) if self.mistake.fix else None,
        }

    @property
    def _line(self) -> int:
        return self.mistake.place.line if self.mistake.place else 1


def explained(compared: Sequence[tuple[Pair, PairReport]]) -> list[PairReport]:
    """The reports, those that are not ok with the wrong lines that were found in the time there is."""
    with TemporaryDirectory() as folder:
        search = _Search(Path(folder), compared, time.monotonic() + _MOST)
        return [report if report.ok else replace(report, explanation=search.about(pair)) for pair, report in compared]


@dataclass
class _Search:
    """The hands looked through so far, each with its wrong lines; None for one that is right."""

    folder: Path
    compared: Sequence[tuple[Pair, PairReport]]
    until: float
    found: dict[type, tuple[WrongLine, ...] | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.found |= {_hand(pair): None for pair, report in self.compared if pair.layer and report.ok}

    @cached_property
    def pairs(self) -> dict[str, Pair]:
        """The pairs by the names of their hands: those compared, and the others of the table."""
        every = (*PAIRS, *(pair for pair, _ in self.compared))
        return {_hand(pair).__name__: pair for pair in every if pair.layer}

    def about(self, pair: Pair) -> tuple[WrongLine, ...]:
        """The wrong lines of the first hand that is not right, of those that this one is made of."""
        until = min(self.until, time.monotonic() + _EACH)
        for module in _made_of(sys.modules.get(_hand(pair).__module__), set()):
            for hand in [each for each in _classes(module) if each.__name__ in self.pairs]:
                if hand not in self.found and time.monotonic() < until:
                    self.found[hand] = self._wrong(hand, module, until - time.monotonic())
                wrong = self.found.get(hand)
                if wrong is not None:
                    return wrong
                if hand is _hand(pair):
                    return ()
        return ()

    def _wrong(self, hand: type, module: ModuleType, seconds: float) -> tuple[WrongLine, ...] | None:
        path = inspect.getsourcefile(module)
        if path is None:
            return None
        pair = self.pairs[hand.__name__]
        like = {hand.__name__: f"{pair.twin.__module__}.{pair.twin.__qualname__}"}

        def agrees(text: str) -> bool:
            return _agrees(pair, hand, text)

        try:
            report = self._checked(Path(path), Settings(like, only=hand.__name__, seconds=seconds, proof=agrees))
            if report.ok:
                return None
        except Exception:  # that it disagrees is known already, and anybody's code may fail in any way
            return ()
        proven = report.mended is not None and _agrees(pair, hand, report.mended)
        return tuple(_lines(os.path.relpath(path), report, proven))

    def _checked(self, path: Path, settings: Settings) -> FileReport:
        text = path.read_text(encoding="utf-8")
        renamed = _renamed(text, _OURS, _STRANGE)
        return check_text(renamed, path.name, settings, path.parent if renamed == text else self._ours())

    def _ours(self) -> Path:
        """A copy of our own layers under another name; a layer needs none of what its package gives away."""
        copy = self.folder / _STRANGE
        if not copy.exists():
            ours = Path(sys.modules[_OURS].__file__ or "").parent
            for path in ours.rglob("*.py"):
                text = path.read_text(encoding="utf-8") if path.stem != "__init__" else ""
                to = copy / path.relative_to(ours)
                to.parent.mkdir(parents=True, exist_ok=True)
                to.write_text(_renamed(text, _OURS, _STRANGE), encoding="utf-8")
        return copy


def _agrees(pair: Pair, hand: type, text: str) -> bool:
    """Whether a hand agrees with its twin as it stands in a text, and keeps the contract, which is stricter than ours
    with strangers.
    """
    module = ModuleType(hand.__module__)
    try:
        exec(compile(_renamed(text, _STRANGE, _OURS), f"<{hand.__module__}, mended>", "exec"), vars(module))
        return compare_pair(replace(pair, hand=getattr(module, hand.__name__)), seeds=1).ok
    except Exception:  # anybody's code may fail in any way
        return False


def _lines(path: str, report: FileReport, proven: bool) -> Iterator[WrongLine]:
    """Each mistake; without a cause only what ends a pass: what is off is known."""
    kinds = {finding.cause: finding.kind for finding in report.findings}
    ended = {symbol.name for symbol in report.symbols if symbol.verdict in ("crashes", "incomplete")}
    for mistake in mistakes(report, "fix"):
        kind = kinds.get(mistake.cause)
        if not proven:
            mistake = replace(mistake, cause=None, fix=None)
        stops = mistake.symbol in ended and not {"values", "gradient"} & set(mistake.checks)
        if mistake.place and mistake.severity == "error" and (mistake.cause or stops):
            yield WrongLine(path, mistake, kind if mistake.cause else None)


def _classes(module: ModuleType) -> list[type]:
    """The classes that a module defines, in its order."""
    return [each for each in vars(module).values() if inspect.isclass(each) and each.__module__ == module.__name__]


def _renamed(text: str, name: str, other: str) -> str:
    """A module's text that imports from another package."""
    return re.sub(rf"^(\s*from\s+){name}\b", rf"\1{other}", text, flags=re.MULTILINE)


def _made_of(module: ModuleType | None, seen: set[str]) -> Iterator[ModuleType]:
    """A module of a hand after those of its package that it takes classes and functions from."""
    if module is None or module.__name__ in seen:
        return
    seen.add(module.__name__)
    for name in dict.fromkeys(getattr(each, "__module__", None) for each in vars(module).values()):
        if isinstance(name, str) and name.partition(".")[0] in (module.__name__.partition(".")[0], _OURS):
            yield from _made_of(sys.modules.get(name), seen)
    yield module


def _hand(pair: Pair) -> Any:
    """The class that somebody wrote: of a model over chunks the model's."""
    model = getattr(pair.hand, "model", None)
    return model.hand if isinstance(model, Pair) else pair.hand
