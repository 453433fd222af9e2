"""Each subject judged apart from the others: on a correct cell where the file's is at fault, and past errors."""

from collections.abc import Mapping
from dataclasses import replace

from compare.checking.findings import PASSING, Finding
from compare.checking.judged import Judged, has_forward, without_running
from compare.checking.judgement import Judgement, judge_forward, judge_subject, was_ended
from compare.checking.sandbox import Session
from compare.checking.sentences import findings
from compare.checking.settings import Settings
from compare.checking.source import Document
from compare.checking.subjects import Subject
from compare.checking.verdicts import reports_of


def judge_apart(
    subject: Subject, others: Mapping[str, Judged], document: Document, session: Session, settings: Settings
) -> Judged:
    guilty = _guilty(subject, others)
    unjudged = without_running(subject)
    if unjudged:
        if guilty or not has_forward(subject):
            return unjudged
        forward = judge_forward(subject, session)
        return replace(unjudged, judgement=forward, findings=(*unjudged.findings, *findings(forward, document)))
    # a cell that cannot run says nothing of the layer that is built on it
    judgement = None if _unusable(guilty, others) else judge_subject(subject, session)
    if judgement and others and judgement.verdict not in PASSING and not was_ended(judgement):
        # another symbol of the file may have done something to the process that they shared
        with Session(document.units, document.modules, settings.limits) as alone:
            judgement = judge_subject(subject, alone)
    if judgement and (judgement.verdict in PASSING or not guilty):
        return Judged(subject, judgement.verdict, judgement, None, tuple(findings(judgement, document)))
    with Session(document.units, document.modules, settings.limits, replaced=ours(guilty)) as mended:
        on_ours = judge_subject(subject, mended)
    name = _at_fault(guilty[0], others)
    if on_ours.verdict in PASSING:
        said = f"{'right' if on_ours.verdict == 'correct' else on_ours.verdict} on a correct {name}"
        return _blocked(subject, name, on_ours, f"{said}; what is wrong comes from {name}", document)
    if on_ours.verdict == "crashes" and _opens_caches(guilty[0], others):
        return _blocked(subject, name, None, f"not judged: only {name} could say what its cache holds", document)
    return Judged(subject, on_ours.verdict, on_ours, None, tuple(findings(on_ours, document)))


def _blocked(subject: Subject, name: str, judgement: Judgement | None, said: str, document: Document) -> Judged:
    note = Finding(subject.name, "blocked", f"{subject.name} is {said}", "note", subject.forward.place)
    more = findings(judgement, document) if judgement else ()
    return Judged(subject, "blocked", judgement, name, (note, *more))


def _opens_caches(guilty: Subject, others: Mapping[str, Judged]) -> bool:
    """Whether what is built on a pair of functions may need the cache of a forward function that gives none."""
    forward, *_ = reports_of(others[guilty.name])
    return guilty.role.protocol == "functions" and forward.verdict not in PASSING


def _guilty(subject: Subject, others: Mapping[str, Judged]) -> list[Subject]:
    """The subjects that this one's code names and that did not pass."""
    own = {d.name for d in subject.definitions}
    failed = [o for o in others.values() if o.verdict not in PASSING]
    return [o.subject for o in failed if {d.name for d in o.subject.definitions} & set(subject.needs) - own]


def _at_fault(subject: Subject, others: Mapping[str, Judged]) -> str:
    """The name that is wrong: of a pair of functions the backward one, unless the forward one is."""
    forward, *backward = reports_of(others[subject.name])
    return backward[0].name if backward and forward.verdict in (*PASSING, "blocked") else forward.name


def _unusable(guilty: list[Subject], others: Mapping[str, Judged]) -> bool:
    return any(others[s.name].verdict in ("unparsable", "incomplete") for s in guilty)


def ours(guilty: list[Subject]) -> dict[str, str]:
    """Under which of their names which of our layers is to stand."""
    replaced = {}
    for subject in guilty:
        if subject.role.protocol == "functions":
            for definition, suffix in zip(subject.definitions, ("forward", "backward"), strict=False):
                replaced[definition.name] = f"{subject.role.name}_{suffix}"
        else:
            replaced[subject.name] = subject.role.name
    return replaced
