"""What reading warns of in layers whose numbers are right: mended where they stay so, or told without being made."""

from collections.abc import Iterator, Sequence
from itertools import islice

from compare.checking.findings import VERDICTS
from compare.checking.judgement import Judgement
from compare.checking.source import Problem
from compare.mending import known
from compare.mending.layer import Step
from compare.mending.made import Chain, helping, key
from compare.mending.manuscript import Manuscript

# notes that a number comes of which is none
_NUMERICS = ("logarithm of 0", "division by 0", "0 times infinity")


def keep(made: Chain) -> None:
    """Mend it, of each layer all at once; where it is worse for that, one thing after the other."""
    for symbol in dict.fromkeys(problem.symbol for problem in _problems(made, made.manuscript)):
        keep_one(made, symbol)


def keep_one(made: Chain, symbol: str) -> None:
    """Mend what reading warns of in one of the layers that are right."""
    together = list(_together(made, symbol))
    if len(together) > 1 and _no_worse(made, symbol, together[-1].after):
        made.add(together)
    else:
        _singly(made, symbol)


def _problems(made: Chain, manuscript: Manuscript, symbol: str | None = None) -> Iterator[Problem]:
    for problem in (*manuscript.problems, *manuscript.unchecked):
        serious = problem.severity != "note" or problem.check in _NUMERICS
        if serious and problem.symbol in made.right and symbol in (None, problem.symbol):
            yield problem


def _together(made: Chain, symbol: str) -> Iterator[Step]:
    """The first proposal for each problem of a symbol, one after the other."""
    manuscript, skipped = made.manuscript, set[tuple[str, str, int]]()
    while problem := next((p for p in _problems(made, manuscript, symbol) if key(p) not in skipped), None):
        skipped.add(key(problem))
        proposal = next(helping(manuscript, problem), None)
        if proposal:
            step = Step(symbol, proposal, manuscript, None, problem)
            manuscript = step.after
            yield step


def _singly(made: Chain, symbol: str) -> None:
    skipped = set[tuple[str, str, int]]()
    while not made.full:
        problem = next((p for p in _problems(made, made.manuscript, symbol) if key(p) not in skipped), None)
        if problem is None:
            return
        skipped.add(key(problem))
        offered = helping(made.manuscript, problem)
        proposal = next((p for p in offered if _no_worse(made, symbol, made.manuscript.edited(p.edits))), None)
        if proposal:
            made.take(proposal, symbol, problem)


def advise(made: Chain) -> None:
    """What a layer should refuse and does not: the right lines are told, and none of them is made."""
    offered: dict[str, list[Step]] = {}
    for problem in made.manuscript.unchecked:
        if problem.symbol in made.right and problem.check not in _NUMERICS:
            for proposal in islice(known.proposals(made.manuscript.document, problem), 1):
                step = Step(problem.symbol, proposal, made.manuscript, None, problem)
                offered.setdefault(problem.symbol, []).append(step)
    # of all layers at once: each is a refusal, and none is of what a layer must take
    everything = _together_made(made, [step for steps in offered.values() for step in steps])
    for symbol, steps in offered.items():
        if any(_no_worse(made, symbol, after) for after in (everything, _together_made(made, steps))):
            made.advice += steps
        elif len(steps) > 1:
            made.advice += [step for step in steps if _no_worse(made, symbol, step.after)]


def _together_made(made: Chain, steps: Sequence[Step]) -> Manuscript:
    return made.manuscript.edited([edit for step in steps for edit in step.proposal.edits])


def _no_worse(made: Chain, symbol: str, after: Manuscript) -> bool:
    """Whether a layer that was right is so in another manuscript, and no more is wrong with it."""
    subject = made.subject_of(symbol)
    if subject is None:
        # a helper, or the file: every layer counts
        return not symbol
    workshop = made.workshop(subject.name)
    then, now = workshop.judged(made.manuscript), workshop.judged(after)
    if now is None or then is None:
        return False
    return VERDICTS.index(now.verdict) <= VERDICTS.index(then.verdict) and _amiss(now) <= _amiss(then)


def _amiss(judgement: Judgement) -> set[str]:
    """What is amiss with a layer: the tensors that do not agree, and the parts of the contract that it breaks."""
    rows = [r for part in ("outputs", "grads") for kind in ("core", "edge") for r in judgement.rows(part, kind)]
    return {r.name for r in rows if r.grade != "agrees"} | {b.check for b in judgement.broken if b.severity != "note"}
