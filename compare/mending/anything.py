"""Any other word in the lines that are doubted most, however unlikely: what no rule for likely slips thinks of.

In a line at which a layer stops, or gives the first value that belongs nowhere, every name that there is may be the one
that was meant, and every operator, function, number and bound. There are few such lines, so that all can be tried.
"""

import ast
from collections.abc import Iterator, Sequence
from itertools import chain

from compare.checking.source import Definition, Document
from compare.checking.subjects import Subject
from compare.mending.edit import Proposal
from compare.mending.edits.expressions.spot import CALLABLE, Rule, Spot, atom, is_variable
from compare.mending.edits.proposing import Suspicion, fitting
from compare.mending.edits.splicing import Page
from compare.mending.edits.surroundings import Surroundings

# how far a line may be, and how many changes are tried
_FARTHEST = 0.45
_MOST = 900
_OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
_BITS: dict[type[ast.operator], str] = {ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^"}
_FUNCTIONS = (
    ("sum", "max", "mean", "min"),
    ("log", "exp", "tanh"),
    ("zeros", "ones", "empty"),
    ("zeros_like", "ones_like", "empty_like"),
    ("argmax", "argmin"),
    ("all", "any"),
    ("log_softmax", "softmax"),
)


def anything(
    document: Document, subject: Subject, suspicion: Suspicion, helpers: Sequence[Definition] = ()
) -> list[Proposal]:
    """One-word changes of the lines that are doubted most, the nearest first."""
    found: dict[tuple[str, int, tuple[str, ...]], Proposal] = {}
    for definition in (*subject.definitions, *helpers):
        unit = document.unit(definition)
        page = Page(unit.label, unit.text)
        for function in definition.methods.values():
            around = Surroundings(definition, function, tuple(document.definitions))
            for proposal in _of_function(page, around, suspicion):
                edit = proposal.edits[0]
                found.setdefault((edit.label, edit.first, edit.new), proposal)
    return sorted(found.values(), key=lambda proposal: proposal.cost)[:_MOST]


def _of_function(page: Page, around: Surroundings, suspicion: Suspicion) -> Iterator[Proposal]:
    parents = around.parents()
    for node in around.nodes:
        if not isinstance(node, ast.expr) or node not in parents or suspicion(page.label, node.lineno) > _FARTHEST:
            continue
        spot = Spot(page, node, parents[node], around)
        for text, cost in chain.from_iterable(rule(spot) for rule in _RULES):
            if text != spot.text:
                edit = page.replaced(node, fitting(text, spot))
                yield Proposal((edit,), cost + suspicion(page.label, node.lineno))


def _any_name(spot: Spot) -> Iterator[tuple[str, float]]:
    """Every other variable; for an attribute of `self` every other one."""
    if not is_variable(spot.node) or not spot.loaded or spot.text in (*CALLABLE, "np", "self"):
        return
    own = isinstance(spot.node, ast.Attribute)
    for name in _attributes(spot.around) if own else _names(spot.around, spot.node.lineno):
        yield name, 1.3
    if own and isinstance(spot.parent, ast.Attribute | ast.Subscript):
        yield from ((name, 1.6) for name in _names(spot.around, spot.node.lineno))


def _any_operator(spot: Spot) -> Iterator[tuple[str, float]]:
    """Every other operator between the same two."""
    node, of = spot.node, spot.page.of
    if isinstance(node, ast.BinOp):
        for operators in (_OPERATORS, _BITS):
            for kind, sign in operators.items() if type(node.op) in operators else ():
                if kind is not type(node.op):
                    yield f"{atom(node.left, of(node.left))} {sign} {atom(node.right, of(node.right))}", 1.35


def _any_function(spot: Spot) -> Iterator[tuple[str, float]]:
    """A function for one that is like it."""
    node = spot.node
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    for group in _FUNCTIONS:
        for other in group if name in group else ():
            if isinstance(node, ast.Attribute):
                yield f"{spot.page.of(node.value)}.{other}", 1.25
            elif other in spot.around.outside:
                yield other, 1.25


def _any_index(spot: Spot) -> Iterator[tuple[str, float]]:
    """A slice without a bound or turned round, a number near it, an index where there is none."""
    node, of = spot.node, spot.page.of
    if isinstance(node, ast.Subscript):
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        for i, part in enumerate(parts):
            for other in _bounds(part):
                texts = [of(p) for p in parts]
                yield f"{of(node.value)}[{', '.join([*texts[:i], other, *texts[i + 1 :]])}]", 1.3
    elif isinstance(node, ast.Name) and spot.loaded and spot.node is not getattr(spot.parent, "func", None):
        yield from ((f"{spot.text}[{name}]", 1.6) for name in _names(spot.around, node.lineno) if name != spot.text)
    if isinstance(node, ast.Constant) and type(node.value) is int:
        yield from ((str(number), 1.3) for number in range(-1, 5))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant):
        yield from ((str(number), 1.3) for number in range(-2, 4))


def _bounds(part: ast.expr) -> Iterator[str]:
    if not isinstance(part, ast.Slice):
        return
    lower, upper = ("" if bound is None else ast.unparse(bound) for bound in (part.lower, part.upper))
    step = "" if part.step is None else f":{ast.unparse(part.step)}"
    if lower or upper or step:
        yield ":"
    if lower:
        yield f":{upper}{step}"
    if upper:
        yield f"{lower}:{step}"
    if not (lower or upper):
        yield "::-1" if not step else ":"
        yield from (f"1:{step}", f":-1{step}")


def _with_number(spot: Spot) -> Iterator[tuple[str, float]]:
    """A number that goes with it: `1 - x` for x, `1 + e` for e, `x ** 2` for x."""
    node = spot.node
    value = isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.Call | ast.BinOp) and spot.loaded
    if not value or isinstance(spot.parent, ast.Attribute) or node is getattr(spot.parent, "func", None):
        return
    text = atom(node, spot.text)
    for form in ("1 - {}", "1 + {}", "{} ** 2", "{} - 1", "1 / {}", "-{}"):
        yield f"({form.format(text)})", 1.4
    if is_variable(node):
        yield from ((form.format(text), 1.5) for form in ("len({})", "{}.T", "{}[0]"))


def _any_condition(spot: Spot) -> Iterator[tuple[str, float]]:
    """A condition denied, another sign of comparison, a name that holds a truth."""
    node, of = spot.node, spot.page.of
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for sign in ("==", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in"):
            yield f"{of(node.left)} {sign} {of(node.comparators[0])}", 1.3
    if isinstance(spot.parent, ast.IfExp | ast.If) and node is spot.parent.test:
        yield f"not {atom(node, spot.text)}", 1.2
        if isinstance(node, ast.Constant):
            yield from ((name, 1.3) for name in (*_names(spot.around, node.lineno), *_attributes(spot.around)))


def _names(around: Surroundings, line: int) -> list[str]:
    """The variables that there are before a line."""
    stored = [n for n in around.nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    return list(dict.fromkeys([*around.arguments, *(n.id for n in stored if n.lineno <= line)]))


def _attributes(around: Surroundings) -> list[str]:
    """The attributes of `self` that are named in the class."""
    nodes = (n for n in ast.walk(around.definition.node) if isinstance(n, ast.Attribute))
    return list(
        dict.fromkeys(f"self.{n.attr}" for n in nodes if isinstance(n.value, ast.Name) and n.value.id == "self")
    )


_RULES: tuple[Rule, ...] = (_any_name, _any_operator, _any_function, _any_index, _with_number, _any_condition)
