"""Landlock: nothing is written but below one folder, nothing read but Python, nothing connects, no signal goes out.

What the kernel's version does not know yet is left to the filter of system calls and to the audit hook.
"""

import ctypes
import os
import sys
from collections.abc import Iterable
from stat import S_ISDIR
from typing import Any

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446
_VERSION_FLAG, _BENEATH = 1, 1
_WRITE_FILE, _READ_FILE, _READ_DIR = (1 << bit for bit in (1, 2, 3))
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG = (1 << bit for bit in (4, 5, 7, 8))
# character and block devices, sockets, pipes, symbolic links
_MAKE_OTHER = sum(1 << bit for bit in (6, 9, 10, 11, 12))
# rights that later versions know: to link between folders, to truncate, to command a device
_LATER = {2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
_TRUNCATE = 1 << 14
_NETWORK, _SCOPES = 4, 6
# where systems keep what programs share, nobody's own files
_SYSTEM = (
    *("/usr", "/lib", "/lib32", "/lib64", "/opt", "/nix/store", "/gnu/store", "/etc/ld.so.cache", "/etc/localtime"),
    *("/dev/zero", "/dev/random", "/dev/urandom", "/sys/devices/system/cpu", "/proc/cpuinfo", "/proc/meminfo"),
    "/proc/self",
)


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def restrict(folder: str, readable: Iterable[str]) -> int:
    """Allow writing below a folder only, and reading there, in the system's own folders and in those given.

    Returns the version of Landlock that does so, 0 for none.
    """
    if not sys.platform.startswith("linux"):
        return 0
    syscall = ctypes.CDLL(None).syscall
    version = max(int(syscall(_CREATE, None, ctypes.c_size_t(0), _VERSION_FLAG)), 0)
    if not version:
        return 0
    files = _WRITE_FILE | _READ_FILE | _READ_DIR | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _MAKE_OTHER
    files |= sum(right for since, right in _LATER.items() if version >= since)
    asked = _Ruleset(files, 0b11 * (version >= _NETWORK), 0b11 * (version >= _SCOPES))
    size = 8 * (1 + (version >= _NETWORK) + (version >= _SCOPES))
    rules = syscall(_CREATE, ctypes.byref(asked), ctypes.c_size_t(size), 0)
    if rules < 0:
        return 0
    below = _READ_FILE | _READ_DIR | _WRITE_FILE | _TRUNCATE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG
    paths = dict.fromkeys((*_SYSTEM, *readable), _READ_FILE | _READ_DIR)
    paths |= {os.devnull: _READ_FILE | _WRITE_FILE | _TRUNCATE, folder: below}
    done = all(_allow(syscall, rules, path, rights & files) for path, rights in paths.items())
    done = done and syscall(_RESTRICT, rules, 0) == 0
    os.close(rules)
    return version if done else 0


def _allow(syscall: Any, rules: int, path: str, rights: int) -> bool:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        # what there is not needs no rule
        return True
    try:
        if not S_ISDIR(os.fstat(parent).st_mode):
            rights &= _READ_FILE | _WRITE_FILE | _TRUNCATE
        return syscall(_ADD_RULE, rules, _BENEATH, ctypes.byref(_Beneath(rights, parent)), 0) == 0
    finally:
        os.close(parent)
