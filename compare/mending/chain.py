"""A whole file mended: what does not parse, what reading alone knows, then layer by layer, then what is fragile."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from compare.checking.apart import ours
from compare.checking.findings import PASSING, VERDICTS, Verdict
from compare.checking.judged import Judged
from compare.checking.judgement import Judgement, was_ended
from compare.checking.reading import UnreadableError
from compare.checking.settings import Settings
from compare.checking.source import Problem
from compare.checking.static.unchecked import unchecked
from compare.checking.subjects import Subject, subjects
from compare.checking.whole import Whole, needed_first
from compare.mending import known, syntax
from compare.mending.edit import Proposal
from compare.mending.layer import Step, Workshop, budget, mended
from compare.mending.manuscript import Manuscript
from compare.mending.shadows import unhidden

_MOST = 60
_NAMES = ("unknown", "undefined", "misspelt", "gone")
# warnings of what leaves the numbers of a first pass right
_HARMLESS = ("float32", "caller's array kept", "cache changed", "caller's array changed", "loop variable taken twice")
# notes that a number comes of which is none
_NUMERICS = ("logarithm of 0", "division by 0", "0 times infinity")
# what is fragile is looked into for a part of the time only
_HASTE = 5
# what stops a file that is run alone, though a stand-in of ours helped it here; and what hides a whole function
_FIRST = ("missing import", "gone from Python 3", "gone from NumPy 2", "misspelt method", "misspelt function")


@dataclass
class Chain:
    """The steps so far, and the manuscript after them; `judged` is what was judged of the file as given.

    `right` are the layers that pass now; `failed` are the searches that found nothing, by the layer's
    name; `advice` are steps that are not made.
    """

    manuscript: Manuscript
    settings: Settings
    judged: Mapping[str, Judged]
    steps: list[Step] = field(default_factory=list)
    right: set[str] = field(default_factory=lambda: {""})
    failed: dict[str, Workshop] = field(default_factory=dict)
    advice: list[Step] = field(default_factory=list)

    @property
    def full(self) -> bool:
        return len(self.steps) >= _MOST

    def add(self, steps: Sequence[Step]) -> None:
        """Steps that were found one after the other."""
        for step in steps:
            self.steps.append(step)
            self.manuscript = step.after

    def take(self, proposal: Proposal, symbol: str, problem: Problem | None = None) -> None:
        """Make a proposal's edits."""
        self.steps.append(Step(symbol, proposal, self.manuscript, None, problem))
        self.manuscript = self.manuscript.edited(proposal.edits)


def chain(manuscript: Manuscript, whole: Whole, settings: Settings) -> Chain:
    """The steps that mend a file, as far as it can be mended; those of the layers in `right` are proven."""
    made = Chain(manuscript, settings, whole.judged)
    _parse(made)
    _unhide(made)
    _read(made, _FIRST)
    _run(made)
    if settings.fragile:
        _keep(made)
        _advise(made)
    return made


def _parse(made: Chain) -> None:
    """Every mistake of grammar, one after the other."""
    while not made.full:
        offered = list(_grammar(made.manuscript))
        if not offered:
            return
        # of several ways to make it parse, the one that leaves least amiss
        problem, proposal = min(offered, key=lambda each: (_amiss(made.manuscript, each[1]), each[1].cost))
        made.take(proposal, problem.symbol if problem else "", problem)


def _grammar(manuscript: Manuscript) -> Iterator[tuple[Problem | None, Proposal]]:
    """Up to three proposals for the first unit that has one."""
    problems = [p for p in manuscript.document.problems if p.check == "syntax"]
    for label, text in manuscript.texts.items():
        own = [p for p in problems if manuscript.label(p.place.cell) == label]
        found = 0
        for proposal in syntax.proposals(text.split("\n"), label, own):
            lines = {edit.first for edit in proposal.edits}
            near = min(own, key=lambda p: min(abs(p.place.line - line) for line in lines), default=None)
            yield near, proposal
            found += 1
            if found == 3:
                break
        if found:
            return


