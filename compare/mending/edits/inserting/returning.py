"""What a pass gives back, where it gives nothing or too little."""

import ast
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import permutations

from compare.mending.edit import Edit
from compare.mending.edits.inserting.blocks import Inserted
from compare.mending.edits.inserting.formulas import expressions
from compare.mending.edits.splicing import Page
from compare.mending.edits.surroundings import Surroundings


def given_back(page: Page, around: Surroundings, returned: int) -> Inserted:
    """A return where there is none, or one of nothing, or of too little."""
    function, last = around.function, around.function.body[-1]
    if function.name == "__init__":
        return
    returns = [n for n in around.nodes if isinstance(n, ast.Return)]
    end = last.end_lineno or last.lineno
    whole = [r for r in returns if r.value is not None and not _is_none(r.value)]
    if whole:
        for node in whole:
            yield from _more_returned(page, around, node)
        return
    values = _values(around, page, returned)
    for text, cost in values:
        if returns:
            yield (page.replaced(returns[-1], f"return {text}"),), cost
        else:
            # a pass that returns nothing at all is nearly always to return something
            yield (Edit(page.label, end + 1, end, (f"{page.indent(last)}return {text}",)),), cost - 0.8


def _values(around: Surroundings, page: Page, returned: int) -> Iterator[tuple[str, float]]:
    names = [n for n in around.arrays if "." not in n]
    # what is computed last is returned
    names.reverse()
    if returned > 1:
        nearest = [_nearest(wanted, names) for wanted in around.wanted]
        if len(set(nearest)) == len(nearest) == returned:
            yield ", ".join(nearest), 1.0
        gradients = [n for n in names if n.startswith("d")] if around.backward else names
        for chosen in permutations(gradients[:7], returned):
            yield ", ".join(chosen), 1.8
        return
    for i, name in enumerate(names):
        yield name, 1.5 + 0.02 * i
    for text, cost in expressions(around, page):
        if "(" in text:
            yield text, cost + 0.3


def _nearest(wanted: str, names: list[str]) -> str:
    """The name that is written most like a gradient's."""

    def plain(name: str) -> str:
        return name.replace("_", "").lower().replace("next", "").replace("prev", "p")

    return max(names, key=lambda name: SequenceMatcher(None, plain(wanted), plain(name)).ratio(), default="")


def _more_returned(page: Page, around: Surroundings, node: ast.Return) -> Inserted:
    assert node.value is not None
    elements = [page.of(e) for e in node.value.elts] if isinstance(node.value, ast.Tuple) else [page.of(node.value)]
    names = [n for n in around.arrays if "." not in n]
    nearest = [_nearest(wanted, names) for wanted in around.wanted]
    if len(set(nearest)) == len(nearest) > 1:
        yield (page.replaced(node.value, ", ".join(nearest)),), 1.0
    if "forward" in around.function.name and isinstance(around.definition.node, ast.FunctionDef):
        # what is kept for the way back, and what comes out is not before it
        for i, name in enumerate(reversed(names)):
            yield (page.replaced(node.value, f"{name}, {page.of(node.value)}"),), 1.0 + 0.05 * i
    left_out = [name for name in names if name not in elements]
    one_short = len(elements) + 1 == len(around.wanted)
    for at in range(len(elements) + 1) if left_out else ():
        meant = _nearest(around.wanted[at], left_out) if one_short else ""
        for name in left_out:
            parts = [*elements[:at], name, *elements[at:]]
            yield (page.replaced(node.value, ", ".join(parts)),), 0.9 if name == meant else 1.8
    if len(elements) > 1:
        for at in range(len(elements)):
            yield (page.replaced(node.value, ", ".join([*elements[:at], *elements[at + 1 :]])),), 1.6


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
