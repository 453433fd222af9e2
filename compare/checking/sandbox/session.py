"""A stranger's definitions in a process of their own: made, called, read; arrays come back, never a verdict."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType, TracebackType
from typing import Any, TypeVar

from compare.agreement import Array
from compare.checking.sandbox.child import Child, Definitions
from compare.checking.sandbox.decode import Reply
from compare.checking.sandbox.encode import Arguments, encoded
from compare.checking.sandbox.errors import Failure, GoneError, StrangerError
from compare.checking.sandbox.limits import Limits
from compare.checking.sandbox.values import Recorded, Result, Value
from compare.checking.source import Unit

T = TypeVar("T")
_NOTHING: Mapping[str, str] = MappingProxyType({})


class Session:
    """The definitions of `units`, with `modules` to import, in a process that is started anew when it has died.

    `replaced` binds names to our own layers after all units have run: `{"RNN": "RNN"}`, `{"lstm_step_forward":
    "lstm_step_forward"}`, with another order of the gates `{"LSTM": "LSTM:ifog"}`, of a GRU `"GRU:rzh:after"`.
    With `poison`, memory of np.empty holds NaN, so that reading it before it is written shows.

    `failures` and `stand_ins` grow while calls import more; `guards` names what protects. The thread that makes a
    session, or the call that starts its process anew, must outlive it: the process dies with that thread.

    Raises StrangerError where the process does not start, or dies of the definitions.
    """

    def __init__(
        self,
        units: Sequence[Unit],
        modules: Mapping[str, Sequence[Unit]],
        limits: Limits | None = None,
        *,
        replaced: Mapping[str, str] = _NOTHING,
        poison: bool = False,
    ) -> None:
        self.limits = limits or Limits()
        self.failures: tuple[Failure, ...] = ()
        self.stand_ins: tuple[str, ...] = ()
        self.guards: tuple[str, ...] = ()
        self._printed = ""
        self._definitions = Definitions(units, modules, replaced, poison)
        self._records: list[Recorded] | None = None
        self._next = 0
        self._child: Child | None = None
        self._started()

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def output(self) -> str:
        """What the process that ran last has printed, up to the limit."""
        return self._child.output if self._child else self._printed

    def make(self, symbol: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> int:
        """An object of a class; returns its slot.

        Raises StrangerError.
        """
        self._started()
        return self._ask("make", Reply.slot, symbol=symbol, args=args, kwargs=kwargs)

    def function(self, symbol: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Result:
        """A function's call; of a tuple the last comes by slot unless it is an array or a scalar.

        Raises StrangerError.
        """
        self._started()
        return self._called("function", symbol=symbol, args=args, kwargs=kwargs)

    def call(self, slot: int, method: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Result:
        """A method's call.

        Raises StrangerError.
        """
        return self._called("call", slot=slot, method=method, args=args, kwargs=kwargs)

    def read(self, slot: int, *names: str) -> tuple[Value, ...]:
        """Attributes, Missing() for what there is not.

        Raises StrangerError.
        """
        return self._ask("read", lambda reply: reply.values(len(names)), slot=slot, names=list(names))

    def value(self, slot: int) -> Value:
        """The object of a slot as a value, such as a list that `hold` keeps.

        Raises StrangerError.
        """
        return self._ask("value", lambda reply: reply.values(1), slot=slot)[0]

    def hold(self, slot: int, name: str) -> int:
        """A slot for what an attribute is now, of a list its elements: as an optimiser that took them holds them.

        Raises StrangerError.
        """
        return self._ask("hold", Reply.slot, slot=slot, name=name)

    def write(self, slot: int, name: str, value: Any) -> None:
        """Set an attribute.

        Raises StrangerError.
        """
        self._ask("write", Reply.nothing, slot=slot, name=name, value=value)

    def fill(self, slot: int, name: str, index: int | str | None, array: Array) -> None:
        """Write into an existing array, in place: `obj.name[index][...] = array`, without an index `obj.name[...]`.

        Raises StrangerError.
        """
        self._ask("fill", Reply.nothing, slot=slot, name=name, index=index, value=array)

    def redefine(self, units: Sequence[Unit]) -> None:
        """Run other definitions in the place of those there are; a process that is started anew has the first again.

        Raises StrangerError where they do not run, and SyntaxError is among what it may tell of.
        """
        self._started()
        self._ask("redefine", Reply.nothing, units=[[unit.label, unit.text] for unit in units])

    @contextmanager
    def recorded(self) -> Iterator[list[Recorded]]:
        """What the statements of all calls within the body give their variables; it grows."""
        self._records = []
        try:
            yield self._records
        finally:
            self._records = None

    def close(self) -> None:
        """End the process, and remove its folder."""
        if self._child:
            self._child.close()
            self._noted()

    def _called(self, op: str, *, args: Sequence[Any], kwargs: Mapping[str, Any], **fields: Any) -> Result:
        count, record = len(args) + len(kwargs), self._records is not None
        try:
            result = self._ask(op, lambda reply: reply.result(count), args=args, kwargs=kwargs, record=record, **fields)
        except StrangerError as error:
            self._keep(error.records)
            raise
        self._keep(result.records)
        return result

    def _keep(self, records: Sequence[Recorded]) -> None:
        if self._records is not None:
            self._records += records

    def _ask(self, op: str, read: Callable[[Reply], T], *, slot: int | None = None, **fields: Any) -> T:
        arguments = Arguments()
        header = {"op": op, "slot": slot, **{name: encoded(arguments, name, it) for name, it in fields.items()}}
        for named in [*arguments.slots, *([] if slot is None else [slot])]:
            if self._child is None or named < self._child.first:
                raise GoneError(named)
        assert self._child is not None
        try:
            return self._child.ask(header, arguments.payload, self.limits.call_seconds, read)
        finally:
            self._noted()

    def _started(self) -> None:
        """See to it that there is a process, with everything defined."""
        if self._child is None:
            self._child = Child(self._definitions, self.limits, self._next)
            try:
                self._child.define()
            except BaseException:
                self._child.close()
                raise
            finally:
                self._noted()

    def _noted(self) -> None:
        """Take over what the process has told; let it go where it is not to be spoken with any more."""
        child = self._child
        if child is None:
            return
        self.guards = child.guards
        self.failures = tuple(dict.fromkeys((*self.failures, *child.failures)))
        given = dict.fromkeys((*self.stand_ins, *child.stand_ins))
        # of a package and its module the module says it all
        self.stand_ins = tuple(name for name in given if not any(other.startswith(f"{name}.") for other in given))
        self._next = child.next
        if child.closed:
            self._printed, self._child = child.output, None
