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
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from compare.checking.findings import FileReport
from compare.checking.mistakes import Mistake, mistakes
from compare.checking.run import check_text
from compare.checking.settings import Settings
from compare.pair import Pair
from compare.pairs import PAIRS
from compare.report import PairReport

# the seconds for a hand, and for all of them
_EACH, _MOST = 15.0, 45.0
# a stranger may not import our layers; here they are the ones that are judged, under another name
_OURS, _RENAMED = "manual", "hands"
_IMPORT = re.compile(rf"^(\s*from\s+){_OURS}\b", re.MULTILINE)


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
    """The modules looked through so far, each with its wrong lines; None for one that is right."""

    folder: Path
    compared: Sequence[tuple[Pair, PairReport]]
    until: float
    found: dict[str, tuple[WrongLine, ...] | None] = field(default_factory=dict)

    def about(self, pair: Pair) -> tuple[WrongLine, ...]:
        """The wrong lines of the first module that is not right, of those that a hand is made of."""
        until = min(self.until, time.monotonic() + _EACH)
        for module in _made_of(sys.modules.get(_hand(pair).__module__), set()):
            if module.__name__ not in self.found:
                if time.monotonic() > until:
                    break
                self.found[module.__name__] = self._wrong(module, until)
            wrong = self.found[module.__name__]
            if wrong is not None:
                return wrong
        return ()

    def _wrong(self, module: ModuleType, until: float) -> tuple[WrongLine, ...] | None:
        verdicts = {_hand(pair): report.ok for pair, report in self.compared if pair.layer}
        pairs = [*PAIRS, *(pair for pair, _ in self.compared)]
        twins = {_hand(pair).__name__: pair.twin for pair in pairs if pair.layer}
        hands = [hand for hand in vars(module).values() if inspect.isclass(hand) and hand.__module__ == module.__name__]
        hands = [hand for hand in hands if hand.__name__ in twins]
        failed = [hand for hand in hands if not verdicts.get(hand, False)]
        path = inspect.getsourcefile(module) if failed else None
        if path is None:
            return None
        like = {hand.__name__: _full_name(twins[hand.__name__]) for hand in hands}
        seconds = (until - time.monotonic()) / len(failed)
        try:
            report = self._checked(Path(path), Settings(like, fragile=True, seconds=seconds))
        except Exception:  # that it disagrees is known already, and anybody's code may fail in any way
            return ()
        return None if report.ok and not report.findings else tuple(_lines(os.path.relpath(path), report))

    def _checked(self, path: Path, settings: Settings) -> FileReport:
        text = path.read_text(encoding="utf-8")
        renamed = _IMPORT.sub(rf"\1{_RENAMED}", text)
        return check_text(renamed, path.name, settings, path.parent if renamed == text else self._ours())

    def _ours(self) -> Path:
        """A copy of our own layers under another name."""
        copy = self.folder / _RENAMED
        if not copy.exists():
            copy.mkdir()
            for path in Path(sys.modules[_OURS].__file__ or "").parent.glob("*.py"):
                text = _IMPORT.sub(rf"\1{_RENAMED}", path.read_text(encoding="utf-8"))
                (copy / path.name).write_text(text, encoding="utf-8")
        return copy


def _lines(path: str, report: FileReport) -> Iterator[WrongLine]:
    """Each mistake; those that have no cause where they end a pass."""
    kinds = {finding.cause: finding.kind for finding in report.findings}
    for mistake in mistakes(report, "fix"):
        if mistake.place and (mistake.cause or {"constructor", "forward", "backward"} & set(mistake.checks)):
            yield WrongLine(path, mistake, kinds.get(mistake.cause))


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


def _full_name(twin: Any) -> str:
    return f"{twin.__module__}.{twin.__qualname__}"
