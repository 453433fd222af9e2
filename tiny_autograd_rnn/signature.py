"""The signature is the specification: what a pure function takes, read from its annotations and checked.

    @specified
    def rnn(x: Float[Array, "N D"], h_prev: Float[Array, "N H"], /, Wx: ..., Wh: ..., b: ...)

Before the slash: data and state; after it: what is learned; keyword-only: options. Axis letters everywhere:
N batch, T time, D input, H hidden, V vocabulary. `Annotated[..., note]` says more of an argument, `Logits`,
`Ids`, `Labels` or `OneHot` below, and names an output: `Annotated[Float[Array, "N H"], "h"]`.
"""

import functools
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np
from autograd.tracer import getval
from jaxtyping import Float, Int, Shaped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]
else:
    Array = np.ndarray

P = ParamSpec("P")
R = TypeVar("R")

FLOATS: Any = getattr(Float[np.ndarray, ""], "dtypes")  # noqa: B009 (mypy takes Float for Annotated)
IDS = "0 <= id < V"
LABELS = "0 <= id < V or id == ignore_label"
ONE_HOT = "one-hot"
LOGITS = "logits"


@dataclass(frozen=True)
class Form:
    """One way in which an argument may come: its axes, whether it holds floats, and the rule for its values."""

    axes: tuple[str, ...]
    floats: bool
    note: str = ""

    @property
    def text(self) -> str:
        """The axes as a shape: (N, T, D)."""
        return f"({', '.join(self.axes)}{',' if len(self.axes) == 1 else ''})"


@dataclass(frozen=True)
class Argument:
    """An argument or an output: its name, its forms (the usual one first), and whether it is learned."""

    name: str
    forms: tuple[Form, ...]
    learned: bool = False

    @property
    def axes(self) -> tuple[str, ...]:
        return self.forms[0].axes

    @property
    def floats(self) -> bool:
        return self.forms[0].floats

    @property
    def note(self) -> str:
        return self.forms[0].note


@dataclass(frozen=True)
class Signature:
    """All that a pure function's annotations say."""

    name: str
    data: tuple[Argument, ...]
    params: tuple[Argument, ...]
    outputs: tuple[Argument, ...]
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """Data, then parameters, as the function takes them."""
        return self.data + self.params

    @property
    def states(self) -> tuple[Argument, ...]:
        """The data that carry a state into a sequence: by convention their names end in 0 (h0)."""
        return tuple(a for a in self.data if a.name.endswith("0"))

    @property
    def axes(self) -> tuple[str, ...]:
        """Every axis letter, in the order in which it first appears."""
        return tuple(dict.fromkeys(axis for a in self.arguments for form in a.forms for axis in form.axes))

    @staticmethod
    def of(function: Callable[..., Any]) -> "Signature":
        """Read the annotations of a pure function.

        Raises TypeError where an argument has none that says its axes.
        """
        hints = get_type_hints(inspect.unwrap(function), include_extras=True)
        data: list[Argument] = []
        params: list[Argument] = []
        options: dict[str, Any] = {}
        for name, parameter in inspect.signature(function).parameters.items():
            if parameter.kind is parameter.KEYWORD_ONLY:
                options[name] = parameter.default
                continue
            learned = parameter.kind is parameter.POSITIONAL_OR_KEYWORD
            argument = Argument(name, _forms(f"{function.__name__}: {name}", hints.get(name)), learned)
            (params if learned else data).append(argument)
        returned = hints.get("return")
        outputs = get_args(returned) if get_origin(returned) is tuple else (returned,)
        return Signature(
            function.__name__,
            tuple(data),
            tuple(params),
            tuple(_output(function.__name__, o) for o in outputs),
            options,
        )

    def check(self, arrays: tuple[Any, ...], options: Mapping[str, Any]) -> tuple[Any, ...]:
        """The arguments in the parameters' dtype (without parameters: in that of the first array of floats).

        Raises TypeError for what is no array of the wanted kind, ValueError for a wrong shape, an id out of
        range or a number that is not finite; the message names the argument, its shape and the wanted one.
        """
        sizes: dict[str, tuple[int, str]] = {}
        values = dict(zip((a.name for a in self.arguments), arrays, strict=True))
        dtype: np.dtype[Any] | None = None
        for argument in self.params + self.data:
            value = values[argument.name]
            form = _check(self.name, sizes, argument, value, {**self.options, **options})
            if not form.floats:
                continue
            dtype = dtype or value.dtype
            if value.dtype != dtype:
                if argument.learned:
                    raise TypeError(
                        f"{self.name}: {argument.name} {value.shape} has dtype {value.dtype}; wanted {dtype}, as the "
                        "parameters before it"
                    )
                values[argument.name] = value.astype(dtype)
        return tuple(values.values())


