"""Attributes that an array does not have, or has but not as a method; attributes of plain integers."""

import ast
from collections.abc import Iterator

import numpy as np

from compare.checking.source import Problem
from compare.checking.static.file import File
from compare.checking.static.kinds import Kinds
from compare.checking.static.nearest import nearest
from compare.checking.static.parts import Function
from compare.checking.static.tree import code, words
from compare.checking.static.vocabulary import is_array as called_like_one

_ATTRIBUTES = frozenset(name for name in dir(np.ndarray) if not name.startswith("__"))
_EVIDENCE = ("shape", "T", "ndim", "reshape", "argmax", "astype")
_PROPERTIES = frozenset({"shape", "T", "ndim", "size", "dtype"})
# what the arrays of other packages have
_ELSEWHERE = words("get device set numpy detach cpu cuda grad at item_ rank ptp itemset newbyteorder tostring")
_OTHER_PACKAGES = frozenset({"torch", "jax", "tensorflow", "mxnet", "chainer", "theano", "pandas", "keras"})


def unknown_array_attributes(file: File) -> Iterator[Problem]:
    """`ts.dim`, `x.shpe`, `x.revel()`: near to what an array has, and set on nothing in the file."""
    if _other_arrays(file):
        return
    known = _ATTRIBUTES | _ELSEWHERE | file.foreign | {name for each in file.classes.values() for name in each.settings}
    for function in file.functions:
        for node in function.own:
            if isinstance(node, ast.Attribute) and node.attr not in known and not function.tried(node):
                near = nearest(node.attr, sorted(_ATTRIBUTES))
                if near and is_array(function, node.value) and not node.attr.startswith("_"):
                    message = f"No array has `.{node.attr}`. `{code(node.value)}.{near}` was probably meant."
                    yield function.problem(node, "unknown array attribute", message)


def called_properties(file: File) -> Iterator[Problem]:
    """`x.shape(0)`, `x.T()`: these are values, not methods."""
    if _other_arrays(file):
        return
    for function in file.functions:
        for node in function.own:
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)) or function.tried(node):
                continue
            name = node.func.attr
            taken = name in file.foreign or any(name in each.settings for each in file.classes.values())
            if name in _PROPERTIES and not taken and is_array(function, node.func.value):
                indexed = f"{code(node.func)}[{code(node.args[0])}]" if len(node.args) == 1 else code(node.func)
                message = f"`{name}` of an array is no method. `{indexed}` was probably meant."
                yield function.problem(node, "no method", message)


def attributes_of_numbers(file: File) -> Iterator[Problem]:
    """`T.shape` where T is the length of an axis."""
    for function in file.functions:
        for node in function.own:
            if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name) or hasattr(0, node.attr):
                continue
            if Kinds(function).of(node.value) == "int" and not function.tried(node):
                message = f"`{node.value.id}` is an integer here, and has no `.{node.attr}`."
                yield function.problem(node, "attribute of a number", message)


def _other_arrays(file: File) -> bool:
    modules = {each.module.partition(".")[0] for found in file.module.bindings.values() for each in found}
    return bool(modules & _OTHER_PACKAGES)


def is_array(function: Function, node: ast.expr) -> bool:
    """Whether this is an array: for sure, or a parameter of a layer that is called or used like one."""
    if Kinds(function).of(node) == "array":
        return True
    if not isinstance(node, ast.Name) or node.id not in function.parameters:
        return False
    if isinstance(function.defaults.get(node.id), ast.Constant) and not function.backward:
        return False
    if (function.forward or function.backward) and called_like_one(node.id):
        return True
    layer = function.owner is not None and bool({"forward", "backward"} & set(function.owner.methods))
    return (layer or function.forward or function.backward) and any(
        isinstance(outer := function.parents.get(read), ast.Attribute) and outer.attr in _EVIDENCE
        for read in function.reads(node.id)
    )
