"""Lists that are taken for what is in them: a missing comma, missing brackets."""

import ast
from collections.abc import Iterator
from itertools import pairwise

from compare.checking.source import Problem
from compare.checking.static.file import File
from compare.checking.static.kinds import Kinds
from compare.checking.static.numpy_paths import numpy_path
from compare.checking.static.parts import Function
from compare.checking.static.tree import code, elements, indices, names_in, same
from compare.checking.static.vocabulary import is_array

_MATRIX_FUNCTIONS = {("dot",), ("matmul",), ("add", "at"), ("zeros_like",), ("einsum",)}


def missing_comma(file: File) -> Iterator[Problem]:
    """`dW = self.grads` that is then filled or multiplied like the one array in it."""
    for function in file.functions:
        for target, value, _ in function.assignments:
            attribute = function.attribute(value)
            if not isinstance(target, ast.Name) or attribute not in ("params", "grads") or function.owner is None:
                continue
            values = function.owner.values(attribute)
            if not values or not all(isinstance(each, ast.List | ast.Tuple) for each in values):
                continue
            if len(function.scope.bindings[target.id]) != 1:
                continue
            use = next((read for read in function.reads(target.id) if _used_as_array(function, read)), None)
            if use is not None:
                listed = f"self.{attribute}"
                message = (
                    f"`{target.id}` is the whole list `{listed}`, not the array in it: line {use.lineno} cannot use it "
                    f"as one. `{target.id}, = {listed}` unpacks it."
                )
                yield function.problem(target, "missing comma", message)


def loose_comma(file: File) -> Iterator[Problem]:
    """`h_next = np.tanh(…),`: a comma at the end makes a tuple of it."""
    for function in file.functions:
        for target, value, _ in function.assignments:
            parts = elements(value) if isinstance(value, ast.Tuple) else None
            if parts is None or len(parts) != 1 or not isinstance(target, ast.Name):
                continue
            computed = isinstance(parts[0], ast.BinOp) or Kinds(function).of(parts[0]) == "array"
            if computed and len(function.given(target.id)) == 1 and is_array(target.id):
                message = f"The comma at the end makes `{target.id}` a tuple of one array."
                yield function.problem(target, "comma at the end", message)


def sizes_that_are_shapes(file: File) -> Iterator[Problem]:
    """`H = h_prev.shape` and then `A[:, :H]`: a whole shape where one length is wanted."""
    for function in file.functions:
        kinds = Kinds(function)
        said: set[str] = set()
        for node in function.own:
            if isinstance(node, ast.Slice) and not function.tried(node):
                for bound in (node.lower, node.upper):
                    names = {part.id for part in names_in(bound)} if bound is not None else set()
                    if bound is not None and kinds.of(bound) == "tuple" and not names & said:
                        said |= names
                        message = f"`{code(bound)}` is a whole shape, a tuple, and cannot bound a slice."
                        yield function.problem(bound, "shape for a length", message)


def missing_brackets(file: File) -> Iterator[Problem]:
    """`np.hstack(a, b, c)`, `np.zeros(N, H)`, `np.random.randn((N, H))`."""
    for function in file.functions:
        for node in function.own:
            path = numpy_path(file, node.func) if isinstance(node, ast.Call) else None
            if path is None or not isinstance(node, ast.Call) or function.tried(node):
                continue
            if any(isinstance(each, ast.Starred) for each in node.args):
                continue
            inside, called = ", ".join(code(each) for each in node.args), ".".join(("np", *path))
            if _arrays_side_by_side(function, path, node.args):
                message = f"`{called}` takes one list of arrays: `{called}([{inside}])`."
            elif _sizes_side_by_side(function, path, node.args):
                message = f"`{called}` takes one tuple of sizes: `{called}(({inside}))`."
            elif path in (("random", "randn"), ("random", "rand")) and elements(node.args[0] if node.args else None):
                message = f"`{called}` takes the sizes one by one, without brackets: `{called}({inside[1:-1]})`."
            else:
                continue
            yield function.problem(node, "brackets", message)


