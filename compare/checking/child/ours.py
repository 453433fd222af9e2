"""Our own packages, which the stranger may not import, and what of them the stand-ins are made of."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from types import ModuleType

OURS = ("manual", "compare", "tiny_autograd_rnn")


class OursError(ImportError):
    """The stranger's code imports a package of ours."""


class Ours:
    """Our packages below `root`: found while `open`, otherwise as if they were not there."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.open = False
        self._hidden: dict[str, ModuleType] = {}

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Our packages can be imported within the body, by us, even where the stranger has some of the same names."""
        theirs = _taken_out()
        sys.modules.update(self._hidden)
        self.open = True
        try:
            yield
        finally:
            self.open = False
            self._hidden = _taken_out()
            sys.modules.update(theirs)

    def hide(self) -> None:
        """Take our packages out of `sys.modules`, and keep them."""
        self._hidden = _taken_out()

    def spec(self, name: str) -> ModuleSpec | None:
        """Where a package of ours is, whatever else there is of its name."""
        folder = f"{self.root}/{name}"
        return spec_from_file_location(name, f"{folder}/__init__.py", submodule_search_locations=[folder])


def _taken_out() -> dict[str, ModuleType]:
    names = [name for name in sys.modules if name.partition(".")[0] in OURS]
    return {name: sys.modules.pop(name) for name in names}
