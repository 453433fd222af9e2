"""Statements that may be missing: what a name is, what is added up, stored, kept or returned."""

import ast
import builtins
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import permutations

from compare.mending.edit import Edit
from compare.mending.edits.splicing import Page, unbracketed
from compare.mending.edits.surroundings import Surroundings

Inserted = Iterator[tuple[tuple[Edit, ...], float]]


def missing(page: Page, around: Surroundings, learned: int, returned: int) -> Inserted:
    """All of them, for one function; `learned` parameters have gradients, `returned` values come back."""
    yield from _undefined(page, around)
    yield from _returned(page, around, returned)
    if isinstance(around.definition.node, ast.ClassDef):
        yield from _unwritten_slots(page, around, learned)
        yield from _set_to_zero(page, around)
        yield from _unset_attributes(page, around)
        yield from _unset_lists(page, around)
    yield from _carried(page, around)


def _undefined(page: Page, around: Surroundings) -> Inserted:
    """`dW = np.dot(x.T, dout)` before the first statement that reads a dW that there is not."""
    known = {*around.arrays, *around.counts, *around.arguments, *around.outside}
    for name in sorted(around.read - known - {"np", "self", "range", "reversed", "len", "enumerate", "zip"}):
        first = next((s for s in _statements(around.function) if _reads(s, name)), None)
        if first is None or hasattr(builtins, name):
            continue
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


def expressions(around: Surroundings, page: Page) -> Iterator[tuple[str, float]]:
    """What a gradient is mostly computed by, of the variables at hand: nearest first."""
    arrays = around.arrays
    shape = _unpacked_shape(around, page)
    for one in arrays:
        yield one, 1.5 if "cache" in one else 2.2
        yield f"np.sum({one}, axis=0)", 1.9
        yield f"{one}.T", 2.6
        yield f"np.sum({one}, axis=(0, 1))", 2.4
    for one, other in permutations(arrays, 2):
        yield f"np.dot({one}.T, {other})", 2.0
        yield f"np.dot({one}, {other}.T)", 2.0
        yield f"np.dot({one}, {other})", 2.2
        yield f"{one} * {other}", 2.3
        yield f"{one} * (1 - {other} ** 2)", 2.2
        yield f"{one} * {other} * (1 - {other})", 2.4
        if one < other:
            yield f"{one} + {other}", 2.4
        if shape:
            yield f"np.dot({one}, {other}.T).reshape({shape})", 2.3
    for one in arrays if shape else ():
        yield f"{one}.reshape({shape})", 2.4


def _returned(page: Page, around: Surroundings, returned: int) -> Inserted:
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
    for name in around.arrays:
        if name not in elements and "." not in name:
            for at in range(len(elements) + 1):
                parts = [*elements[:at], name, *elements[at:]]
                yield (page.replaced(node.value, ", ".join(parts)),), 1.8
    if len(elements) > 1:
        for at in range(len(elements)):
            yield (page.replaced(node.value, ", ".join([*elements[:at], *elements[at + 1 :]])),), 1.6


def _unwritten_slots(page: Page, around: Surroundings, learned: int) -> Inserted:
    """`self.grads[0][...] = dW` where no line fills that slot."""
    if not around.backward:
        return
    last = around.function.body[-1]
    before = last if isinstance(last, ast.Return) else None
    at = before.lineno if before else (last.end_lineno or last.lineno) + 1
    for slot in range(learned):
        for name in around.arrays:
            if "." not in name:
                line = f"self.grads[{slot}][...] = {name}"
                yield (page.inserted(at, page.indent(last), [line]),), 1.9 - 0.3 * name.startswith("d")


def _set_to_zero(page: Page, around: Surroundings) -> Inserted:
    """`for grad in self.grads: grad[...] = 0` before a loop that adds to them."""
    loops = [s for s in around.function.body if isinstance(s, ast.For)]
    adds = any(isinstance(n, ast.AugAssign) and isinstance(n.op, ast.Add) for loop in loops for n in ast.walk(loop))
    if around.backward and adds and any(isinstance(n, ast.Attribute) and n.attr == "grads" for n in around.nodes):
        indent = page.indent(loops[0])
        step = page.indent(loops[0].body[0]).removeprefix(indent) or "    "
        lines = ["for grad in self.grads:", f"{step}grad[...] = 0"]
        yield (page.inserted(loops[0].lineno, indent, lines),), 0.9


