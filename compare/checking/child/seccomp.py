"""A filter of system calls: no process, no signal to another one, no network, no change of what a file may be.

It holds for root as well, and cannot be taken off again.
"""

import ctypes
import errno
import platform
import sys
from collections.abc import Iterator

from compare.checking.child.syscalls import ARCHITECTURES, Architecture

_PR_SET_NO_NEW_PRIVS = 38
_SET_MODE_FILTER, _ALL_THREADS = 1, 1
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
# where the kernel puts them: the number, the architecture, the arguments of eight bytes each
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
# to type into a terminal, to take one over, to be sent signals for another process
_IOCTLS = (0x5412, 0x540E, 0x541C, 0x8901, 0x8902)
_FCNTLS = (8, 10, 15)

Instruction = tuple[int, int, int, int]


class _Filter(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte), ("k", ctypes.c_uint))


class _Program(ctypes.Structure):
    _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.POINTER(_Filter)))


def no_new_privileges() -> bool:
    """Give up whatever a program could gain by what it runs; returns whether the system can do that."""
    if not sys.platform.startswith("linux"):
        return False
    return ctypes.CDLL(None).prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0


def install() -> bool:
    """Put the filter on; returns whether it is on: not on another system than Linux, or on another architecture."""
    architecture = ARCHITECTURES.get(platform.machine())
    if not sys.platform.startswith("linux") or architecture is None or sys.maxsize < 2**32:
        return False
    instructions = list(program(architecture))
    filters = (_Filter * len(instructions))(*(_Filter(*i) for i in instructions))
    wanted = ctypes.byref(_Program(len(instructions), filters))
    return ctypes.CDLL(None).syscall(architecture.seccomp, _SET_MODE_FILTER, _ALL_THREADS, wanted) == 0


def program(architecture: Architecture) -> Iterator[Instruction]:
    """The filter's instructions: code, jumps where true and where false, operand."""
    refuse = (_RETURN, 0, 0, _ERRNO | errno.EPERM)
    yield (_LOAD, 0, 0, _ARCHITECTURE)
    yield (_EQUAL, 1, 0, architecture.audit)
    yield (_RETURN, 0, 0, _KILL)
    yield (_LOAD, 0, 0, _NUMBER)
    if architecture.foreign:
        yield (_AT_LEAST, 0, 1, architecture.foreign)
        yield refuse
    for number in architecture.refused.values():
        yield (_EQUAL, 0, 1, number)
        yield refuse
    # as on a kernel that does not have it: a C library then takes clone, which is refused
    yield (_EQUAL, 0, 1, architecture.clone3)
    yield (_RETURN, 0, 0, _ERRNO | errno.ENOSYS)
    yield from _commands(architecture.ioctl, _IOCTLS, refuse)
    yield from _commands(architecture.fcntl, _FCNTLS, refuse)
    yield from _only_null(architecture.prlimit64, 2, refuse)
    yield (_RETURN, 0, 0, _ALLOW)


def _commands(number: int, commands: tuple[int, ...], refuse: Instruction) -> Iterator[Instruction]:
    """Refuse a call whose second argument is one of these commands."""
    yield (_EQUAL, 0, 2 * len(commands) + 2, number)
    yield (_LOAD, 0, 0, _ARGUMENTS + 8)
    for command in commands:
        yield (_EQUAL, 0, 1, command)
        yield refuse
    yield (_LOAD, 0, 0, _NUMBER)


def _only_null(number: int, argument: int, refuse: Instruction) -> Iterator[Instruction]:
    """Refuse a call one of whose arguments is not zero, in its lower or its upper half."""
    yield (_EQUAL, 0, 7, number)
    for half in (0, 4):
        yield (_LOAD, 0, 0, _ARGUMENTS + 8 * argument + half)
        yield (_EQUAL, 1, 0, 0)
        yield refuse
    yield (_LOAD, 0, 0, _NUMBER)
