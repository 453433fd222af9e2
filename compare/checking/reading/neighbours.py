"""The files beside a learner's that it imports; looked for up to the root of its repository, and never beyond."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from compare.checking.reading.encoding import decode
from compare.checking.reading.files import UnreadableError, contents
from compare.checking.reading.imports import Import, imports, used
from compare.checking.reading.parsing import tree_read
from compare.checking.reading.sources import Source, source_of
from compare.checking.source import Place, Problem, Unit

_MOST_MODULES = 50
_LARGEST = 1_000_000
_LEVELS_UP = 3


@dataclass(frozen=True)
class Neighbours:
    """The modules that a file imports by their dotted names, and what does not parse in them."""

    modules: Mapping[str, tuple[Unit, ...]]
    problems: tuple[Problem, ...]


def neighbours(units: Sequence[Unit], folder: Path) -> Neighbours:
    """The modules that units in a folder import, and those that these import."""
    try:
        search = _Search(_reachable(folder))
    except (OSError, RuntimeError):  # a folder that is gone, or a loop of links
        return Neighbours({}, ())
    trees = [tree_read(unit.text) for unit in units]
    for unit, tree in zip(units, trees, strict=True):
        for each in imports(tree):
            search.follow(each, Place(unit.cell, each.line))
    # without modules nobody need know what is taken from them
    wanted = {
        *(used(trees) if search.found else ()),
        *(pair for name, one in search.found.items() for pair in used(one.trees, _package(one, name))),
    }
    modules = {
        name: one.units([each for module, each in wanted if module == name], module=True)
        for name, one in search.found.items()
    }
    return Neighbours({**dict.fromkeys(sorted(search.packages), ()), **modules}, tuple(search.problems))


@dataclass
class _Search:
    """What is found in some folders, of which the last holds all others."""

    folders: Sequence[Path]
    found: dict[str, Source] = field(default_factory=dict)
    packages: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def follow(self, first: Import, place: Place) -> None:
        """Take in what an import at a place means, and what is imported there."""
        waiting = deque(first.candidates)
        while waiting:
            name = waiting.popleft()
            at = self._locate(name)
            if not at:
                continue
            parts = name.split(".")
            for each in (".".join(parts[: i + 1]) for i in range(len(parts))):
                source = self._take(each, at, place)
                found = (
                    [one for tree in source.trees for one in imports(tree, _package(source, each))] if source else []
                )
                waiting += [candidate for one in found for candidate in one.candidates]

    def _take(self, name: str, folder: Path, place: Place) -> Source | None:
        """A module that is new and can be read; a package may have no file of its own."""
        path = self._file(folder, name)
        if name in self.found or len(self.found) >= _MOST_MODULES:
            return None
        label = path.relative_to(folder).as_posix() if path else ""
        try:
            source = source_of(decode(contents(path, _LARGEST)), label, label) if path else None
        except UnreadableError:
            return None
        if source is None or any(cell.index is not None for cell in source.cells):
            self.packages.add(name)
            return None
        self.found[name] = source
        wrong = [problem for problem in source.problems if problem.severity == "error"]
        if wrong:
            message = f"{label}, which is imported here, does not parse: {wrong[0].place.text}: {wrong[0].message}"
            self.problems.append(Problem(place, "neighbour", message, "warning"))
        return source

    def _locate(self, name: str) -> Path | None:
        """The folder from which a module is found by its name."""
        known = name in self.found or not name
        return None if known else next((each for each in self.folders if self._file(each, name)), None)

    def _file(self, folder: Path, name: str) -> Path | None:
        base = folder.joinpath(*name.split("."))
        return next(
            (each for each in (base / "__init__.py", base.with_name(f"{base.name}.py")) if self._is_ours(each)), None
        )

    def _is_ours(self, path: Path) -> bool:
        """Whether there is a file that no link leads out of the folders to."""
        try:
            return path.is_file() and path.resolve().is_relative_to(self.folders[-1])
        except (OSError, RuntimeError, ValueError):
            return False


def _package(source: Source, name: str) -> str:
    return name if source.label.endswith("__init__.py") else name.rpartition(".")[0]


def _reachable(folder: Path) -> list[Path]:
    """A folder and those above it: up to the root of the repository, or a few levels."""
    above = [folder.resolve(), *folder.resolve().parents]
    root = next((i for i, each in enumerate(above) if (each / ".git").exists()), _LEVELS_UP)
    return above[: root + 1]
