"""What a class keeps: attributes for the way back, the lists of parameters and gradients, and what fills them."""

import ast
from collections.abc import Iterator
from difflib import SequenceMatcher

from compare.mending.edits.inserting.blocks import Inserted, at_end, blocks
from compare.mending.edits.splicing import Page, unbracketed
from compare.mending.edits.surroundings import Surroundings


def unwritten_slots(page: Page, around: Surroundings, learned: int) -> Inserted:
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


def set_to_zero(page: Page, around: Surroundings) -> Inserted:
    """`for grad in self.grads: grad[...] = 0` before a loop that adds to them, or where they are unpacked."""
    loops = [s for s in around.function.body if isinstance(s, ast.For)]
    adds = any(isinstance(n, ast.AugAssign) and isinstance(n.op, ast.Add) for loop in loops for n in ast.walk(loop))
    if around.backward and adds and any(isinstance(n, ast.Attribute) and n.attr == "grads" for n in around.nodes):
        indent = page.indent(loops[0])
        step = page.indent(loops[0].body[0]).removeprefix(indent) or "    "
        lines = ["for grad in self.grads:", f"{step}grad[...] = 0"]
        unpacked = [s for s in around.function.body if isinstance(s, ast.Assign) and page.of(s.value) == "self.grads"]
        at = (unpacked[0].end_lineno or 0) + 1 if unpacked else loops[0].lineno
        yield (page.inserted(at, indent, lines),), 0.4


def summed_anew(page: Page, around: Surroundings) -> Inserted:
    """`dW[...] = 0` behind `dW, = self.grads`, where something is added to it."""
    added = {page.of(node.args[0]) for node in around.nodes if _adds(node)}  # type: ignore[attr-defined]
    for statement in around.function.body if around.backward else ():
        if isinstance(statement, ast.Assign) and page.of(statement.value).startswith("self.grads"):
            for name in sorted(added & {n.id for n in ast.walk(statement.targets[0]) if isinstance(n, ast.Name)}):
                line = (statement.end_lineno or statement.lineno) + 1
                yield (page.inserted(line, page.indent(statement), [f"{name}[...] = 0"]),), 0.4


def _adds(node: ast.AST) -> bool:
    """Whether a node is `np.add.at(dW, idx, dout)`, or what another library has in its place."""
    return isinstance(node, ast.Call) and len(node.args) == 3 and ast.unparse(node.func).endswith(("add.at", "_add"))


def unset_attributes(page: Page, around: Surroundings) -> Inserted:
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
    for block in blocks(around.function):
        last = block[-1]
        for attribute in wanted:
            if attribute in selfish:
                for name in names:
                    cost = 2.3 - 0.7 * SequenceMatcher(None, attribute, name).ratio()
                    yield (at_end(page, last, f"self.{attribute} = {name}"),), cost
                for value in _unpackings(page, node, attribute):
                    yield (at_end(page, last, f"self.{attribute} = {value}"),), 1.6
        for name in names:
            if "layer" in name.lower():
                yield (at_end(page, last, f"self.layers.append({name})"),), 1.6
    first = around.function.body[0]
    for attribute in wanted if not around.backward else ():
        if attribute in selfish:
            yield (page.inserted(first.lineno, page.indent(first), [f"self.{attribute} = []"]),), 1.6
    if not around.backward:
        for attribute in around.attributes:
            for value in ("None", "0"):
                yield (at_end(page, around.function.body[-1], f"{attribute} = {value}"),), 2.4


def unset_lists(page: Page, around: Surroundings) -> Inserted:
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


def _of_self(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "self"
