"""The parent's side of running a stranger's code: in another process, with limits, and nothing but arrays back.

Nobody's code runs in our process. Its own has limits on processor and wall time, memory, output, files and processes,
an empty folder, and nothing of our environment; it hands back outputs and gradients in frames that are checked before
an array is made of them (`compare.checking.child.wire`), and it is here that they are compared.

What protects where: on Linux the limits of a process, Landlock (nothing is written outside the folder, nothing read
but Python and what the system shares), a filter of system calls (no process, no signal, no network, for root too), and
bubblewrap where it is installed and works (no home folder, no other process to be seen). On macOS the limits of a
process without that on memory. On Windows neither.
Everywhere the deadlines, the bounds on output and replies, the empty environment, and an audit hook in Python, which
refuses the same and says so with a line, though code that means to get round it can. `Session.guards` names what is on.

On Linux processes are forked within `nursery()`: of one that has loaded Python, NumPy and our modules, and nothing of
a stranger's. Each locks itself up after the fork, as one that is started does.
"""

from compare.checking.sandbox.errors import Failure, Frame, GoneError, Kind, StrangerError
from compare.checking.sandbox.limits import Limits
from compare.checking.sandbox.nurseries import nursery
from compare.checking.sandbox.session import Session
from compare.checking.sandbox.values import (
    Foreign,
    Kept,
    Missing,
    Recorded,
    Result,
    Subclassed,
    TooLarge,
    Value,
    Warned,
)

__all__ = [
    "Failure",
    "Foreign",
    "Frame",
    "GoneError",
    "Kept",
    "Kind",
    "Limits",
    "Missing",
    "Recorded",
    "Result",
    "Session",
    "StrangerError",
    "Subclassed",
    "TooLarge",
    "Value",
    "Warned",
    "nursery",
]
