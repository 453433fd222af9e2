"""What else may stand in the place of an expression: each rule gives other texts for it, and how far they are."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import product

import numpy as np

from compare.mending.edits.splicing import Page, unbracketed
from compare.mending.edits.surroundings import Surroundings


@dataclass(frozen=True, eq=False)
class Spot:
    """An expression, what it stands in, and what is at hand there."""

    page: Page
    node: ast.expr
    parent: ast.AST
    around: Surroundings

    @cached_property
    def text(self) -> str:
        return self.page.of(self.node)

    @property
    def loaded(self) -> bool:
        """Whether the expression is read, not written to."""
        return isinstance(getattr(self.node, "ctx", ast.Load()), ast.Load)

    @property
    def in_slice(self) -> bool:
        """Whether the expression is, or is part of, what an array is indexed by."""
        return isinstance(self.parent, ast.Slice) or (
            isinstance(self.parent, ast.Subscript) and self.node is self.parent.slice
        )


# other texts for an expression, each with its distance
Rule = Callable[[Spot], Iterator[tuple[str, float]]]


def other_names(spot: Spot) -> Iterator[tuple[str, float]]:
    """Another variable: of arrays an array, of sizes a size."""
    if not _is_variable(spot.node) or (isinstance(spot.parent, ast.Call) and spot.node is spot.parent.func):
        return
    around = spot.around
    sized = spot.text in around.counts
    known = around.counts if sized else around.arrays
    for name in known:
        if name != spot.text and spot.loaded:
            yield name, 1 + 0.6 * (1 - _alike(name, spot.text)) + 0.3 * (name.startswith("self."))


def transposed(spot: Spot) -> Iterator[tuple[str, float]]:
    """With a transpose, or without."""
    if isinstance(spot.node, ast.Attribute) and spot.node.attr == "T":
        yield spot.page.of(spot.node.value), 1.1
    elif isinstance(spot.node, ast.Name | ast.Attribute | ast.Call | ast.Subscript) and _is_factor(spot):
        yield f"{spot.text}.T", 1.1


def exchanged(spot: Spot) -> Iterator[tuple[str, float]]:
    """The operands of a product or a difference, two arguments of a call, two elements of a tuple, exchanged."""
    node, of = spot.node, spot.page.of
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult | ast.Sub | ast.Div):
        sign = {ast.MatMult: "@", ast.Sub: "-", ast.Div: "/"}[type(node.op)]
        yield f"{of(node.right)} {sign} {of(node.left)}", 1.3
    parts = node.args if isinstance(node, ast.Call) else node.elts if isinstance(node, ast.Tuple | ast.List) else []
    for i in range(len(parts)):
        for k in range(i + 1, len(parts)):
            yield _with(spot, node, {parts[i]: of(parts[k]), parts[k]: of(parts[i])}), 1.1 + 0.1 * (k - i)
    if isinstance(node, ast.Tuple) and len(parts) == 3:
        first, second, third = parts
        yield _with(spot, node, {first: of(second), second: of(third), third: of(first)}), 1.5
        yield _with(spot, node, {first: of(third), second: of(first), third: of(second)}), 1.5


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


def other_operator(spot: Spot) -> Iterator[tuple[str, float]]:
    """A sum for a difference, a product for a quotient, one operand alone."""
    node, of = spot.node, spot.page.of
    if not isinstance(node, ast.BinOp):
        return
    left, right = of(node.left), of(node.right)
    others = {ast.Add: "-*", ast.Sub: "+*", ast.Mult: "/+", ast.Div: "*", ast.MatMult: "*"}.get(type(node.op), "")
    if isinstance(spot.parent, ast.AugAssign) and isinstance(spot.parent.op, ast.Mult | ast.Div) and left == "1":
        # what is multiplied with one is not changed at all
        return
    for sign in others:
        loose = _is_sum(node.left) and sign in "*/", _is_sum(node.right) and sign in "*/-"
        yield f"{f'({left})' if loose[0] else left} {sign} {f'({right})' if loose[1] else right}", 1.2
    if isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div | ast.MatMult):
        yield left, 1.3
        yield (right if not isinstance(node.op, ast.Sub) else f"-{right}"), 1.4


def derivative_forms(spot: Spot) -> Iterator[tuple[str, float]]:
    """The derivative of an activation in another form: `1 - h` for `1 - h ** 2`, `s * (1 - s)` for `s`."""
    node, of = spot.node, spot.page.of
    if isinstance(node, ast.BinOp):
        base = _of_derivative(node)
        if base is not None:
            name = of(base)
            for form, cost in _FORMS:
                text = form.format(name)
                if _squeezed(text) != _squeezed(spot.text):
                    yield text, cost
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        yield of(node.left), 1.1
    elif _is_variable(node) and isinstance(spot.parent, ast.BinOp) and spot.loaded:
        for form, cost in (("{} ** 2", 1.2), ("(1 - {})", 1.2), ("{0} * (1 - {0})", 1.4), ("(1 - {} ** 2)", 1.3)):
            yield form.format(spot.text), cost


def with_term(spot: Spot) -> Iterator[tuple[str, float]]:
    """One summand more: the bias, the gradient from the next step."""
    if not _can_take_more(spot):
        return
    for name in spot.around.arrays:
        if name != spot.text:
            yield f"{spot.text} + {name}", 1.7
            yield f"{spot.text} - {name}", 1.8
            yield f"{name} - {f'({spot.text})' if _is_sum(spot.node) else spot.text}", 1.8


def with_factor(spot: Spot) -> Iterator[tuple[str, float]]:
    """One factor more: the derivative of the activation, a mask, the upstream gradient."""
    if not _can_take_more(spot):
        return
    text = f"({spot.text})" if _is_sum(spot.node) else spot.text
    for name in spot.around.arrays:
        yield f"{text} * {name}", 1.8
        for form, _ in _FORMS[:2] if spot.around.backward else ():
            yield f"{text} * {form.format(name)}", 1.7
        yield f"{text} * (1 - {name})", 2.0
        if name not in spot.around.read:
            # what is computed and never used was to be used somewhere
            yield f"{text} * {name}", 1.5
            yield f"{text} / {name}", 1.5


def with_count(spot: Spot) -> Iterator[tuple[str, float]]:
    """Divided by, or multiplied with, a size; the other sign; not averaged."""
    if not _can_take_more(spot):
        return
    text = f"({spot.text})" if _is_sum(spot.node) else spot.text
    yield f"-{text}", 2.0 if isinstance(spot.parent, ast.Call) else 1.4
    for size in spot.around.counts:
        if size not in spot.around.steps:
            yield f"{text} / {size}", 1.7
            yield f"{text} * {size}", 1.8
    for name in spot.around.arrays:
        if "mask" in name.lower() or "keep" in name.lower():
            yield f"{text} / {name}.sum()", 1.7


def other_constant(spot: Spot) -> Iterator[tuple[str, float]]:
    """Another small number, another axis, no number at all."""
    node = spot.node
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield spot.page.of(node.operand), 1.1
    if not isinstance(node, ast.Constant):
        return
    if isinstance(node.value, bool):
        yield str(not node.value), 1.1
    elif isinstance(node.value, int):
        factor = isinstance(spot.parent, ast.BinOp) and isinstance(spot.parent.op, ast.Mult | ast.Div)
        for value in dict.fromkeys((1 - node.value, node.value + 1, node.value - 1, -node.value, 0, 1, 2, 3)):
            # whoever means one times something leaves the one out
            if value != node.value and abs(value) <= 9 and not (factor and value in (0, 1)):
                yield str(value), 1.0 + 0.1 * abs(value - node.value)
        if spot.in_slice:
            yield from ((step, 1.2) for step in spot.around.steps)
        # a cell's or a loss's size where a number is written
        yield from ((size, 1.5) for size in spot.around.counts if isinstance(spot.parent, ast.Call | ast.Tuple))
    elif isinstance(node.value, float):
        yield from ((str(value), 1.2) for value in (1.0, 2.0, 0.5, 0.0) if value != node.value)
        yield f"-{spot.text}", 1.2


def other_step(spot: Spot) -> Iterator[tuple[str, float]]:
    """Another step or another bound: `t - 1`, `t + 1`, `T - 1 - t`, `T - 1`."""
    node, around = spot.node, spot.around
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in around.counts:
        yield f"{node.id} - 1", 1.2
        yield f"{node.id} + 1", 1.3
        if node.id in around.steps:
            yield from ((f"{size} - 1 - {node.id}", 1.6) for size in around.counts if size not in around.steps)
    elif isinstance(node, ast.BinOp) and spot.in_slice:
        yield from ((step, 1.2) for step in around.steps)


def counted(spot: Spot) -> Iterator[tuple[str, float]]:
    """`range(T)` where a loop goes over a number."""
    node, parent = spot.node, spot.parent
    if isinstance(parent, ast.For | ast.comprehension) and node is parent.iter:
        if isinstance(node, ast.Name | ast.Constant | ast.Attribute | ast.Subscript | ast.BinOp):
            yield f"range({spot.text})", 1.0
            yield f"reversed(range({spot.text}))", 1.2
        if isinstance(node, ast.Name | ast.Attribute):
            yield f"reversed({spot.text})", 1.1
        if isinstance(node, ast.Call) and spot.page.of(node.func) == "reversed" and len(node.args) == 1:
            yield f"reversed(range({spot.page.of(node.args[0])}))", 1.0


def with_axis(spot: Spot) -> Iterator[tuple[str, float]]:
    """An axis more, where an array is multiplied with one of more axes: `mask[:, None]`."""
    node, parent = spot.node, spot.parent
    if not _is_variable(node) or not spot.loaded or spot.text not in spot.around.arrays:
        return
    if isinstance(parent, ast.BinOp | ast.AugAssign | ast.Assign | ast.Call) and spot.text not in spot.around.counts:
        new = "np.newaxis" if any("newaxis" in line for line in spot.page.lines) else "None"
        yield f"{spot.text}[:, {new}]", 1.3
        yield f"{spot.text}[..., {new}]", 1.3
        yield f"{spot.text}[{new}]", 1.6


def other_slice(spot: Spot) -> Iterator[tuple[str, float]]:
    """Another index: a missing axis, the whole for a part, the wrong axis, a block of columns beside this one."""
    node, of = spot.node, spot.page.of
    if not isinstance(node, ast.Subscript):
        return
    base, index = of(node.value), of(node.slice)
    if isinstance(node.ctx, ast.Load):
        yield base, 1.5
        if not isinstance(node.value, ast.Subscript):
            yield f"{base}({index})", 1.1 if base in _CALLABLE or base in spot.around.outside else 1.6
    parts = [of(e) for e in node.slice.elts] if isinstance(node.slice, ast.Tuple) else [index]
    steps = [p for p in parts if p in spot.around.steps]
    if steps and isinstance(node.slice, ast.Tuple):
        yield f"{base}[{', '.join([*parts[1:2], parts[0], *parts[2:]])}]", 1.3
        yield f"{base}[{steps[0]}]", 1.4
    if len(parts) == 1 and parts[0] in spot.around.steps:
        yield f"{base}[:, {index}]", 1.2
        yield f"{base}[:, {index}, :]", 1.2
    if len(parts) == 3 and parts[0] == ":" and not any(re.fullmatch(r"\w*:\w*", p) for p in parts[1:]):
        # A[:, 3*H, 4*H]: a comma for a colon
        yield f"{base}[:, {parts[1]}:{parts[2]}]", 1.0
    yield from _blocks(base, parts, spot.around)


def _blocks(base: str, parts: list[str], around: Surroundings) -> Iterator[tuple[str, float]]:
    """The other blocks of columns: `a[:, H:2*H]` for `a[:, :H]`."""
    last = parts[-1]
    if ":" not in last or last == ":":
        return
    size = next((name for name in re.findall(r"[A-Za-z_]\w*", last) if name in around.counts), "")
    for k in range(4) if size else ():
        first = "" if k == 0 else size if k == 1 else f"{k} * {size}"
        end = size if k == 0 else f"{k + 1} * {size}"
        yield f"{base}[{', '.join([*parts[:-1], f'{first}:{end}'])}]", 1.4
        if k:
            yield f"{base}[{', '.join([*parts[:-1], f'{first}:'])}]", 1.5
            yield f"{base}[{', '.join([*parts[:-1], f':{end}'])}]", 1.6
            yield f"{base}[{', '.join([*parts[:-1], f'{size}:{end}'])}]", 1.6


def other_call(spot: Spot) -> Iterator[tuple[str, float]]:
    """Another function, the argument alone, another axis, an index for a call."""
    node, of = spot.node, spot.page.of
    if not isinstance(node, ast.Call):
        return
    name = of(node.func)
    swaps = _FUNCTIONS.get(name.rpartition(".")[2], ())
    prefix = name.rpartition(".")[0]
    for other in swaps:
        if other in spot.around.outside or prefix:
            for full in dict.fromkeys((f"{prefix}.{other}" if prefix else other, other)):
                if full.startswith(("np.", "numpy.")) and not hasattr(np, other):
                    continue
                if "." in full or other in spot.around.outside:
                    yield _with(spot, node, {node.func: full}), 1.2
    if isinstance(node.func, ast.Name) and name in spot.around.arrays:
        # y (x, y): a comma is missing, or a sign
        inner = ", ".join(of(a) for a in node.args)
        yield f"{name}, ({inner})", 0.9
        yield f"{name} * ({inner})", 1.0
    if len(node.args) == 1:
        yield of(node.args[0]), 1.5
        if not node.keywords and isinstance(node.func, ast.Attribute | ast.Subscript):
            listed = name.rpartition(".")[2] in _LISTS
            yield f"{name}[{of(node.args[0])}]", 1.0 if listed else 1.2
    if not node.args and not node.keywords and isinstance(node.func, ast.Attribute):
        yield name, 1.0 if node.func.attr in (*_LISTS, "T") else 1.5
    if name.rpartition(".")[2] in ("sum", "mean", "max", "argmax", "min", "var", "std", "prod", "cumsum"):
        yield from _with_axis(spot, node)
    if name == "range" and not (isinstance(spot.parent, ast.Call) and of(spot.parent.func) == "reversed"):
        yield f"reversed({spot.text})", 1.1
    if name == "reversed" and node.args:
        yield of(node.args[0]), 1.1
    if "." not in name and swaps:
        yield from ((_with(spot, node, {node.func: f"np.{other}"}), 1.2) for other in swaps if hasattr(np, other))
    if name == "range" and len(node.args) > 1:
        yield f"range({of(node.args[1])})", 1.2
    if name.endswith(".pop") and isinstance(node.func, ast.Attribute):
        taken = of(node.func.value)
        for step in spot.around.steps:
            yield f"{taken}[{step}]", 1.1
            yield f"{taken}[{step} + 1]", 1.2
        yield f"{taken}[{of(node.args[0]) if node.args else '-1'}]", 1.0


def without_keyword(spot: Spot) -> Iterator[tuple[str, float]]:
    """A call with one keyword less."""
    node, of = spot.node, spot.page.of
    if not isinstance(node, ast.Call):
        return
    for keyword in node.keywords:
        others = [of(a) for a in node.args] + [of(k) for k in node.keywords if k is not keyword]
        yield f"{of(node.func)}({', '.join(others)})", 1.2


def called(spot: Spot) -> Iterator[tuple[str, float]]:
    """A call of a method that is only named."""
    node, parent = spot.node, spot.parent
    if not isinstance(node, ast.Attribute) or not spot.loaded or getattr(parent, "func", None) is node:
        return
    if node.attr in _OF_ARRAYS or node.attr in spot.around.methods:
        yield f"{spot.text}()", 1.0


def copied(spot: Spot) -> Iterator[tuple[str, float]]:
    """A copy of an array, so that it is not changed for others too."""
    if _is_variable(spot.node) and isinstance(spot.parent, ast.Assign) and spot.node is spot.parent.value:
        yield f"{spot.text}.copy()", 1.4


def activated(spot: Spot) -> Iterator[tuple[str, float]]:
    """An activation around the expression, where there is none."""
    whole = isinstance(spot.parent, ast.Assign | ast.Return | ast.BinOp | ast.Call)
    if not whole or isinstance(spot.node, ast.Constant | ast.Tuple | ast.Starred | ast.List):
        return
    if _counts(spot.node) or _counts(spot.parent) or spot.text in _CALLABLE:
        return
    if spot.around.backward or isinstance(getattr(spot.node, "ctx", None), ast.Store):
        return
    yield f"np.tanh({spot.text})", 1.7
    for name in spot.around.outside:
        if "sigm" in name.lower() or "tanh" in name.lower() or "softmax" in name.lower():
            yield f"{name}({spot.text})", 1.7


def other_comparison(spot: Spot) -> Iterator[tuple[str, float]]:
    """The other way round: `!=` for `==`, `>` for `<`; a condition denied."""
    node = spot.node
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        signs = {ast.Eq: "!=", ast.NotEq: "==", ast.Lt: ">", ast.Gt: "<", ast.GtE: "<=", ast.LtE: ">="}
        sign = signs.get(type(node.ops[0]))
        if sign:
            yield f"{spot.page.of(node.left)} {sign} {spot.page.of(node.comparators[0])}", 1.1
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield spot.page.of(node.operand), 1.1
    elif isinstance(spot.parent, ast.If | ast.BoolOp) and not isinstance(node, ast.BoolOp):
        yield f"not {spot.text}", 1.5
    if isinstance(node, ast.BoolOp) and len(node.values) == 2:
        sign = " and " if isinstance(node.op, ast.Or) else " or "
        first, second = (spot.page.of(value) for value in node.values)
        yield f"{first}{sign}{second}", 1.3
        yield first, 1.5
        yield second, 1.5
    if isinstance(spot.parent, ast.While) and node is spot.parent.test:
        yield from ((f"{spot.text} and {count} > 0", 1.4) for count in spot.around.counts)


RULES: tuple[Rule, ...] = (
    other_names,
    transposed,
    exchanged,
    other_product,
    other_operator,
    derivative_forms,
    with_term,
    with_factor,
    with_count,
    other_constant,
    other_step,
    counted,
    with_axis,
    other_slice,
    other_call,
    without_keyword,
    called,
    copied,
    activated,
    other_comparison,
)

# derivatives by the value after the activation: tanh, σ; and what is written for them
_FORMS = (
    ("(1 - {0} ** 2)", 1.0),
    ("{0} * (1 - {0})", 1.1),
    ("(1 - {0})", 1.2),
    ("({0} > 0)", 1.4),
)
_LISTS = ("shape", "params", "grads", "layers", "cache")
_OF_ARRAYS = (
    "ravel",
    "copy",
    "sum",
    "mean",
    "max",
    "min",
    "flatten",
    "transpose",
    "squeeze",
    "item",
    "tolist",
    "items",
)
_CALLABLE = (
    "range",
    "enumerate",
    "zip",
    "len",
    "reversed",
    "list",
    "tuple",
    "sum",
    "max",
    "min",
    "abs",
    "int",
    "float",
)
_FUNCTIONS = {
    "tanh": ("sigmoid", "sinh", "tan"),
    "sigmoid": ("tanh",),
    "sum": ("mean",),
    "mean": ("sum",),
    "empty": ("zeros",),
    "empty_like": ("zeros_like",),
    "max": ("sum",),
    "min": ("max",),
    "std": ("var",),
    "var": ("std",),
    "hstack": ("vstack", "concatenate"),
    "vstack": ("hstack", "concatenate"),
    "ones_like": ("zeros_like",),
    "ones": ("zeros",),
    "zeros": ("ones",),
    "zeros_like": ("ones_like",),
    "maximum": ("minimum",),
    "minimum": ("maximum",),
    "log": ("exp",),
    "argmin": ("argmax",),
    "dot": ("multiply",),
    "multiply": ("dot",),
    "exp": ("tanh",),
}


def _is_variable(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return isinstance(node.value, ast.Name) and node.value.id == "self"
    return isinstance(node, ast.Name)


def _is_factor(spot: Spot) -> bool:
    """Whether an expression is a factor of a matrix product."""
    parent = spot.parent
    if isinstance(parent, ast.BinOp):
        return isinstance(parent.op, ast.MatMult)
    if not isinstance(parent, ast.Call):
        return False
    return isinstance(parent.func, ast.Attribute) and parent.func.attr in ("dot", "matmul", "mm")


def _is_sum(node: ast.AST) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)


def _of_derivative(node: ast.BinOp) -> ast.expr | None:
    """What a derivative of an activation is written of: h of `1 - h ** 2`, `1 - h`, `h * (1 - h)`."""
    if isinstance(node.op, ast.Pow) and isinstance(node.left, ast.BinOp):
        # (1 - h) ** 2
        return _of_derivative(node.left)
    if isinstance(node.op, ast.Sub) and isinstance(node.left, ast.Constant):
        inner: ast.expr = node.right
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Pow | ast.Mult):
            inner = inner.left
        return inner if isinstance(inner, ast.Name | ast.Attribute | ast.Subscript) else None
    named = isinstance(node.left, ast.Name | ast.Attribute | ast.Subscript)
    if isinstance(node.op, ast.Mult) and isinstance(node.right, ast.BinOp) and named:
        known = _of_derivative(node.right) if isinstance(node.right.op, ast.Sub) else None
        return node.left if known is not None else None
    return None


def _can_take_more(spot: Spot) -> bool:
    """Whether something may be added to, or multiplied with, an expression: a value, or a factor of one."""
    node, parent = spot.node, spot.parent
    if not isinstance(node, ast.Name | ast.Attribute | ast.BinOp | ast.Call | ast.Subscript):
        return False
    if isinstance(getattr(node, "ctx", None), ast.Store) or spot.text in spot.around.counts:
        return False
    if _counts(node) or _counts(parent):
        return False
    if isinstance(node, ast.Attribute) and not _is_variable(node):
        return False
    if isinstance(parent, ast.Assign | ast.AugAssign | ast.Return | ast.Tuple):
        return not isinstance(parent, ast.Tuple) or isinstance(parent.ctx, ast.Load)
    if isinstance(parent, ast.Attribute) and parent.attr in ("sum", "mean", "dot", "reshape"):
        return not (isinstance(node, ast.Name) and node.id == "np")
    return isinstance(parent, ast.Call) and node is not parent.func and not isinstance(node, ast.Attribute)


def _counts(node: ast.AST) -> bool:
    """Whether something is a call that gives no array."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLABLE


