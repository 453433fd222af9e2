"""The list of plants drawn anew: python -m benchmarks.repairs.choose [--one K] [--two K] [--jobs J]

By turns of the layers, each time a mistake that was seldom planted so far; what the checker does not object to is no
fault, and is left out.
"""

import argparse
import json
import os
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from itertools import combinations

from benchmarks.repairs.plants import LIST, SEED, Candidate, Plant, candidates, planted, plants, sum_of
from benchmarks.repairs.sources import Protocol, sources
from benchmarks.repairs.verdicts import as_good, of_source, report_on, verdicts
from compare.checking.findings import VERDICTS, Verdict

Chosen = tuple[tuple[Candidate, ...], bool]
Ask = Callable[[Sequence[tuple[Candidate, ...]]], Iterator[bool | None]]
PROTOCOLS: tuple[Protocol, ...] = ("book", "course")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--one", type=int, default=360, metavar="K", help="plants with one fault, in each protocol")
    parser.add_argument("--two", type=int, default=120, metavar="K", help="plants with two faults, in each protocol")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), metavar="J")
    asked = parser.parse_args()
    one: list[Chosen] = []
    two: list[Chosen] = []
    with ProcessPoolExecutor(asked.jobs) as pool:
        ours, ask = objecting(pool)
        for protocol in PROTOCOLS:
            single = list(chosen([each for each in ours if each.source.protocol == protocol], asked.one, ask))
            one += single
            two += pairs([parts[0] for parts, fragile in single if not fragile], asked.two, ask)
    rows = {"one": [_row(each) for each in one], "two": [_row(each) for each in two]}
    listed = ",\n".join(f'"{name}": [\n' + ",\n".join(map(json.dumps, each)) + "\n]" for name, each in rows.items())
    LIST.write_text(f"{{\n{listed}\n}}\n", encoding="utf-8")


def unlisted(count: int, seed: int, jobs: int | None) -> list[Plant]:
    """So many plants of each protocol that are not on the list, none of them of the half that is held back.

    For whoever works on the rules: what was learnt from the half on the list is tried on faults that nobody has seen.
    """
    listed = {plant.id for plant in plants()}
    with ProcessPoolExecutor(jobs) as pool:
        ours, ask = objecting(pool)
        new = [each for each in ours if each.half == "tuned" and each.id not in listed]
        return [
            planted(parts, fragile)
            for protocol in PROTOCOLS
            for parts, fragile in chosen([each for each in new if each.source.protocol == protocol], count, ask, seed)
        ]


def objecting(pool: Executor) -> tuple[list[Candidate], Ask]:
    """All changes of the sources that are right themselves, and how to ask whether the checker objects to some."""
    every = sources()
    right = dict(zip((s.name for s in every), pool.map(of_source, every), strict=True))
    usable = [s for s in every if all(v in ("correct", "fragile") for v in right[s.name].values())]

    def ask(parts: Sequence[tuple[Candidate, ...]]) -> Iterator[bool | None]:
        names = [p[0].source.name for p in parts]
        yield from pool.map(objection, [planted(p).text for p in parts], names, [right[n] for n in names])

    return [each for source in usable for each in candidates(source).values()], ask


def chosen(every: Sequence[Candidate], count: int, ask: Ask, seed: int = SEED) -> Iterator[Chosen]:
    """Faults over all layers and all operators, as evenly as there are any."""
    waiting: dict[str, dict[str, list[Candidate]]] = defaultdict(lambda: defaultdict(list))
    for candidate in every:
        waiting[candidate.layer][candidate.operator].append(candidate)
    draw = random.Random(seed)
    used: Counter[str] = Counter()
    found = 0
    while found < count:
        asked = []
        for layer in sorted(waiting):
            operators = waiting[layer]
            if not operators:
                continue
            operator = min(sorted(operators), key=lambda name: (used[name], draw.random()))
            used[operator] += 1
            asked.append(operators[operator].pop(draw.randrange(len(operators[operator]))))
            if not operators[operator]:
                del operators[operator]
        for candidate, fragile in zip(asked, ask([(each,) for each in asked]), strict=True):
            if fragile is None:
                used[candidate.operator] -= 1
            elif found < count:
                found += 1
                yield (candidate,), fragile


def pairs(single: Sequence[Candidate], count: int, ask: Ask) -> list[Chosen]:
    """Two of the faults in one method, both of the same half; neither hides in the other's lines."""
    draw = random.Random(SEED)
    together = [pair for pair in combinations(single, 2) if _fit(*pair)]
    draw.shuffle(together)
    asked = together[: count + count // 8]
    answers = zip(asked, ask(asked), strict=True)
    found: list[Chosen] = [(pair, fragile) for pair, fragile in answers if fragile is not None]
    return found[:count]


def _fit(one: Candidate, other: Candidate) -> bool:
    same = one.source == other.source and one.where == other.where and one.half == other.half and one.where
    apart = same and one.change.beside(other.change)
    return bool(apart) and not one.change.lines(one.source.text) & other.change.lines(one.source.text)


def objection(text: str, name: str, right: Mapping[str, Verdict]) -> bool | None:
    """Whether the checker calls the file fragile only; None where it has no objection at all."""
    report = report_on(text, name)
    if as_good(report, right):
        return None
    found = verdicts(report)
    return report.ok and all(name in found and VERDICTS.index(found[name]) <= 1 for name in right)


def _row(chosen: Chosen) -> list[object]:
    parts, fragile = chosen
    which = [[part.operator, part.number] for part in parts]
    return [parts[0].source.name, which, fragile, sum_of(planted(parts).text)]


if __name__ == "__main__":
    main()
