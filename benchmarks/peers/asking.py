"""A checker's process asked about one file after the other; one that takes too long is ended and started anew."""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from benchmarks.repairs.plants import Plant

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Answer:
    """How a check ended, `passes`, `objects`, `crashes` or `takes too long`, and what it said."""

    ended: str
    said: str
    seconds: float

    @property
    def detected(self) -> bool:
        return self.ended != "passes"


class Checker:
    """One checker; use it in a `with`."""

    def __init__(self, name: str, seconds: float) -> None:
        self.name, self.seconds = name, seconds
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> "Checker":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def ask(self, right: Path, text: str, symbol: str) -> Answer:
        """What it says of a symbol of a text."""
        process = self._started()
        assert process.stdin
        assert process.stdout
        timer = threading.Timer(self.seconds, process.kill)
        timer.start()
        try:
            process.stdin.write(json.dumps({"right": str(right), "text": text, "symbol": symbol}) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            timer.cancel()
        if not line:
            self._end()
            return Answer("takes too long", "", self.seconds)
        answer: dict[str, Any] = json.loads(line)
        return Answer(**answer)

    def of_plant(self, plant: Plant) -> Answer:
        """What it says of a planted fault."""
        return self.ask(plant.source.path, plant.text, plant.faults[0].definition)

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.peers.worker", self.name],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                cwd=ROOT,
            )
        return self._process

    def _end(self) -> None:
        if self._process:
            # leaving it waits for its end and closes the pipes
            with self._process:
                self._process.kill()
            self._process = None
