"""From judgements to the reports on symbols: one a class, two a pair of functions."""

from collections.abc import Iterator

from compare.checking.findings import SymbolReport, Verdict
from compare.checking.judged import Judged
from compare.checking.sentences import agreements


def reports_of(one: Judged) -> Iterator[SymbolReport]:
    """One report a class, and one for each of two functions."""
    subject, judgement = one.subject, one.judgement
    outputs = agreements(judgement, "outputs") if judgement else ()
    grads = agreements(judgement, "grads") if judgement else ()
    if subject.role.protocol != "functions":
        yield SymbolReport(
            subject.name, one.verdict, subject.forward.place, subject.role.name, one.blocked_by, outputs + grads
        )
        return
    verdicts = _of_functions(one)
    for definition, verdict, tensors in zip(subject.definitions, verdicts, (outputs, grads), strict=False):
        by = one.blocked_by if verdict == "blocked" else None
        by = by or (subject.name if verdict == "blocked" else None)
        yield SymbolReport(definition.name, verdict, definition.place, subject.role.name, by, tensors)


def _of_functions(one: Judged) -> tuple[Verdict, Verdict]:
    """The verdicts on a forward and on its backward function."""
    subject, judgement = one.subject, one.judgement
    if one.blocked_by:
        return "blocked", "blocked"
    if judgement is None:
        faulty = [bool(d.broken or d.blank) for d in subject.definitions]
        # without its forward function a backward one has nothing to go back through
        return one.verdict, one.verdict if faulty[-1] else "blocked"
    forward = judgement.forward_verdict
    if forward in ("crashes", "incomplete"):
        return forward, "blocked"
    if one.verdict in ("incomplete", "unparsable"):
        return forward if subject.backward else one.verdict, one.verdict
    backward = judgement.backward_verdict
    if backward == "correct" and one.verdict in ("fragile", "wrong"):
        # the contract is the backward pass's to keep
        backward = one.verdict if forward != one.verdict else backward
    return forward, backward
