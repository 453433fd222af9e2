"""Stand-ins for modules that are not there: a plot is not shown, a decorator changes nothing, a number is refused."""

from types import FunctionType
from typing import Any

# what only shows; calling it changes no number
_SHOWS = {"matplotlib", "seaborn", "plotly", "IPython", "tqdm", "wandb", "display", "get_ipython", "pylab"}


class NotInstalledError(NameError):
    """A layer computes with something of a module that is not there."""


class Running:
    """Whether a layer is being called; while a file is read, anything may be called."""

    now = False


class Inert:
    """Something of a module that is not there: it has every attribute, and its calls give nothing.

    Raises NotInstalledError where a number is wanted of it, and where a layer calls it.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Inert(f"{self.name}.{name}")

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "name" or not Running.now:
            object.__setattr__(self, name, value)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        root, _, last = self.name.partition(".")
        if root == "tqdm" and args and not last.startswith("set_"):
            return range(*args) if last == "trange" else args[0]
        if Running.now and root not in _SHOWS:
            self._refuse()
        # as a decorator
        if len(args) == 1 and not kwargs and isinstance(args[0], type | FunctionType):
            return args[0]
        return Inert(f"{self.name}()")

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        return ()

    def __instancecheck__(self, instance: Any) -> bool:
        return False

    def __bool__(self) -> bool:
        return False

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *error: Any) -> None:
        pass

    def _refuse(self, *args: Any, **kwargs: Any) -> Any:
        module = self.name.partition(".")[0]
        raise NotInstalledError(
            f"`{self.name.removesuffix('()')}` is used, but `{module}` is not there to compute with"
        )

    __array__ = __float__ = __int__ = __index__ = __len__ = __iter__ = __next__ = __getitem__ = __setitem__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __pow__ = _refuse
    __rpow__ = __matmul__ = __rmatmul__ = __neg__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = _refuse
