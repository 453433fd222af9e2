"""What kind of thing an expression is, where that is certain from the text alone."""

import ast
import builtins
from typing import Literal

from compare.checking.static.numpy_paths import numpy_path
from compare.checking.static.parts import Function
from compare.checking.static.scopes import Binding
from compare.checking.static.tree import dotted, indices, words

Kind = Literal["int", "float", "str", "bool", "none", "tuple", "list", "dict", "range", "array"]

# functions of NumPy that give an array, or a number with an array's attributes, whatever they get
_MAKERS = words(
    "zeros ones empty full zeros_like ones_like empty_like full_like array asarray arange eye identity dot matmul "
    "concatenate hstack vstack stack column_stack tanh exp log sqrt maximum minimum where outer copy random.randn "
    "random.rand tile repeat linspace"
)
# methods that give what they are called on in another form
_SAME = frozenset({"reshape", "transpose", "copy", "ravel", "flatten", "squeeze", "swapaxes", "astype", "repeat"})
_LISTS = ("layers", "params", "grads", "caches")
_DISPLAYS: dict[type[ast.AST], Kind] = {
    ast.List: "list",
    ast.ListComp: "list",
    ast.Tuple: "tuple",
    ast.Dict: "dict",
    ast.DictComp: "dict",
    ast.JoinedStr: "str",
}
_CALLS: dict[str, Kind] = {"len": "int", "int": "int", "range": "range", "list": "list", "tuple": "tuple"}


class Kinds:
    """The kinds of what stands in one function; a name that is being asked about is not asked about again."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.asked: set[str] = set()

    def of(self, node: ast.AST | None) -> Kind | None:
        """The kind of an expression; None where it is not certain."""
        if node is None:
            return None
        if type(node) in _DISPLAYS:
            return _DISPLAYS[type(node)]
        if isinstance(node, ast.Constant):
            return self._constant(node)
        if isinstance(node, ast.Name):
            return self.of_name(node)
        if isinstance(node, ast.Attribute):
            return self._attribute(node)
        if isinstance(node, ast.Subscript):
            return self._subscript(node)
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            return self.of(node.operand)
        if isinstance(node, ast.BinOp):
            return self._operation(node)
        return None

    def of_name(self, node: ast.Name) -> Kind | None:
        """The kind that all values of a name of this function have."""
        scope = self.function.scope
        found = self.function.file.scopes.get(node, scope).find(node.id)
        if found is not scope or node.id in self.asked:
            return None
        self.asked.add(node.id)
        kinds = {self._bound(binding) for binding in scope.bindings[node.id]}
        self.asked.discard(node.id)
        some = kinds - {"none"} or kinds
        return some.pop() if len(some) == 1 else None

    def _bound(self, binding: Binding) -> Kind | None:
        if binding.how in ("assign", "augmented"):
            return self.of(binding.value)
        shape = isinstance(binding.value, ast.Attribute) and binding.value.attr == "shape"
        if binding.how == "unpack":
            return "int" if shape else None
        if binding.how == "loop" and isinstance(binding.value, ast.Call):
            called = self._builtin(binding.value)
            if called == "reversed" and binding.value.args and isinstance(binding.value.args[0], ast.Call):
                called = self._builtin(binding.value.args[0])
            if (called == "range" and binding.index is None) or (called == "enumerate" and binding.index == 0):
                return "int"
        return None

    def _constant(self, node: ast.Constant) -> Kind | None:
        if node.value is None:
            return "none"
        kinds: dict[type, Kind] = {bool: "bool", int: "int", float: "float", str: "str"}
        return kinds.get(type(node.value))

    def _attribute(self, node: ast.Attribute) -> Kind | None:
        attribute = self.function.attribute(node)
        if attribute is not None:
            return self._self_attribute(attribute)
        if node.attr == "shape":
            return "tuple"
        if node.attr == "ndim":
            return "int"
        return "array" if node.attr == "T" and self.of(node.value) == "array" else None

    def _self_attribute(self, attribute: str) -> Kind | None:
        """What an attribute is, once it is something: None before that does not count."""
        owner = self.function.owner
        values = owner.values(attribute) if owner else None
        if owner is not None and not owner.complete and owner.closed and attribute in _LISTS:
            # what a broken method sets is not seen, but of these names it is no function
            values = [each.value for each in owner.settings.get(attribute, ()) if each.value is not None]
            return "list" if values and {self.of(each) for each in values} <= {"none", "list"} else None
        if not values or f"self.{attribute}" in self.asked:
            return None
        self.asked.add(f"self.{attribute}")
        # a name in another method belongs to another scope, and is not taken for one of this method
        kinds = {self.of(value) for value in values}
        self.asked.discard(f"self.{attribute}")
        some = kinds - {"none"} or kinds
        return some.pop() if len(some) == 1 else None

    def _subscript(self, node: ast.Subscript) -> Kind | None:
        if isinstance(node.value, ast.Attribute) and node.value.attr == "shape":
            return "tuple" if isinstance(node.slice, ast.Slice) else "int"
        if self.of(node.value) == "list" and isinstance(node.slice, ast.Slice):
            return "list"
        slices = any(isinstance(index, ast.Slice) for index in indices(node))
        return "array" if slices and self.of(node.value) == "array" else None

    def _call(self, node: ast.Call) -> Kind | None:
        called = self._builtin(node)
        if called is not None:
            return _CALLS.get(called)
        path = numpy_path(self.function.file, node.func)
        if path is not None:
            return "array" if ".".join(path) in _MAKERS else None
        if isinstance(node.func, ast.Attribute) and node.func.attr in _SAME:
            return "array" if self.of(node.func.value) == "array" else None
        return None

    def _builtin(self, node: ast.Call) -> str | None:
        name = dotted(node.func)
        if len(name) != 1 or not hasattr(builtins, name[0]):
            return None
        return name[0] if self.function.scope.find(name[0]) is None else None

    def _operation(self, node: ast.BinOp) -> Kind | None:
        left, right = self.of(node.left), self.of(node.right)
        if left == right == "int":
            return "float" if isinstance(node.op, ast.Div) else "int"
        if left == "array" or right == "array":
            return None if {left, right} & {"str", "dict", "none"} else "array"
        if left == right == "list" and isinstance(node.op, ast.Add):
            return "list"
        if isinstance(node.op, ast.Mult) and {left, right} in ({"list", "int"}, {"tuple", "int"}):
            return "list" if "list" in (left, right) else "tuple"
        return None
