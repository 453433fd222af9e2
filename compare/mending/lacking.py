"""What is missing as a whole and whose value is known: a return, and the line that gives a name its value.

What a pass has to give back stands on the twin's tape; what it keeps for the way back is what its backward function
takes out. So the line is written down, and not searched for.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product

from compare.agreement import Array
from compare.checking.sandbox import Recorded
from compare.checking.source import Definition
from compare.mending.attempts import Attempts
from compare.mending.edit import Proposal
from compare.mending.edits.inserting.packing import packings
from compare.mending.edits.proposing import returned
from compare.mending.edits.splicing import Page
from compare.mending.locate import Located
from compare.mending.synthesis.instants import Instant, instant
from compare.mending.synthesis.terms import Style
from compare.mending.values import texts, wanted_of

_MOST = 12


def lacking(attempts: Attempts, records: Sequence[Recorded], where: Located) -> Iterator[Proposal]:
    """The lines whose values are known, nearest first; nothing where none is missing."""
    wanted = wanted_of(attempts, where)
    for definition in attempts.subject.definitions:
        unit = attempts.document.unit(definition)
        for function in definition.methods.values():
            one = _Function(attempts, records, definition, function, Page(unit.label, unit.text), wanted)
            if function.name != "__init__" and one.names:
                yield from one.given_back()
                yield from one.defined()


class _Function:
    """The lines that may be missing in one function; `names` are the twin's for what it has to give back."""

    def __init__(
        self, attempts: Attempts, records: Sequence[Recorded], definition: Definition, function: ast.FunctionDef,
        page: Page, wanted: Mapping[str, Array],
    ) -> None:  # fmt: skip
        self.function, self.page, self.records = function, page, records
        is_pass = "forward" in function.name or "backward" in function.name
        self.names = returned(attempts.subject, function) if is_pass else ()
        self.wanted = wanted
        self.style = Style.of("\n".join(page.lines))
        packs = attempts.subject.role.protocol == "functions" and "forward" in function.name
        related = [d.node for d in attempts.subject.definitions if d is not definition]
        self.packed = list(packings(page, function, related)) if packs else [""]

    def given_back(self) -> Iterator[Proposal]:
        """`return out, cache` at the end of a pass that has none, or one of too little."""
        returns = [n.value for n in _own(self.function) if isinstance(n, ast.Return) and n.value is not None]
        if returns:
            yield from self._one_more(returns[-1])
            return
        last = self.function.body[-1]
        end = (last.end_lineno or last.lineno) + 1
        found = [self._texts(self._at(end), name) for name in self.names]
        for values in islice(product(*found), _MOST):
            for cache in self.packed:
                text = ", ".join([*(text for text, _ in values), *([cache] if cache else [])])
                cost = sum(cost for _, cost in values) / max(len(values), 1)
                yield Proposal((self.page.inserted(end, self.page.indent(last), [f"return {text}"]),), cost)

    def _one_more(self, value: ast.expr) -> Iterator[Proposal]:
        """`return o * tc, c` for `return c`."""
        parts = value.elts if isinstance(value, ast.Tuple) else [value]
        if len(parts) + 1 != len(self.names) or self.packed != [""]:
            return
        written = [self.page.of(part) for part in parts]
        for at, name in enumerate(self.names):
            for text, cost in self._texts(self._at(value.lineno), name):
                whole = ", ".join([*written[:at], text, *written[at:]])
                yield Proposal((self.page.replaced(value, whole),), cost)

    def defined(self) -> Iterator[Proposal]:
        """`y = top / (1 + e)` before a return of a y that there is not."""
        nothing = {part for n in _own(self.function) for part in _set_to_none(n)}
        stored = (n for n in _own(self.function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
        bound = {n.id for n in stored if n not in nothing}
        bound |= {a.arg for a in ast.walk(self.function.args) if isinstance(a, ast.arg)}
        for node in _own(self.function):
            if not isinstance(node, ast.Return) or node.value is None:
                continue
            parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            for name, part in zip(self.names, parts, strict=False):
                if isinstance(part, ast.Name) and part.id not in bound:
                    for text, cost in self._texts(self._at(node.lineno), name):
                        line = f"{part.id} = {text}"
                        yield Proposal((self.page.inserted(node.lineno, self.page.indent(node), [line]),), cost)

    def _texts(self, at: Instant, name: str) -> list[tuple[str, float]]:
        return texts(at, self.wanted[name], self.style) if name in self.wanted else []

    def _at(self, line: int) -> Instant:
        """The end of the function's last call."""
        first, last = self.function.lineno, self.function.end_lineno or self.function.lineno
        own = [i for i, r in enumerate(self.records) if r.label == self.page.label and first <= r.line <= last]
        return instant(self.function, self.page.label, self.records, line, own[-1] + 1 if own else 0)


def _set_to_none(node: ast.AST) -> Iterator[ast.expr]:
    """The names of `dx, dw = None, None`, which only say what is still to be computed."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
            parts = target.elts if isinstance(target, ast.Tuple) else [target]
            if len(parts) == len(values):
                yield from (
                    p for p, v in zip(parts, values, strict=True) if isinstance(v, ast.Constant) and v.value is None
                )


def _own(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """The nodes of a function, without those of the functions in it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop(0)
        yield node
        if not isinstance(node, ast.FunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)
