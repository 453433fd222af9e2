"""The report on a file with the cause of every finding that was mended, and the right line where that is proven."""

from collections.abc import Iterator
from dataclasses import replace

from compare.checking.findings import PASSING, FileReport, Finding
from compare.checking.judgement import Judgement
from compare.checking.reading import UnreadableError
from compare.checking.sentences import findings
from compare.checking.settings import Settings
from compare.checking.source import Place
from compare.checking.whole import Whole
from compare.explaining.cause import Cause
from compare.explaining.differences import explain
from compare.explaining.hints import hint
from compare.mending.chain import chain
from compare.mending.layer import Step
from compare.mending.made import Chain
from compare.mending.manuscript import Manuscript
from compare.mending.merging import merged
from compare.mending.places import fix_of, lines_of, place_of, place_of_problem, relined, texts


def explained(whole: Whole, manuscript: Manuscript, settings: Settings) -> FileReport:
    """The report, explained as far as the file can be mended."""
    report = whole.report
    if report.ok and not (settings.fragile and any(f.severity == "warning" for f in report.findings)):
        return report
    try:
        made = chain(manuscript, whole, settings)
    except UnreadableError:
        return report
    found = _Explained(report, made)
    mended = made.manuscript.text if made.steps else None
    return replace(report, findings=tuple(found.all()), mended=mended)


class _Explained:
    """The findings of a report, those of each step in the place of those that running gave at first."""

    def __init__(self, report: FileReport, made: Chain) -> None:
        self.report, self.made = report, made
        given = made.steps[0].before if made.steps else made.manuscript
        self.read = {(p.symbol, p.message) for p in (*given.document.problems, *given.problems)}
        self.pairs = {d.name: one.subject for one in made.judged.values() for d in one.subject.definitions}
        self.run = {name for step in made.steps if step.judgement for name in self._names(step.symbol)}
        self.steps = merged(made.steps)
        self.gone = list(_gone(made))

    def _names(self, symbol: str) -> set[str]:
        """A layer's names: two of a pair of functions."""
        subject = self.pairs.get(symbol)
        return {d.name for d in subject.definitions} if subject else {symbol}

    def all(self) -> list[Finding]:
        """Every finding, by place."""
        kept = [f for f in self.report.findings if self._stays(f)]
        for number, step in enumerate(self.steps):
            about = self._about(step)
            kept = [self._with(f, step, about) if self._meets(f, step) else f for f in kept]
            new = [f for f in self._seen(number, step) if not any(f.message == k.message for k in kept)]
            kept += [replace(about, symbol=f.symbol, check=f.check, message=f.message, severity=f.severity,
                             gradient=f.gradient) for f in new]  # fmt: skip
            if not any(f.fix == about.fix and f.cause == about.cause and f.place for f in kept):
                kept.append(about)
        kept = self._accused([self._owing(f) for f in kept])
        kept += [_ruled_out(name, self.made) for name in self.made.failed]
        kept += [self._advised(step) for step in self.made.advice]
        return sorted(kept, key=_order)

    def _accused(self, kept: list[Finding]) -> list[Finding]:
        """What makes a layer wrong is an error, though reading alone would only have warned of it."""
        errors = {f.symbol for f in kept if f.severity == "error"}
        failing = {s.name for s in self.report.symbols if s.verdict not in (*PASSING, "blocked")}
        silent = {name for name in failing if not errors & self._names(name)}
        return [replace(f, severity="error") if f.symbol in silent and f.fix else f for f in kept]

    def _advised(self, step: Step) -> Finding:
        """What a layer takes and should refuse, with the line that would."""
        assert step.problem
        place = step.problem.place
        line = step.before.given_line(step.before.label(place.cell), place.line)
        said = relined(step.problem.message, step, place.cell)
        about = self._about(step)
        return replace(
            about, check=step.problem.check, message=said, severity="note", place=Place(place.cell, line), advice=True
        )

    def _owing(self, finding: Finding) -> Finding:
        """What running showed of a layer that reading alone has mended: it came of a mistake there, or of the first."""
        place = finding.place
        for found, step in self.gone if place and not finding.cause else ():
            if place and (finding.check, finding.symbol, place.cell, place.line) in found:
                return self._with(finding, step, self._about(step))
        steps = self._leading_to(finding.symbol)
        if finding.cause or finding.severity != "error" or finding.symbol not in self.made.right or not steps:
            return finding
        at = [s for s in steps if place and place.line == place_of(s, s.proposal.edits[0]).line]
        # the last warning that was mended is what made it right
        step = (at or [s for s in steps if s.problem and s.problem.severity == "error"] or steps[::-1])[0]
        return self._with(finding, step, self._about(step))

    def _leading_to(self, symbol: str) -> list[Step]:
        """The steps that made a layer right: its own, or what was mended for another one, as a helper is."""
        made = self.made
        late = {id(step.before) for step in made.steps[made.settled.get(symbol, len(made.steps)) :]}
        until = [step for step in self.steps if id(step.before) not in late]
        own = [step for step in until if step.symbol in self._names(symbol) or self._renamed(step.symbol)]
        accused = any(step.judgement or (step.problem and step.problem.severity == "error") for step in own)
        return own if accused else [step for step in until if step.judgement][-1:] or own or until[-1:]

    def _stays(self, finding: Finding) -> bool:
        """Whether a finding is not one that running gave, of a layer that was mended."""
        return finding.symbol not in self.run or (finding.symbol, finding.message) in self.read

    def _about(self, step: Step) -> Finding:
        """What a step says: where, why, and the right line if it is proven."""
        cause = self._cause(step)
        edits = step.proposal.edits
        proven = bool({step.symbol, *_named(step)} & self.made.right)
        return Finding(
            self._symbol(step),
            "mistake",
            cause.text,
            "error" if step.judgement or (step.problem and step.problem.severity == "error") else "warning",
            place_of_problem(step) or place_of(step, edits[0]),
            cause=cause.text,
            fix=fix_of(step, edits) if proven else None,
            kind=cause.kind,
            hint=hint(cause, texts(step)[0], edits),
        )

    def _renamed(self, symbol: str) -> bool:
        """Whether a definition has another name now."""
        return symbol != "" and symbol not in self.made.manuscript.document.definitions

    def _symbol(self, step: Step) -> str:
        """Of a pair of functions the one that is changed."""
        edit = step.proposal.edits[0]
        cell = step.before.cell(edit.label)
        for name in sorted(self._names(step.symbol)):
            definition = step.before.document.definitions.get(name)
            if definition and definition.place.cell == cell:
                node = definition.node
                if node.lineno <= edit.first <= (node.end_lineno or node.lineno) + 1:
                    return name
        return step.symbol

    def _cause(self, step: Step) -> Cause:
        before, after = texts(step)
        return explain(before, after, step.proposal.edits, step.known)

    def _meets(self, finding: Finding, step: Step) -> bool:
        """Whether what reading found is what a step mends."""
        if finding.fix or finding.cause:
            return False
        place = finding.place
        if step.problem and place and finding.check == step.problem.check and finding.symbol == step.problem.symbol:
            label = step.before.label(step.problem.place.cell)
            return place.cell == step.problem.place.cell and place.line == step.before.given_line(
                label, step.problem.place.line
            )
        if place is None or finding.severity == "note" or finding.symbol not in {*self._names(step.symbol), ""}:
            return False
        lines = [(place_of(step, edit).cell, n) for edit in step.proposal.edits for n in lines_of(step, edit)]
        return (place.cell, place.line) in lines and step.judgement is not None

    def _with(self, finding: Finding, step: Step, about: Finding) -> Finding:
        return replace(finding, cause=about.cause, fix=about.fix, kind=about.kind, hint=about.hint)

    def _seen(self, number: int, step: Step) -> Iterator[Finding]:
        """What the step made go away: of a judgement what the next one does not say, of reading its problem."""
        if step.problem:
            problem = step.problem
            if (problem.symbol, problem.message) not in self.read:
                said = relined(problem.message, step, problem.place.cell)
                yield Finding(problem.symbol, problem.check, said, problem.severity)
            return
        if step.judgement is None:
            return
        later = [s.judgement for s in self.steps[number + 1 :] if s.symbol == step.symbol and s.judgement]
        gone = {f.message for f in _errors(later[0], self.steps[number + 1].before)} if later else set()
        for finding in _errors(step.judgement, step.before):
            if finding.message not in gone:
                yield finding


