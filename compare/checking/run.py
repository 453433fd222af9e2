"""A file read, judged and explained."""

import time
from dataclasses import replace
from pathlib import Path

from compare.checking.findings import FileReport
from compare.checking.reading import UnreadableError
from compare.checking.reading.encoding import decode
from compare.checking.reading.files import checked_size, contents
from compare.checking.sandbox import nursery
from compare.checking.settings import Settings
from compare.checking.whole import check_document
from compare.mending import Manuscript, explained


def check_file(path: Path, settings: Settings) -> FileReport:
    """The report on a file; one that cannot be read has a report that says so."""
    started = time.perf_counter()
    try:
        raw = contents(path)
    except UnreadableError as error:
        return FileReport(str(path), unreadable=str(error), strict=settings.strict)
    return replace(check_text(raw, str(path), settings, path.parent), seconds=time.perf_counter() - started)


def check_text(text: str | bytes, name: str, settings: Settings, folder: Path | None = None) -> FileReport:
    """The report on a text: standard input, or a notebook's cells."""
    try:
        given = decode(checked_size(text, name)) if isinstance(text, bytes) else text
        manuscript = Manuscript.of(given, name, folder)
        with nursery():
            whole = check_document(manuscript.document, settings)
            return explained(whole, manuscript, settings) if settings.mend else whole.report
    except UnreadableError as error:
        return FileReport(name, unreadable=str(error), strict=settings.strict)
