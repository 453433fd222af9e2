"""What a handwritten layer accepts: named axes, floating dtypes, ids in range.

Axis letters everywhere: N batch, T time, D input, H hidden, V vocabulary; `4H` is a multiple, `2` a fixed size.
"""

import re
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]


class Axes:
    """The axis sizes of a layer: those of its parameters, then those of its latest forward pass.

    An argument comes as `name=(array, "N T D")`, or with the rule for its values, `name=(ids, "N T", "0 <= id < V")`;
    the other rules are "one-hot", "0 or 1" and "mask". A message names the argument, its shape and the wanted one.

    Raises TypeError for what is no array of the wanted kind, ValueError for a wrong shape, an id out of
    range or a number that is not finite, RuntimeError for a backward pass without a forward pass.
    """

    def __init__(self, layer: str, **params: tuple[Array, str]) -> None:
        self.layer = layer
        self.learned: dict[str, tuple[int, str]] = {}
        self.seen: dict[str, tuple[int, str]] | None = None
        self.dtype: np.dtype[Any] | None = None
        for name, (array, dims) in params.items():
            self._accept(layer, self.learned, name, array, dims)
            if array.dtype != self.dtype:
                raise TypeError(
                    f"{layer}: {name} {array.shape} has dtype {array.dtype}; wanted {self.dtype}, as the parameters "
                    "before it"
                )

    def option(self, name: str, value: Any, *choices: Any) -> None:
        """Refuse a keyword that is none of the choices, or does not keep the rule: "0 <= ratio < 1" or "above 0".

        Raises ValueError.
        """
        rule = choices[0]
        if rule in ("0 <= ratio < 1", "above 0"):
            if isinstance(value, int | float) and (0 <= value < 1 if rule == "0 <= ratio < 1" else value > 0):
                return
        elif value in choices:
            return
        else:
            rule = " or ".join(repr(choice) for choice in choices)
        raise ValueError(f"{self.layer}: {name} is {value!r}; wanted {rule}")

    def forward(self, carried: Array | None = None, /, **arguments: tuple[Any, ...]) -> tuple[Array, ...]:
        """The arguments, checked against the parameters, each other and the carried state, in the parameters' dtype.

        Where nothing is learned, the first array of floats gives the dtype. What is refused leaves no trace: the
        backward pass still belongs to the forward pass before.
        """
        where, seen, dtype = f"{self.layer}.forward", dict(self.learned), self.dtype
        if not self.learned:
            self.dtype = None
        try:
            arrays = tuple(self._accept(where, seen, name, *argument) for name, argument in arguments.items())
        except (TypeError, ValueError):
            self.dtype = dtype
            raise
        # a carried state ends in N, H
        if carried is not None and carried.shape[-2] != seen["N"][0]:
            N, source = seen["N"]
            raise ValueError(
                f"{where}: {source}, N = {N}, but the carried state h has shape {carried.shape}; wanted "
                f"{(*carried.shape[:-2], N, carried.shape[-1])}: call reset_state() or set_state(h) when the batch "
                "size changes"
            )
        self.seen = seen
        return arrays

    def forget(self) -> None:
        """No forward pass to go back through any more: what the layers keep belongs to another one."""
        self.seen = None

    def backward(self, **cotangents: tuple[Any, ...]) -> tuple[Array, ...]:
        """The upstream gradients, checked against the shapes of the latest forward pass."""
        if self.seen is None:
            raise RuntimeError(
                f"{self.layer}.backward: there is no forward pass to go back through; call forward first"
            )
        return tuple(
            self._accept(f"{self.layer}.backward", dict(self.seen), name, *argument)
            for name, argument in cotangents.items()
        )

    def state(self, method: str, **states: tuple[Any, str]) -> tuple[Array, ...]:
        """States that somebody sets, checked against the parameters alone, copied."""
        sizes = dict(self.learned)
        return tuple(
            self._accept(f"{self.layer}.{method}", sizes, name, *argument).copy() for name, argument in states.items()
        )

    def _accept(
        self, where: str, sizes: dict[str, tuple[int, str]], name: str, array: Any, dims: str, rule: str = ""
    ) -> Array:
        if not dims and isinstance(array, float | int):
            array = np.asarray(array, dtype=self.dtype)
        if not isinstance(array, np.ndarray | np.generic):
            raise TypeError(
                f"{where}: {name} is a {type(array).__name__}; wanted a NumPy array of shape {_wanted(dims)}"
            )
        array = np.asarray(array)
        wrong = _wrong_shape(sizes, name, array, dims)
        if wrong:
            raise ValueError(f"{where}: {name} has shape {array.shape}; wanted {_wanted(dims)}{wrong}")
        if rule:
            _check_values(where, sizes, name, array, rule)
            return array
        _check_floats(where, name, array)
        self.dtype = self.dtype or array.dtype
        return array.astype(self.dtype, copy=False)


