"""The hands looked through from the ground up, so that a layer over time is not blamed for its cell."""

import inspect
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from compare.checking.findings import FileReport
from compare.checking.run import check_text
from compare.checking.settings import Settings
from compare.explanation.joined import Joined
from compare.explanation.wrong import WrongLine, wrong_lines
from compare.judge import compare_pair
from compare.pair import Pair
from compare.pairs import PAIRS
from compare.report import PairReport

# a stranger may not import our layers; here they are the ones that are judged, under another name
_OURS, _STRANGE = "manual", "hands"


@dataclass
class Search:
    """The hands looked through so far, each with its wrong lines; None for one that is right.

    `each` are the seconds for one of them; `bases` are the modules that something wrong was found in which others
    inherit.
    """

    folder: Path
    compared: Sequence[tuple[Pair, PairReport]]
    each: float
    until: float
    found: dict[type, tuple[WrongLine, ...] | None] = field(default_factory=dict)
    bases: dict[str, tuple[WrongLine, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.found |= {_hand(pair): None for pair, report in self.compared if pair.layer and report.ok}

    @cached_property
    def pairs(self) -> dict[str, Pair]:
        """The pairs by the names of their hands: those compared, and the others of the table."""
        every = (*PAIRS, *(pair for pair, _ in self.compared))
        return {_hand(pair).__name__: pair for pair in every if pair.layer}

    def about(self, pair: Pair) -> tuple[WrongLine, ...]:
        """The wrong lines of the first hand that is not right, of those that this one is made of."""
        until = min(self.until, time.monotonic() + self.each)
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
        pair = replace(self.pairs[hand.__name__], hand=hand)
        inherited = self._inherited(hand)
        known = next((self.bases[base.__name__] for base in inherited if base.__name__ in self.bases), None)
        if known:
            return known
        try:
            if compare_pair(pair, seeds=1).ok:
                return None
            joined = Joined.of([*inherited, module])
            report = self._checked(joined, pair, seconds)
            if report.ok:
                return None
        except Exception:  # that it disagrees is known already, and anybody's code may fail in any way
            return ()
        proven = report.mended is not None and _agrees(pair, report.mended)
        wrong = tuple(joined.told(line) for line in wrong_lines("", report, proven))
        self.bases |= {joined.module_of(line): wrong for line in wrong if line.mistake.fix}
        return wrong

    def _inherited(self, hand: type) -> list[ModuleType]:
        """The modules that a hand inherits from, without those that hands are in or that a right one inherits from."""
        # who inherits by way of another class may have what is wrong from that, and so right
        right = {base.__module__ for each, wrong in self.found.items() if wrong is None for base in each.__bases__}
        own = hand.__module__.partition(".")[0]
        names = dict.fromkeys(base.__module__ for base in reversed(hand.__mro__))
        modules = [sys.modules[name] for name in names if name.partition(".")[0] == own and name not in right]
        return [module for module in modules if not any(each.__name__ in self.pairs for each in _classes(module))]

    def _shared(self, hand: type) -> bool:
        """Whether others are wrong too that inherit what a hand does, and none is right."""
        bases = {module.__name__ for module in self._inherited(hand)}
        wrong = {_hand(pair) for pair, report in self.compared if not report.ok} - {hand}
        return any(base.__module__ in bases for each in wrong for base in each.__mro__)

    def _checked(self, joined: Joined, pair: Pair, seconds: float) -> FileReport:
        hand = _hand(pair)
        own = _renamed(joined.texts[-1], _OURS, _STRANGE) if self._shared(hand) else ""

        def agrees(text: str) -> bool:
            # where all that inherit something are wrong, what they inherit is
            return text.endswith(own) and _agrees(pair, text)

        like = {hand.__name__: f"{pair.twin.__module__}.{pair.twin.__qualname__}"}
        settings = Settings(like, only=hand.__name__, seconds=seconds, proof=agrees, early=True)
        text, path = joined.text, joined.paths[-1]
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


def _agrees(pair: Pair, text: str) -> bool:
    """Whether a hand agrees with its twin as it stands in a text, and keeps the contract, which is stricter than ours
    with strangers.
    """
    hand = _hand(pair)
    module = ModuleType(hand.__module__)
    try:
        exec(compile(_renamed(text, _STRANGE, _OURS), f"<{hand.__module__}, mended>", "exec"), vars(module))
        return compare_pair(replace(pair, hand=getattr(module, hand.__name__)), seeds=1).ok
    except Exception:  # anybody's code may fail in any way
        return False


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
