"""Lines that are written like one that is there: of a parameter as of its sister, of a call as of its way back."""

import ast
import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from compare.mending.edits.inserting.blocks import Inserted
from compare.mending.edits.splicing import Page
from compare.mending.edits.surroundings import Surroundings

# names that are as much alike as `Wx` and `Wh`
_ALIKE = 0.5
_LISTS = {"params": "grads", "grads": "params"}


def like_another(page: Page, around: Surroundings, name: str) -> Inserted:
    """`rnn_Wh = rn(H, H)` behind `rnn_Wx = rn(D, H)`: the same, with another size or another array in one place."""
    for node in around.nodes:
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        if not isinstance(node, ast.Assign) or not isinstance(target, ast.Name):
            continue
        alike = SequenceMatcher(None, target.id, name).ratio()
        if alike >= _ALIKE and "\n" not in page.of(node):
            end = (node.end_lineno or node.lineno) + 1
            for text, cost in _variations(page, around, node.value, name):
                yield (page.inserted(end, page.indent(node), [f"{name} = {text}"]),), cost + 0.5 * (1 - alike)


def _variations(page: Page, around: Surroundings, value: ast.expr, name: str) -> Iterator[tuple[str, float]]:
    text = page.of(value)
    yield text, 0.7
    names = {n.id for n in ast.walk(value) if isinstance(n, ast.Name)}
    for old in sorted(names):
        others = around.counts if old in around.counts else around.arrays if old in around.arrays else ()
        for other in others:
            if other != old:
                # of Wh the size is more likely H than hidden_size
                far = 0.02 * abs(len(other) - len(old)) - 0.1 * (other.lower() == name[-1:].lower())
                yield re.sub(rf"\b{re.escape(old)}\b", other, text), 0.6 + far


def as_on_the_way_back(page: Page, around: Surroundings, missing: list[str]) -> Inserted:
    """`out, cache = affine_forward(x, w, b)`, where the way back has `dx, dw, db = affine_backward(dout, cache)`."""
    read = [n for n in around.nodes if isinstance(n, ast.Name) and n.id in missing]
    read.sort(key=lambda n: ("cache" in n.id, n.lineno, n.col_offset))
    target = ", ".join(dict.fromkeys(n.id for n in read))
    first = next((s for s in around.function.body if _reads(s, missing)), None)
    if around.backward or first is None:
        return
    for related in around.related:
        for node in ast.walk(related):
            call = node.value if isinstance(node, ast.Assign) else None
            if isinstance(node, ast.Assign) and isinstance(call, ast.Call) and "backward" in ast.unparse(call.func):
                for arguments in _arguments(around, node.targets[0], call):
                    line = f"{target} = {ast.unparse(call.func).replace('backward', 'forward')}({arguments})"
                    yield (page.inserted(first.lineno, page.indent(first), [line]),), 0.5


def _arguments(around: Surroundings, target: ast.expr, call: ast.Call) -> Iterator[str]:
    """What the gradients that come back are those of; a reshape of what goes in is one of the first."""
    parts = target.elts if isinstance(target, ast.Tuple) else [target]
    names = [ast.unparse(part).removeprefix("d") for part in parts]
    known = {*around.arguments, *around.arrays}
    if not all(name.partition("[")[0] in known for name in names):
        names = [*around.arguments]
    if not names:
        return
    yield ", ".join(names)
    sizes = [n for n in around.counts if n not in around.steps]
    shape = f"{' * '.join(sizes[:2])}, {sizes[2]}" if len(sizes) > 2 else "-1"
    if call.args and isinstance(call.args[0], ast.Call) and "reshape" in ast.unparse(call.args[0].func):
        yield ", ".join([f"{names[0]}.reshape({shape})", *names[1:]])


def _reads(node: ast.stmt, names: list[str]) -> bool:
    return any(isinstance(n, ast.Name) and n.id in names for n in ast.walk(node))


def counterparts(page: Page, around: Surroundings) -> Inserted:
    """`self.params += layer.params` beside `self.grads += layer.grads`, and the other way round."""
    texts = {page.of(n) for n in around.nodes if isinstance(n, ast.stmt)}
    for node in around.nodes:
        if isinstance(node, ast.Assign | ast.AugAssign | ast.Expr) and "\n" not in page.of(node):
            text = re.sub(r"\b(params|grads)\b", lambda found: _LISTS[found[0]], page.of(node))
            if text not in texts:
                before = node.lineno if "grads" in page.of(node) else (node.end_lineno or node.lineno) + 1
                yield (page.inserted(before, page.indent(node), [text]),), 0.6
