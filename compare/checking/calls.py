"""Calls of a stranger's code through a session, and what comes back as arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from compare.checking.sandbox import Foreign, Kept, Result, Session, Subclassed, TooLarge


class NotAnArrayError(TypeError):
    """Something came back that is no array of numbers."""


class NoSuchMethodError(AttributeError):
    """The stranger's class has no method of this name."""


@dataclass(frozen=True)
class Caller:
    """A session whose calls may write back into the arrays that they were given."""

    session: Session
    mirrored: bool

    def method(self, slot: int, name: str, arguments: Sequence[Any], options: Mapping[str, Any] | None = None) -> Any:
        """What a method of an object gives."""
        return self._mirror(arguments, self.session.call(slot, name, arguments, options or {}))

    def function(self, name: str, arguments: Sequence[Any]) -> Any:
        """What a function gives."""
        return self._mirror(arguments, self.session.function(name, arguments, {}))

    def _mirror(self, arguments: Sequence[Any], result: Result) -> Any:
        for before, after in zip(arguments, result.arguments, strict=False) if self.mirrored else ():
            if isinstance(before, np.ndarray) and isinstance(after, np.ndarray) and before.shape == after.shape:
                before[...] = after
        return result.value


def array(value: Any, where: str) -> Any:
    """The plain array of a value that came back, None for None.

    Raises NotAnArrayError for what is none.
    """
    if value is None or isinstance(value, np.ndarray):
        return value
    if isinstance(value, Subclassed):
        return value.array
    if isinstance(value, bool | int | float | complex):
        return np.asarray(value)
    raise NotAnArrayError(f"{where} gives {said(value)}; wanted an array")


def said(value: Any) -> str:
    """What a value is, in two or three words."""
    if isinstance(value, tuple | list):
        return f"{len(value)} value{'s' * (len(value) != 1)}"
    if isinstance(value, Foreign | Kept):
        return f"{'an' if value.type[:1] in 'aeiou' else 'a'} {value.type}"
    if isinstance(value, TooLarge):
        return f"an array of shape {value.shape}, larger than what may come back"
    return "None" if value is None else f"a {type(value).__name__}"


def returned(value: Any, where: str) -> Any:
    if isinstance(value, tuple | list):
        return tuple(array(part, where) for part in value)
    return array(value, where)
