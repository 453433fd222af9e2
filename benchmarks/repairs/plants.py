"""The planted faults: those of the list, `plants.json`, made anew from the sources and the operators.

The list holds only which fault it is: source, operator, and which of that operator's changes; and a sum by which a text
is told from the one that was chosen. Whether the checker objects to it at all was asked once, when the list was made
(`python -m benchmarks.repairs.choose`).
"""

import ast
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal
from zlib import crc32

from benchmarks.repairs.change import Change, Span
from benchmarks.repairs.operators import OPERATORS
from benchmarks.repairs.site import Site
from benchmarks.repairs.sources import HELPER, Protocol, Source, sources
from compare.explaining.cause import Kind

Half = Literal["tuned", "held back"]
LIST = Path(__file__).with_name("plants.json")
SEED = 5


@dataclass(frozen=True)
class Candidate:
    """One change that an operator makes in a source; `number` counts those of the operator in the source."""

    source: Source
    operator: str
    number: int
    layer: str
    definition: str
    where: str
    change: Change

    @property
    def id(self) -> str:
        return f"{self.source.name}-{self.operator}-{self.number}"

    @property
    def text(self) -> str:
        return self.change.apply(self.source.text)

    @property
    def half(self) -> Half:
        """Drawn for each fault by itself, so that a fault more or less leaves the others where they are."""
        return "tuned" if random.Random(f"{SEED} {self.id}").random() < 0.5 else "held back"


@dataclass(frozen=True)
class Fault:
    """Where one fault stands in the faulty text: the lines that are right to name, and the kinds that are."""

    operator: str
    layer: str
    definition: str
    lines: frozenset[int]
    kinds: frozenset[Kind]


@dataclass(frozen=True)
class Plant:
    """A faulty file: one fault, or two in the same method. `fragile`: the numbers are right, but not on every call."""

    id: str
    source: Source
    text: str
    faults: tuple[Fault, ...]
    half: Half
    fragile: bool = False

    @property
    def protocol(self) -> Protocol:
        return self.source.protocol

    @property
    def layer(self) -> str:
        return self.faults[0].layer

    @property
    def operator(self) -> str:
        return self.faults[0].operator


def candidates(source: Source) -> dict[str, Candidate]:
    """All changes of a source that give a text of their own, by their ids."""
    found: dict[str, Candidate] = {}
    texts = {source.text}
    for candidate in (each for name in OPERATORS for each in made(source, name)):
        if (text := candidate.text) not in texts and candidate.layer != HELPER:
            texts.add(text)
            found[candidate.id] = candidate
    return found


@cache
def made(source: Source, operator: str) -> list[Candidate]:
    """All changes that one operator makes in a source, in the order of the text."""
    each = ((site, change) for site in _sites(source) for change in OPERATORS[operator](site))
    return [
        Candidate(source, operator, number, _layer(site), site.definition or _first(source), _where(site), change)
        for number, (site, change) in enumerate(each)
    ]


def plants(two: bool = False) -> list[Plant]:
    """The plants of the list: with one fault each, or with two.

    Raises ValueError where a source or an operator is no longer the one that the list was made with.
    """
    by_name = {source.name: source for source in sources()}
    found = []
    for name, parts, fragile, text in json.loads(LIST.read_text(encoding="utf-8"))["two" if two else "one"]:
        source = by_name[name]
        plant = planted(tuple(made(source, operator)[number] for operator, number in parts), fragile)
        if sum_of(plant.text) != text:
            raise ValueError(f"{plant.id} is another fault now: python -m benchmarks.repairs.choose")
        found.append(plant)
    return found


def planted(parts: tuple[Candidate, ...], fragile: bool = False) -> Plant:
    """The plant of one candidate, or of two at once."""
    source = parts[0].source
    change = parts[0].change
    for other in parts[1:]:
        change = change.with_other(other.change)
    text = change.apply(source.text)
    faults = []
    for part in parts:
        others = [span for p in parts if p is not part for span in p.change.spans]
        lines = frozenset(_moved(line, part, others) for line in part.change.lines(source.text))
        faults.append(Fault(part.operator, part.layer, part.definition, lines, part.change.kinds))
    return Plant("+".join(p.id for p in parts), source, text, tuple(faults), parts[0].half, fragile)


def sum_of(text: str) -> int:
    """By what a text is told from another."""
    return crc32(text.encode())


def _moved(line: int, part: Candidate, others: list[Span]) -> int:
    """A line of the text with one fault, in the text that has the other one too."""
    text = part.source.text
    first = min(span.start for span in part.change.spans)
    by = sum(s.new.count("\n") - text.count("\n", s.start, s.end) for s in others if s.start < first)
    return line + by


def _where(site: Site) -> str:
    """The method that a node stands in."""
    function = site.node if isinstance(site.node, ast.FunctionDef) else site.function
    return f"{site.definition}.{function.name}" if function else ""


@cache
def _sites(source: Source) -> list[Site]:
    """All nodes of a source, in the order of the text."""

    def down(node: ast.AST) -> Iterator[ast.AST]:
        yield node
        for child in ast.iter_child_nodes(node):
            yield from down(child)

    return [Site(source, node) for node in down(source.tree)]


def _layer(site: Site) -> str:
    """The layer that a node belongs to; what stands outside of all definitions belongs to the first."""
    return site.layer if site.definition else site.source.layers.get(_first(site.source), HELPER)


def _first(source: Source) -> str:
    return next(iter(source.layers), "")
