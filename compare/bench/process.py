"""A worker's process, seen from the parent: started with its threads settled, asked, and ended whatever happens."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from compare.bench.machine import usable_cores
from compare.errors import RefusedError

ROOT = Path(__file__).resolve().parents[2]


class Worker:
    """Use it in a `with`: at its end the process is gone."""

    def __init__(self, name: str, threads: int) -> None:
        self.name = name
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the process)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "compare.bench.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            # not where the user is: a file there may bear the name of a package of ours
            cwd=ROOT,
            env={**os.environ, **variables(threads)},
        )
        # the threads of XLA are as many as the cores of its process
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(self._process.pid, usable_cores()[-threads:])

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()
        self._process.communicate()
        self._errors.close()

    def ask(self, do: str, **arguments: Any) -> dict[str, Any]:
        """Its answer to a request.

        Raises RefusedError where the process ended instead.
        """
        assert self._process.stdin
        assert self._process.stdout
        try:
            print(json.dumps({"do": do, **arguments}), file=self._process.stdin, flush=True)
            line = self._process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise RefusedError(f"bench: {self.name} ended instead of answering ({self._last_words()})")
        return json.loads(line)

    def _last_words(self) -> str:
        status = self._process.wait()
        self._errors.seek(0)
        said = self._errors.read().decode(errors="replace").strip().splitlines()
        return said[-1] if said else f"status {status}; it may have run out of memory: leave out a shape with --shape"


def variables(threads: int) -> Mapping[str, str]:
    """What settles the threads of every library before it is imported."""
    counts = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), str(threads))
    eigen = "true" if threads > 1 else "false"
    flags = f"--xla_cpu_multi_thread_eigen={eigen} intra_op_parallelism_threads={threads}"
    return {**counts, "XLA_FLAGS": flags, "JAX_PLATFORMS": "cpu"}
