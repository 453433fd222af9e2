"""A learner's layer run again and again, each time with other lines, on the inputs that showed what is wrong."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from compare.agreement import Array
from compare.checking.checks import CHECKS
from compare.checking.findings import PASSING
from compare.checking.judgement import Judgement
from compare.checking.sandbox import Recorded, Session, StrangerError
from compare.checking.settling import by_others
from compare.checking.source import Definition, Document, Unit
from compare.checking.subjects import Subject
from compare.checking.trial import STRANGE, Row, Trial, graded
from compare.inputs import Case, Inputs
from compare.mending.edit import Edit, applied
from compare.mending.helpers import bases
from compare.mending.score import STAGES, Score, share
from compare.reference import Reference
from compare.runs import Hand

# beyond every line
NOWHERE = 1_000_000


@dataclass(frozen=True, eq=False)
class Attempts:
    """A subject, as it stands in a document, and what it is measured by: the cases and checks that it failed.

    `helpers` are definitions outside of it that may be changed too; `changed` are the definitions that stand in the
    session otherwise than in the document.
    """

    document: Document
    subject: Subject
    judgement: Judgement
    session: Session
    helpers: Sequence[Definition] = ()
    changed: set[str] = field(default_factory=set)

    @cached_property
    def trial(self) -> Trial:
        return replace(self.judgement.trial, session=self.session, subject=self.subject)

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """What the twin gives on the first case that went wrong, and on the plainest."""
        failing = [(k, o.inputs) for k, o in self.judgement.outcomes if o.error or any(_amiss(r, k) for r in o.rows)]
        failed = [i for k, i in failing if k == "core"] or [i for _, i in failing if not self._wrong]
        first = self.judgement.outcomes[0][1].inputs
        chosen = [*failed[:1], first] if failed else [first]
        unique = {inputs.case.name: inputs for inputs in chosen}
        return tuple(self._reference(inputs) for inputs in unique.values())

    def _reference(self, inputs: Inputs) -> Reference:
        pair = self.trial.pair(inputs.case)
        with np.errstate(all="ignore"):
            return Reference.on(pair, inputs)

    @cached_property
    def broken(self) -> tuple[str, ...]:
        """The names of the checks of the contract that it does not keep: of a wrong layer those that make it so."""
        kinds = ("error",) if self._wrong else ("error", "warning")
        return tuple(dict.fromkeys(b.check for b in self.judgement.broken if b.severity in kinds))

    @cached_property
    def _wrong(self) -> bool:
        return self.judgement.verdict not in PASSING

    def measured(self, edits: Sequence[Edit] = ()) -> tuple[Score, tuple[Recorded, ...]]:
        """The layer with edits made: its score, and what its statements gave their variables on the first case."""
        try:
            self.session.redefine(self._units(edits))
        except (StrangerError, SyntaxError, ValueError):
            return Score(-1), ()
        with self.session.recorded() as records:
            score = self._on(self.references[0])
        return replace(score, reached=_before(edits, score.reached)), tuple(records)

    def score(self, edits: Sequence[Edit]) -> Score:
        """The layer with edits made; below everything where they cannot be run."""
        try:
            self.session.redefine(self._units(edits))
        except (StrangerError, SyntaxError, ValueError):
            return Score(-1)
        scores = []
        for reference in self.references:
            scores.append(self._on(reference))
            if not scores[-1].right:
                break
        missing = len(self.references) - len(scores)
        kept = self._kept() if not missing and all(s.right for s in scores) else [0.0] * len(self.broken)
        values = [s.agreeing for s in scores] + [0.0] * missing + kept
        return Score(sum(values) / len(values), _before(edits, scores[-1].reached), scores[-1].otherwise)

    def _units(self, edits: Sequence[Edit]) -> list[Unit]:
        """The definitions of the subject that an edit is in, and as they were those that one was in before; with each
        class those that inherit from it.
        """
        found: list[Unit] = []
        before = set(self.changed)
        self.changed.clear()
        made: set[str] = set()
        for definition in sorted((*self.subject.definitions, *self.helpers), key=lambda each: each.place.line):
            unit = self.document.unit(definition)
            first, last = _span(definition)
            own = [e for e in edits if e.label == unit.label and first <= e.first <= last + 1]
            if own:
                self.changed.add(definition.name)
            if own or definition.name in before or bases(definition) & made:
                made.add(definition.name)
                more = sum(len(edit.new) - (edit.last - edit.first + 1) for edit in own)
                lines = applied(unit.text, own).split("\n")[: last + more]
                found.append(replace(unit, text="\n".join([""] * (first - 1) + lines[first - 1 :])))
        return found

    def _on(self, ref: Reference) -> Score:
        inputs = ref.inputs.copied()
        wanted = dict(ref.run.tensors)
        found: dict[str, object] = {}
        stage = 0
        try:
            if self.subject.role.draws:
                # its mask is what this code draws
                ref = self._reference(self.trial.inputs(inputs.case))
                mask = ref.inputs.arguments["mask"]
                if mask.all() or not mask.any():
                    # where all is kept, or nothing, much is right that is not dropout
                    return Score()
                inputs, wanted = ref.inputs.copied(), dict(ref.run.tensors)
            hand = Hand(ref.pair, inputs)
            stage = 1
            found |= {name: None if out is None else np.array(out) for name, out in hand.forward(inputs).items()}
            if any(all(share(found[n], a) == 1 for n, a in outputs.items()) for outputs in self._by_others):
                return Score(len(found) / len(wanted), (STAGES.index(""), 0), otherwise=True)
            stage = 2
            found |= hand.backward(inputs.cotangents)
            stage = 3
        except STRANGE as error:
            found |= self._filled(hand) if stage == 2 else {}
            return Score(_share(found, wanted, ref, not self._wrong), (stage, _line(error)))
        wanted = {n: w for n, w in wanted.items() if found.get(n) is not None or not self.trial.optional(n)}
        return Score(_share(found, wanted, ref, not self._wrong), (STAGES.index(""), 0))

    @cached_property
    def _by_others(self) -> list[dict[str, Array]]:
        """What comes out by other conventions on the first case: a wrong forward pass may have been held against one
        that it does not follow.
        """
        outcome = self.judgement.outcomes[0][1]
        right = outcome.outputs and all(row.grade == "agrees" for row in outcome.outputs)
        known = self.subject.role.gates or self.subject.role.conventions
        return [] if right or not known else list(by_others(self.trial, self.references[0].inputs))

    def _filled(self, hand: Hand) -> dict[str, object]:
        """The gradients of parameters that a backward pass had filled in when it stopped."""
        names = [f"d{argument.name}" for argument in self.trial.signature.params]
        try:
            return dict(zip(names, hand.layer.grads, strict=True))
        except STRANGE:
            return {}

    def _kept(self) -> list[float]:
        return [float(not any(self._asked(name))) for name in self.broken]

    def _asked(self, name: str) -> Iterator[object]:
        """What a check of the contract objects to."""
        case = Case("contract", self.references[0].inputs.case.sizes)
        for check in CHECKS:
            try:
                yield from (broken for broken in check.ask(self.trial, case) if broken.check == name)
            except STRANGE as error:
                if check.name.replace(" ", "_") == name:
                    yield error


def _amiss(row: Row, kind: str) -> bool:
    return row.grade == "off" or (row.grade == "rounded" and kind == "core")


def _share(found: Mapping[str, object], wanted: Mapping[str, Array], ref: Reference, strict: bool) -> float:
    parts = [share(found.get(name), array) for name, array in wanted.items()]
    whole = sum(parts) / len(parts)
    if whole < 1:
        return whole
    if not strict:
        return 1.0
    # right but for rounding: is it rounding alone?
    rounded = [name for name in wanted if graded(ref, name, found[name]).grade != "agrees"]
    return 1 - 0.1 * len(rounded) / len(wanted)


def _line(error: Exception) -> int:
    """The line at which it stopped; beyond all of them where it came to an answer, though to none of use."""
    frames = error.frames if isinstance(error, StrangerError) else ()
    return frames[-1].line if frames else NOWHERE


def _before(edits: Sequence[Edit], reached: tuple[int, int]) -> tuple[int, int]:
    """Where it stopped, by the lines before the edits: a line put in gets nobody farther."""
    stage, line = reached
    for edit in sorted(edits, key=lambda each: each.first) if 0 < line < NOWHERE else ():
        if line >= edit.first + len(edit.new):
            line -= len(edit.new) - (edit.last - edit.first + 1)
        elif line >= edit.first:
            line = max(edit.first, min(line, edit.last))
    return stage, line


def _span(definition: Definition) -> tuple[int, int]:
    """The first and the last line of a definition, decorators included."""
    node = definition.node
    return min([node.lineno, *(d.lineno for d in node.decorator_list)]), node.end_lineno or node.lineno
