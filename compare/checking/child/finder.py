"""What the stranger's imports find: the neighbours given, numpy and the standard library, else a stand-in."""

import builtins
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import FrameType, ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from compare.checking.child.faults import stack
from compare.checking.child.free_names import free_names
from compare.checking.child.ours import OURS, Ours, OursError
from compare.checking.child.record import Record
from compare.checking.child.stand_ins import StandIns
from compare.checking.child.units import run

if TYPE_CHECKING:
    from importlib.abc import Loader
else:
    # importing it takes longer than the rest of this package
    Loader = object

Units = Sequence[Sequence[str]]
_REAL = {*sys.stdlib_module_names, "numpy", "scipy"}
# who stands between an import and the one who asks for it
_IMPORTERS = ("importlib", "_frozen_importlib", "compare.checking.child.")
_import = builtins.__import__
_getframe = sys._getframe
_builtins = dict(vars(builtins))


class Finder(Loader):
    """A finder for `sys.meta_path`, and the loader of what it finds.

    Raises OursError for a package of ours, unless the stranger has one of that name.
    """

    def __init__(self, modules: Mapping[str, Units], ours: Ours, stand_ins: StandIns, record: Record) -> None:
        self.modules = modules
        self.ours = ours
        self.stand_ins = stand_ins
        self.record = record
        self._missing: dict[str, bool] = {}

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Where a module comes from; None leaves it to Python."""
        root, _, rest = name.partition(".")
        if self.ours.open and root in OURS:
            return None if rest else self.ours.spec(name)
        inside = any(given.startswith(f"{name}.") for given in self.modules)
        if name in self.modules or inside:
            return ModuleSpec(name, self, origin=name, is_package=inside)
        if root in OURS:
            self._refuse(root)
        # what a library imports is not the stranger's doing
        if (root in _REAL and not self._missing_scipy(root)) or not self._asked_by_stranger():
            return None
        self.record.stand_in(name)
        return ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """A module of the neighbour's own, or a stand-in."""
        return None if spec.origin else self.stand_ins.module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Run the neighbour's units."""
        units = self.modules.get(module.__name__)
        if units is not None:
            self.prepare(vars(module), units)
            run(units, vars(module), self.record)
            self.given(vars(module))

    def prepare(self, namespace: dict[str, Any], units: Units) -> None:
        """Give a namespace its builtins: those of Python, our import, and the free names that nothing in it defines."""
        namespace["__file__"] = units[0][0] if units else ""
        namespace["__builtins__"] = {**_builtins, "__import__": self._imported}
        for name in free_names(units):
            if self.stand_ins.knows(name):
                namespace["__builtins__"][name] = self.stand_ins.name(name)

    def given(self, namespace: dict[str, Any]) -> None:
        """Note the free names that were given and that nothing has defined meanwhile."""
        for name in namespace["__builtins__"]:
            if name not in _builtins and name not in namespace:
                self.record.stand_in(name)

    def _imported(self, name: str, globals: Any = None, locals: Any = None, wanted: Any = (), level: int = 0) -> Any:
        """`__import__`, but that a relative import of a file that is in no package finds its neighbours."""
        package = (globals or {}).get("__package__") or ""
        if not level or (package and package.count(".") + 1 >= level):
            return _import(name, globals, locals, wanted, level)
        if name:
            return _import(name, globals, locals, wanted, 0)
        return SimpleNamespace(**{each: import_module(each) for each in wanted if each != "*"})

    def _missing_scipy(self, root: str) -> bool:
        if root != "scipy":
            return False
        if root not in self._missing:
            finders = [finder for finder in sys.meta_path if finder is not self]
            self._missing[root] = not any(finder.find_spec(root, None) for finder in finders)
        return self._missing[root]

    def _asked_by_stranger(self) -> bool:
        frame: FrameType | None = _getframe(2)
        while frame is not None and (frame.f_globals.get("__name__") or "").startswith(_IMPORTERS):
            frame = frame.f_back
        return frame is not None and frame.f_code.co_filename in self.record.labels

    def _refuse(self, package: str) -> None:
        frames = stack(_getframe(1), self.record.labels)
        label, line = frames[-1][:2] if frames else ("", 0)
        message = f"`{package}` is a package of this checker: a layer of ours that passes says nothing of yours"
        self.record.fail("ours", (label, line), "ImportError", message)
        raise OursError(message)
