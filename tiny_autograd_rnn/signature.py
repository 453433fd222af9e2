"""The signature is the specification: what a pure function takes, read from its annotations and checked.

    @specified
    def rnn(x: Float[Array, "N D"], h_prev: Float[Array, "N H"], /, Wx: ..., Wh: ..., b: ...)

Before the slash: data and state; after it: what is learned; keyword-only: options, `Literal[...]` where they are
names. Axis letters everywhere: N batch, T time, D input, H hidden, V vocabulary; `4*H` is a multiple, `2` a fixed
size. `Annotated[..., note]` says more of an argument, by one of the notes of `forms.py`, and names an output:
`Annotated[Float[Array, "N H"], "h"]`.
"""

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    ParamSpec,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

from tiny_autograd_rnn.checks import Sizes, check_argument, check_option
from tiny_autograd_rnn.forms import (
    BINARY,
    GATES,
    GRADIENT,
    IDS,
    LABELS,
    LOGITS,
    MASK,
    ONE_HOT,
    POSITIVE,
    RATIO,
    STEP_MASK,
    TWO_BIASES,
    Argument,
    Axis,
    Form,
    Option,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]
else:
    Array = np.ndarray

P = ParamSpec("P")
R = TypeVar("R")

FLOATS: Any = getattr(Float[np.ndarray, ""], "dtypes")  # noqa: B009 (mypy takes Float for Annotated)


@dataclass(frozen=True)
class Signature:
    """All that a pure function's annotations say."""

    name: str
    data: tuple[Argument, ...]
    params: tuple[Argument, ...]
    outputs: tuple[Argument, ...]
    keywords: Mapping[str, Option] = field(default_factory=dict)

    @functools.cached_property
    def arguments(self) -> tuple[Argument, ...]:
        """Data, then parameters, as the function takes them."""
        return self.data + self.params

    @functools.cached_property
    def states(self) -> tuple[Argument, ...]:
        """The data that carry a state into a sequence: by convention their names end in 0 (h0)."""
        return tuple(a for a in self.data if a.name.endswith("0"))

    @functools.cached_property
    def given(self) -> tuple[Argument, ...]:
        """The data that come in with every call: all but the states."""
        return tuple(a for a in self.data if a not in self.states)

    @property
    def options(self) -> dict[str, Any]:
        """The defaults of the options."""
        return {name: option.default for name, option in self.keywords.items()}

    @functools.cached_property
    def axes(self) -> tuple[str, ...]:
        """Every axis letter, in the order in which it first appears."""
        letters = (axis.letter for a in self.arguments for form in a.forms for axis in form.axes)
        return tuple(dict.fromkeys(letter for letter in letters if letter))

    @staticmethod
    def of(function: Callable[..., Any]) -> "Signature":
        """What the annotations of a pure function say, read once.

        Raises TypeError where an argument has none that says its axes.
        """
        known = vars(function).get("specification")
        return known if isinstance(known, Signature) else _read(function)

    def check(self, arrays: tuple[Any, ...], options: Mapping[str, Any]) -> tuple[Any, ...]:
        """The arguments in the parameters' dtype (without parameters: in that of the first array of floats).

        Raises TypeError for what is no array of the wanted kind, ValueError for a wrong shape, an id out of
        range, a number that is not finite or an option that there is not; the message names the argument, its
        shape and the wanted one.
        """
        for name, value in options.items():
            check_option(self.name, name, self.keywords[name], value)
        sizes: Sizes = {}
        given = {**self.options, **options}
        values = dict(zip((a.name for a in self.arguments), arrays, strict=True))
        dtype: np.dtype[Any] | None = None
        for argument in self.params + self.data:
            value = values[argument.name]
            form = check_argument(self.name, sizes, argument, value, given)
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

    vars(checked).update(specification=signature)
    return checked


def unchecked(function: Callable[P, R]) -> Callable[P, R]:
    """The function without its checks, for calls whose arguments are checked already."""
    bare: Callable[P, R] = inspect.unwrap(function)
    return bare


def _read(function: Callable[..., Any]) -> Signature:
    hints = get_type_hints(inspect.unwrap(function), include_extras=True)
    data: list[Argument] = []
    params: list[Argument] = []
    keywords: dict[str, Option] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is parameter.KEYWORD_ONLY:
            keywords[name] = _option(parameter.default, hints.get(name))
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
        keywords,
    )


def _option(default: Any, hint: Any) -> Option:
    if get_origin(hint) is Annotated:
        return Option(default, rule=get_args(hint)[1])
    if hint is bool:
        return Option(default, (True, False))
    return Option(default, get_args(hint) if get_origin(hint) is Literal else ())


def _forms(where: str, hint: Any) -> tuple[Form, ...]:
    alternatives = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    return tuple(_form(where, alternative) for alternative in alternatives)


def _form(where: str, hint: Any) -> Form:
    note = ""
    if get_origin(hint) is Annotated:
        hint, note = get_args(hint)
    if not hasattr(hint, "dim_str"):
        raise TypeError(f'{where} is annotated {hint!r}; wanted its axes, such as Float[Array, "N D"]')
    return Form(tuple(map(Axis.of, hint.dim_str.split())), hint.dtypes == FLOATS, note)


def _output(where: str, hint: Any) -> Argument:
    form = _form(f"{where}: the output", hint)
    return Argument(form.note or "out", (Form(form.axes, form.floats),))


__all__ = [
    "BINARY",
    "GATES",
    "GRADIENT",
    "IDS",
    "LABELS",
    "LOGITS",
    "MASK",
    "ONE_HOT",
    "POSITIVE",
    "RATIO",
    "STEP_MASK",
    "TWO_BIASES",
    "Argument",
    "Array",
    "Axis",
    "Bool",
    "Float",
    "Form",
    "Int",
    "Option",
    "Shaped",
    "Signature",
    "specified",
    "unchecked",
]
