"""Expressions found by their value: what a wrong or a missing one has to give stands on the tape.

What a name is to be is known from the first wrong statement (`compare.locating`), or from the name of a gradient. The
short expressions over what is at hand there are computed, and those that give it are proposed.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

import numpy as np

from compare.agreement import Array
from compare.checking.sandbox import Recorded, StrangerError
from compare.checking.source import Definition
from compare.locating.recorded import Record
from compare.locating.tape import Tape
from compare.mending.attempts import Attempts
from compare.mending.edit import Proposal
from compare.mending.edits.proposing import returned
from compare.mending.edits.splicing import Page
from compare.mending.locate import Located
from compare.mending.synthesis.instants import Instant, instant
from compare.mending.synthesis.searching import Table
from compare.mending.synthesis.terms import Style, built
from compare.mending.values import wanted_of

__all__ = ["synthesised"]

_MOST = 12
_UNDEFINED = re.compile(r"(?:name|local variable|variable) '(\w+)'")


def synthesised(attempts: Attempts, records: Sequence[Recorded], where: Located) -> Iterator[Proposal]:
    """Proposals of expressions that give what they have to give, the shortest and nearest first."""
    if where.tape is None:
        return
    for definition in attempts.subject.definitions:
        unit = attempts.document.unit(definition)
        page, style = Page(unit.label, unit.text), Style.of(unit.text)
        maker = _Maker(attempts, records, where, where.tape, definition, page, style)
        yield from maker.rewritten()
        yield from maker.defined()
        yield from maker.given_back()
        yield from maker.filled()


class _Maker:
    """The proposals for one definition."""

    def __init__(
        self, attempts: Attempts, records: Sequence[Recorded], where: Located, tape: Tape, definition: Definition,
        page: Page, style: Style,
    ) -> None:  # fmt: skip
        self.attempts, self.records, self.where, self.tape = attempts, records, where, tape
        self.definition, self.page, self.style = definition, page, style

    def rewritten(self) -> Iterator[Proposal]:
        """Another right side for the first wrong statement."""
        wrong = self.where.wrong
        if wrong is None or wrong.record.label != self.page.label:
            return
        function = self._around(wrong.record.line)
        known = (
            self._returned(function, wrong.record) if wrong.wanted_array is None and function else wrong.wanted_array
        )
        if known is None:
            return
        statement = (
            next((s for s in _statements(function) if s.lineno == wrong.record.line), None) if function else None
        )
        if function is None or statement is None:
            return
        at = instant(function, self.page.label, self.records, statement.lineno, wrong.record.order)
        old, wanted = _right_side(statement, wrong.record.name, at, known)
        if old is not None and wanted is not None:
            for text, cost in self._texts(at, wanted, self.page.of(old)):
                yield Proposal((self.page.replaced(old, text),), cost)

    def _returned(self, function: ast.FunctionDef, record: Record) -> Array | None:
        """What a variable has to be that a pass gives back as it is."""
        names, every = returned(self.attempts.subject, function), wanted_of(self.attempts, self.where)
        for node in ast.walk(function):
            if isinstance(node, ast.Return) and node.value is not None and node.lineno >= record.line:
                parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
                for name, part in zip(names, parts, strict=False):
                    wanted = every.get(name)
                    same = ast.unparse(part) == record.name or node.lineno == record.line
                    if same and wanted is not None and wanted.shape == np.shape(record.value):
                        return wanted
        return None

    def defined(self) -> Iterator[Proposal]:
        """The line that gives a name its value which a statement reads and no statement has set."""
        for outcome in (outcome for _, outcome in self.attempts.judgement.outcomes):
            error = outcome.error
            named = _UNDEFINED.search(error.message) if isinstance(error, StrangerError) else None
            if not named or not isinstance(error, StrangerError) or not error.frames:
                continue
            frame = error.frames[-1]
            function = self._around(frame.line) if frame.label == self.page.label else None
            if function:
                yield from self._defining(named[1], function, frame.line)
            return

    def _defining(self, name: str, function: ast.FunctionDef, line: int) -> Iterator[Proposal]:
        statement = next((s for s in _statements(function) if s.lineno <= line <= (s.end_lineno or line)), None)
        if statement is None:
            return
        at = instant(function, self.page.label, self.records, line, len(self.records))
        wanted = self.tape.gradient(name[1:]) if name.startswith("d") else None
        found = [] if wanted is None else list(self._texts(at, wanted, ""))
        found += _sizes(at) if len(name) <= 2 or wanted is None else []
        if any(isinstance(n, ast.Call) and ast.unparse(n.func) == name for n in ast.walk(statement)):
            # weights are drawn by a name of its own
            found = [("np.random.randn", 0.3)]
        for text, cost in found:
            first = _earliest(function, statement, text)
            yield Proposal((self.page.inserted(first, self.page.indent(statement), [f"{name} = {text}"]),), cost)

    def given_back(self) -> Iterator[Proposal]:
        """`return x * gamma + beta` where a forward pass gives nothing back."""
        nothing = [r.name for _, o in self.attempts.judgement.outcomes[:1] for r in o.outputs if r.found is None]
        outputs = self.attempts.references[0].run.tensors
        for function in self.definition.methods.values() if len(nothing) == 1 else ():
            names = returned(self.attempts.subject, function)
            last = function.body[-1]
            if nothing[0] not in names or any(isinstance(n, ast.Return) for n in ast.walk(function)):
                continue
            end = (last.end_lineno or last.lineno) + 1
            until = self._last_of(function)
            at = instant(function, self.page.label, self.records, end, until)
            for text, cost in self._texts(at, outputs[nothing[0]], ""):
                yield Proposal((self.page.inserted(end, self.page.indent(last), [f"return {text}"]),), cost)

    def filled(self) -> Iterator[Proposal]:
        """`self.grads[0][...] = np.dot(x.T, da)` for a gradient that stays zero."""
        params = [a.name for a in self.attempts.trial.signature.params]
        rows = {r.name: r for _, o in self.attempts.judgement.outcomes[:1] for r in o.grads}
        function = self.definition.methods.get("backward")
        if function is None or not isinstance(self.definition.node, ast.ClassDef):
            return
        for slot, name in enumerate(params):
            row, wanted = rows.get(f"d{name}"), self.tape.gradient(name)
            if row is None or wanted is None or row.grade != "off" or row.note or row.found.any():
                continue
            last = function.body[-1]
            before = last.lineno if isinstance(last, ast.Return) else (last.end_lineno or last.lineno) + 1
            at = instant(function, self.page.label, self.records, before, self._last_of(function))
            for text, cost in self._texts(at, wanted, ""):
                line = f"self.grads[{slot}][...] = {text}"
                yield Proposal((self.page.inserted(before, self.page.indent(last), [line]),), cost)

    def _texts(self, at: Instant, wanted: Array, old: str) -> list[tuple[str, float]]:
        """Expressions for a value, each with how far it is from what is written."""
        table = Table(built(at.values, at.sizes, self.style), self.style)
        found = [
            (term.text, 0.5 + 0.04 * term.size + 0.5 * (1 - _alike(term.text, old))) for term in table.giving(wanted)
        ]
        return sorted(found, key=lambda each: each[1])[:_MOST]

    def _around(self, line: int) -> ast.FunctionDef | None:
        methods = self.definition.methods.values()
        return next((f for f in methods if f.lineno <= line <= (f.end_lineno or f.lineno)), None)

    def _last_of(self, function: ast.FunctionDef) -> int:
        """How many records there are until the last of a function's."""
        end = function.end_lineno or function.lineno
        own = [i for i, r in enumerate(self.records) if r.label == self.page.label and function.lineno <= r.line <= end]
        return own[-1] + 1 if own else 0


