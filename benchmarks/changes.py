"""The changes that can be made in one place: what may stand there instead of an expression or a statement."""

import ast
import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

_OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add, ast.Mult),
    ast.Mult: (ast.Add, ast.Div),
    ast.Div: (ast.Mult, ast.Sub),
    ast.Pow: (ast.Mult, ast.Add),
    ast.BitOr: (ast.BitAnd, ast.BitXor),
    ast.BitAnd: (ast.BitOr, ast.BitXor),
}
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq, ast.LtE, ast.GtE),
    ast.NotEq: (ast.Eq, ast.Lt, ast.Gt),
    ast.Lt: (ast.LtE, ast.GtE, ast.NotEq),
    ast.LtE: (ast.Lt, ast.Gt, ast.Eq),
    ast.Gt: (ast.GtE, ast.LtE, ast.NotEq),
    ast.GtE: (ast.Gt, ast.Lt, ast.Eq),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
# functions that can be mistaken for one another, by name and by method
_ALIKE = (
    {"zeros", "ones", "empty"},
    {"zeros_like", "ones_like", "empty_like"},
    {"exp", "log", "tanh"},
    {"sum", "mean", "max", "min"},
    {"argmax", "argmin"},
    {"all", "any"},
    {"softmax", "log_softmax"},
)
_NUMBERS = {0: (1, -1, 2), 1: (0, 2, -1), 2: (1, 0, 3), 3: (2, 4)}


@dataclass(frozen=True)
class Scope:
    """Where a node stands."""

    cls: ast.ClassDef | None = None
    function: ast.FunctionDef | None = None

    def names_before(self, line: int) -> list[str]:
        """The arguments of the function, and the names that it gave before this line."""
        if not self.function:
            return []
        given = [n for n in ast.walk(self.function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
        arguments = self.function.args
        return list(
            dict.fromkeys(
                [a.arg for a in (*arguments.args, *arguments.kwonlyargs) if a.arg != "self"]
                + [n.id for n in given if n.lineno < line]
            )
        )

    @property
    def attributes(self) -> list[str]:
        """What the class keeps in `self`."""
        nodes = ast.walk(self.cls) if self.cls else ()
        kept = [n.attr for n in nodes if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)]
        return list(dict.fromkeys(kept))


def statements(node: ast.stmt) -> Iterator[ast.stmt]:
    """What may stand for a statement."""
    if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Pass):
        yield ast.Pass()
    match node:
        case ast.FunctionDef() if node.decorator_list:
            yield _with(node, decorator_list=[])
        case ast.AugAssign():
            yield ast.Assign([node.target], node.value)
            yield from (_with(node, op=op()) for op in _OPERATORS[type(node.op)])
        case ast.Assign(targets=[ast.Subscript() | ast.Attribute() as target]):
            yield ast.AugAssign(target, ast.Add(), node.value)
            if isinstance(target, ast.Subscript):
                # x[...] = y: the name is bound anew instead of its array filled
                yield ast.Assign([_with(target.value, ctx=ast.Store())], node.value)
        case ast.For(iter=ast.Call(func=ast.Name(id="range"))):
            yield _with(node, iter=_call("reversed", node.iter))
        case ast.For(iter=ast.Call(func=ast.Name(id="reversed"), args=[inner])):
            yield _with(node, iter=inner)
        case ast.Expr(value=ast.Call(func=func, args=[a, at, b])) if ast.unparse(func) == "np.add.at":
            yield ast.AugAssign(ast.Subscript(a, at, ast.Store()), ast.Add(), b)
    if isinstance(node, ast.For):
        # the first round only
        yield _with(node, body=[*node.body, ast.Break()])
    if isinstance(node, ast.If):
        yield from (_with(node, test=test) for test in _conditions(node.test))


