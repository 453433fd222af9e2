"""What the parent can ask for: definitions run, an object made, a method or a function called, attributes read."""

import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any

from compare.checking.child import chance, old_numpy
from compare.checking.child.disguise import disguised
from compare.checking.child.faults import fault
from compare.checking.child.finder import Finder
from compare.checking.child.inert import Running
from compare.checking.child.ours import Ours
from compare.checking.child.record import Record
from compare.checking.child.recording import recording
from compare.checking.child.slots import Slots
from compare.checking.child.stand_ins import StandIns
from compare.checking.child.units import run
from compare.checking.child.values import Incoming, Outgoing
from compare.checking.child.warned import recorded

Header = Mapping[str, Any]
_MISSING = object()
_getattr, _setattr = getattr, setattr
_compile, _exec = compile, exec


class Requests:
    """The stranger's namespace, and the objects made of it; `room` bounds what one reply holds, in bytes."""

    def __init__(self, ours: Ours, first_slot: int, room: int) -> None:
        self.record = Record()
        self.slots = Slots(first_slot)
        self.room = room
        self.stand_ins = StandIns(ours)
        self.ours = ours
        self.namespace: dict[str, Any] = {}

    def answer(self, header: Header, payload: bytes) -> tuple[dict[str, Any], list[bytes]]:
        """The reply to a request, and its payload.

        Raises whatever the stranger's code raises.
        """
        if header["op"] == "define":
            self.define(header)
            return {}, []
        chance.same_again()
        given, out = Incoming(self.slots, payload), Outgoing(self.slots, self.room)
        Running.now = True
        try:
            return getattr(self, f"_{header['op']}")(header, given, out), out.payload
        finally:
            Running.now = False

    def define(self, header: Header) -> None:
        """Run the stranger's files: `units`, with `modules` beside them; then put the replacements in."""
        old_numpy.restore_names()
        chance.settle()
        chance.same_again()
        if header["poison"]:
            old_numpy.poison()
        finder = Finder(header["modules"], self.ours, self.stand_ins, self.record)
        sys.meta_path.insert(0, finder)
        # whatever is pickled or looked up by its module is found
        module = sys.modules["__learner__"] = ModuleType("__learner__")
        self.namespace = vars(module)
        finder.prepare(self.namespace, header["units"])
        with warnings.catch_warnings():
            # an escape sequence that is none says nothing of a layer
            warnings.simplefilter("ignore")
            run(header["units"], self.namespace, self.record)
        finder.given(self.namespace)
        disguised(self.namespace, {name: self.stand_ins.layer(it) for name, it in header["replaced"].items()})

    def _make(self, header: Header, given: Incoming, out: Outgoing) -> dict[str, Any]:
        args, kwargs = _arguments(header, given)
        with recorded(self.record.labels):
            return {"slot": self.slots.keep(self._symbol(header["symbol"])(*args, **kwargs))}

    def _function(self, header: Header, given: Incoming, out: Outgoing) -> dict[str, Any]:
        return self._called(self._symbol(header["symbol"]), header, given, out, out.last)

    def _call(self, header: Header, given: Incoming, out: Outgoing) -> dict[str, Any]:
        method = _getattr(self.slots.get(header["slot"]), header["method"])
        return self._called(method, header, given, out, lambda value: (out.value(value), None))

    def _called(
        self,
        function: Callable[..., Any],
        header: Header,
        given: Incoming,
        out: Outgoing,
        send: Callable[[Any], tuple[Any, Any]],
    ) -> dict[str, Any]:
        args, kwargs = _arguments(header, given)
        labels = self.record.labels
        with recorded(labels) as warned, recording(labels, out, header["record"]) as rows:
            try:
                result = function(*args, **kwargs)
            except BaseException as error:
                if not header["record"]:
                    raise
                return {"error": fault(error, labels), "records": rows}
        value, last = send(result)
        after = [out.value(argument) for argument in (*args, *kwargs.values())]
        return {"value": value, "last": last, "arguments": after, "warnings": warned, "records": rows}

    def _redefine(self, header: Header, given: Incoming, out: Outgoing) -> dict[str, Any]:
        for label, text in header["units"]:
            _exec(_compile(text, label, "exec", 0, dont_inherit=True), self.namespace)
        return {}

    def _read(self, header: Header, given: Incoming, out: Outgoing) -> dict[str, Any]:
        thing = self.slots.get(header["slot"])
        found = [_getattr(thing, name, _MISSING) for name in header["names"]]
        return {"values": [["missing"] if value is _MISSING else out.value(value) for value in found]}

    def _value(self, header: Header, given: Incoming, out: Outgoing) -> dict[str, Any]:
        return {"values": [out.value(self.slots.get(header["slot"]))]}

    def _hold(self, header: Header, given: Incoming, out: Outgoing) -> dict[str, Any]:
        thing = _getattr(self.slots.get(header["slot"]), header["name"])
        # the elements, as an optimiser holds them
        return {"slot": self.slots.keep(list(thing) if type(thing) in (list, tuple) else thing)}

    def _write(self, header: Header, given: Incoming, out: Outgoing) -> dict[str, Any]:
        _setattr(self.slots.get(header["slot"]), header["name"], given.value(header["value"]))
        return {}

    def _fill(self, header: Header, given: Incoming, out: Outgoing) -> dict[str, Any]:
        target = _getattr(self.slots.get(header["slot"]), header["name"])
        if header["index"] is not None:
            target = target[header["index"]]
        target[...] = given.value(header["value"])
        return {}

    def _symbol(self, name: str) -> Any:
        found = self.namespace.get(name, _MISSING)
        if found is _MISSING or self.stand_ins.made(found):
            raise NameError(f"name '{name}' is not defined in this file")
        return found


def _arguments(header: Header, given: Incoming) -> tuple[Sequence[Any], dict[str, Any]]:
    args = [given.value(node) for node in header["args"]]
    return args, {name: given.value(node) for name, node in header["kwargs"].items()}
