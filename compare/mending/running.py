"""The layers of a file mended, each after those that it is built on."""

from dataclasses import replace
from difflib import get_close_matches

from compare.checking.apart import ours
from compare.checking.findings import PASSING
from compare.checking.judgement import Judgement, was_ended
from compare.checking.subjects import Subject
from compare.checking.whole import needed_first
from compare.mending.edit import Edit, Proposal
from compare.mending.keeping import keep_one
from compare.mending.layer import mended
from compare.mending.made import Chain, helping, key
from compare.mending.needless import needed
from compare.mending.search import Budget
from compare.mending.workshop import Workshop

_NAMES = ("unknown", "undefined", "misspelt", "gone")
# warnings of what leaves the numbers of a first pass right
_HARMLESS = ("float32", "caller's array kept", "cache changed", "caller's array changed", "loop variable taken twice")
# what may as well be missing as be mistyped; for that long it is looked into whether it is
_GUESSED = ("undefined name", "returns nothing")
_GLANCE = 0.1
# what is fragile is looked into for a part of the time only
_HASTE = 20


def run(made: Chain) -> None:
    """Layer by layer, each after those that it is built on; what stays wrong is replaced by ours for the others."""
    wrong: list[Subject] = []
    for name in [subject.name for subject in needed_first(list(made.subjects))]:
        subject = next((s for s in made.subjects if s.name == name), None)
        if subject is None or not made.settings.asks(name, subject.forward.place):
            continue
        workshop = made.workshop(name, ours([w for w in wrong if {d.name for d in w.definitions} & set(subject.needs)]))
        if not _mended(made, subject, workshop):
            wrong.append(subject)
            continue
        # of a function alone there may be a pair now
        names = {definition.name for definition in (made.subject_of(name) or subject).definitions}
        made.right |= names
        made.settled |= dict.fromkeys(names, len(made.steps))
        if made.settings.fragile:
            _made_sturdy(made, workshop, sorted(names))


def _mended(made: Chain, subject: Subject, workshop: Workshop) -> bool:
    """Whether a layer is right, or has been made so."""
    before = made.judged.get(subject.name)
    touched = {step.symbol for step in made.steps} & {*subject.needs, *(d.name for d in subject.definitions)}
    if before and before.verdict in PASSING and not touched:
        return True
    # what was mended for another layer may be a helper of this one
    judgement = before.judgement if before and not made.steps and not before.blocked_by else None
    judgement = judgement or workshop.judged(made.manuscript)
    if subject.backward is None and _renamed(made, subject, workshop):
        return True
    if judgement is None or was_ended(judgement):
        # what had to be ended once would have to be at every attempt
        return False
    return judgement.verdict in PASSING or _made_right(made, workshop, judgement)


def _made_sturdy(made: Chain, workshop: Workshop, names: list[str]) -> None:
    """What leaves a right layer fragile mended, as reading knows it, or as it is found in a short time."""
    judgement = workshop.judged(made.manuscript)
    if judgement is None or judgement.verdict == "correct":
        return
    for name in names:
        keep_one(made, name)
    judgement = workshop.judged(made.manuscript)
    if judgement and judgement.verdict != "correct":
        sturdy = replace(workshop, budget=Budget.of(made.settings.seconds / _HASTE), wanted=("correct",))
        made.add(mended(sturdy, made.manuscript, judgement))


def _made_right(made: Chain, workshop: Workshop, judgement: Judgement) -> bool:
    """Whether a wrong layer is right now: by what reading knows, by what is found after that, or by that alone."""
    count = len(made.steps)
    if _read_first(made, workshop, judgement):
        after = workshop.judged(made.manuscript) or judgement
        if after.verdict in PASSING or _not_guessed(made, workshop, judgement, count) or _found(made, workshop, after):
            return True
    read = made.undone(count)
    # what reading proposes may be a mistake of its own
    if _found(made, workshop, judgement, 0.3 if read else 1.0):
        return True
    made.add(read)
    return False


def _not_guessed(made: Chain, workshop: Workshop, judgement: Judgement, count: int) -> bool:
    """Whether something near makes the layer right without the names and returns that reading has only guessed."""
    if not any(step.problem and step.problem.check in _GUESSED for step in made.steps[count:]):
        return False
    read = made.undone(count)
    if _found(made, workshop, judgement, _GLANCE):
        return True
    made.add(read)
    return False


def _renamed(made: Chain, subject: Subject, workshop: Workshop) -> bool:
    """Whether a function alone has its other one now, whose name was mistyped."""
    way, other = ("forward", "backward") if "forward" in subject.name else ("backward", "forward")
    wanted = subject.name.replace(way, other)
    known = {name for one in made.subjects for name in (d.name for d in one.definitions)}
    names = [d.name for d in made.manuscript.document.definitions.values() if d.kind == "function"]
    lonely = [n for n in names if n not in known] if wanted != subject.name else []
    for name in get_close_matches(wanted, lonely, n=1, cutoff=0.8):
        definition = made.manuscript.document.definitions[name]
        unit = made.manuscript.document.unit(definition)
        line = unit.text.split("\n")[definition.node.lineno - 1]
        edit = Edit(unit.label, definition.node.lineno, definition.node.lineno, (line.replace(name, wanted, 1),))
        said = f"`{name}` is called `{wanted}` by everybody else: the names of both functions belong together."
        count = len(made.steps)
        made.take(Proposal((edit,), 0.5, "name", said), subject.name)
        paired = made.subject_of(wanted)
        if paired and paired.backward and _mended(made, paired, made.workshop(paired.name, workshop.replaced)):
            return True
        made.undone(count)
    return False


def _found(made: Chain, workshop: Workshop, judgement: Judgement, part: float = 1.0) -> bool:
    """Whether edits were found that make the layer right, in a part of the time that there is."""
    fresh = replace(workshop, budget=Budget.of(made.settings.seconds * part))
    steps = needed(fresh, mended(fresh, made.manuscript, judgement))
    if steps:
        made.failed.pop(workshop.name, None)
    else:
        searched = [fresh, *([made.failed[workshop.name]] if workshop.name in made.failed else [])]
        made.failed[workshop.name] = max(searched, key=lambda one: one.budget.tried)
    made.add(steps)
    return bool(steps)


def _read_first(made: Chain, workshop: Workshop, judgement: Judgement) -> bool:
    """Whether something is mended of a wrong layer that reading knows the right line of, and it is no worse for it."""
    subject = workshop.subject(made.manuscript)
    mine = (*subject.definitions, *workshop.helpers(made.manuscript)) if subject else ()
    names = {definition.name for definition in mine}
    count, skipped = len(made.steps), set[tuple[str, str, int]]()
    while not made.full:
        problems = [p for p in made.manuscript.problems if p.symbol in names and p.severity != "note"]
        # errors first, and of these names: other things may come of one
        problems.sort(key=lambda p: (p.severity != "error", not p.check.startswith(_NAMES)))
        problem = next((p for p in problems if key(p) not in skipped), None)
        if problem is None:
            break
        skipped.add(key(problem))
        proposal = next(helping(made.manuscript, problem), None)
        sure = problem.severity == "warning" and (made.settings.fragile or problem.check not in _HARMLESS)
        if proposal and (sure or workshop.helps(made.manuscript, proposal, judgement)):
            made.take(proposal, problem.symbol, problem)
    return len(made.steps) > count