def _named(step: Step) -> set[str]:
    """The definitions that have their names only after a step."""
    return {*step.after.document.definitions} - {*step.before.document.definitions}


def _ruled_out(name: str, made: Chain) -> Finding:
    """What is known of a layer for which nothing was found: where it goes wrong, and what was tried."""
    workshop = made.failed[name]
    wrong = workshop.doubts[0] if workshop.doubts else None
    said = f"{workshop.budget.tried} changes of {name} were tried, one after the other, and none makes all of it right"
    if wrong is None:
        return Finding(name, "not explained", f"{said}: more than one mistake, or one of another kind.", "note")
    manuscript, record = made.manuscript, wrong.record
    line = manuscript.given_line(record.label, record.line)
    right = " and ".join(f"`{n}` is {match.said}" for n, match in list(wrong.inputs.items())[:3] if n != record.name)
    what = f"`{record.name}` is the first value that belongs to no step of the derivation"
    if wrong.is_instead and wrong.wanted:
        what = f"`{record.name}` is {wrong.is_instead} where {wrong.wanted} belongs"
    elif wrong.missing:
        what = f"`{record.name}` lacks {wrong.missing}"
    since = f" ({wrong.since})" if wrong.since else ""
    text = f"{what}{since}{f'; {right}' if right else ''}. {said}."
    return Finding(name, "not explained", text, "note", Place(manuscript.cell(record.label), line))


def _gone(made: Chain) -> Iterator[tuple[set[tuple[str, str, int | None, int]], Step]]:
    """With each step what reading does not find any more after it: check, symbol, cell, and line as given."""

    def read(manuscript: Manuscript) -> set[tuple[str, str, int | None, int]]:
        return {
            (p.check, p.symbol, p.place.cell, manuscript.given_line(manuscript.label(p.place.cell), p.place.line))
            for p in manuscript.problems
        }

    after = [*(step.before for step in made.steps[1:]), made.manuscript]
    for step, manuscript in zip(made.steps, after, strict=False):
        yield read(step.before) - read(manuscript), step


def _errors(judgement: Judgement, manuscript: Manuscript) -> list[Finding]:
    found = list(findings(judgement, manuscript.document))
    return [f for f in found if f.severity == "error"] or [f for f in found if f.severity == "warning"]


def _order(finding: Finding) -> tuple[int, int, int]:
    place = finding.place
    return (place.cell or 0, place.line, place.column or 0) if place else (0, 0, 0)
