"""What a function of a learner's has at hand: its variables, sizes, attributes and functions, by the text that reads
them."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from compare.checking.source import Definition
from compare.checking.static.tree import counted_in

_SIZES = ("N", "T", "D", "H", "V", "M", "K", "B", "S", "L")
_OF_SHAPES = ("shape", "size", "ndim", "dtype")


@dataclass(frozen=True, eq=False)
class Surroundings:
    """A function within its definition. `outside` are the names of the file's functions, `shapes` those that arrays
    had when it was run, by the text that reads them; `related` are the definitions of the same layer, `file` all of
    the file's; `wanted` the twin's names of what a backward pass returns.
    """

    definition: Definition
    function: ast.FunctionDef
    outside: tuple[str, ...]
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    related: tuple[ast.AST, ...] = ()
    wanted: tuple[str, ...] = ()
    file: tuple[ast.AST, ...] = ()

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        return tuple(ast.walk(self.function))

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        args = self.function.args
        return tuple(a.arg for a in (*args.posonlyargs, *args.args, *args.kwonlyargs) if a.arg != "self")

    @cached_property
    def counts(self) -> tuple[str, ...]:
        """What holds a size or counts: the names that come from shapes, lengths and loops."""
        found: list[str] = []
        for node in self.nodes:
            if isinstance(node, ast.Assign) and _is_size(node.value):
                found += [name for target in node.targets for name in _bound(target)]
            elif isinstance(node, ast.For | ast.While):
                found += _counters(node)
        return tuple(dict.fromkeys(found))

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """The variables of loops that count."""
        loops = [node for node in self.nodes if isinstance(node, ast.For | ast.While)]
        return tuple(dict.fromkeys(name for loop in loops for name in _counters(loop)))

    @cached_property
    def arrays(self) -> tuple[str, ...]:
        """What may hold an array: the other names that get a value here, and attributes that hold one."""
        stored = [n.id for n in self.nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
        names = [n for n in (*self.arguments, *stored) if n not in self.counts and n != "self"]
        return tuple(dict.fromkeys([*names, *self.attributes]))

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        """The attributes of `self` that the class sets, as they are read; no lists of layers or parameters."""
        if not isinstance(self.definition.node, ast.ClassDef):
            return ()
        found = [
            n.attr
            for n in ast.walk(self.definition.node)
            if isinstance(n, ast.Attribute)
            and isinstance(n.ctx, ast.Store)
            and isinstance(n.value, ast.Name)
            and n.value.id == "self"
        ]
        kept = [f"self.{n}" for n in dict.fromkeys(found) if n not in ("params", "grads", "layers", "stateful")]
        return tuple(kept)

    @cached_property
    def methods(self) -> frozenset[str]:
        """The methods of the class."""
        node = self.definition.node
        own = [n.name for n in node.body if isinstance(n, ast.FunctionDef)] if isinstance(node, ast.ClassDef) else []
        return frozenset(own)

    @cached_property
    def functions(self) -> tuple[str, ...]:
        """The file's functions, and NumPy's, that are called with one argument here, as they are written."""
        calls = [n for n in self.nodes if isinstance(n, ast.Call) and len(n.args) == 1 and not n.keywords]
        found = dict.fromkeys(ast.unparse(n.func) for n in calls)
        return tuple(name for name in found if name in self.outside or name.startswith("np."))

    @cached_property
    def lengths(self) -> tuple[str, ...]:
        """The sizes that are read in the layer without a name, of what is at hand here: `len(self.t)`, `x.shape[0]`."""
        inside = [n for each in (self.function, *self.related) for n in ast.walk(each)]
        read = [n for n in inside if isinstance(n, ast.Call | ast.Subscript) and _is_size(n)]
        known = {"self", *self.arrays}
        at_hand = [n for n in read if {e.id for e in ast.walk(n) if isinstance(e, ast.Name)} - {"len"} <= known]
        # and each size that an array has here once
        sizes: dict[int, str] = {}
        for name in self.arrays:
            for axis, size in enumerate(self.shapes.get(name, ())):
                sizes.setdefault(size, f"{name}.shape[{axis}]" if axis else f"len({name})")
        return tuple(dict.fromkeys([*(ast.unparse(n) for n in at_hand), *sizes.values()]))

    @cached_property
    def read(self) -> frozenset[str]:
        return frozenset(n.id for n in self.nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))

    @cached_property
    def unused(self) -> tuple[str, ...]:
        """What is given a value here that nothing goes on with: it was to be used somewhere."""
        idle = {n.value for n in self.nodes if isinstance(n, ast.Attribute) and n.attr in _OF_SHAPES}
        # what is only kept for the way back is not used on this one
        idle |= {part for n in self.nodes if not self.backward for part in _kept(n)}
        loads = [n for n in self.nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)]
        used = {n.id for n in loads if n not in idle}
        return tuple(name for name in self.arrays if "." not in name and name not in used)

    @cached_property
    def idle(self) -> frozenset[str]:
        """The functions of the file that nothing in it names."""
        named = {n.id for each in self.file for n in ast.walk(each) if isinstance(n, ast.Name)}
        return frozenset(each.name for each in self.file if isinstance(each, ast.FunctionDef)) - named

    def statement(self, node: ast.expr) -> ast.stmt | None:
        """The innermost statement that an expression is in."""
        around = [n for n in self.nodes if isinstance(n, ast.stmt) and n is not self.function and _covers(n, node)]
        return min(around, key=lambda n: (n.end_lineno or n.lineno) - n.lineno, default=None)

    def parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in self.nodes for child in ast.iter_child_nodes(node)}

    @property
    def backward(self) -> bool:
        return "backward" in self.function.name


def _is_size(value: ast.expr) -> bool:
    names = {n.attr for n in ast.walk(value) if isinstance(n, ast.Attribute)}
    called = value.func.id if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) else ""
    shaped = isinstance(value, ast.Attribute | ast.Subscript) and bool({"shape", "size", "ndim"} & names)
    every = [n.id for n in ast.walk(value) if isinstance(n, ast.Name)]
    product = isinstance(value, ast.BinOp) and (
        (bool(every) and all(name in _SIZES for name in every)) or _is_size(value.left) or _is_size(value.right)
    )
    tuple_of = isinstance(value, ast.Tuple) and all(_is_size(e) for e in value.elts)
    return shaped or called in ("len", "int") or product or tuple_of


def _counters(node: ast.For | ast.While) -> list[str]:
    if isinstance(node, ast.While):
        return counted_in(node)
    called = {n.func.id for n in ast.walk(node.iter) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    if "range" in called:
        return list(_bound(node.target))
    if "enumerate" in called and isinstance(node.target, ast.Tuple):
        return list(_bound(node.target.elts[0]))
    return []


def _kept(node: ast.AST) -> list[ast.expr]:
    """What a statement packs together for later: `self.cache = (x, h)`, `return out, (x, w)`."""
    value = node.value if isinstance(node, ast.Assign | ast.Return) else None
    if isinstance(node, ast.Return) and isinstance(value, ast.Tuple):
        value = value.elts[-1]
    if isinstance(value, ast.Dict):
        return value.values
    return value.elts if isinstance(value, ast.Tuple) and not isinstance(value.ctx, ast.Store) else []


def _covers(outer: ast.stmt, inner: ast.expr) -> bool:
    return outer.lineno <= inner.lineno and (inner.end_lineno or 0) <= (outer.end_lineno or 0)


def _bound(target: ast.AST) -> Iterator[str]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name):
            yield node.id