def _amiss(manuscript: Manuscript, proposal: Proposal) -> int:
    """How much is amiss after a proposal, as far as reading tells."""
    try:
        other = manuscript.edited(proposal.edits)
        return sum(p.severity == "error" for p in (*other.document.problems, *other.problems))
    except UnreadableError:
        return 10_000


def _unhide(made: Chain) -> None:
    """Blank definitions taken out that stand below a complete one of the same name."""
    for problem in [p for p in made.manuscript.document.problems if p.check == "shadowed"]:
        proposal = unhidden(made.manuscript, problem)
        if proposal:
            made.take(proposal, problem.symbol, problem)


def _read(made: Chain, checks: Sequence[str]) -> None:
    """What reading finds, by the first proposal after which it does not find it any more, nor anything new."""
    skipped: set[tuple[str, str, int]] = set()
    while not made.full:
        problems = [p for p in made.manuscript.problems if p.check in checks]
        problem = next((p for p in problems if _key(p) not in skipped), None)
        if problem is None:
            return
        skipped.add(_key(problem))
        proposal = next(helping(made.manuscript, problem), None)
        if proposal:
            made.take(proposal, problem.symbol, problem)


def helping(manuscript: Manuscript, problem: Problem) -> Iterator[Proposal]:
    """The proposals for a problem after which reading finds one less of its kind, and nothing new."""
    before = _counted(manuscript)
    for proposal in known.proposals(manuscript.document, problem):
        try:
            after = _counted(manuscript.edited(proposal.edits))
        except UnreadableError:
            continue
        fewer = sum(n for (check, _), n in (after - before).items() if check == problem.check) == 0
        if fewer and before - after and not any(severity != "note" for _, severity in after - before):
            yield proposal


def _counted(manuscript: Manuscript) -> Counter[tuple[str, str]]:
    """How often reading finds what, by check and severity."""
    document = manuscript.document
    every = (*document.problems, *manuscript.problems, *unchecked(document))
    return Counter((p.check, p.severity) for p in every)


def _run(made: Chain) -> None:
    """Layer by layer, each after those that it is built on; what stays wrong is replaced by ours for the others."""
    wrong: list[Subject] = []
    every = subjects(made.manuscript.document, made.settings.like, made.settings.pairs)
    for name in [subject.name for subject in needed_first(list(every))]:
        now = subjects(made.manuscript.document, made.settings.like, made.settings.pairs)
        subject = next((s for s in now if s.name == name), None)
        if subject is None or not made.settings.asks(name, subject.forward.place):
            continue
        if _mended(made, subject, [w for w in wrong if {d.name for d in w.definitions} & set(subject.needs)]):
            made.right |= {definition.name for definition in subject.definitions}
        else:
            wrong.append(subject)


def _mended(made: Chain, subject: Subject, wrong: list[Subject]) -> bool:
    """Whether a layer is right, or has been made so; what is fragile then is mended too, if that is asked for."""
    before = made.judged.get(subject.name)
    touched = {step.symbol for step in made.steps} & {*subject.needs, *(d.name for d in subject.definitions)}
    wanted: tuple[Verdict, ...] = ("correct",) if made.settings.fragile else PASSING
    if before and before.verdict in wanted and not touched:
        return True
    workshop = Workshop(subject.name, made.settings, budget(made.settings.seconds), ours(wrong))
    judgement = before.judgement if before and not touched and not before.blocked_by else None
    judgement = judgement or workshop.judged(made.manuscript)
    if judgement is None or was_ended(judgement):
        # what had to be ended once would have to be at every attempt
        return False
    if judgement.verdict not in PASSING and _read_first(made, workshop, judgement):
        judgement = workshop.judged(made.manuscript) or judgement
    if judgement.verdict not in PASSING:
        workshop = replace(workshop, budget=budget(made.settings.seconds))
        steps = mended(workshop, made.manuscript, judgement)
        if not steps:
            made.failed[subject.name] = workshop
            return False
        made.add(steps)
        judgement = workshop.judged(made.manuscript)
    if judgement and judgement.verdict not in wanted:
        sturdy = replace(workshop, budget=budget(made.settings.seconds / _HASTE), wanted=wanted)
        made.add(mended(sturdy, made.manuscript, judgement))
    return True


