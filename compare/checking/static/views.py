"""Which names stand for an array that somebody else holds, line by line, and where it is written into."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from compare.checking.static.kinds import Kinds
from compare.checking.static.numpy_paths import numpy_path
from compare.checking.static.packing import packed
from compare.checking.static.parts import Function
from compare.checking.static.tree import assigned, elements, indices, own, walk
from compare.checking.static.vocabulary import is_array, is_gradient

# methods that give another view of the same numbers, mostly
_VIEWS = frozenset({"reshape", "transpose", "ravel", "view", "squeeze", "swapaxes"})
_NOT_KEPT = frozenset({"grads", "params"})


@dataclass(frozen=True)
class Owner:
    """Whose array a name stands for: an argument's, or that of an attribute or a cache."""

    name: str
    argument: bool


class Walk:
    """Goes through a function from top to bottom with the names that surely stand for somebody else's array."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.found: list[tuple[ast.AST, ast.expr, Owner]] = []

    def changes(self) -> Iterator[tuple[ast.AST, ast.expr, Owner]]:
        self._block(self.function.node.body, {name: Owner(name, True) for name in self._arrays()})
        yield from self.found

    def _arrays(self) -> Iterator[str]:
        """The parameters that stand for arrays: not for numbers, caches or lists."""
        for name in self.function.parameters:
            number = isinstance(self.function.defaults.get(name), ast.Constant)
            other = any(part in name for part in ("cache", "param", "grad", "layer", "state", "config", "mode", "lr"))
            if not number and not other:
                yield name

    def _block(self, statements: Iterable[ast.stmt], owners: dict[str, Owner]) -> dict[str, Owner]:
        for statement in statements:
            for node in own([statement]) if not _has_blocks(statement) else _head(statement):
                self._look(node, owners)
            if _has_blocks(statement):
                if isinstance(statement, ast.For):
                    names = {part.id for part in walk(statement.target) if isinstance(part, ast.Name)}
                    owners = {name: owner for name, owner in owners.items() if name not in names}
                ends = [self._block(block, dict(owners)) for block in _blocks(statement)]
                # after a branch or a loop, only what is the same whichever way it went
                owners = {name: owner for name, owner in owners.items() if all(end.get(name) == owner for end in ends)}
                continue
            # the parts of a tuple come after it, with nothing known of them
            for target, value in sorted(assigned(statement), key=lambda pair: pair[1] is not None):
                self._bind(target, value, owners)
            for node in own([statement]):
                if isinstance(node, ast.NamedExpr) and isinstance(node.target, ast.Name):
                    owners.pop(node.target.id, None)
        return owners

    def _bind(self, target: ast.expr, value: ast.expr | None, owners: dict[str, Owner]) -> None:
        parts = elements(target)
        if isinstance(target, ast.Name):
            owner = self._owner(value, owners)
            owners.pop(target.id, None)
            if owner is not None:
                owners[target.id] = owner
        elif parts is not None and value is not None:
            kept, _ = packed(self.function, value)
            name = self.function.attribute(value)
            cache = isinstance(value, ast.Name) or (name is not None and self._keeps(name))
            for i, part in enumerate(parts):
                if isinstance(part, ast.Name):
                    owners.pop(part.id, None)
                    if kept is not None and i < len(kept) and cache and _is_array(kept[i]):
                        owners[part.id] = Owner(part.id, False)

    def _owner(self, value: ast.expr | None, owners: dict[str, Owner]) -> Owner | None:
        """Whose array an expression is, or is a view of."""
        if isinstance(value, ast.Name):
            return owners.get(value.id)
        name = self.function.attribute(value)
        if name is not None:
            return Owner(f"self.{name}", False) if self._keeps(name) else None
        if isinstance(value, ast.Attribute) and value.attr == "T":
            return self._owner(value.value, owners)
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr in _VIEWS:
            return self._owner(value.func.value, owners)
        if isinstance(value, ast.Subscript) and self._is_view(value):
            return self._owner(value.value, owners)
        return None

    def _is_view(self, node: ast.Subscript) -> bool:
        """Whether slices and integers alone are between the brackets: other indices copy."""
        plain = [each for each in indices(node) if not isinstance(each, ast.Slice)]
        kinds = Kinds(self.function)
        return len(plain) < len(indices(node)) and all(kinds.of(each) == "int" for each in plain)

    def _keeps(self, name: str) -> bool:
        """Whether a forward pass keeps an array in an attribute, for a backward pass to read."""
        owner = self.function.owner
        settings = owner.settings.get(name, ()) if owner is not None else ()
        kept = any("forward" in setting.method for setting in settings)
        return self.function.backward and kept and name not in _NOT_KEPT and not name.startswith("d")

    def _look(self, node: ast.AST, owners: dict[str, Owner]) -> None:
        target: ast.expr | None = None
        if isinstance(node, ast.AugAssign):
            target = node.target
        elif isinstance(node, ast.Assign):
            target = next((each for each in node.targets if isinstance(each, ast.Subscript)), None)
        elif isinstance(node, ast.Call):
            target = self._written(node)
        base = target
        while isinstance(base, ast.Subscript):
            base = base.value
        if target is None or base is None or (isinstance(node, ast.Assign) and base is target):
            return
        owner = owners.get(base.id) if isinstance(base, ast.Name) else None
        if owner is None and isinstance(base, ast.Attribute) and base is not target:
            owner = self._owner(base, owners)
        if owner is None and isinstance(node, ast.AugAssign) and base is target and self._has_gradient(node.value):
            owner = self._owner(base, owners)
        number = base is target and not isinstance(base, ast.Attribute) and self._is_number(owner, node)
        if owner is not None and not number:
            self.found.append((node, target, owner))

    def _has_gradient(self, node: ast.expr) -> bool:
        """Whether an expression is an array because a gradient stands in it."""
        names = [part.id for part in walk(node) if isinstance(part, ast.Name)]
        return any(
            is_gradient(name) and name in (*self.function.parameters, *self.function.scope.bindings) for name in names
        )

    def _is_number(self, owner: Owner | None, node: ast.AST) -> bool:
        """Whether `-=` on a name may make a new number of an old one, where nothing else shows an array."""
        target = node.target if isinstance(node, ast.AugAssign) else node
        if owner is None or Kinds(self.function).of(target) in ("int", "float"):
            return True
        if isinstance(node, ast.AugAssign) and self._has_gradient(node.value):
            return False
        name = owner.name if owner.argument else target.id if isinstance(target, ast.Name) else ""
        return not self._used_like_an_array(name)

    def _used_like_an_array(self, name: str) -> bool:
        if is_array(name) or is_gradient(name):
            return True
        for read in self.function.reads(name):
            outer = self.function.parents.get(read)
            if isinstance(outer, ast.Attribute | ast.Subscript):
                return True
            if isinstance(outer, ast.Call) and numpy_path(self.function.file, outer.func):
                return True
        return False

    def _written(self, call: ast.Call) -> ast.expr | None:
        """The array that `np.add.at(dx, …)`, `np.tanh(x, out=x)` or `dx.fill(0)` writes into."""
        path = numpy_path(self.function.file, call.func)
        if path is not None and len(path) == 2 and path[1] == "at" and call.args:
            return call.args[0]
        if isinstance(call.func, ast.Attribute) and call.func.attr == "fill" and path is None:
            return ast.Subscript(
                call.func.value, ast.Constant(...), ast.Store(), lineno=call.lineno, col_offset=call.col_offset
            )
        return next((each.value for each in call.keywords if path and each.arg == "out"), None)


def _is_array(node: ast.expr) -> bool:
    """Whether what was packed may be changed by a `-=`: not a length, nor a tuple of them."""
    if isinstance(node, ast.Call):
        return not (isinstance(node.func, ast.Name) and node.func.id in ("int", "float", "len", "max", "min", "tuple"))
    return isinstance(node, ast.Name) and not (node.id.isupper() and len(node.id) < 3)


def _has_blocks(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.For | ast.While | ast.If | ast.With | ast.Try | ast.Match | ast.AsyncFor)


def _blocks(statement: ast.stmt) -> list[list[ast.stmt]]:
    blocks = [getattr(statement, part, []) for part in ("body", "orelse", "finalbody")]
    inner = [*getattr(statement, "handlers", []), *getattr(statement, "cases", [])]
    return [*blocks, *(each.body for each in inner)]


def _head(statement: ast.stmt) -> list[ast.AST]:
    """The nodes of a statement's own line."""
    parts = [getattr(statement, part, None) for part in ("test", "iter", "subject")]
    return list(own([part for part in parts if part is not None]))
