"""An object of the book's protocol, or of one near it, with the face of our own layers."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from compare.agreement import Array
from compare.checking.calls import Caller, NotAnArrayError, array, returned
from compare.checking.convention import Convention
from compare.checking.sandbox import Missing
from compare.checking.subjects import Subject, parameters, size_of


class ClassLayer:
    """An object of the book's protocol: `params`, `grads`, `forward`, `backward`, and a state if it has one."""

    def __init__(
        self,
        subject: Subject,
        caller: Caller,
        convention: Convention,
        sizes: Mapping[str, int],
        params: Sequence[Array],
        chosen: Mapping[str, Any],
    ) -> None:
        self.subject, self.caller, self.convention = subject, caller, convention
        self.session = session = caller.session
        self.given = convention.theirs(params, subject.role.signature.params)
        options = {subject.stateful: True} if subject.stateful else {}
        if subject.role.exact:
            options |= chosen
        if subject.role.sizes:
            self.slot = session.make(subject.name, _sizes(subject, sizes), options)
            self._fill()
        else:
            drawn = [chosen["ratio"]] if subject.role.draws and subject.constructor else []
            self.slot = session.make(subject.name, [*self.given, *drawn, *_extra(subject, sizes, drawn)], options)

    def _fill(self) -> None:
        """Write the parameters into those that the constructor has made."""
        made = self.params
        shapes = [np.shape(p) for p in made]
        wanted = [p.shape for p in self.given]
        if shapes != wanted:
            raise NotAnArrayError(f"params have the shapes {shapes}, wanted {wanted}, in this order")
        for i, param in enumerate(self.given):
            self.session.fill(self.slot, "params", i, param)

    @property
    def params(self) -> list[Any]:
        (value,) = self.session.read(self.slot, "params")
        return [] if isinstance(value, Missing) else [array(p, "params") for p in _sequence(value)]

    @property
    def grads(self) -> list[Any]:
        """The gradients in the twin's order of gates; of a class without `grads`, its attributes dW, dWx, ..."""
        (value,) = self.session.read(self.slot, "grads")
        names = [a.name for a in self.subject.role.signature.params]
        found = list(_sequence(value)) if not isinstance(value, Missing) else []
        if not found and names:
            values = self.session.read(self.slot, *(f"d{name}" for name in names))
            found = [None if isinstance(v, Missing) else v for v in values]
        arrays = [array(g, "grads") for g in found]
        ours = self.convention.ours(arrays, self.subject.role.signature.params)
        return [*ours, *[None] * len(names)][: len(names)]

    def forward(self, *data: Array) -> Any:
        # what it draws itself it is not given
        return returned(self._call("forward", data[:-1] if self.subject.role.draws else data), "forward")

    def backward(self, *cotangents: Any, **carried: Any) -> Any:
        return returned(self.caller.method(self.slot, "backward", cotangents, carried), "backward")

    def evaluate(self, switch: str, x: Array) -> Any:
        """The forward pass in evaluation: by an argument of `forward`, or by an attribute."""
        function = self.subject.forward.methods.get("forward")
        if function and switch in dict(parameters(function)):
            return returned(self.caller.method(self.slot, "forward", [x], {switch: False}), "forward")
        self.session.write(self.slot, switch, False)
        return self.forward(x, x)

    def set_state(self, *states: Array) -> None:
        (method,) = self.session.read(self.slot, "set_state")
        if not isinstance(method, Missing):
            self._call("set_state", states)
            return
        (reset,) = self.session.read(self.slot, "reset_state")
        if not isinstance(reset, Missing) and not any(state.any() for state in states):
            self.reset_state()
            return
        for name, state in zip("hc", states, strict=False):
            self.session.write(self.slot, name, state)

    def reset_state(self) -> None:
        self._call("reset_state", ())

    def __getattr__(self, name: str) -> Any:
        if name not in ("h", "c", "dh", "dc"):
            raise AttributeError(name)
        (value,) = self.session.read(self.slot, name)
        if isinstance(value, Missing):
            raise AttributeError(name)
        return array(value, name)

    def _call(self, method: str, arguments: Sequence[Any]) -> Any:
        return self.caller.method(self.slot, method, arguments)


def _sequence(value: Any) -> Sequence[Any]:
    return value if isinstance(value, tuple | list) else (value,)


def _sizes(subject: Subject, sizes: Mapping[str, int]) -> list[int]:
    """The arguments of a constructor of sizes: by their names, or else vocabulary, word vector and state in order."""
    init = subject.forward.methods.get("__init__")
    wanted = [name for name, optional in parameters(init)[1:] if not optional] if init else []
    in_order = [sizes[letter] for letter in subject.role.sizes.split()]
    by_name = [size_of(name, sizes) for name in wanted]
    return [size for size in by_name if size is not None] if wanted and None not in by_name else in_order


def _extra(subject: Subject, sizes: Mapping[str, int], drawn: Sequence[Any]) -> list[Any]:
    """What a constructor must be given after the parameters: a size by its name."""
    init = subject.forward.methods.get("__init__")
    learned = len(subject.role.signature.params) + len(drawn)
    rest = [name for name, optional in parameters(init)[1 + learned :] if not optional] if init else []
    return [size_of(name, sizes) for name in rest if name != subject.stateful]