def _wanted(dims: str) -> str:
    return f"({dims.replace(' ', ', ')}{',' if dims.count(' ') == 0 and dims else ''})"


@cache
def _parsed(dims: str) -> tuple[tuple[int, str], ...]:
    """The multiple and the letter of every axis: "N 4H 2" is 1 N, 4 H, and 2 without a letter."""
    letters = ((axis, axis.lstrip("0123456789")) for axis in dims.split())
    return tuple((int(axis.removesuffix(letter) or 1), letter) for axis, letter in letters)


def _wrong_shape(sizes: dict[str, tuple[int, str]], name: str, array: Array, dims: str) -> str:
    """What a message says after the wanted shape, empty for a shape that fits; a new letter takes the array's size."""
    axes = _parsed(dims)
    if array.ndim != len(axes):
        return f", {len(axes)} ax{'es' if len(axes) != 1 else 'is'}"
    if 0 in array.shape:
        return ", each axis at least 1"
    for (times, letter), size in zip(axes, array.shape, strict=True):
        if not letter and size != times:
            return f", {size} is not {times}"
        if size % times:
            return f", {size} is no multiple of {times}"
        if letter and letter not in sizes:
            sizes[letter] = size // times, f"{name} has shape {array.shape}"
        if letter and size != sizes[letter][0] * times:
            return f" with {letter} = {sizes[letter][0]}, as {sizes[letter][1]}"
    return ""


def _check_floats(where: str, name: str, array: Array) -> None:
    # complex numbers pass, so that a forward pass can be differentiated by the complex step
    if array.dtype.kind not in "fc":
        raise TypeError(
            f"{where}: {name} {array.shape} has dtype {array.dtype}; wanted floating point: "
            f"pass {name}.astype(np.float64)"
        )
    finite = np.isfinite(array)
    if not finite.all():
        at = _first(~finite)
        raise ValueError(f"{where}: {name} {array.shape} holds {array[at]} at {list(at)}; wanted finite numbers")


def _check_values(where: str, sizes: dict[str, tuple[int, str]], name: str, array: Array, rule: str) -> None:
    if rule == "one-hot":
        ones = ((array == 0) | (array == 1)).all(axis=-1) & (array.sum(axis=-1) == 1)
        if not ones.all():
            at = _first(~ones)
            raise ValueError(
                f"{where}: {name} {array.shape} is not one-hot at {list(at)}; wanted a single 1 and zeros along the "
                "last axis: pass integer ids to ignore a position"
            )
        return
    if rule == "mask":
        if array.dtype != bool:
            raise TypeError(
                f"{where}: {name} {array.shape} has dtype {array.dtype}; wanted bool, True for what is kept: "
                f"pass {name}.astype(bool)"
            )
        return
    if not np.issubdtype(array.dtype, np.integer):
        raise TypeError(
            f"{where}: {name} {array.shape} has dtype {array.dtype}; wanted integer ids: pass {name}.astype(np.int64)"
        )
    V = 2 if rule == "0 or 1" else sizes["V"][0]
    allowed = (array >= 0) & (array < V)
    ignored = re.search(r"id == (-?\d+)", rule)
    if ignored:
        allowed |= array == int(ignored[1])
    if not allowed.all():
        at = _first(~allowed)
        shown = rule.replace("< V", f"< V = {V}")
        raise ValueError(f"{where}: {name} {array.shape} holds {array[at]} at {list(at)}; wanted {shown}")


def _first(where: Array) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(where)[0])