def specified(function: Callable[P, R]) -> Callable[P, R]:
    """Have every call of a pure function checked against its own signature."""
    signature = Signature.of(function)
    positions = inspect.signature(function)

    @functools.wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        bound = positions.bind(*args, **kwargs)
        return function(*signature.check(bound.args, bound.kwargs), **bound.kwargs)

    return checked


def unchecked(function: Callable[P, R]) -> Callable[P, R]:
    """The function without its checks, for calls whose arguments are checked already."""
    bare: Callable[P, R] = inspect.unwrap(function)
    return bare


def _forms(where: str, hint: Any) -> tuple[Form, ...]:
    alternatives = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    return tuple(_form(where, alternative) for alternative in alternatives)


def _form(where: str, hint: Any) -> Form:
    note = ""
    if get_origin(hint) is Annotated:
        hint, note = get_args(hint)
    if not hasattr(hint, "dim_str"):
        raise TypeError(f'{where} is annotated {hint!r}; wanted its axes, such as Float[Array, "N D"]')
    return Form(tuple(hint.dim_str.split()), hint.dtypes == FLOATS, note)


def _output(where: str, hint: Any) -> Argument:
    form = _form(f"{where}: the output", hint)
    return Argument(form.note or "out", (Form(form.axes, form.floats),))


def _check(
    where: str, sizes: dict[str, tuple[int, str]], argument: Argument, value: Any, options: Mapping[str, Any]
) -> Form:
    name, untraced = argument.name, getval(value)
    if not isinstance(untraced, np.ndarray | np.generic):
        wanted = argument.forms[0].text
        raise TypeError(f"{where}: {name} is a {type(untraced).__name__}; wanted a NumPy array of shape {wanted}")
    array: Array = np.asarray(untraced)
    form = next((f for f in argument.forms if len(f.axes) == array.ndim), argument.forms[0])
    _check_shape(where, sizes, name, array.shape, form)
    if form.floats:
        _check_floats(where, name, array)
    elif form.note == ONE_HOT:
        _check_one_hot(where, name, array)
    else:
        _check_ids(where, name, array, sizes["V"][0], form.note, options)
    return form


def _check_shape(where: str, sizes: dict[str, tuple[int, str]], name: str, shape: tuple[int, ...], form: Form) -> None:
    has = f"{where}: {name} has shape {shape}; wanted {form.text}"
    if len(shape) != len(form.axes):
        raise ValueError(f"{has}, {len(form.axes)} axes")
    if 0 in shape:
        raise ValueError(f"{has}, each axis at least 1")
    for axis, size in zip(form.axes, shape, strict=True):
        known, source = sizes.setdefault(axis, (size, f"{name} has shape {shape}"))
        if size != known:
            raise ValueError(f"{has} with {axis} = {known}, as {source}")


def _check_floats(where: str, name: str, array: Array) -> None:
    # complex numbers pass, so that a forward pass can be differentiated by the complex step
    if not np.issubdtype(array.dtype, np.inexact):
        raise TypeError(
            f"{where}: {name} {array.shape} has dtype {array.dtype}; wanted floating point: "
            f"pass {name}.astype(np.float64)"
        )
    finite = np.isfinite(array)
    if not finite.all():
        at = _first(~finite)
        raise ValueError(f"{where}: {name} {array.shape} holds {array[at]} at {list(at)}; wanted finite numbers")


def _check_one_hot(where: str, name: str, array: Array) -> None:
    ones = ((array == 0) | (array == 1)).all(axis=-1) & (array.sum(axis=-1) == 1)
    if not ones.all():
        at = _first(~ones)
        raise ValueError(
            f"{where}: {name} {array.shape} is not one-hot at {list(at)}; wanted a single 1 and zeros along the "
            "last axis: pass integer ids to ignore a position"
        )


def _check_ids(where: str, name: str, array: Array, V: int, rule: str, options: Mapping[str, Any]) -> None:
    if not np.issubdtype(array.dtype, np.integer):
        raise TypeError(
            f"{where}: {name} {array.shape} has dtype {array.dtype}; wanted integer ids: pass {name}.astype(np.int64)"
        )
    allowed = (array >= 0) & (array < V)
    shown = rule.replace("< V", f"< V = {V}")
    option = re.search(r"id == (\w+)", rule)
    if option:
        allowed |= array == options[option[1]]
        shown = shown.replace(option[1], str(options[option[1]]))
    if not allowed.all():
        at = _first(~allowed)
        raise ValueError(f"{where}: {name} {array.shape} holds {array[at]} at {list(at)}; wanted {shown}")


def _first(where: Array) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(where)[0])


__all__ = [
    "IDS",
    "LABELS",
    "LOGITS",
    "ONE_HOT",
    "Argument",
    "Array",
    "Float",
    "Form",
    "Int",
    "Shaped",
    "Signature",
    "specified",
    "unchecked",
]
