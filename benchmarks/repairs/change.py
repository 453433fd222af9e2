"""A change of a source's text: spans replaced, the lines where the fault then stands, and what it may be called."""

from dataclasses import dataclass

from compare.explaining.cause import Kind


@dataclass(frozen=True, order=True)
class Span:
    """The characters from `start` to before `end`, replaced by `new`."""

    start: int
    end: int
    new: str


@dataclass(frozen=True)
class Change:
    """Spans that make one fault. `also`: lines of the source at which the fault may be mended as well."""

    spans: tuple[Span, ...]
    kinds: frozenset[Kind]
    also: tuple[int, ...] = ()

    def apply(self, text: str) -> str:
        """The text with the fault in it."""
        for span in sorted(self.spans, reverse=True):
            text = text[: span.start] + span.new + text[span.end :]
        return text

    def lines(self, text: str) -> frozenset[int]:
        """The lines of the faulty text where the fault stands: those changed, or where something is missing."""
        found: set[int] = set()
        shift = 0
        shifts: list[tuple[int, int]] = []
        for span in sorted(self.spans):
            first = text.count("\n", 0, span.start) + 1
            old = text.count("\n", span.start, span.end)
            new = span.new.count("\n")
            last = first + max(new - span.new.endswith("\n"), 0)
            found |= {line + shift for line in range(first, last + 1)}
            shift += new - old
            shifts.append((first, new - old))
        moved = {line + sum(by for first, by in shifts if first < line) for line in self.also}
        return frozenset(found | moved)

    def beside(self, other: "Change") -> bool:
        """Whether the two changes leave each other alone."""
        return all(a.end < b.start or b.end < a.start for a in self.spans for b in other.spans)

    def with_other(self, other: "Change") -> "Change":
        """Both changes at once."""
        return Change(self.spans + other.spans, self.kinds | other.kinds, self.also + other.also)
