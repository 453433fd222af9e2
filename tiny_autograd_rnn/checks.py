"""Whether what a pure function is called with fits its annotations; the hand says the same in the same words."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from autograd.tracer import getval

from tiny_autograd_rnn.forms import BINARY, MASK, ONE_HOT, RATIO, STEP_MASK, Argument, Form, Option

Sizes = dict[str, tuple[int, str]]


def check_argument(where: str, sizes: Sizes, argument: Argument, value: Any, options: Mapping[str, Any]) -> Form:
    """The form in which the value comes; `sizes` learns the sizes of axes that were not known before.

    Raises TypeError for what is no array of the wanted kind, ValueError for a wrong shape, an id out of range or a
    number that is not finite; the message names the argument, its shape and the wanted one.
    """
    name, untraced = argument.name, getval(value)
    if not isinstance(untraced, np.ndarray | np.generic):
        wanted = argument.forms[0].text
        raise TypeError(f"{where}: {name} is a {type(untraced).__name__}; wanted a NumPy array of shape {wanted}")
    array = np.asarray(untraced)
    form = next((f for f in argument.forms if len(f.axes) == array.ndim), argument.forms[0])
    _check_shape(where, sizes, name, array.shape, form)
    if form.floats:
        _check_floats(where, name, array)
    elif form.note in (MASK, STEP_MASK):
        _check_mask(where, name, array)
    elif form.note == ONE_HOT:
        _check_one_hot(where, name, array)
    else:
        _check_ids(where, name, array, sizes, form.note, options)
    return form


def check_option(where: str, name: str, option: Option, value: Any) -> None:
    """Raises ValueError for a value that the keyword may not have; the message names those that it may."""
    if option.choices and value not in option.choices:
        wanted = " or ".join(repr(choice) for choice in option.choices)
    elif option.rule and not (isinstance(value, int | float) and _keeps(option.rule, value)):
        wanted = option.rule
    else:
        return
    raise ValueError(f"{where}: {name} is {value!r}; wanted {wanted}")


def _keeps(rule: str, number: float) -> bool:
    return 0 <= number < 1 if rule == RATIO else number > 0


def _check_shape(where: str, sizes: Sizes, name: str, shape: tuple[int, ...], form: Form) -> None:
    wrong = _wrong_shape(sizes, name, shape, form)
    if wrong:
        raise ValueError(f"{where}: {name} has shape {shape}; wanted {form.text}{wrong}")


def _wrong_shape(sizes: Sizes, name: str, shape: tuple[int, ...], form: Form) -> str:
    """What a message says after the wanted shape, empty for a shape that fits."""
    if len(shape) != len(form.axes):
        return f", {len(form.axes)} ax{'es' if len(form.axes) != 1 else 'is'}"
    if 0 in shape:
        return ", each axis at least 1"
    for axis, size in zip(form.axes, shape, strict=True):
        if not axis.letter and size != axis.times:
            return f", {size} is not {axis.times}"
        if size % axis.times:
            return f", {size} is no multiple of {axis.times}"
        if axis.letter and axis.letter not in sizes:
            sizes[axis.letter] = size // axis.times, f"{name} has shape {shape}"
        if axis.letter and size != sizes[axis.letter][0] * axis.times:
            known, source = sizes[axis.letter]
            return f" with {axis.letter} = {known}, as {source}"
    return ""


def _check_floats(where: str, name: str, array: Any) -> None:
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


def _check_mask(where: str, name: str, array: Any) -> None:
    if array.dtype != bool:
        raise TypeError(
            f"{where}: {name} {array.shape} has dtype {array.dtype}; wanted bool, True for what is kept: "
            f"pass {name}.astype(bool)"
        )


def _check_one_hot(where: str, name: str, array: Any) -> None:
    ones = ((array == 0) | (array == 1)).all(axis=-1) & (array.sum(axis=-1) == 1)
    if not ones.all():
        at = _first(~ones)
        raise ValueError(
            f"{where}: {name} {array.shape} is not one-hot at {list(at)}; wanted a single 1 and zeros along the "
            "last axis: pass integer ids to ignore a position"
        )


def _check_ids(where: str, name: str, array: Any, sizes: Sizes, rule: str, options: Mapping[str, Any]) -> None:
    if not np.issubdtype(array.dtype, np.integer):
        raise TypeError(
            f"{where}: {name} {array.shape} has dtype {array.dtype}; wanted integer ids: pass {name}.astype(np.int64)"
        )
    V = 2 if rule == BINARY else sizes["V"][0]
    allowed = (array >= 0) & (array < V)
    shown = rule.replace("< V", f"< V = {V}")
    option = re.search(r"id == (\w+)", rule)
    if option:
        allowed = allowed | (array == options[option[1]])
        shown = shown.replace(option[1], str(options[option[1]]))
    if not allowed.all():
        at = _first(~allowed)
        raise ValueError(f"{where}: {name} {array.shape} holds {array[at]} at {list(at)}; wanted {shown}")


def _first(where: Any) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(where)[0])
