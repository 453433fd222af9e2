"""A file, or a text, as a Document."""

from pathlib import Path

from compare.checking.reading.definitions import definitions, last_of_each, shadowed
from compare.checking.reading.encoding import decode, unified
from compare.checking.reading.files import UnreadableError, checked_size, contents
from compare.checking.reading.neighbours import neighbours
from compare.checking.reading.sources import source_of
from compare.checking.source import Document, Problem


def read(path: Path) -> Document:
    """A file of code, whatever state it is in, with its neighbours.

    Raises UnreadableError where there is no such file, or one without code in it.
    """
    return read_text(contents(path), str(path), path.parent)


def read_text(text: str | bytes, name: str, folder: Path | None = None) -> Document:
    """A text of code as if it were a file's; its neighbours are looked for in the folder, if any.

    Raises UnreadableError for what is no text of a program.
    """
    try:
        given = decode(checked_size(text, name)) if isinstance(text, bytes) else unified(text)
        return _document(given, name, folder)
    except (RecursionError, MemoryError):
        raise UnreadableError(
            f"{name} is nested too deeply, or too large, to be read; wanted code as people write it: split the file"
        ) from None


def _document(text: str, name: str, folder: Path | None) -> Document:
    source = source_of(text, name, Path(name).name or name)
    units = source.units()
    found = definitions(units, [each.broken for each in source.cleaned])
    around = neighbours(units, folder) if folder else None
    problems = [*source.problems, *shadowed(found), *(around.problems if around else [])]
    modules = around.modules if around else {}
    return Document(name, units, last_of_each(found), tuple(sorted(problems, key=_order)), modules)


def _order(problem: Problem) -> tuple[int, int, int]:
    return problem.place.cell or 0, problem.place.line, problem.place.column or 0
