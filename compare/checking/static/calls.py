"""What is called, indexed or gone through although it cannot be."""

import ast
import builtins
from collections.abc import Iterator

from compare.checking.source import Problem
from compare.checking.static.file import File
from compare.checking.static.kinds import Kind, Kinds
from compare.checking.static.numpy_paths import MISSING, member, numpy_path
from compare.checking.static.parts import Function
from compare.checking.static.tree import code, dotted, indices

_A: dict[Kind, str] = {
    "int": "an integer",
    "float": "a number",
    "str": "a string",
    "bool": "a truth value",
    "none": "None",
    "tuple": "a tuple",
    "list": "a list",
    "dict": "a dictionary",
    "range": "a range",
    "array": "an array",
}
_OVER = ("reversed", "len", "enumerate", "zip", "sum", "sorted", "list", "tuple")


def called_values(file: File) -> Iterator[Problem]:
    """`self.layers(t)` where `self.layers` is only ever a list; `xs(t)` where `xs` has a shape."""
    for function in file.functions:
        for node in function.own:
            if not isinstance(node, ast.Call) or function.tried(node):
                continue
            if not isinstance(node.func, ast.Name | ast.Attribute):
                continue
            kind = Kinds(function).of(node.func)
            if isinstance(node.func, ast.Attribute) and function.attribute(node.func) is None:
                # a shape that is called is an array's property: said there
                kind = None
            if kind is None and isinstance(node.func, ast.Name) and _has_shape(function, node.func.id):
                kind = "array"
            if kind is not None and kind != "none":
                inside = ", ".join(code(each) for each in node.args)
                message = f"`{code(node.func)}` is {_A[kind]} and cannot be called."
                if kind in ("list", "tuple", "array", "dict") and inside and not node.keywords:
                    message += f" `{code(node.func)}[{inside}]` was probably meant."
                yield function.problem(node, "call of no function", message)


def indexed_functions(file: File) -> Iterator[Problem]:
    """`np.zeros[N, H]`, `range[T]`, `self.forward[t]`: square brackets where round ones are meant."""
    for function in file.functions:
        for node in function.own:
            if not isinstance(node, ast.Subscript) or function.tried(node) or not _is_function(function, node.value):
                continue
            inside = ", ".join(code(each) for each in indices(node))
            message = f"`{code(node.value)}` is a function: it is called with round brackets, `{code(node.value)}"
            yield function.problem(node, "index of a function", f"{message}({inside})`.")


def indexed_numbers(file: File) -> Iterator[Problem]:
    """`T[0]` where T is the length of an axis."""
    for function in file.functions:
        for node in function.own:
            if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name) or function.tried(node):
                continue
            if Kinds(function).of(node.value) == "int":
                message = f"`{node.value.id}` is an integer here and cannot be indexed."
                yield function.problem(node, "index of a number", message)


def gone_through(file: File) -> Iterator[Problem]:
    """`for t in T`, `reversed(T)`, `len(T)` of the length of an axis; `range(xs.shape)`, `range(self.layers)`."""
    for function in file.functions:
        kinds = Kinds(function)
        for node in function.own:
            if isinstance(node, ast.For) and kinds.of(node.iter) == "int" and not function.tried(node):
                written = code(node.iter)
                message = f"`{written}` is an integer: nothing to loop over. `range({written})` was probably meant."
                yield function.problem(node.iter, "loop over a number", message)
            if not isinstance(node, ast.Call) or not _plain(function, node.func) or function.tried(node):
                continue
            name = dotted(node.func)[0]
            if name in _OVER and node.args and kinds.of(node.args[0]) == "int":
                written = code(node.args[0])
                better = f"{name}(range({written}))" if name != "len" else written
                message = f"`{written}` is an integer: `{name}({written})` fails. `{better}` was probably meant."
                yield function.problem(node, "loop over a number", message)
            if name == "range":
                yield from _range(function, node, kinds)


def start_of_enumerate(file: File) -> Iterator[Problem]:
    """`enumerate(layer, grads)`: the second argument is the number to count from."""
    for function in file.functions:
        for node in function.own:
            if not isinstance(node, ast.Call) or not _plain(function, node.func) or function.tried(node):
                continue
            if dotted(node.func) != ("enumerate",) or len(node.args) != 2:
                continue
            kind = Kinds(function).of(node.args[1])
            if kind in ("list", "tuple", "none", "array", "dict", "str", "float"):
                first, second = (code(each) for each in node.args)
                message = f"`{second}` is {_A[kind]}, and stands where `enumerate` wants the number to count from."
                if kind == "list" and second in ("grads", "params", "layers"):
                    message += f" The comma was probably meant as a dot: `enumerate({first}.{second})`."
                yield function.problem(node, "enumerate", message)


def _range(function: Function, node: ast.Call, kinds: Kinds) -> Iterator[Problem]:
    for argument in node.args:
        kind = kinds.of(argument)
        if kind in ("tuple", "list", "range", "none", "str", "float", "dict"):
            message = f"`{code(argument)}` is {_A[kind]}, and `range` wants an integer."
            if kind == "tuple" and isinstance(argument, ast.Attribute):
                message += f" One axis is `{code(argument)}[0]`."
            elif kind in ("list", "tuple"):
                message += f" `range(len({code(argument)}))` was probably meant."
            yield function.problem(argument, "range", message)


def _plain(function: Function, node: ast.expr) -> bool:
    """Whether a name stands for Python's own function."""
    name = dotted(node)
    scope = function.file.scopes.get(node, function.scope)
    return len(name) == 1 and hasattr(builtins, name[0]) and scope.find(name[0]) is None


def _has_shape(function: Function, name: str) -> bool:
    """Whether a parameter is asked for its shape in the same function: no function has one."""
    if not (function.forward or function.backward) or name not in function.parameters:
        return False
    if len(function.scope.bindings.get(name, ())) != 1:
        return False
    outer = (function.parents.get(read) for read in function.reads(name))
    return any(isinstance(each, ast.Attribute) and each.attr in ("shape", "ndim", "reshape") for each in outer)


def _is_function(function: Function, node: ast.expr) -> bool:
    """A builtin, a function of NumPy, a method of the class or a function of the file."""
    path = numpy_path(function.file, node)
    if path:
        found = member(path)
        return (
            found is not MISSING
            and callable(found)
            and not hasattr(type(found), "__getitem__")
            and (not isinstance(found, type))
        )
    attribute = function.attribute(node)
    if attribute is not None and function.owner is not None:
        owner = function.owner
        settings = owner.settings.get(attribute, ())
        methods = attribute in owner.methods and not owner.methods[attribute].decorators
        return owner.closed and methods and len(settings) == 1 and attribute not in function.file.foreign
    if isinstance(node, ast.Name) and _plain(function, node):
        found = getattr(builtins, node.id)
        return callable(found) and not hasattr(found, "__class_getitem__") and node.id != "type"
    return False
