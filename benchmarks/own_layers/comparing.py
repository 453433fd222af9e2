"""The comparison of a changed file, as somebody would run it who has just changed it."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.own_layers.plants import MANUAL, Plant

# the door would refuse a folder whose `manual` hides ours
_RUN = "from compare.cli import main; main(['compare', '--json', '-', *__import__('sys').argv[1:]])"
_ROOT = MANUAL.parent
_SECONDS = 300


@dataclass(frozen=True)
class Compared:
    """What came out; `said` are the wrong lines as JSON, of all layers that are not right."""

    pairs: tuple[Mapping[str, Any], ...]
    seconds: float
    error: str = ""

    @property
    def ok(self) -> bool:
        """Whether all agree."""
        return not self.error and all(pair["ok"] for pair in self.pairs)

    @property
    def numbers(self) -> bool:
        """Whether an output or a gradient is wrong, or does not come; a sentence stands for what the contract asks."""
        rows = (row for pair in self.pairs for row in pair["tensors"])
        return any(not row["ok"] and " " not in row["name"] for row in rows)

    @property
    def said(self) -> list[Mapping[str, Any]]:
        """The wrong lines, each once."""
        found: list[Mapping[str, Any]] = []
        for wrong in (wrong for pair in self.pairs for wrong in pair["explanation"]):
            found += [] if wrong in found else [wrong]
        return found


def compared(plant: Plant, text: str) -> Compared:
    """The layers of a plant compared, in a copy of our own where its file has this text."""
    with _copy(plant.file, text) as folder:
        environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
        for library in ("OPENBLAS", "OMP", "MKL"):
            environment[f"{library}_NUM_THREADS"] = "1"
        command = [sys.executable, "-c", _RUN, *plant.layers]
        started = time.perf_counter()
        try:
            run = subprocess.run(
                command, cwd=folder, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            return Compared((), _SECONDS, "no end")
        seconds = time.perf_counter() - started
    if run.returncode > 1 or not run.stdout.startswith("{"):
        return Compared((), seconds, run.stderr.strip().rpartition("\n")[2] or "nothing came")
    return Compared(tuple(json.loads(run.stdout)["pairs"]), seconds)


@contextmanager
def _copy(file: str, text: str) -> Iterator[Path]:
    """A folder with our layers, one file of which has another text: the first place where they are looked for."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / MANUAL.name
        shutil.copytree(MANUAL, copy, ignore=shutil.ignore_patterns("__pycache__"))
        (copy / file).write_text(text, encoding="utf-8")
        yield Path(folder)