def expressions(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    """What may stand for an expression."""
    match node:
        case ast.BinOp():
            yield from (_with(node, op=op()) for op in _OPERATORS.get(type(node.op), ()))
            yield from (node.left, node.right)
            if isinstance(node.op, ast.Sub | ast.Div | ast.Pow):
                yield _with(node, left=node.right, right=node.left)
        case ast.Compare(ops=[*ops]):
            for i, op in enumerate(ops):
                yield from (_with(node, ops=[*ops[:i], new(), *ops[i + 1 :]]) for new in _COMPARISONS[type(op)])
        case ast.BoolOp():
            yield _with(node, op=ast.And() if isinstance(node.op, ast.Or) else ast.Or())
            yield from (_with(node, values=rest) for rest in _without_one(node.values))
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))):
            # -1: a number like any other
            yield from (node.operand, ast.Constant(0), _with(node, operand=ast.Constant(number + 1)))
        case ast.UnaryOp():
            yield node.operand
        case ast.IfExp():
            yield from (_with(node, test=test) for test in _conditions(node.test))
        case ast.Constant():
            yield from _constants(node)
        case ast.Name(ctx=ast.Load()):
            yield from _names(node, scope)
        case ast.Attribute(ctx=ast.Load()):
            yield from _attributes(node, scope)
        case ast.Call():
            yield from _calls(node)
        case ast.Subscript(ctx=ast.Load()):
            yield node.value
        case ast.Slice(lower=None, upper=None):
            yield from (_with(node, lower=ast.Constant(1)), _with(node, upper=ast.Constant(-1)))
        case ast.Tuple(elts=elts) | ast.List(elts=elts):
            yield from (_with(node, elts=other) for other in _swapped(elts))
            if isinstance(node.ctx, ast.Load):
                yield from (_with(node, elts=rest) for rest in _without_one(elts))


def _conditions(test: ast.expr) -> Iterator[ast.expr]:
    yield test.operand if isinstance(test, ast.UnaryOp) else ast.UnaryOp(ast.Not(), test)
    yield from (ast.Constant(True), ast.Constant(False))


def _constants(node: ast.Constant) -> Iterator[ast.expr]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield from (ast.Constant(n) for n in _NUMBERS.get(value, (value + 1, value - 1)))
    elif isinstance(value, str) and re.fullmatch(r"[A-Z]( [A-Z])*", value):
        letters = value.split()
        yield from (ast.Constant(" ".join(other)) for other in [*_swapped(letters), *_without_one(letters)])
        yield ast.Constant(f"{value} {letters[-1]}")
    elif isinstance(value, str) and ("<=" in value or value == "one-hot"):
        yield ast.Constant("")


def _names(node: ast.Name, scope: Scope) -> Iterator[ast.expr]:
    known = scope.names_before(node.lineno)
    if node.id in known:
        yield from (ast.Name(other, node.ctx) for other in known if other != node.id)
        # an index is a name of one small letter
        if node.id in ("t", "i"):
            yield from (ast.BinOp(node, op, ast.Constant(1)) for op in (ast.Sub(), ast.Add()))
            yield ast.Constant(0)
    yield from (ast.Name(other, node.ctx) for other in _alike(node.id))


def _attributes(node: ast.Attribute, scope: Scope) -> Iterator[ast.expr]:
    if node.attr == "T":
        yield node.value
    if isinstance(node.value, ast.Name) and node.value.id == "self" and node.attr in scope.attributes:
        yield from (_with(node, attr=other) for other in scope.attributes if other != node.attr)
    yield from (_with(node, attr=other) for other in _alike(node.attr))


def _calls(node: ast.Call) -> Iterator[ast.expr]:
    name = ast.unparse(node.func)
    yield from (_with(node, args=args) for args in _swapped(node.args))
    yield from (_with(node, keywords=rest) for rest in _without_one(node.keywords))
    for i, keyword in enumerate(node.keywords):
        if keyword.arg == "dtype":
            narrow = ast.keyword("dtype", ast.parse("np.float32", mode="eval").body)
            yield _with(node, keywords=[*node.keywords[:i], narrow, *node.keywords[i + 1 :]])
    if name == "np.dot":
        for i, arg in enumerate(node.args):
            yield _with(node, args=[*node.args[:i], ast.Attribute(arg, "T", ast.Load()), *node.args[i + 1 :]])
    if name == "range":
        yield from (_call("range", ast.Constant(1), *node.args), _call("range", _less_one(node.args[0])))
    if isinstance(node.func, ast.Attribute) and node.func.attr in ("copy", "astype", "reshape"):
        yield node.func.value
    if len(node.args) == 1 and not node.keywords and name in ("max", "int", "len", "tuple", "dict", "np.asarray"):
        yield node.args[0]


def _less_one(number: ast.expr) -> ast.expr:
    return ast.BinOp(number, ast.Sub(), ast.Constant(1))


def _alike(name: str) -> Iterator[str]:
    for group in _ALIKE:
        if name in group:
            yield from sorted(group - {name})


def _swapped(items: Sequence[Any]) -> Iterator[list[Any]]:
    """Two neighbours swapped."""
    for i, j in pairwise(range(len(items))):
        yield [*items[:i], items[j], items[i], *items[j + 1 :]]


def _without_one(items: Sequence[Any]) -> Iterator[list[Any]]:
    for i in range(len(items)):
        yield [*items[:i], *items[i + 1 :]]


def _call(name: str, *args: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(args), [])


def _with(node: Any, **fields: Any) -> Any:
    """A copy of a node with other fields."""
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed
