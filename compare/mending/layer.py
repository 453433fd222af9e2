"""One layer mended: edits found one after the other until the whole battery agrees."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, islice

import numpy as np

from compare.checking.findings import Verdict
from compare.checking.judgement import Judgement
from compare.checking.source import Definition, Problem
from compare.mending import known
from compare.mending.advancing import advancing
from compare.mending.anything import anything
from compare.mending.attempts import Attempts
from compare.mending.edit import Proposal
from compare.mending.edits import proposals
from compare.mending.gone import renamed
from compare.mending.lacking import lacking
from compare.mending.locate import located
from compare.mending.manuscript import Manuscript
from compare.mending.search import Found, found, shapes_of
from compare.mending.spelling import respelt
from compare.mending.suspects import read_there, suspects
from compare.mending.synthesis import synthesised
from compare.mending.workshop import Workshop

# more mistakes than that in one layer are no slips
_DEEPEST = 10
_WIDTH = 2
# the part of the time that is spent on what helps but is not enough
_DEEPER = 0.75
# in less seconds than that nothing more is begun
_LEAST = 0.3
# changes of what is written come before anything is worked out
_NEAREST = 150
# and before what is farther away, what gets the derivation farther
_NEAR = 1200
# how much nearer a change is in the first line whose value is nowhere on the tape
_BLAMED = -0.8
# and of how many of them
_AT_ONCE = 600


@dataclass(frozen=True)
class Step:
    """One mistake mended: the manuscript before, the edits, and what showed it: a judgement, or a problem read off.

    `known` says what the learner's variables are, as far as their values are on the tape.
    """

    symbol: str
    proposal: Proposal
    before: Manuscript
    judgement: Judgement | None = None
    problem: Problem | None = None
    known: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def after(self) -> Manuscript:
        """The manuscript with the edits made."""
        return self.before.edited(self.proposal.edits)


def mended(workshop: Workshop, manuscript: Manuscript, judgement: Judgement, depth: int = _DEEPEST) -> tuple[Step, ...]:
    """The steps that make the layer right; () where none were found."""
    if depth == 0 or workshop.budget.spent or (depth < _DEEPEST and workshop.budget.left < _LEAST):
        return ()
    for each, names in _tried(workshop, manuscript, judgement):
        step = Step(workshop.name, each.proposal, manuscript, judgement, known=names)
        after = step.after
        # a forward pass that is right now may follow another convention than it seemed to when it was wrong
        if each.score.right or workshop.proven(after):
            return (step,)
        next_judgement = workshop.judged(after)
        if next_judgement is None:
            continue
        with workshop.budget.part(_DEEPER):
            rest = mended(workshop, after, next_judgement, depth - 1)
        if rest:
            return (step, *rest)
    return ()


def _tried(
    workshop: Workshop, manuscript: Manuscript, judgement: Judgement
) -> Iterator[tuple[Found, Mapping[str, str]]]:
    """The proposals that help, the best of the nearest first; with what the variables are."""
    subject = workshop.subject(manuscript)
    if subject is None:
        return
    document, helpers = manuscript.document, workshop.helpers(manuscript)
    poison = any(broken.check == "uninitialised" for broken in judgement.broken)
    seconds = workshop.budget.of_a_call
    with workshop.session(manuscript, poison, seconds) as session, np.errstate(all="ignore"):
        attempts = Attempts(document, subject, judgement, session, helpers)
        before, records = attempts.measured()
        where = located(attempts, records)
        doubted, about = suspects(document, subject, judgement, helpers), read_there(document, subject, judgement)
        if where.wrong:
            workshop.doubts.append(where.wrong)
            doubted = doubted.closer(where.wrong.record.label, [where.wrong.record.line], _BLAMED)
        offered = proposals(document, subject, doubted, shapes_of(records), about, helpers)
        if where.wrong:
            offered = _not_all_of(offered, where.wrong.record.label, where.wrong.record.line)
        near = [*_read_off(manuscript, (*subject.definitions, *helpers)), *offered]

        def prove(proposal: Proposal) -> Verdict | None:
            return workshop.proven(manuscript.edited(proposal.edits))

        def helping(offered: Iterable[Proposal]) -> Iterator[Found]:
            return islice(found(attempts, offered, before, workshop.budget, prove), _WIDTH)

        def other_words(now: bool) -> Iterator[Proposal]:
            # made when they are asked for: mostly something likelier helps before
            yield from anything(document, subject, doubted, helpers) if now else ()

        early = workshop.settings.early
        known_of, synthetic = lacking(attempts, records, where), synthesised(attempts, records, where)
        ways = (
            helping(respelt(document, subject.definitions, workshop.typed)),
            helping(renamed(document, judgement, near)),
            helping(chain(known_of, near[:_NEAREST], other_words(early), synthetic, near[_NEAREST:_NEAR])),
            islice(advancing(attempts, near, where, workshop.budget), _WIDTH),
            helping(other_words(not early)),
            helping(near[_NEAR:]),
        )
        by_chance: list[Found] = []
        for each in chain.from_iterable(ways):
            if each.score.right or not each.score.chance(before):
                yield each, where.names
            else:
                by_chance.append(each)
        yield from ((each, where.names) for each in by_chance)


def _not_all_of(offered: Sequence[Proposal], label: str, line: int) -> list[Proposal]:
    """The proposals with those of the blamed line that are many put back: of a long line there are thousands."""
    there = [p for p in offered if p.edits[0].label == label and p.edits[0].first == line]
    back = {id(p) for p in there[_AT_ONCE:]}
    return sorted(
        (replace(p, cost=p.cost - _BLAMED) if id(p) in back else p for p in offered), key=lambda each: each.cost
    )


def _read_off(manuscript: Manuscript, definitions: Sequence[Definition]) -> Iterator[Proposal]:
    """What reading proposes for the problems that it sees in the layer."""
    names = {definition.name for definition in definitions}
    for problem in manuscript.problems:
        if problem.symbol in names and problem.severity != "note":
            yield from known.proposals(manuscript.document, problem)
