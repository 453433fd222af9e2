"""All proposals for a subject: every rule at every expression and statement of its passes, cheapest first."""

import ast
import builtins
from collections.abc import Callable, Iterator, Mapping, Sequence

from compare.checking.source import Definition, Document
from compare.checking.subjects import Subject
from compare.mending.edit import Edit, Proposal
from compare.mending.edits import expressions, forms, nearby, statements
from compare.mending.edits.inserting import missing
from compare.mending.edits.splicing import Page, unbracketed, wrapped
from compare.mending.edits.surroundings import Surroundings
from compare.mending.helpers import lambdas

# how much farther away a change is that leaves a statement of nothing
_IDLE = 0.5
# how much farther away a change is in a line that nothing speaks against
Suspicion = Callable[[str, int], float]
Shapes = Mapping[str, tuple[int, ...]]


def proposals(
    document: Document,
    subject: Subject,
    suspicion: Suspicion,
    shapes: Mapping[str, Shapes] | None = None,
    about: frozenset[str] = frozenset(),
    helpers: Sequence[Definition] = (),
) -> list[Proposal]:
    """Every change of the subject's functions that a rule thinks of, each once, by cost.

    `shapes` are those that arrays had in a run, by function; a line put in that gives one of `about` a value is near;
    `helpers` are definitions outside of it that may be changed too.
    """
    found: dict[tuple[Edit, ...], float] = {}
    for definition in (*subject.definitions, *helpers):
        unit = document.unit(definition)
        page = Page(unit.label, unit.text)
        for around in _functions(document, subject, definition, shapes or {}):
            for edits, cost in _of_function(page, around, subject):
                if not edits:
                    continue
                far = cost + min(suspicion(unit.label, edit.first) for edit in edits)
                if about and any(_sets(edit, name) for edit in edits for name in about):
                    far = min(far, 0.9 + cost / 10)
                if far < found.get(edits, 1e9):
                    found[edits] = far
    ordered = sorted(found.items(), key=lambda each: each[1])
    return [Proposal(edits, cost) for edits, cost in ordered]


def _functions(
    document: Document, subject: Subject, definition: Definition, shapes: Mapping[str, Shapes]
) -> Iterator[Surroundings]:
    own = [d.name for d in document.definitions.values() if d.kind == "function"] + [n for n, _ in lambdas(document)]
    outside = tuple(dict.fromkeys((*own, *_imported(document))))
    related = tuple(d.node for d in subject.definitions)
    file = tuple(d.node for d in document.definitions.values())
    for function in definition.methods.values():
        had, wanted = shapes.get(function.name, {}), returned(subject, function)
        yield Surroundings(definition, function, outside, had, related, wanted, file)


def _of_function(page: Page, around: Surroundings, subject: Subject) -> Iterator[tuple[tuple[Edit, ...], float]]:
    parents = around.parents()
    alone = not page.lines[around.function.lineno - 1].lstrip().startswith("def ")
    for node in around.nodes:
        if isinstance(node, ast.expr) and not _is_docstring(node, parents):
            spot = expressions.Spot(page, node, parents[node], around)
            for rule in (*expressions.RULES, *forms.RULES):
                for text, cost in rule(spot):
                    if text != spot.text:
                        yield (page.replaced(node, fitting(text, spot)),), cost + _IDLE * _says_nothing(text, spot)
            for rule in nearby.RULES:
                for text, cost in rule(spot):
                    yield (page.replaced(node, text),), cost + 0.05
                    # whoever mistypes a name once may have copied it
                    yield _everywhere(page, around, spot.text, text), cost
        # a lambda has no statements
        for block in _blocks_of(node) if not alone else ():
            for statement in block:
                place = statements.Spot(page, statement, block, node, around)  # type: ignore[arg-type]
                for other in statements.RULES:
                    yield from other(place)
    if not alone:
        yield from missing(page, around, len(subject.role.signature.params), len(around.wanted))


def _says_nothing(text: str, spot: expressions.Spot) -> bool:
    """Whether a statement would be left that changes nothing: `dout = dout`."""
    parent = spot.parent
    return isinstance(parent, ast.Assign) and len(parent.targets) == 1 and spot.page.of(parent.targets[0]) == text


def fitting(text: str, spot: expressions.Spot) -> str:
    """A text for an expression in the brackets that it needs there, and in no others."""
    alone = isinstance(spot.parent, ast.Assign | ast.AugAssign | ast.Return) and not {",", "\n"} & set(text)
    return unbracketed(text) if alone else wrapped(text, spot.parent, spot.node)


def _sets(edit: Edit, name: str) -> bool:
    """Whether a line that is put in gives a name its value."""
    inserted = edit.last < edit.first
    return inserted and any(line.strip().startswith((f"{name} =", f"{name}.append")) for line in edit.new)


def _imported(document: Document) -> tuple[str, ...]:
    """The names that the file imports one by one, and the functions that it calls and does not define."""
    found: list[str] = []
    for unit in document.units:
        for node in ast.walk(ast.parse(unit.text)):
            if isinstance(node, ast.ImportFrom):
                found += [alias.asname or alias.name for alias in node.names if alias.name != "*"]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                found += [node.func.id]
    return tuple(dict.fromkeys(n for n in found if not hasattr(builtins, n) and n not in document.definitions))


def returned(subject: Subject, function: ast.FunctionDef) -> tuple[str, ...]:
    """The twin's names of what a pass returns."""
    signature = subject.role.signature
    if "backward" not in function.name:
        return tuple(output.name for output in signature.outputs)
    functions = subject.role.protocol == "functions"
    data = [a for a in signature.data if a.floats and (functions or a not in signature.states)]
    return tuple(f"d{a.name}" for a in (*data, *(signature.params if functions else ())))


def _everywhere(page: Page, around: Surroundings, old: str, new: str) -> tuple[Edit, ...]:
    """A text replaced wherever it is an expression in the function; one edit a line."""
    lines: dict[int, list[ast.expr]] = {}
    for node in around.nodes:
        if isinstance(node, ast.Name | ast.Attribute | ast.Call) and page.of(node) == old:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                # what is set here is no slip for another name
                return ()
            lines.setdefault(node.lineno, []).append(node)
    edits = []
    for line, nodes in sorted(lines.items()):
        if any(node.end_lineno != line for node in nodes):
            continue
        text = Page(page.label, "\n".join(page.lines))
        for node in sorted(nodes, key=lambda n: n.col_offset, reverse=True):
            text.lines[line - 1 : line] = text.replaced(node, new).new
        edits.append(Edit(page.label, line, line, (text.lines[line - 1],)))
    return tuple(edits)


def _blocks_of(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        block = getattr(node, field, None)
        if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
            yield block


def _is_docstring(node: ast.expr, parents: dict[ast.AST, ast.AST]) -> bool:
    return isinstance(node, ast.Constant) and isinstance(parents[node], ast.Expr)
