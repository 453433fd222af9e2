"""A mistake in a hand's file, as it is told."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from compare.checking.findings import FileReport
from compare.checking.mistakes import Mistake, mistakes


@dataclass(frozen=True)
class WrongLine:
    """A mistake in a hand's file: the layer, the line, why it is wrong, and the right line if it was proven."""

    path: str
    mistake: Mistake
    kind: str | None

    @property
    def place(self) -> str:
        """As an editor takes it: `manual/rnn.py:53`."""
        return f"{self.path}:{self._line}"

    @property
    def cause(self) -> str:
        """One or two sentences."""
        return self.mistake.cause or " ".join(self.mistake.observations)

    @property
    def data(self) -> dict[str, Any]:
        """As JSON's types."""
        return {
            "symbol": self.mistake.symbol,
            "path": self.path,
            "line": self._line,
            "cause": self.cause,
            "kind": self.kind,
            "fix": asdict(self.mistake.fix) if self.mistake.fix else None,
        }

    @property
    def _line(self) -> int:
        return self.mistake.place.line if self.mistake.place else 1


def wrong_lines(path: str, report: FileReport, proven: bool) -> Iterator[WrongLine]:
    """Each mistake; without a cause only what ends a pass: what is off is known."""
    kinds = {finding.cause: finding.kind for finding in report.findings}
    ended = {symbol.name for symbol in report.symbols if symbol.verdict in ("crashes", "incomplete")}
    for mistake in mistakes(report, "fix"):
        kind = kinds.get(mistake.cause)
        if not proven:
            mistake = replace(mistake, cause=None, fix=None)
        stops = mistake.symbol in ended and not {"values", "gradient"} & set(mistake.checks)
        if mistake.place and mistake.severity == "error" and (mistake.cause or stops):
            yield WrongLine(path, mistake, kind if mistake.cause else None)