def _statements(function: ast.FunctionDef) -> list[ast.stmt]:
    """The statements of a function, the innermost first."""
    found = [n for n in ast.walk(function) if isinstance(n, ast.stmt) and n is not function]
    return sorted(found, key=lambda n: (n.end_lineno or n.lineno) - n.lineno)


def _earliest(function: ast.FunctionDef, statement: ast.stmt, text: str) -> int:
    """The line before which an expression can first be computed, in the block of a statement that needs it."""
    names = {n.id for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name)}
    blocks = (b for n in ast.walk(function) for f in ("body", "orelse") if (b := getattr(n, f, None)))
    block = next((b for b in blocks if isinstance(b, list) and statement in b), [statement])
    line = statement.lineno
    for other in reversed(block[: block.index(statement)]):
        bound = {n.id for n in ast.walk(other) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        documents = isinstance(other, ast.Expr) and isinstance(other.value, ast.Constant)
        if bound & names or documents:
            break
        line = other.lineno
    return line


def _right_side(
    statement: ast.stmt, name: str, at: Instant, wanted: Array
) -> tuple[ast.expr | None, Array | None]:  # fmt: skip
    """The expression that gives a name its value, and what it has to give."""
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
        if ast.unparse(target) == name or ast.unparse(target) == f"{name}[...]":
            return statement.value, wanted
        if isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Tuple):
            for one, value in zip(target.elts, statement.value.elts, strict=False):
                if ast.unparse(one) == name:
                    return value, wanted
    if isinstance(statement, ast.AugAssign) and ast.unparse(statement.target) == name:
        before = at.values.get(name)
        if isinstance(statement.op, ast.Add) and before is not None and before.shape == wanted.shape:
            return statement.value, wanted - before
    if isinstance(statement, ast.Return) and statement.value is not None and name.startswith("return "):
        value, place = statement.value, int(name.split()[1])
        if not isinstance(value, ast.Tuple):
            return value, wanted
        return (value.elts[place], wanted) if place < len(value.elts) else (None, None)
    return None, None


def _sizes(at: Instant) -> Iterator[tuple[str, float]]:
    """`x.shape[0]`: of each size that arrays have there the first way to read it."""
    seen: set[int] = set()
    for name, array in at.values.items():
        for axis, n in enumerate(array.shape):
            if n not in seen:
                seen.add(n)
                yield f"{name}.shape[{axis}]", 0.9 + 0.05 * axis


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio() if other else 0.5
