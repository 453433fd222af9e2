"""What the text around a mistake says about its names: where they are bound, what they were made of."""

import ast
import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from compare.checking.static.binding import Builder
from compare.checking.static.scopes import Scope
from compare.checking.static.tree import assigned, own
from compare.checking.static.vocabulary import GRANTED_FUNCTIONS, PYTHON_2
from compare.explaining.changes import Change
from compare.explaining.texts import identifier, plain

ACTIVATIONS = ("tanh", "sigmoid", "relu", "softmax", "expit", "maximum", "exp", "log_softmax")
Function = ast.FunctionDef


@dataclass(frozen=True, eq=False)
class Names:
    """The scopes of a whole text."""

    module: Scope
    owners: Mapping[ast.AST, Scope]

    @classmethod
    def of(cls, tree: ast.Module) -> "Names":
        module, owners = Scope("module"), dict[ast.AST, Scope]()
        Builder(module, owners).visit_all(tree.body)
        return cls(module, owners)

    def bound(self, name: ast.Name) -> bool:
        """Whether a name that is read has a value from somewhere; where it may come by a star import is not known."""
        scope = self.owners.get(name, self.module)
        if scope.find(name.id) or hasattr(builtins, name.id) or name.id in PYTHON_2:
            return True
        return bool(self.module.stars) and name.id in GRANTED_FUNCTIONS


