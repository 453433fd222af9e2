"""A file's text as cells of code: those of a notebook, or one of a script or of a notebook's text export."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from compare.checking.reading.encoding import unified
from compare.checking.reading.exports import code_of, is_export
from compare.checking.reading.files import UnreadableError

# what Python may take long, and much memory, to read
_MOST_CODE = 1_000_000
_NOTEBOOK = re.compile(r"\s*\{.*\"(?:cells|worksheets|nbformat)\"", re.DOTALL)
_HARMLESS = "\t\n\f\v\b\x1a\x1b"
_WANTED = "wanted Python, a notebook or a notebook's text export"


@dataclass(frozen=True)
class Cell:
    """Code as it stands in a file; `index` counts all cells of a notebook from 0, None for any other file."""

    index: int | None
    text: str
    exported: bool = False


def cells(text: str, name: str) -> tuple[Cell, ...]:
    """The cells of code in a file's text; what a file is shows in its text, but that an .ipynb must be a notebook.

    Raises UnreadableError for what is binary, for a notebook that is not JSON or has no cells, and for a book of code.
    """
    _check_text(text, name)
    suffix = name.lower().endswith(".ipynb")
    if suffix or _NOTEBOOK.match(text[:100_000]):
        found = tuple(_of_notebook(text, name))
    elif is_export(text):
        found = (Cell(None, code_of(text), True),)
    else:
        found = (Cell(None, text),)
    size = sum(len(cell.text) for cell in found)
    if size > _MOST_CODE:
        raise UnreadableError(
            f"{name} holds {size:,} letters of code; wanted at most {_MOST_CODE:,}: leave data out, or split the file"
        )
    return found


def _check_text(text: str, name: str) -> None:
    null = text.find("\0")
    if null >= 0:
        raise UnreadableError(
            f"{name} is binary (a null byte at offset {null}); {_WANTED}: check the file, or save it as UTF-8"
        )
    odd = sum(letter < " " and letter not in _HARMLESS for letter in text[:100_000])
    if odd > 10 and odd > len(text[:100_000]) / 50:
        raise UnreadableError(f"{name} is binary ({odd} control characters); {_WANTED}: check the file")


def _of_notebook(text: str, name: str) -> Iterator[Cell]:
    for index, cell in enumerate(_listed(text, name)):
        # nbformat 3 has the code under another name
        source = cell.get("source", cell.get("input", "")) if isinstance(cell, dict) else ""
        if source and cell.get("cell_type") == "code":
            yield Cell(index, _joined(source))


def _listed(text: str, name: str) -> list[Any]:
    """The cells of a notebook, of nbformat 4 or of the worksheets of nbformat 3."""
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError) as error:
        said = f"line {error.lineno}: {error.msg}" if isinstance(error, json.JSONDecodeError) else type(error).__name__
        raise UnreadableError(
            f"{name} is no notebook: it is not JSON ({said}); wanted one that Jupyter opens: save it again, or rename "
            "the file if it is Python"
        ) from None
    notebook = notebook if isinstance(notebook, dict) else {}
    sheets = notebook.get("worksheets")
    parts = [notebook, *(sheets if isinstance(sheets, list) else [])]
    listed = [part["cells"] for part in parts if isinstance(part, dict) and isinstance(part.get("cells"), list)]
    found = [cell for part in listed for cell in part]
    if not found:
        raise UnreadableError(f"{name} has no cells; wanted a notebook with code in it: check the file")
    return found


def _joined(source: Any) -> str:
    if isinstance(source, str):
        return unified(source)
    if isinstance(source, list):
        return unified("".join(line for line in source if isinstance(line, str)))
    return ""