def _read_first(made: Chain, workshop: Workshop, judgement: Judgement) -> bool:
    """Whether something is mended of a wrong layer that reading knows the right line of, and it is no worse for it."""
    subject = workshop.subject(made.manuscript)
    names = {definition.name for definition in subject.definitions} if subject else set()
    count, skipped = len(made.steps), set[tuple[str, str, int]]()
    while not made.full:
        problems = [p for p in made.manuscript.problems if p.symbol in names and p.severity != "note"]
        # errors first, and of these names: other things may come of one
        problems.sort(key=lambda p: (p.severity != "error", not p.check.startswith(_NAMES)))
        problem = next((p for p in problems if _key(p) not in skipped), None)
        if problem is None:
            break
        skipped.add(_key(problem))
        proposal = next(helping(made.manuscript, problem), None)
        sure = problem.severity == "warning" and (made.settings.fragile or problem.check not in _HARMLESS)
        if proposal and (sure or workshop.helps(made.manuscript, proposal, judgement)):
            made.take(proposal, problem.symbol, problem)
    return len(made.steps) > count


def _keep(made: Chain) -> None:
    """What reading warns of in layers whose numbers are right: mended where they stay so."""
    skipped: set[tuple[str, str, int]] = set()
    while not made.full:
        problems = [
            p
            for p in (*made.manuscript.problems, *unchecked(made.manuscript.document))
            if _to_keep(p) and p.symbol in made.right and _key(p) not in skipped
        ]
        if not problems:
            return
        problem = problems[0]
        skipped.add(_key(problem))
        proposal = next((p for p in helping(made.manuscript, problem) if _no_worse(made, problem.symbol, p)), None)
        if proposal:
            made.take(proposal, problem.symbol, problem)


def _key(problem: Problem) -> tuple[str, str, int]:
    return problem.check, problem.message, problem.place.line


def _to_keep(problem: Problem) -> bool:
    return problem.severity != "note" or problem.check in _NUMERICS


def _advise(made: Chain) -> None:
    """What a layer should refuse and does not: the right lines are told, and none of them is made."""
    offered: dict[str, list[Step]] = {}
    for problem in unchecked(made.manuscript.document):
        if problem.symbol in made.right and problem.check not in _NUMERICS:
            for proposal in islice(known.proposals(made.manuscript.document, problem), 1):
                step = Step(problem.symbol, proposal, made.manuscript, None, problem)
                offered.setdefault(problem.symbol, []).append(step)
    for symbol, steps in offered.items():
        # of one layer all at once: each is a refusal, and none is of what a layer must take
        together = Proposal(tuple(edit for step in steps for edit in step.proposal.edits))
        if _no_worse(made, symbol, together):
            made.advice += steps
        else:
            made.advice += [step for step in steps if _no_worse(made, symbol, step.proposal)]


def _no_worse(made: Chain, symbol: str, proposal: Proposal) -> bool:
    """Whether a layer that was right is so after a proposal, and no more is wrong with it."""
    subject = next((s for s in _every(made) if symbol in {d.name for d in s.definitions}), None)
    if subject is None:
        # a helper, or the file: every layer counts
        return not symbol
    workshop = Workshop(subject.name, made.settings, budget(made.settings.seconds))
    before, after = workshop.judged(made.manuscript), workshop.judged(made.manuscript.edited(proposal.edits))
    if after is None or before is None:
        return False
    return VERDICTS.index(after.verdict) <= VERDICTS.index(before.verdict) and _warnings(after) <= _warnings(before)


def _every(made: Chain) -> tuple[Subject, ...]:
    return subjects(made.manuscript.document, made.settings.like, made.settings.pairs)


def _warnings(judgement: Judgement) -> int:
    rows = [*judgement.rows("outputs", "core"), *judgement.rows("grads", "core")]
    edges = [*judgement.rows("outputs", "edge"), *judgement.rows("grads", "edge")]
    return sum(r.grade != "agrees" for r in (*rows, *edges)) + sum(b.severity != "note" for b in judgement.broken)
