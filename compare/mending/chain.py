"""A whole file mended: what does not parse, what reading alone knows, then layer by layer, then what is fragile."""

from collections.abc import Iterator, Sequence

from compare.checking.reading import UnreadableError
from compare.checking.settings import Settings
from compare.checking.source import Problem
from compare.checking.whole import Whole
from compare.mending import syntax
from compare.mending.edit import Proposal
from compare.mending.keeping import advise, keep
from compare.mending.made import Chain, helping, key
from compare.mending.manuscript import Manuscript
from compare.mending.running import run
from compare.mending.shadows import unhidden

# what stops a file that is run alone, though a stand-in of ours helped it here; and what hides a whole function
_FIRST = ("missing import", "gone from Python 3", "gone from NumPy 2", "misspelt method", "misspelt function")


def chain(manuscript: Manuscript, whole: Whole, settings: Settings) -> Chain:
    """The steps that mend a file, as far as it can be mended; those of the layers in `right` are proven."""
    made = Chain(manuscript, settings, whole.judged)
    made.remember()
    _parse(made)
    _unhide(made)
    _read(made, _FIRST)
    run(made)
    if settings.fragile:
        keep(made)
        advise(made)
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
        problem = next((p for p in problems if key(p) not in skipped), None)
        if problem is None:
            return
        skipped.add(key(problem))
        proposal = next(helping(made.manuscript, problem), None)
        if proposal:
            made.take(proposal, problem.symbol, problem)
