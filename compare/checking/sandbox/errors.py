"""What can go wrong with a stranger's code, each as one sentence and a kind."""

from dataclasses import dataclass
from typing import Literal

from compare.checking.sandbox.values import Recorded

Kind = Literal["exception", "timeout", "memory", "died", "output", "protocol", "start", "gone"]


@dataclass(frozen=True)
class Frame:
    """A line of the stranger's files that was being run; `column` counts bytes from 0, as `ast` does."""

    label: str
    line: int
    column: int | None
    function: str


class StrangerError(Exception):
    """A call that gave no result: `kind` says why, `message` in a sentence.

    exception: the stranger's code raised `type`; timeout: too long; memory: too much; died: the process ended;
    output: too much printed; protocol: the reply is no reply; start: the process could not be started. `frames` are
    those within the stranger's files, outermost first, as far as they are known; `records` what the statements before
    it gave their variables, where that was asked for.
    """

    def __init__(
        self,
        kind: Kind,
        message: str,
        frames: tuple[Frame, ...] = (),
        type: str = "",
        records: tuple[Recorded, ...] = (),
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.frames = frames
        self.type = type
        self.records = records


class GoneError(StrangerError):
    """The object of a slot is no more: its process ended, or it was used too long ago."""

    def __init__(self, slot: int) -> None:
        super().__init__("gone", f"the object {slot} is gone, with its process or unused for long: make it again")


@dataclass(frozen=True)
class Failure:
    """A statement that failed while the files were run, and what it would have defined, "" for nothing.

    `kind` is exception, memory or syntax, or ours: an import of a package of ours, which is refused.
    """

    kind: Literal["exception", "memory", "syntax", "ours"]
    label: str
    line: int
    type: str
    message: str
    name: str = ""
