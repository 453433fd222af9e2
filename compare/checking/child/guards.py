"""Locking the process up, before any of the stranger's code is there."""

import sys
from collections.abc import Mapping
from typing import Any

from compare.checking.child import audit, landlock, limits, seccomp
from compare.checking.child.ours import OURS, Ours


def lock(wanted: Mapping[str, Any], ours: Ours) -> list[str]:
    """Put on every guard that the system has, and name them: rlimits, landlock, seccomp, audit.

    On Linux all four hold; on macOS the limits, on Windows nothing but the audit hook, and on all of them the time
    that the parent allows.
    """
    folder, found = wanted["folder"], []
    readable = [*sys.path, sys.prefix, sys.base_prefix, *(f"{ours.root}/{package}" for package in OURS)]
    if limits.limit(wanted["limits"]):
        found.append("rlimits")
    limits.die_with(wanted["parent"])
    # Landlock before the filter, which refuses what Landlock needs
    if seccomp.no_new_privileges():
        found += ["landlock"] * bool(landlock.restrict(folder, readable))
        found += ["seccomp"] * seccomp.install()
    audit.install(folder, ours)
    return [*found, "audit"]
