"""The notebook's magics: `%%check` judges a cell, `%check TimeRNN` a layer of the notebook so far."""

from collections.abc import Sequence
from typing import Any

from compare.checking.api import CheckReport, notebook, typed
from compare.checking.reveal import REVEALS, Reveal, enough
from compare.checking.run import check_text
from compare.checking.settings import Settings


def register(shell: Any) -> None:
    """Give a running IPython both magics."""
    shell.register_magic_function(lambda line, cell=None: _check(shell, line, cell), "line_cell", "check")


def _check(shell: Any, line: str, cell: str | None) -> CheckReport:
    """The report on the layers of a cell, or on the one named, or on all.

    `like=TWIN` is for another name, `--reveal verdict|hint|line|fix` says how much to tell.
    """
    reveal, words = _revealed(line.replace("--reveal=", "--reveal ").split())
    twin = next((word.removeprefix("like=") for word in words if word.startswith("like=")), "")
    like = {"": twin} if twin else {}
    names = [word for word in words if not word.startswith("like=")]
    # the cell that asks stands there already
    before = typed(shell)[:-1]
    if cell is None:
        only = names[0] if names else ""
        settings = enough(Settings(like, only=only), reveal)
        return CheckReport(check_text(notebook(before), only or "this notebook", settings), reveal)
    _define(shell, cell)
    # judged with what the notebook has defined before it
    settings = enough(Settings(like, since=len(before)), reveal)
    return CheckReport(check_text(notebook([*before, cell]), "this cell", settings), reveal)


def _revealed(words: Sequence[str]) -> tuple[Reveal | None, Sequence[str]]:
    """How much to tell, None where that is not said, and the other words.

    Raises ValueError for an amount that there is not.
    """
    if "--reveal" not in words:
        return None, words
    at = words.index("--reveal")
    given = " ".join(words[at + 1 : at + 2])
    if given not in REVEALS:
        raise ValueError(f"check: --reveal is {given!r}; wanted one of {', '.join(REVEALS)}")
    return given, [*words[:at], *words[at + 2 :]]


def _define(shell: Any, cell: str) -> None:
    """Run the cell in the notebook as any other is; why not by `run_cell`: this one's result would be lost."""
    try:
        code = compile(shell.transform_cell(cell), "<checked cell>", "exec")
    except (SyntaxError, ValueError):
        # the report says where
        return
    try:
        exec(code, shell.user_ns)
    except Exception:
        shell.showtraceback()
