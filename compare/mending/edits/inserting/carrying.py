"""What a variable takes over from another, or adds up."""

import ast
import re
from collections.abc import Mapping
from difflib import SequenceMatcher
from itertools import permutations

from compare.mending.edits.inserting.blocks import Inserted, at_end, blocks
from compare.mending.edits.splicing import Page
from compare.mending.edits.surroundings import Surroundings


def added_as_others(page: Page, around: Surroundings) -> Inserted:
    """`db = db + dbias` behind `dWh = dWh + dwh`, where nothing uses dbias: the same for another gradient."""
    for block in blocks(around.function):
        for node in block:
            if not isinstance(node, ast.Assign | ast.AugAssign) or "\n" in page.of(node):
                continue
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            added = [n.id for n in ast.walk(node.value) if isinstance(n, ast.Name) and n.id != page.of(target)]
            again = isinstance(node, ast.AugAssign) or page.of(target) in {page.of(n) for n in ast.walk(node.value)}
            if not isinstance(target, ast.Name) or not again or len(added) != 1:
                continue
            for unused in around.unused:
                for name in around.arrays:
                    if "." not in name and name not in (unused, target.id, added[0]):
                        line = _with(page.of(node), {target.id: name, added[0]: unused})
                        far = 0.4 * (1 - SequenceMatcher(None, name, unused).ratio())
                        yield (page.inserted((node.end_lineno or 0) + 1, page.indent(node), [line]),), 0.5 + far


def _with(text: str, names: Mapping[str, str]) -> str:
    return re.sub(r"\w+", lambda word: names.get(word[0], word[0]), text)


def carried(page: Page, around: Surroundings) -> Inserted:
    """`dWx += dWx_t`, `h = h_next`, `dh = dh_prev`: one variable takes over another's value, or adds it up."""
    names = [n for n in around.arrays if n != "self"]
    for block in blocks(around.function):
        inner = block is not around.function.body
        last = block[-1]
        for one, other in permutations(names, 2):
            alike = SequenceMatcher(None, one, other).ratio()
            cost = 2.7 - 0.8 * alike - 0.3 * inner
            if "." not in one:
                yield (at_end(page, last, f"{one} += {other}"),), cost
            yield (at_end(page, last, f"{one} = {other}"),), cost + 0.1
            if inner:
                for step in around.steps:
                    yield (at_end(page, last, f"{one}[:, {step}] = {other}"),), cost + 0.1
