"""A node of a source, seen from where it stands: its statement, loop, function and layer, and changes of its text."""

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from benchmarks.repairs.change import Change, Span
from benchmarks.repairs.sources import HELPER, Source
from compare.explaining.cause import Kind

Spanned: TypeAlias = ast.expr | ast.stmt | ast.keyword | ast.arg
Function: TypeAlias = ast.FunctionDef

SIZE = re.compile(r"[NTDHVMCB]|batch(_size)?|length|hidden|count")
GRADIENT = re.compile(r"_?d[A-Za-z]\w*|grads?|delta|carried|total|sums")
COUNTERS = ("t", "n", "k", "v", "_", "cache", "caches", "layer", "step", "cell", "columns")
SIMPLE = (ast.Assign, ast.AugAssign, ast.Expr, ast.Return)


@dataclass(frozen=True)
class Site:
    """A node in a source."""

    source: Source
    node: ast.AST

    @cached_property
    def ancestors(self) -> list[ast.AST]:
        """What the node is part of, from the inside to the outside, the module left out."""
        found = []
        node = self.node
        while (node := self.source.parents.get(node, self.source.tree)) is not self.source.tree:
            found.append(node)
        return found

    @property
    def parent(self) -> ast.AST:
        return self.source.parents.get(self.node, self.source.tree)

    @property
    def statement(self) -> ast.stmt | None:
        """The innermost statement that the node is, or is part of."""
        return next((n for n in (self.node, *self.ancestors) if isinstance(n, ast.stmt)), None)

    @property
    def function(self) -> Function | None:
        """The innermost function that the node stands in."""
        return next((n for n in self.ancestors if isinstance(n, Function)), None)

    @property
    def loop(self) -> ast.For | ast.While | None:
        """The innermost loop of the same function."""
        for node in self.ancestors:
            if isinstance(node, ast.For | ast.While):
                return node
            if isinstance(node, Function):
                return None
        return None

    @property
    def definition(self) -> str:
        """The name of the class or function at the file's top level."""
        top = [n for n in (self.node, *self.ancestors) if isinstance(n, ast.ClassDef | Function)]
        return top[-1].name if top else ""

    @property
    def layer(self) -> str:
        return self.source.layers.get(self.definition, HELPER)

    @property
    def backward(self) -> bool:
        """Whether gradients are computed here: in a backward pass, or in a loss that returns its gradient."""
        names = [n.name for n in self.ancestors if isinstance(n, Function)]
        return any("back" in name for name in names) or self.layer in ("temporal_softmax_loss", "softmax_loss")

    @cached_property
    def names(self) -> list[str]:
        """The arguments of the function, and the names that it binds before this statement."""
        function, here = self.function, self.statement
        if function is None or here is None:
            return []
        bound = [a.arg for a in function.args.args if a.arg != "self"]
        stored = (n for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
        bound += [n.id for n in sorted(stored, key=lambda n: (n.lineno, n.col_offset)) if n.lineno < here.lineno]
        return list(dict.fromkeys(bound))

    @property
    def arrays(self) -> list[str]:
        """The names that hold arrays, as far as a name tells."""
        return [name for name in self.names if not SIZE.fullmatch(name) and name not in COUNTERS]

    @property
    def sizes(self) -> list[str]:
        return [name for name in self.names if re.fullmatch("[NTDHVM]", name)]

    @property
    def counting(self) -> bool:
        """Whether the node counts or indexes: part of a slice, a range or a shape, and so no array."""
        for inner, outer in zip((self.node, *self.ancestors), self.ancestors, strict=False):
            if isinstance(outer, ast.Subscript) and inner is outer.slice:
                return True
            if isinstance(outer, ast.Call) and inner is not outer.func:
                name = ast.unparse(outer.func)
                if name.split(".")[-1] in ("range", "reshape", "zeros", "empty", "ones", "slice", "arange", "eye"):
                    return True
            if isinstance(outer, ast.stmt):
                return False
        return False

    def at(self, node: ast.AST) -> "Site":
        return Site(self.source, node)

    def text(self, node: ast.expr | ast.stmt) -> str:
        return self.source.segment(node)

    def replaced(self, node: Spanned, new: str, *kinds: Kind, also: tuple[int, ...] = ()) -> Change:
        """A node's text replaced."""
        start, end = self.source.span(node)
        statement = self.at(node).statement
        first = (statement.lineno,) if statement and not isinstance(statement, ast.ClassDef | Function) else ()
        return Change((Span(start, end, new),), frozenset(kinds), tuple({*also, *first}))

    def exchanged(self, a: ast.expr, b: ast.expr, *kinds: Kind, also: tuple[int, ...] = ()) -> Change:
        """The texts of two nodes exchanged."""
        one, two = self.replaced(a, self.text(b), *kinds, also=also), self.replaced(b, self.text(a), *kinds)
        return one.with_other(two)

    def removed(self, statement: ast.stmt, *kinds: Kind) -> Change:
        """A statement taken out, with its lines."""
        start, end = self.whole_lines(statement)
        return Change((Span(start, end, ""),), frozenset(kinds))

    def whole_lines(self, statement: ast.stmt) -> tuple[int, int]:
        assert statement.end_lineno is not None
        return self.source.line_start(statement.lineno), self.source.line_start(statement.end_lineno + 1)

    def indent(self, statement: ast.stmt) -> str:
        line = self.source.lines[statement.lineno - 1]
        return line[: len(line) - len(line.lstrip())]

    def alone(self, statement: ast.stmt) -> bool:
        """Whether the statement has its lines for itself."""
        start, end = self.source.span(statement)
        first, last = self.whole_lines(statement)
        after = self.source.text[end:last].strip()
        return not self.source.text[first:start].strip() and (not after or after.startswith("#"))

    def block(self, statement: ast.stmt) -> list[ast.stmt]:
        """The statements that stand in the same block."""
        parent = self.source.parents[statement]
        for name in ("body", "orelse"):
            block = getattr(parent, name, [])
            if isinstance(block, list) and statement in block:
                return block
        return []


def is_gradient(target: ast.expr) -> bool:
    """Whether an assignment to it sets a gradient, as far as its name tells."""
    while isinstance(target, ast.Subscript | ast.Starred):
        target = target.value
    name = target.attr if isinstance(target, ast.Attribute) else target.id if isinstance(target, ast.Name) else ""
    return bool(GRADIENT.fullmatch(name)) and name not in ("dout",)


def tight(source: str, node: ast.expr) -> str:
    """An expression's text as it can stand beside * or /."""
    loose = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)
    return f"({source})" if loose or isinstance(node, ast.IfExp | ast.Compare | ast.UnaryOp | ast.Lambda) else source
