"""The scopes of a tree, found by walking through it once."""

import ast
from collections.abc import Iterable

from compare.checking.static.scopes import Binding, How, Kind, Scope
from compare.checking.static.tree import COMPREHENSIONS, elements


class Builder(ast.NodeVisitor):
    """Walks a tree and fills in scopes; `owners` says in which scope a name is read, and which one a function opens."""

    def __init__(self, scope: Scope, owners: dict[ast.AST, Scope]) -> None:
        self.scope = scope
        self.owners = owners

    def bind(self, name: str, binding: Binding) -> None:
        scope = self.scope.elsewhere.get(name, self.scope)
        scope.bindings.setdefault(name, []).append(binding)

    def bind_target(self, target: ast.expr, how: How, value: ast.expr | None, index: int | None = None) -> None:
        if isinstance(target, ast.Name):
            self.bind(target.id, Binding(target, how, value, index))
            self.owners[target] = self.scope
        elif isinstance(target, ast.Starred):
            self.bind_target(target.value, "other", None)
        elif isinstance(target, ast.Tuple | ast.List):
            given = elements(value) if how == "assign" else None
            if given is not None and elements(target) is not None and len(given) == len(target.elts):
                for part, each in zip(target.elts, given, strict=True):
                    self.bind_target(part, "assign", each)
                return
            for i, part in enumerate(target.elts):
                nested = index is not None or how == "other"
                inner: How = "loop" if how == "loop" else "other" if nested else "unpack"
                self.bind_target(part, inner, None if nested else value, i)
        else:
            self.visit(target)

    def within(self, kind: Kind, node: ast.AST | None) -> "Builder":
        inner = Scope(kind, self.scope)
        self.scope.children.append(inner)
        if node is not None:
            self.owners[node] = inner
        return Builder(inner, self.owners)

    def visit(self, node: ast.AST) -> None:
        if isinstance(node, COMPREHENSIONS):
            self._comprehension(node)
            return
        # what an exception or a part of a pattern is called
        if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            self.bind(node.name, Binding(node, "other"))
        super().visit(node)

    def visit_all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        self.owners[node] = self.scope
        if isinstance(node.ctx, ast.Load):
            self.scope.reads.append(node)
        else:
            self.bind(node.id, Binding(node, "other"))

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self.bind_target(target, "assign", node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        if isinstance(node.target, ast.Name):
            self.scope.reads.append(node.target)
            self.bind_target(node.target, "augmented", node.value)
        else:
            self.visit(node.target)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        # the annotation is left out: it may be a string, or never be evaluated
        if node.value is not None:
            self.visit(node.value)
            self.bind_target(node.target, "assign", node.value)
        elif isinstance(node.target, ast.Name):
            self.bind_target(node.target, "other", None)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        outer = self.scope
        while outer.kind == "comprehension" and outer.parent is not None:
            outer = outer.parent
        Builder(outer, self.owners).bind_target(node.target, "assign", node.value)

    def visit_AsyncFor(self, node: ast.AsyncFor) -> None:
        self._loop(node)

    def visit_For(self, node: ast.For) -> None:
        self._loop(node)

    def _loop(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.iter)
        self.bind_target(node.target, "loop", node.iter)
        self.visit_all([*node.body, *node.orelse])

    def visit_withitem(self, node: ast.withitem) -> None:
        self.visit(node.context_expr)
        if node.optional_vars is not None:
            self.bind_target(node.optional_vars, "other", None)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        if node.rest:
            self.bind(node.rest, Binding(node, "other"))
        self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        for name in node.names:
            first = name.name.partition(".")[0]
            self.bind(name.asname or first, Binding(node, "import", module=name.name if name.asname else first))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for name in node.names:
            module = "." * node.level + (node.module or "")
            if name.name == "*":
                self.scope.stars.append(module)
            else:
                self.bind(name.asname or name.name, Binding(node, "import", module=f"{module}.{name.name}"))

    def visit_Global(self, node: ast.Global) -> None:
        for name in node.names:
            self.scope.elsewhere[name] = self.scope.module

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        for name in node.names:
            outer = self.scope.parent.find(name) if self.scope.parent else None
            self.scope.elsewhere[name] = outer or self.scope.module

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.bind(node.name, Binding(node, "definition"))
        self.visit_all(node.decorator_list)
        self._arguments(node.args, self._types(self.within("function", node), node)).visit_all(node.body)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._function(node)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._arguments(node.args, self.within("function", node)).visit(node.body)

    def _arguments(self, args: ast.arguments, inner: "Builder") -> "Builder":
        self.visit_all([*args.defaults, *args.kw_defaults])
        for arg in parameters(args):
            inner.bind(arg.arg, Binding(arg, "parameter"))
        return inner

    def _types(self, inner: "Builder", node: ast.AST) -> "Builder":
        for parameter in getattr(node, "type_params", ()):
            inner.bind(parameter.name, Binding(parameter, "other"))
        return inner

    def visit_TypeAlias(self, node: ast.AST) -> None:
        # `type X = …` is evaluated when somebody asks for it, if ever
        name = getattr(node, "name", None)
        if isinstance(name, ast.Name):
            self.bind(name.id, Binding(node, "other"))

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.bind(node.name, Binding(node, "definition"))
        self.visit_all([*node.decorator_list, *(keyword.value for keyword in node.keywords)])
        # type parameters stand around the class: its bases and its methods see them
        outer = self._types(self.within("function", None), node) if getattr(node, "type_params", ()) else self
        outer.visit_all(node.bases)
        outer.within("class", node).visit_all(node.body)

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        inner = self.within("comprehension", node)
        for i, generator in enumerate(node.generators):
            (self if i == 0 else inner).visit(generator.iter)
            inner.bind_target(generator.target, "loop", generator.iter)
            inner.visit_all(generator.ifs)
        inner.visit_all([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt])


def parameters(args: ast.arguments) -> list[ast.arg]:
    """All parameters of a function, in the order of the text."""
    each = [*args.posonlyargs, *args.args, args.vararg, *args.kwonlyargs, args.kwarg]
    return [arg for arg in each if arg is not None]