def _unset_attributes(page: Page, around: Surroundings) -> Inserted:
    """`self.x = x` in a forward pass: what the class reads and this pass never keeps; a cache, a state, a layer."""
    node = around.definition.node
    assert isinstance(node, ast.ClassDef)
    read = [n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Load)]
    own = {n.name for n in node.body if isinstance(n, ast.FunctionDef)}
    set_here = {n.attr for n in around.nodes if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)}
    wanted = [
        a for a in dict.fromkeys(read) if a not in set_here | own | {"params", "grads", "T", "shape", "dtype", "copy"}
    ]
    selfish = {n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute) and _of_self(n)}
    names = [n for n in around.arrays if "." not in n]
    for block in _blocks(around.function):
        last = block[-1]
        for attribute in wanted:
            if attribute in selfish:
                for name in names:
                    cost = 2.3 - 0.7 * SequenceMatcher(None, attribute, name).ratio()
                    yield (_at_end(page, last, f"self.{attribute} = {name}"),), cost
                for value in _unpackings(page, node, attribute):
                    yield (_at_end(page, last, f"self.{attribute} = {value}"),), 1.6
        for name in names:
            if "layer" in name.lower():
                yield (_at_end(page, last, f"self.layers.append({name})"),), 1.6
    first = around.function.body[0]
    for attribute in wanted if not around.backward else ():
        if attribute in selfish:
            yield (page.inserted(first.lineno, page.indent(first), [f"self.{attribute} = []"]),), 1.6
    if not around.backward:
        for attribute in around.attributes:
            for value in ("None", "0"):
                yield (_at_end(page, around.function.body[-1], f"{attribute} = {value}"),), 2.4


def _unset_lists(page: Page, around: Surroundings) -> Inserted:
    """`self.grads = [np.zeros_like(W), np.zeros_like(b)]`, `self.params = [W, b]`, where a constructor lacks it."""
    if around.function.name != "__init__":
        return
    given = {ast.unparse(t): s for s in around.function.body if isinstance(s, ast.Assign) for t in s.targets}
    params = given.get("self.params")
    if params is not None and "self.grads" not in given and isinstance(params.value, ast.List | ast.Tuple):
        zeros = ", ".join(f"np.zeros_like({page.of(e)})" for e in params.value.elts)
        yield (page.inserted((params.end_lineno or 0) + 1, page.indent(params), [f"self.grads = [{zeros}]"]),), 0.9
    if params is None:
        first = around.function.body[0]
        learned = [name for name in around.arguments if name[:1].isupper() or name in ("b", "gamma", "beta")]
        yield (page.inserted(first.lineno, page.indent(first), [f"self.params = [{', '.join(learned)}]"]),), 0.9


def _unpackings(page: Page, node: ast.ClassDef, attribute: str) -> Iterator[str]:
    """What `a, b = self.cache` elsewhere takes out: the names that belong in."""
    for each in ast.walk(node):
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Attribute) and each.value.attr == attribute:
            target = each.targets[0]
            if isinstance(target, ast.Tuple):
                yield f"({unbracketed(page.of(target))})"


def _carried(page: Page, around: Surroundings) -> Inserted:
    """`dWx += dWx_t`, `h = h_next`, `dh = dh_prev`: one variable takes over another's value, or adds it up."""
    names = [n for n in around.arrays if n != "self"]
    for block in _blocks(around.function):
        inner = block is not around.function.body
        last = block[-1]
        for one, other in permutations(names, 2):
            alike = SequenceMatcher(None, one, other).ratio()
            cost = 2.7 - 0.8 * alike - 0.3 * inner
            if "." not in one:
                yield (_at_end(page, last, f"{one} += {other}"),), cost
            yield (_at_end(page, last, f"{one} = {other}"),), cost + 0.1
            if inner:
                for step in around.steps:
                    yield (_at_end(page, last, f"{one}[:, {step}] = {other}"),), cost + 0.1


def _at_end(page: Page, last: ast.stmt, line: str) -> Edit:
    """A line at the end of a block, before what returns."""
    end = (last.end_lineno or last.lineno) + 1
    at = last.lineno if isinstance(last, ast.Return) else end
    return page.inserted(at, page.indent(last), [line])


def _blocks(function: ast.FunctionDef) -> Iterator[list[ast.stmt]]:
    yield function.body
    for node in ast.walk(function):
        if isinstance(node, ast.For):
            yield node.body


def _statements(function: ast.FunctionDef) -> Iterator[ast.stmt]:
    """All simple statements and headers, from top to bottom."""
    found = [n for n in ast.walk(function) if isinstance(n, ast.stmt) and n is not function]
    yield from sorted(found, key=lambda n: (n.lineno, n.col_offset))


def _reads(node: ast.stmt, name: str) -> bool:
    return any(isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load) for n in ast.walk(node))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _of_self(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "self"


def _unpacked_shape(around: Surroundings, page: Page) -> str:
    """`N, T, D` where the sizes of three axes are unpacked."""
    for node in around.nodes:
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Attribute) or node.value.attr != "shape":
            continue
        target = node.targets[0]
        if isinstance(target, ast.Tuple) and len(target.elts) == 3:
            return ", ".join(page.of(e) for e in target.elts)
    return ""
