"""A pair of functions of CS231n's protocol, or one that returns a loss and its gradient, with the face of a layer."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from compare.agreement import Array
from compare.checking.calls import Caller, NoSuchMethodError, NotAnArrayError, array, said
from compare.checking.convention import Convention
from compare.checking.subjects import Subject
from tiny_autograd_rnn.forms import LABELS


class FunctionLayer:
    """CS231n's pair of functions; the cache stays where it was made."""

    def __init__(self, subject: Subject, caller: Caller, convention: Convention, params: Sequence[Array]) -> None:
        self.subject, self.caller, self.convention = subject, caller, convention
        self.params = convention.theirs(params, subject.role.signature.params)
        self.grads: list[Any] = [None] * len(params)
        self.state: tuple[Array, ...] = ()
        self.dstates: tuple[Any, ...] = ()
        self.cache: Any = None

    def set_state(self, *states: Array) -> None:
        self.state = states

    def forward(self, *data: Array) -> Any:
        arguments = [*data, *self.state, *self.params]
        values = self.caller.function(self.subject.name, arguments)
        outputs = 1 if self.subject.role.signature.states else len(self.subject.role.signature.outputs)
        if not isinstance(values, tuple | list) or len(values) != outputs + 1:
            raise NotAnArrayError(
                f"{self.subject.name} returns {said(values)}; wanted {outputs + 1} values, the cache last"
            )
        self.cache = values[-1]
        arrays = tuple(array(v, self.subject.name) for v in values[:-1])
        return arrays if outputs > 1 else arrays[0]

    def backward(self, *cotangents: Any, **_: Any) -> Any:
        if self.subject.backward is None:
            raise NoSuchMethodError(f"there is no function {self.subject.name.replace('forward', 'backward')}")
        value = self.caller.function(self.subject.backward.name, [*cotangents, self.cache])
        signature = self.subject.role.signature
        floats = [a for a in signature.data if a.floats]
        values = value if isinstance(value, tuple | list) else (value,)
        wanted = len(floats) + len(signature.params)
        if len(values) != wanted:
            names = ", ".join(f"d{a.name}" for a in (*floats, *signature.params))
            raise NotAnArrayError(
                f"{self.subject.backward.name} returns {said(value)}; wanted {wanted} gradients: {names}"
            )
        arrays = [array(v, self.subject.backward.name) for v in values]
        self.grads = self.convention.ours(arrays[len(floats) :], signature.params)
        states = len(signature.states)
        self.dstates = tuple(arrays[len(floats) - states : len(floats)])
        return tuple(arrays[: len(floats) - states])

    @property
    def dh(self) -> Any:
        return self.dstates[0]


class LossLayer:
    """A function that returns the loss and its gradient at once; the gradient of a multiple is a multiple of it."""

    def __init__(self, subject: Subject, caller: Caller) -> None:
        self.subject, self.caller = subject, caller
        self.params: list[Array] = []
        self.grads: list[Array] = []
        self.dx: Any = None

    def forward(self, xs: Array, ts: Array) -> Any:
        arguments = [xs, ts]
        if self.subject.role.signature.data[1].note == LABELS:
            kept = ts != -1
            arguments = [xs, np.where(kept, ts, 0), kept]
        values = self.caller.function(self.subject.name, arguments)
        if not isinstance(values, tuple | list) or len(values) != 2:
            raise NotAnArrayError(f"{self.subject.name} returns {said(values)}; wanted the loss and its gradient")
        loss, self.dx = (array(value, self.subject.name) for value in values)
        return loss

    def backward(self, dout: Any = 1) -> Any:
        return None if self.dx is None else self.dx * dout
