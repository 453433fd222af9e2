"""Which expressions stand for something of NumPy, under whatever name it was imported."""

import ast
import warnings
from typing import Any

import numpy as np

from compare.checking.static.file import File
from compare.checking.static.scopes import Binding

# modules with NumPy's functions under NumPy's names
_LIKE_NUMPY = ("numpy", "autograd.numpy", "cupy")
MISSING = object()


def numpy_path(file: File, node: ast.AST) -> tuple[str, ...] | None:
    """`("random", "randn")` for `np.random.randn`, () for NumPy itself, None for what is nothing of NumPy."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    base = _base(file, node)
    return None if base is None else (*base, *names[::-1])


def _base(file: File, node: ast.Name) -> tuple[str, ...] | None:
    scope = file.scopes.get(node, file.module).find(node.id)
    if scope is None:
        # the book's files get it by a star import, a learner's first notebook by none at all
        return () if node.id in ("np", "numpy") else None
    paths = {_imported(binding, node.id) for binding in scope.bindings[node.id]}
    return paths.pop() if len(paths) == 1 else None


def _imported(binding: Binding, name: str) -> tuple[str, ...] | None:
    if binding.how != "import":
        # what a neighbour's star import binds
        return () if name == "np" and isinstance(binding.node, ast.Pass) and binding.how == "other" else None
    for module in _LIKE_NUMPY:
        if binding.module == module:
            return ()
        if binding.module.startswith(f"{module}."):
            return tuple(binding.module.removeprefix(f"{module}.").split("."))
    own = binding.module.partition(".")[0] not in ("jax", "torch", "mxnet", "tensorflow", "theano")
    return () if name == "np" and own and binding.module.endswith(".np") else None


def member(path: tuple[str, ...]) -> Any:
    """What stands at a path in the installed NumPy; MISSING where there is no such thing."""
    found: Any = np
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in path:
            found = getattr(found, name, MISSING)
            if found is MISSING:
                return MISSING
    return found
