"""Everything that asks, judges, explains and shows; it depends on both halves.

`compare.check(MyTimeRNN)` judges anybody's layer; `%load_ext compare` gives a notebook `%check` and `%%check`.
"""

from typing import Any


def check(*layers: Any, **options: Any) -> Any:
    """The report on one handwritten layer: see `compare.checking.api.check`, which this calls."""
    # imported here: every command imports this package, and few of them check
    from compare.checking.api import check

    return check(*layers, **options)


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext compare` calls."""
    from compare.checking.magic import register

    register(shell)
