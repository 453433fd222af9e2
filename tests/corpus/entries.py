"""What the index is made of: a correct file, an edit of its text, and a fault planted with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

HERE = Path(__file__).parent / "correct"

Verdict = Literal["correct", "fragile", "wrong", "crashes", "incomplete", "unparsable", "blocked"]
Verdicts = frozenset[Verdict]
Protocol = Literal["book", "cs231n"]

RIGHT: Verdicts = frozenset({"correct"})
FRAGILE: Verdicts = frozenset({"fragile"})
WRONG: Verdicts = frozenset({"wrong"})
CRASHES: Verdicts = frozenset({"crashes"})
INCOMPLETE: Verdicts = frozenset({"incomplete"})
UNPARSABLE: Verdicts = frozenset({"unparsable"})
BLOCKED: Verdicts = frozenset({"blocked"})


@dataclass(frozen=True)
class Correct:
    """A file that is right. A symbol is a class, or a pair of functions by its name without `_forward`, `_backward`.

    `fragile` says of a symbol why its verdict is "fragile"; of one in `debatable` "correct" is as good.
    `like` names the twin of a symbol whose name is not the usual one.
    """

    file: str
    symbols: tuple[str, ...]
    fragile: Mapping[str, str] = field(default_factory=dict)
    debatable: Mapping[str, str] = field(default_factory=dict)
    like: Mapping[str, str] = field(default_factory=dict)
    python2: bool = False

    @property
    def protocol(self) -> Protocol:
        """Which of the two protocols the file is written in."""
        return "cs231n" if self.file.startswith("cs231n") else "book"

    @property
    def text(self) -> str:
        """The file as it stands, line ends included."""
        return (HERE / self.file).read_bytes().decode("utf-8")

    def verdicts(self, symbol: str) -> Verdicts:
        """The acceptable verdicts of a symbol."""
        if symbol in self.fragile:
            return FRAGILE
        return RIGHT | FRAGILE if symbol in self.debatable else RIGHT


class Edit(NamedTuple):
    """The text `before` gives way to `after`, where it stands for the nth time (from 1)."""

    before: str
    after: str
    occurrence: int = 1

    def applied(self, text: str) -> str:
        """The text with the edit in it; `before` has to stand there, and `after` to differ."""
        assert self.before != self.after
        at = -1
        for _ in range(self.occurrence):
            at = text.find(self.before, at + 1)
            assert at >= 0, f"not there {self.occurrence} times: {self.before}"
        return text[:at] + self.after + text[at + len(self.before) :]


@dataclass(frozen=True)
class Planted:
    """A correct file with one fault, the row of the table that it is a case of, and the acceptable verdicts.

    All symbols of the file that are not in `verdicts` keep those that they have in the correct file. Where `verdicts`
    is empty the fault belongs to no symbol, and the finding is one of the file. `hides` says where it cannot be seen.
    """

    id: str
    row: str
    file: str
    edits: tuple[Edit, ...]
    verdicts: Mapping[str, Verdicts]
    hides: str = ""

    @property
    def protocol(self) -> Protocol:
        """Which of the two protocols the file is written in."""
        return "cs231n" if self.file.startswith("cs231n") else "book"

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols at fault: not those that only build on one of them."""
        return tuple(symbol for symbol, verdicts in self.verdicts.items() if "blocked" not in verdicts)


@dataclass(frozen=True)
class In:
    """Plants faults in one file: `In(file)(id, row, before, after, before, after, ..., nth=1, Symbol=VERDICTS)`."""

    file: str

    def __call__(self, id: str, row: str, *texts: str, nth: int = 1, hides: str = "", **verdicts: Verdicts) -> Planted:
        """The fault; `nth` says which occurrence the first `before` is."""
        pairs = zip(texts[::2], texts[1::2], strict=True)
        edits = tuple(Edit(before, after, 1 if k else nth) for k, (before, after) in enumerate(pairs))
        return Planted(id, row, self.file, edits, verdicts, hides)


def planted_text(planted: Planted) -> str:
    """The text of the file with the fault in it."""
    text = (HERE / planted.file).read_bytes().decode("utf-8")
    for edit in planted.edits:
        text = edit.applied(text)
    return text


def laid_out(file: str, text: str, folder: Path) -> Path:
    """Where the text stands in a folder, beside the neighbours that the correct file has in its small repository."""
    if "/" in file:
        for name in _repository():
            there = folder / name
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes((HERE / name).read_bytes())
    path = folder / file
    path.write_bytes(text.encode("utf-8"))
    return path


def _repository() -> Iterator[str]:
    for path in sorted((HERE / "repo").rglob("*.py")):
        yield path.relative_to(HERE).as_posix()
