"""Names that are read before they have a value."""

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache

from compare.checking.source import Problem
from compare.checking.static.file import File
from compare.checking.static.parts import Function
from compare.checking.static.tree import COMPREHENSIONS, INNER, LOOPS, TRIES, children, live, own, walk


def used_before_assignment(file: File) -> Iterator[Problem]:
    """A local name that is read where no line before can have given it a value."""
    for function in file.functions:
        yield from _Order(function).problems()


class _Order:
    """Follows a function from top to bottom, with the names that may have a value at each line.

    The body of a loop is followed as it is gone through the first time; what stands in it under a condition may come
    later, when the rest of the body has been done: `loose` are the names that have a value by then.
    """

    def __init__(self, function: Function) -> None:
        self.function = function
        scope = function.scope
        inner = list(scope.children)
        for child in inner:
            inner += child.children
        shared = {name for child in inner for name in child.elsewhere}
        self.local = {
            name
            for name, bindings in scope.bindings.items()
            if name not in scope.elsewhere and name not in shared and all(each.how != "parameter" for each in bindings)
        }
        self.found: dict[str, ast.Name] = {}

    def problems(self) -> Iterator[Problem]:
        self._block(self.function.node.body, set(), set())
        for name, node in self.found.items():
            bindings = self.function.scope.bindings[name]
            later = [line for each in bindings if (line := getattr(each.node, "lineno", 0)) > node.lineno]
            adds = isinstance(self.function.parents.get(node), ast.AugAssign) and not isinstance(node.ctx, ast.Load)
            if adds and all(each.how == "augmented" for each in bindings):
                message = f"`{name}` is changed here, but never gets a value to begin with."
            elif later:
                message = f"`{name}` is read here, but gets its value only in line {min(later)}."
            elif any(isinstance(outer, LOOPS) for outer in self.function.around(node)):
                message = f"`{name}` is read here before it has a value: the first time round, nothing has set it yet."
            else:
                message = f"`{name}` is read here, before it has a value."
            if name in self.function.file.module.bindings:
                message += f" As `{self.function.name}` assigns it, the `{name}` of the file is another one."
            yield self.function.problem(node, "used before assignment", message)

    def _block(self, statements: Iterable[ast.stmt], has: set[str], loose: set[str]) -> set[str]:
        for statement in live(list(statements)):
            has = self._statement(statement, has, loose)
            if _leaves(statement):
                # what follows is not reached in every round of the loop
                has = has | loose
        return has

    def _statement(self, statement: ast.stmt, has: set[str], loose: set[str]) -> set[str]:
        if isinstance(statement, LOOPS):
            return self._loop(statement, has, loose)
        if isinstance(statement, ast.If):
            self._read(statement.test, has, loose)
            has = has | _bound([statement.test])
            for part in (statement.body, statement.orelse):
                self._block(part, has | loose, loose)
            return has | _bound([statement])
        if isinstance(statement, (*TRIES, ast.Match)):
            # an exception here may be meant, and where it happens is not known
            return has | _bound([statement])
        if isinstance(statement, ast.With | ast.AsyncWith):
            for item in statement.items:
                self._read(item.context_expr, has, loose)
                has = has | _bound([item])
            return self._block(statement.body, has, loose)
        if isinstance(statement, INNER):
            return has | _bound([statement])
        self._read(statement, has, loose)
        return has | _bound([statement])

    def _loop(self, statement: ast.For | ast.AsyncFor | ast.While, has: set[str], loose: set[str]) -> set[str]:
        later = _bound([statement])
        if isinstance(statement, ast.While):
            self._read(statement.test, has, loose)
            has = has | _bound([statement.test])
        else:
            self._read(statement.iter, has, loose)
        # a loop inside a loop may have nothing to do the first time
        first = has | loose | (set() if isinstance(statement, ast.While) else _bound([statement.target]))
        self._block(statement.body, first, loose | later)
        return self._block(statement.orelse, has | later, loose)

    def _read(self, node: ast.AST, has: set[str], loose: set[str]) -> None:
        """All names that are read when a statement or an expression is done, whatever the case."""
        stack = [node]
        inside = _bound([node]) if any(isinstance(part, ast.NamedExpr) for part in walk(node)) else set()
        while stack:
            part = stack.pop()
            if isinstance(part, INNER):
                continue
            if isinstance(part, COMPREHENSIONS):
                # the rest is done with names of its own, of a generator perhaps never
                stack.append(part.generators[0].iter)
                continue
            if isinstance(part, ast.IfExp):
                stack.append(part.test)
                continue
            if isinstance(part, ast.BoolOp):
                stack.append(part.values[0])
                continue
            if isinstance(part, ast.AnnAssign):
                stack.extend(each for each in (part.value, part.target) if each is not None)
                continue
            if isinstance(part, ast.AugAssign) and isinstance(part.target, ast.Name):
                self._name(part.target, has | inside)
            elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
                self._name(part, has | inside)
            stack.extend(children(part))

    def _name(self, name: ast.Name, has: set[str]) -> None:
        if name.id in self.local and name.id not in has:
            known = self.found.get(name.id)
            if known is None or name.lineno < known.lineno:
                self.found[name.id] = name


def _leaves(statement: ast.stmt) -> bool:
    return any(isinstance(part, ast.Continue | ast.Break | ast.Return | ast.Raise) for part in own([statement]))


def _bound(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """What some statements may bind, whichever of their parts are done."""
    return frozenset().union(*map(_bound_in, nodes))


# what stands in blocks is asked for with each block around it
@lru_cache(maxsize=1 << 12)
def _bound_in(root: ast.AST) -> frozenset[str]:
    names = set()
    for node in own([root]):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            names.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            names.add(node.rest)
    return frozenset(names)