@dataclass(frozen=True, eq=False)
class Scene:
    """A change, the trees that it is between, and what the learner's names are known to be."""

    before: ast.Module
    after: ast.Module
    known: Mapping[str, str]
    change: Change
    classes: tuple[ast.ClassDef, ...] = field(default=())

    @cached_property
    def names(self) -> Names:
        """The scopes of the text before."""
        return Names.of(self.before)

    @cached_property
    def function(self) -> Function | None:
        """The innermost function that the change stands in."""
        inside = [each for each in self.change.around if isinstance(each, Function)]
        return inside[-1] if inside else None

    @cached_property
    def owner(self) -> ast.ClassDef | None:
        """The class that the change stands in."""
        return next((each for each in self.change.around if isinstance(each, ast.ClassDef)), None)

    @cached_property
    def loops(self) -> tuple[ast.stmt, ...]:
        """The loops around the change, inside its function."""
        return tuple(each for each in self.change.around if isinstance(each, ast.For | ast.While))

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """What the function is given, without `self`."""
        if self.function is None:
            return ()
        args = self.function.args
        names = [each.arg for each in (*args.posonlyargs, *args.args, *args.kwonlyargs)]
        return tuple(name for name in names if name not in ("self", "cls"))

    @cached_property
    def enclosing(self) -> frozenset[str]:
        """What the functions around the function bind: a closure keeps it from one call to the next."""
        outer = [each for each in self.change.around if isinstance(each, Function) and each is not self.function]
        names = {node.id for node in self.statements(*outer) if isinstance(node, ast.Name)} if outer else set()
        own_names = {
            node.id for node in self.statements() if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        return frozenset(names - own_names)

    @cached_property
    def backward(self) -> bool:
        """Whether it is the backward pass."""
        return self.function is not None and "back" in self.function.name

    @cached_property
    def siblings(self) -> tuple[Function, ...]:
        """The functions that belong to the same layer: the methods, or the pair of functions; without a class, all."""
        body = self.owner.body if self.owner else self.before.body
        return tuple(each for each in body if isinstance(each, Function))

    @cached_property
    def forward(self) -> tuple[Function, ...]:
        """The forward passes that the function may be the derivative of, the likeliest first."""
        stem = self.function.name.replace("backward", "") if self.function else ""
        found = [each for each in self.siblings if "back" not in each.name and each.name != "__init__"]
        return tuple(sorted(found, key=lambda each: each.name.replace("forward", "") != stem))

    def statements(self, *functions: Function) -> Iterator[ast.AST]:
        """All nodes of some functions, or of the change's."""
        for each in functions or ((self.function,) if self.function else ()):
            yield from own(each.body)

    def values(self, name: str) -> Iterator[ast.expr]:
        """What a name or an attribute is set to, in this function first and then in its siblings."""
        functions = [*([self.function] if self.function else []), *self.siblings]
        for node in (*self.statements(*functions), *self.before.body):
            for target, value in assigned(node):
                if value is not None and identifier(target) == name:
                    yield value

    def activated(self, name: str, other: str) -> str:
        """The activation that makes the other of one, as `other = np.tanh(name)`; "" for none."""
        for value in self.values(other):
            if not isinstance(value, ast.Call) or identifier(value.func) not in ACTIVATIONS or not value.args:
                continue
            if name in (identifier(value.args[0]), plain(value.args[0])):
                return plain(value)
        return ""

    @cached_property
    def attributes(self) -> frozenset[str]:
        """What is set on `self` anywhere in the class or in one that it may inherit from, and its methods."""
        bases = {identifier(base) for base in self.owner.bases} if self.owner else set()
        classes = [each for each in self.classes if each is self.owner or each.name in bases]
        nodes = [node for each in classes for node in ast.walk(each)]
        stored = {node.attr for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)}
        return frozenset(stored | {node.name for node in nodes if isinstance(node, Function)})

    @cached_property
    def grows(self) -> bool:
        """Whether what the changed statement assigns to is written into later on, or is a gradient."""
        after = self.change.after
        targets = (
            after.targets
            if isinstance(after, ast.Assign)
            else [after.target]
            if isinstance(after, ast.AnnAssign)
            else []
        )
        names = {identifier(each) for target in targets for each in ast.walk(target)} - {""}
        written = {
            identifier(base_of(each))
            for each in self.statements()
            if isinstance(each, ast.AugAssign | ast.Subscript)
            and isinstance(getattr(each, "ctx", ast.Store()), ast.Store)
        }
        return bool(names & (written | {"grads"}))

    @cached_property
    def fields(self) -> frozenset[str]:
        """All attributes and methods of all classes of the text."""
        nodes = [node for each in self.classes for node in ast.walk(each)]
        stored = {node.attr for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)}
        listed = {identifier(each.target) for each in nodes if isinstance(each, ast.AnnAssign)}
        return frozenset(stored | listed | {node.name for node in nodes if isinstance(node, Function)})

    def is_size(self, node: ast.AST | None) -> bool:
        """Whether it is the length of an axis: `N`, `x.shape[0]`, `len(x)`, or a product of such."""
        if isinstance(node, ast.Subscript):
            return identifier(node.value) == "shape"
        if isinstance(node, ast.Call):
            return identifier(node.func) in ("len", "int", "max") and all(map(self.is_size, node.args[:1]))
        if isinstance(node, ast.BinOp):
            sides = (node.left, node.right)
            return any(map(self.is_size, sides)) and all(isinstance(s, ast.Constant) or self.is_size(s) for s in sides)
        if isinstance(node, ast.Attribute):
            return node.attr in ("size", "shape")
        return isinstance(node, ast.Name) and (node.id in SIZES or any("shape" in plain(v) for v in self._shapes(node)))

    def _shapes(self, name: ast.Name) -> Iterator[ast.expr]:
        for node in self.statements():
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    names = target.elts if isinstance(target, ast.Tuple) else [target]
                    if any(identifier(each) == name.id for each in names) and _is_shape(node.value):
                        yield node.value

    @cached_property
    def cached(self) -> frozenset[str]:
        """Names in the function that stand for what the forward pass kept."""
        found = set()
        for node in self.statements():
            for target, value in assigned(node):
                if value is not None and is_cache(value, self):
                    found |= {identifier(each) for each in ast.walk(target)}
        return frozenset(found - {""})


SIZES = ("N", "T", "D", "H", "V", "M", "H3", "H4", "batch_size", "time_size", "hidden_size", "vocab_size")


def base_of(node: ast.AST) -> ast.AST:
    """The array that an element is one of."""
    node = node.target if isinstance(node, ast.AugAssign) else node
    while isinstance(node, ast.Subscript):
        node = node.value
    return node


def _is_shape(node: ast.AST) -> bool:
    if isinstance(node, ast.Subscript):
        node = node.value
    return identifier(node) in ("shape", "size") or (isinstance(node, ast.Call) and identifier(node.func) == "len")


def is_cache(node: ast.AST | None, scene: Scene) -> bool:
    """Whether an expression is what the forward pass kept: `self.cache`, `cache`, `self.cache[t]`, `cache.pop()`."""
    if isinstance(node, ast.Subscript):
        return is_cache(node.value, scene)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr == "pop" and (is_cache(node.func.value, scene) or "__dict__" in plain(node))
    if isinstance(node, ast.Attribute) and plain(node.value) == "self":
        return node.attr not in ("params", "grads", "W", "b", "Wx", "Wh", "layers", "h", "c", "dh", "dc")
    name = identifier(node)
    return "cache" in name or (scene.backward and name in scene.parameters[1:])
