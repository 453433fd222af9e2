"""One process with a stranger's definitions, from its start to its end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from compare.checking.sandbox.bubblewrap import works
from compare.checking.sandbox.decode import Reply
from compare.checking.sandbox.errors import Failure, StrangerError
from compare.checking.sandbox.exact import exactly, refuse
from compare.checking.sandbox.exchange import Exchange
from compare.checking.sandbox.limits import Limits
from compare.checking.sandbox.nurseries import with_layers
from compare.checking.sandbox.text import plain
from compare.checking.source import Unit

T = TypeVar("T")
_GUARDS = {"rlimits", "landlock", "seccomp", "audit"}
# after the others a process can be asked again
_FATAL = ("timeout", "died", "output", "protocol", "start")


@dataclass(frozen=True)
class Definitions:
    """What is run before anything is called."""

    units: Sequence[Unit]
    modules: Mapping[str, Sequence[Unit]]
    replaced: Mapping[str, str]
    poison: bool

    @property
    def labels(self) -> frozenset[str]:
        """The files that a place can be in."""
        return frozenset(unit.label for each in (self.units, *self.modules.values()) for unit in each)

    @property
    def header(self) -> dict[str, Any]:
        """The request that has them run."""
        modules = {name: _texts(units) for name, units in self.modules.items()}
        return {
            "op": "define",
            "units": _texts(self.units),
            "modules": modules,
            "replaced": dict(self.replaced),
            "poison": self.poison,
        }


class Child:
    """A process whose slots are numbered from `first` up to `next`; `guards` are those that it has put on.

    Raises StrangerError of the kind start.
    """

    def __init__(self, definitions: Definitions, limits: Limits, first: int) -> None:
        self.definitions = definitions
        self.limits = limits
        self.first = self.next = first
        self.guards: tuple[str, ...] = ()
        self.failures: list[Failure] = []
        self.stand_ins: list[str] = []
        self.closed = False
        self._labels = definitions.labels
        if definitions.replaced:
            with_layers()
        self._exchange = Exchange(limits)
        try:
            self._lock()
        except StrangerError as error:
            self.close()
            raise StrangerError("start", f"the process for the code does not start: {error.message}") from None
        except BaseException:
            self.close()
            raise

    @property
    def output(self) -> str:
        """What it has printed, up to the limit."""
        return plain(self._exchange.printed.decode("utf-8", "replace"))

    def define(self) -> None:
        """Run the definitions.

        Raises StrangerError.
        """
        self.ask(self.definitions.header, (), self.limits.start_seconds, Reply.nothing)

    def ask(self, header: Mapping[str, Any], payload: Sequence[bytes], seconds: float, read: Callable[[Reply], T]) -> T:
        """What `read` makes of the reply.

        Raises StrangerError, after which the process may be closed.
        """
        try:
            found, arrays = self._exchange.ask({**header, "seconds": seconds}, payload, seconds)
            reply = Reply(found, arrays, self._labels)
            self.failures += reply.failures()
            given = reply.stand_ins()
            if given:
                with_layers()
            self.stand_ins += given
            error = reply.raised(header.get("slot"))
            if error:
                raise error
            value = read(reply)
            self.next = max(self.next, reply.top)
            return value
        except StrangerError as error:
            if error.kind in _FATAL:
                self.close()
            raise
        except BaseException:
            # half a reply may be on its way
            self.close()
            raise

    def close(self) -> None:
        """End it."""
        if not self.closed:
            self.closed = True
            self._exchange.close()

    def _lock(self) -> None:
        header = {
            "folder": self._exchange.process.folder,
            "limits": asdict(self.limits),
            "parent": self._exchange.process.parent,
            "first_slot": self.first,
        }
        found, _ = self._exchange.ask(header, (), self.limits.start_seconds)
        guards = [guard for guard in exactly(exactly(found, dict).get("guards"), list) if isinstance(guard, str)]
        if not {*guards} <= _GUARDS:
            refuse("a guard of no kind")
        self.guards = (*["bubblewrap"] * bool(works()), *guards)


def _texts(units: Sequence[Unit]) -> list[list[str]]:
    return [[unit.label, unit.text] for unit in units]