def slice_commas(file: File) -> Iterator[Problem]:
    """`A[:, 3*H, 4*H]`, and `A[:, 3*H]` beside `A[:, 2*H:3*H]`: indices where slices are meant."""
    for function in file.functions:
        ends = {
            (code(node.value), axis, code(index.upper))
            for node in function.own
            if isinstance(node, ast.Subscript)
            for axis, index in enumerate(indices(node))
            if isinstance(index, ast.Slice) and index.upper is not None and index.step is None
        }
        for node in function.own:
            if not isinstance(node, ast.Subscript):
                continue
            parts = indices(node)
            for low, high in pairwise(parts):
                if _is_size(function, low) and _follows(low, high):
                    right = f"{code(low)}:{code(high)}"
                    message = f"`{code(node)}` takes two indices. `{right}` was probably meant: a colon, no comma."
                    yield function.problem(low, "slice", message)
                    break
            else:
                last = parts[-1] if len(parts) > 1 else None
                ended = last is not None and (code(node.value), len(parts) - 1, code(last)) in ends
                if last is not None and ended and _is_size(function, last):
                    message = f"`{code(node)}` takes the one column `{code(last)}`. `{code(last)}:` was probably meant."
                    yield function.problem(last, "slice", message)


def own_shape(file: File) -> Iterator[Problem]:
    """`xs.reshape(*xs.shape)` gives the shape that it has."""
    for function in file.functions:
        for node in function.own:
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or len(node.args) != 1:
                continue
            shape = node.args[0].value if isinstance(node.args[0], ast.Starred) else node.args[0]
            if node.func.attr != "reshape" or not isinstance(shape, ast.Attribute) or shape.attr != "shape":
                continue
            if same(shape.value, node.func.value):
                message = f"`{code(node)}` gives `{code(shape.value)}` the shape that it has: nothing is changed."
                yield function.problem(node, "same shape", message, "warning")


def _used_as_array(function: Function, read: ast.Name) -> bool:
    """Whether a list would raise here, or be taken for an array of more axes."""
    outer = function.parents.get(read)
    if isinstance(outer, ast.Subscript) and outer.value is read:
        parts = indices(outer)
        if code(parts[0]) in function.parameters or function.attribute(parts[0]) is not None:
            return True
        ellipsis = any(isinstance(each, ast.Constant) and each.value is Ellipsis for each in parts)
        return ellipsis or len(parts) > 1
    if isinstance(outer, ast.Attribute):
        return not hasattr([], outer.attr)
    if isinstance(outer, ast.BinOp):
        return isinstance(outer.op, ast.MatMult | ast.Sub | ast.Div | ast.Pow)
    if isinstance(outer, ast.AugAssign) and outer.target is read:
        return not isinstance(outer.op, ast.Add) or not isinstance(outer.value, ast.List | ast.ListComp)
    return isinstance(outer, ast.Call) and numpy_path(function.file, outer.func) in _MATRIX_FUNCTIONS


def _arrays_side_by_side(function: Function, path: tuple[str, ...], args: list[ast.expr]) -> bool:
    if path in (("hstack",), ("vstack",), ("dstack",), ("column_stack",)):
        return len(args) > 1
    if path not in (("concatenate",), ("stack",)) or len(args) < 2 or elements(args[0]) is not None:
        return False
    return Kinds(function).of(args[1]) == "array" or (
        len(args) > 2 and Kinds(function).of(args[1]) not in ("int", "none")
    )


def _sizes_side_by_side(function: Function, path: tuple[str, ...], args: list[ast.expr]) -> bool:
    """Whether the place of the dtype holds a length."""
    made = path in (("zeros",), ("ones",), ("empty",))
    return made and len(args) > 1 and Kinds(function).of(args[0]) == Kinds(function).of(args[1]) == "int"


def _multiple(node: ast.AST) -> tuple[int, str] | None:
    """(3, "H") of `3*H` and `H*3`, (1, "H") of `H`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        for factor, name in ((node.left, node.right), (node.right, node.left)):
            if isinstance(factor, ast.Constant) and isinstance(factor.value, int) and isinstance(name, ast.Name):
                return factor.value, name.id
        return None
    return (1, node.id) if isinstance(node, ast.Name) else None


def _is_size(function: Function, node: ast.AST) -> bool:
    """Whether this is a multiple of a length, not of a loop's counter: `3*H`."""
    found = _multiple(node)
    if found is None:
        return False
    bindings = function.scope.bindings.get(found[1], ())
    return found[1].isupper() and all(each.how != "loop" for each in bindings)


def _follows(low: ast.AST, high: ast.AST) -> bool:
    """Whether `high` is the next multiple of the same name."""
    first, second = _multiple(low), _multiple(high)
    return first is not None and second is not None and first[1] == second[1] and second[0] == first[0] + 1
