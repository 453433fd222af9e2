"""What comes back from a stranger's code."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from compare.agreement import Array


@dataclass(frozen=True)
class Kept:
    """An object that stays in its process, and can be given to a call by this."""

    slot: int
    type: str


@dataclass(frozen=True)
class TooLarge:
    """An array that is larger than what may come back."""

    shape: tuple[int, ...]
    dtype: str


@dataclass(frozen=True)
class Foreign:
    """What is neither a number nor kept: an array of objects, a generator, a function, a class."""

    type: str


@dataclass(frozen=True)
class Missing:
    """An attribute that there is not."""


@dataclass(frozen=True, eq=False)
class Subclassed:
    """An array of a subclass, as a plain one."""

    array: Array
    type: str


# an array, bool, int, float, complex, str or None, a tuple or a list of values, or one of the above
Value: TypeAlias = Any


@dataclass(frozen=True)
class Warned:
    """A warning, with the stranger's line that caused it; label "" where it has none."""

    category: str
    message: str
    label: str
    line: int


@dataclass(frozen=True, eq=False)
class Recorded:
    """A value that a statement gave a variable; `call` numbers the calls of functions, from 1."""

    function: str
    label: str
    line: int
    call: int
    name: str
    value: Value


@dataclass(frozen=True, eq=False)
class Result:
    """What a call returned, and its arguments, by position and then by name, as they are after it.

    `last` is the last element of a returned tuple by slot, whatever it is: the cache of a forward pass.
    """

    value: Value
    arguments: tuple[Value, ...] = ()
    warnings: tuple[Warned, ...] = ()
    last: Kept | None = None
    records: tuple[Recorded, ...] = ()
