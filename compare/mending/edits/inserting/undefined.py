"""What a name is to be that nothing has set."""

import ast
import builtins
from collections.abc import Iterator

from compare.mending.edits.inserting.blocks import Inserted
from compare.mending.edits.inserting.formulas import expressions
from compare.mending.edits.inserting.likeness import as_on_the_way_back, like_another
from compare.mending.edits.splicing import Page, unbracketed
from compare.mending.edits.surroundings import Surroundings


def undefined(page: Page, around: Surroundings) -> Inserted:
    """`dW = np.dot(x.T, dout)` before the first statement that reads a dW that there is not."""
    known = {*around.arrays, *around.counts, *around.arguments, *around.outside}
    missing = [name for name in sorted(around.read - known - {"np", "self"}) if not hasattr(builtins, name)]
    yield from as_on_the_way_back(page, around, missing)
    for name in missing:
        first = next((s for s in _statements(around.function) if _reads(s, name)), None)
        if first is None:
            continue
        yield from like_another(page, around, name)
        for text in _elsewhere(page, around, name):
            yield (page.inserted(around.function.body[0].lineno, page.indent(first), [text]),), 0.9
        for names, value in _packed(around):
            if name in names.split(", "):
                yield (page.inserted(around.function.body[0].lineno, page.indent(first), [f"{names} = {value}"]),), 0.9
        for text, cost in expressions(around, page):
            yield (page.inserted(first.lineno, page.indent(first), [f"{name} = {text}"]),), cost


def _elsewhere(page: Page, around: Surroundings, name: str) -> Iterator[str]:
    """The line that gives a name its value in another function of the layer: `W, b = self.params`."""
    for related in around.related:
        for function in (n for n in ast.walk(related) if isinstance(n, ast.FunctionDef) and n is not around.function):
            for node in function.body:
                if isinstance(node, ast.Assign) and name in _bound(node.targets[0]) and node.lineno == node.end_lineno:
                    yield page.of(node)


def _bound(target: ast.expr) -> set[str]:
    parts = target.elts if isinstance(target, ast.Tuple) else [target]
    return {part.id for part in parts if isinstance(part, ast.Name)}


def _packed(around: Surroundings) -> Iterator[tuple[str, str]]:
    """What may be unpacked here: the names that a cache is made of elsewhere in the layer, and its name here."""
    here = [name for name in around.arrays if "cache" in name.lower()]
    for related in around.related:
        for node in ast.walk(related):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
                packed, called = node.value, ast.unparse(node.targets[0])
                if called in (*here, *around.attributes):
                    yield unbracketed(ast.unparse(packed)), called
            elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
                last = node.value.elts[-1]
                if isinstance(last, ast.Tuple):
                    yield from ((unbracketed(ast.unparse(last)), name) for name in here)


def _statements(function: ast.FunctionDef) -> Iterator[ast.stmt]:
    """All simple statements and headers, from top to bottom."""
    found = [n for n in ast.walk(function) if isinstance(n, ast.stmt) and n is not function]
    yield from sorted(found, key=lambda n: (n.lineno, n.col_offset))


def _reads(node: ast.stmt, name: str) -> bool:
    return any(isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load) for n in ast.walk(node))