def _with_axis(spot: Spot, node: ast.Call) -> Iterator[tuple[str, float]]:
    of = spot.page.of
    axis = next((k for k in node.keywords if k.arg == "axis"), None)
    args = [of(a) for a in node.args]
    rest = [of(k) for k in node.keywords if k.arg != "axis"]
    for value in ("0", "1", "(0, 1)", "-1", ""):
        given = [f"axis={value}"] if value else []
        text = f"{of(node.func)}({', '.join([*args, *given, *rest])})"
        if not (axis and of(axis.value) == value):
            yield text, 1.2
    if not rest and axis is not None:
        yield f"{of(node.func)}({', '.join([*args, of(axis), 'keepdims=True'])})", 1.3


def _with(spot: Spot, node: ast.AST, new: dict[ast.expr, str]) -> str:
    """The text of a node with some of its parts written otherwise."""
    text = spot.text
    parts = sorted(new, key=lambda part: (part.lineno, part.col_offset), reverse=True)
    lines = text.split("\n")
    first = getattr(node, "lineno", 1)
    start = len(spot.page.lines[first - 1].encode()[: getattr(node, "col_offset", 0)].decode(errors="ignore"))
    for part in parts:
        old = spot.page.of(part)
        row = part.lineno - first
        line = spot.page.lines[part.lineno - 1]
        at = len(line.encode()[: part.col_offset].decode(errors="ignore")) - (start if row == 0 else 0)
        if "\n" in old:
            return text
        lines[row] = lines[row][:at] + new[part] + lines[row][at + len(old) :]
    return "\n".join(lines)


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", unbracketed(text))


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()
