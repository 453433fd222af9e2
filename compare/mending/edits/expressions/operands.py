"""Other operands: another variable, a transpose, an exchange, the matrix product of two others."""

import ast
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import product

from compare.mending.edits.expressions.spot import Spot, atom, is_variable, name_of


def other_names(spot: Spot) -> Iterator[tuple[str, float]]:
    """Another variable: of arrays an array, of sizes a size."""
    if not is_variable(spot.node) or (isinstance(spot.parent, ast.Call) and spot.node is spot.parent.func):
        return
    around = spot.around
    sized = spot.text in around.counts
    known = around.counts if sized else around.arrays
    for name in known:
        if name != spot.text and spot.loaded:
            yield name, 1 + 0.6 * (1 - _alike(name, spot.text)) + 0.3 * (name.startswith("self."))


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def transposed(spot: Spot) -> Iterator[tuple[str, float]]:
    """With a transpose, or without."""
    if isinstance(spot.node, ast.Attribute) and spot.node.attr == "T":
        yield spot.page.of(spot.node.value), 1.1
    elif isinstance(spot.node, ast.Name | ast.Attribute | ast.Call | ast.Subscript) and _is_factor(spot):
        yield f"{spot.text}.T", 1.1
    elif _product(spot)[0] and isinstance(spot.parent, ast.Assign | ast.Return | ast.Tuple):
        yield f"{atom(spot.node, spot.text)}.T", 1.1


def _is_factor(spot: Spot) -> bool:
    """Whether an expression is a factor of a matrix product."""
    parent = spot.parent
    if isinstance(parent, ast.BinOp):
        return isinstance(parent.op, ast.MatMult)
    if not isinstance(parent, ast.Call):
        return False
    return isinstance(parent.func, ast.Attribute) and parent.func.attr in ("dot", "matmul", "mm")


def exchanged(spot: Spot) -> Iterator[tuple[str, float]]:
    """The operands of a product or a difference, two arguments of a call, two elements of a tuple, exchanged."""
    node, of = spot.node, spot.page.of
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult | ast.Sub | ast.Div):
        sign = {ast.MatMult: "@", ast.Sub: "-", ast.Div: "/"}[type(node.op)]
        yield f"{of(node.right)} {sign} {of(node.left)}", 1.3
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "dot":
        left = of(node.func.value)
        if len(node.args) == 1 and left not in ("np", "numpy"):
            yield f"{atom(node.args[0], of(node.args[0]))}.dot({left})", 1.2
    parts = node.args if isinstance(node, ast.Call) else node.elts if isinstance(node, ast.Tuple | ast.List) else []
    # what is unpacked is told apart by its place alone
    near = 0.8 if isinstance(node, ast.Tuple) and not spot.loaded else 1.1
    for i in range(len(parts)):
        for k in range(i + 1, len(parts)):
            yield spot.rewritten({parts[i]: of(parts[k]), parts[k]: of(parts[i])}), near + 0.1 * (k - i)
    if isinstance(node, ast.Tuple) and len(parts) == 3:
        first, second, third = parts
        yield spot.rewritten({first: of(second), second: of(third), third: of(first)}), 1.5
        yield spot.rewritten({first: of(third), second: of(first), third: of(second)}), 1.5


def as_returned(spot: Spot) -> Iterator[tuple[str, float]]:
    """What a function of the file gives back, unpacked in the order in which it does, as far as names tell."""
    node, parent = spot.node, spot.parent
    if not isinstance(node, ast.Tuple) or spot.loaded or not isinstance(parent, ast.Assign):
        return
    called = name_of(parent.value.func) if isinstance(parent.value, ast.Call) else ""
    names = [spot.page.of(each) for each in node.elts]
    for given in _given_back(spot, called):
        ordered = _matched(given, names)
        if len(given) == len(names) and ordered != names:
            yield ", ".join(ordered), 0.8


def _matched(given: list[str], names: list[str]) -> list[str]:
    """The names in the order of those that they are most alike to; the most alike first."""
    ways = [(_alike(_plain(a), _plain(b)), i == k, i, k) for i, a in enumerate(given) for k, b in enumerate(names)]
    found: dict[int, int] = {}
    for _, _, i, k in sorted(ways, reverse=True):
        if i not in found and k not in found.values():
            found[i] = k
    return [names[found[i]] for i in sorted(found)]


def _given_back(spot: Spot, called: str) -> Iterator[list[str]]:
    """What the functions of a name return, as they write it."""
    for definition in spot.around.file:
        for function in ast.walk(definition):
            if isinstance(function, ast.FunctionDef) and function.name == called:
                for each in ast.walk(function):
                    if isinstance(each, ast.Return) and isinstance(each.value, ast.Tuple):
                        yield [ast.unparse(element) for element in each.value.elts]


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def other_product(spot: Spot) -> Iterator[tuple[str, float]]:
    """The matrix product of two other arrays, as they are or transposed, where their shapes allow one."""
    form, factors = _product(spot)
    if not form:
        return
    shapes, written = spot.around.shapes, [_untransposed(f) for f in factors]
    for left, right in product(spot.around.arrays, repeat=2):
        # one of the two is mostly there already
        if left != right and {left, right} & set(written):
            for turned in ("", "l", "r"):
                one, other = f"{left}{'.T' * (turned == 'l')}", f"{right}{'.T' * (turned == 'r')}"
                changes = sum(new != old for new, old in zip((one, other), factors, strict=True))
                if changes == 2 and _fit(shapes.get(left), shapes.get(right), turned):
                    yield form.format(one, other), 1.6


def one_more_product(spot: Spot) -> Iterator[tuple[str, float]]:
    """A second matrix product beside one that stands alone: `np.dot(h_prev, Wh)` beside `np.dot(x, Wx)`."""
    form, factors = _product(spot)
    statement = spot.around.statement(spot.node)
    if not form or statement is None or spot.around.backward:
        return
    shapes, there = spot.around.shapes, {n.id for n in ast.walk(statement) if isinstance(n, ast.Name)}
    rows, columns = (shapes.get(factor, ()) for factor in factors)
    free = [name for name in spot.around.arrays if name not in there and len(shapes.get(name, ())) == 2]
    for left, right in product(free, repeat=2) if rows and columns else ():
        # its own factors fit, and it can be added to the other
        one, other = shapes.get(left, ()), shapes.get(right, ())
        fitting = left != right and _fit(one, other, "")
        if fitting and (one[0], other[1]) == (rows[0], columns[-1]):
            yield f"{spot.text} + {form.format(left, right)}", 0.9


def _product(spot: Spot) -> tuple[str, list[str]]:
    """How a matrix product is written, and its two factors; ("", []) for anything else."""
    node, of = spot.node, spot.page.of
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        return "{} @ {}", [of(node.left), of(node.right)]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("dot", "matmul"):
        name = of(node.func)
        if len(node.args) == 2:
            return f"{name}({{}}, {{}})", [of(a) for a in node.args]
        if len(node.args) == 1 and not name.startswith("np."):
            return f"{{}}.{node.func.attr}({{}})", [of(node.func.value), of(node.args[0])]
    return "", []


def _untransposed(text: str) -> str:
    return text.removesuffix(".T")


def _fit(left: tuple[int, ...] | None, right: tuple[int, ...] | None, turned: str) -> bool:
    if left is None or right is None:
        return True
    if len(left) != 2 or len(right) != 2:
        return not turned and bool(left and right) and left[-1] == right[0]
    inner = left[0] if turned == "l" else left[1]
    return inner == (right[1] if turned == "r" else right[0])
