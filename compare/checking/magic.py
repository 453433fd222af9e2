"""The notebook's magics: `%%check` judges a cell, `%check TimeRNN` a layer of the notebook so far."""

from typing import Any

from compare.checking.api import CheckReport, notebook, typed
from compare.checking.run import check_text
from compare.checking.settings import Settings


def register(shell: Any) -> None:
    """Give a running IPython both magics."""
    shell.register_magic_function(lambda line, cell=None: _check(shell, line, cell), "line_cell", "check")


def _check(shell: Any, line: str, cell: str | None) -> CheckReport:
    """The report on the layers of a cell, or on the one named, or on all; with `like=TWIN` for another name."""
    words = line.split()
    twin = next((word.removeprefix("like=") for word in words if word.startswith("like=")), "")
    like = {"": twin} if twin else {}
    names = [word for word in words if not word.startswith("like=")]
    # the cell that asks stands there already
    before = typed(shell)[:-1]
    if cell is None:
        only = names[0] if names else ""
        return CheckReport(check_text(notebook(before), only or "this notebook", Settings(like, only=only)))
    _define(shell, cell)
    # judged with what the notebook has defined before it
    settings = Settings(like, since=len(before))
    return CheckReport(check_text(notebook([*before, cell]), "this cell", settings))


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
