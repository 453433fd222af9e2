"""Where it was measured, when, and with which versions: a time says nothing without them."""

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("numpy", "autograd", "torch", "jax")


@dataclass(frozen=True)
class Machine:
    """The processor, its cores that we may use, the system, the BLAS behind NumPy, and the versions."""

    cpu: str
    cores: int
    system: str
    blas: str
    python: str
    versions: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def here() -> "Machine":
        """This one."""
        installed = {name: found for name in PACKAGES if (found := _version(name))}
        return Machine(_cpu(), len(usable_cores()), _system(), _blas(), platform.python_version(), installed)

    @property
    def text(self) -> str:
        """One sentence."""
        versions = ", ".join(f"{name} {number}" for name, number in self.versions.items())
        cores = f"{self.cores} core{'s' * (self.cores != 1)}"
        return f"{self.cpu}, {cores}, {self.system}, {self.blas}, Python {self.python}, {versions}"


def usable_cores() -> list[int]:
    """The cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def today() -> str:
    """The date, in UTC."""
    return datetime.now(timezone.utc).date().isoformat()


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def _system() -> str:
    return f"{platform.system()} {platform.release().partition('-')[0]} {platform.machine()}"


def _blas() -> str:
    import numpy as np
    from threadpoolctl import threadpool_info

    # NumPy has to be there, or else there is no BLAS to be found
    assert np.__version__
    found = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    return f"{found[0]['internal_api']} {found[0]['version']} ({found[0].get('architecture')})" if found else "no BLAS"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
