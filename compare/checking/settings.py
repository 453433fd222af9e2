"""What a person may choose about a check."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from compare.checking.sandbox import Limits
from compare.checking.source import Place


@dataclass(frozen=True)
class Settings:
    """What a person may choose.

    `like`: the twin of a name ("" for all that have none by their own); `only`: the one symbol that is judged; `pairs`:
    the backward function of a forward function of any name; `since`: the first notebook cell whose symbols are judged.
    `mend`: whether the cause of what is wrong, and the right line, are looked for, in so many `seconds` a symbol;
    `fragile`: of what is fragile too; `proof`: what a mended file has to pass besides;
    `early`: whether any other word is tried before what is likelier but farther: a whole that used to be right has
    other mistakes in it than one that is being written.
    """

    like: Mapping[str, str]
    strict: bool = False
    only: str = ""
    pairs: Mapping[str, str] = field(default_factory=dict)
    since: int = 0
    limits: Limits = field(default_factory=Limits)
    mend: bool = True
    fragile: bool = False
    seconds: float = 10.0
    proof: Callable[[str], bool] | None = None
    early: bool = False

    def asks(self, name: str, place: Place | None) -> bool:
        """Whether a symbol, or what belongs to the file at a place, is to be reported."""
        return (not self.only or name in (self.only, "")) and (place is None or (place.cell or 0) >= self.since)
