"""What is noted while the stranger's files are run: labels, failures, and the stand-ins that were given."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Record:
    """`labels` are the file names of the stranger's code; the other lists grow, and are sent as they grow."""

    labels: set[str] = field(default_factory=set)
    failures: list[Any] = field(default_factory=list)
    stand_ins: list[str] = field(default_factory=list)

    def fail(self, kind: str, place: tuple[str, int], type_name: str, message: str, name: str = "") -> None:
        """Note a statement that failed, each line once for a kind."""
        row = [kind, *place, type_name, message, name]
        if row not in self.failures:
            self.failures.append(row)

    def stand_in(self, name: str) -> None:
        """Note a name that was given."""
        if name not in self.stand_ins:
            self.stand_ins.append(name)

    def taken(self) -> dict[str, Any]:
        """What has been noted since this was asked last."""
        news = {"failures": self.failures, "stand_ins": self.stand_ins}
        self.failures, self.stand_ins = [], []
        return news
