"""Names that NumPy does not have, or has no longer."""

import ast
import importlib.util
import inspect
from collections.abc import Iterator
from typing import Any

import numpy as np

from compare.checking.source import Definition, Problem
from compare.checking.static.file import File
from compare.checking.static.nearest import nearest
from compare.checking.static.numpy_paths import MISSING, member, numpy_path
from compare.checking.static.tree import TRIES, parents, walk, words

# what older releases had, as the migration guides list it
_GONE = words(
    "float_ complex_ int bool object float complex str long unicode int0 uint0 str0 bytes0 bool8 object0 void0 "
    "Inf Infinity infty NaN NAN NINF PINF PZERO NZERO unicode_ string_ cfloat longfloat singlecomplex clongfloat "
    "longcomplex alltrue sometrue cumproduct product in1d trapz row_stack asfarray msort find_common_type cast "
    "source lookfor who recfromcsv recfromtxt fastCopyAndTranspose set_numeric_ops obj2sctype sctype2char sctypes "
    "issctype issubclass_ issubsctype maximum_sctype round_ safe_eval disp byte_bounds compare_chararrays "
    "deprecate add_docstring add_newdoc asscalar rank mat compat geterrobj seterrobj DataSource nbytes typeDict "
    "tostring alen loads random_integers ptp newbyteorder itemset"
)
# what a module that chooses between NumPy and CuPy offers with a graphics card, and what is imported when asked for
_ELSEWHERE = words(
    "scatter_add scatter_max scatter_min asnumpy get_array_module cuda ElementwiseKernel RawKernel "
    "ReductionKernel fuse memoize is_available get_default_memory_pool cupyx matlib distutils typing testing f2py "
    "ma core lib polynomial fft linalg random char rec ctypeslib emath strings exceptions dtypes float96 float128 "
    "complex192 complex256 float80 int128"
)


def unknown_numpy_names(file: File) -> Iterator[Problem]:
    """`np.doat`, `np.random.rnad`, `from numpy import arrange`: each where it stands."""
    for cell, tree in file.cells:
        above = parents(tree)
        for node in walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "numpy" and not node.level:
                for alias in node.names:
                    if alias.name != "*":
                        yield from _missing(file, cell, node, (alias.name,), above)
    for definition, root in _roots(file):
        above = parents(root)
        for node in walk(root):
            if isinstance(node, ast.Attribute) and not isinstance(above.get(node), ast.Attribute):
                yield from _chain(file, definition, node, above)


def unknown_keywords(file: File) -> Iterator[Problem]:
    """`np.zeros(3, stype="f")`: a keyword that the function does not take."""
    for function in file.functions:
        for node in walk(function.node):
            if not isinstance(node, ast.Call) or function.tried(node):
                continue
            path = numpy_path(file, node.func)
            if path:
                known, called = _keywords(path), ".".join(("np", *path))
            elif isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS:
                known, called = _METHODS[node.func.attr], f".{node.func.attr}"
            else:
                continue
            for keyword in node.keywords:
                if known and keyword.arg is not None and keyword.arg not in known:
                    near = nearest(keyword.arg, known)
                    if near or path:
                        meant = f" `{near}=` was probably meant." if near else ""
                        message = f"`{called}` takes no keyword `{keyword.arg}`.{meant}"
                        yield function.problem(keyword, "unknown keyword", message)


def _roots(file: File) -> list[tuple[Definition, ast.AST]]:
    """Each definition that is not blank."""
    return [(each, each.node) for each in file.document.definitions.values() if each.node in file.scopes]


def _chain(file: File, definition: Definition, node: ast.Attribute, above: dict[ast.AST, ast.AST]) -> Iterator[Problem]:
    parts: list[ast.Attribute] = []
    inner: ast.AST = node
    while isinstance(inner, ast.Attribute):
        parts.insert(0, inner)
        inner = inner.value
    path = numpy_path(file, node)
    if not path or not isinstance(inner, ast.Name):
        return
    start = len(path) - len(parts)
    for i, part in enumerate(parts):
        until = path[: start + i + 1]
        if member(until) is MISSING:
            owner = member(until[:-1])
            if inspect.ismodule(owner) or inspect.isclass(owner) or isinstance(owner, np.ufunc):
                yield from _missing(file, definition, part, until, above)
            return


def _missing(
    file: File, where: Definition | int | None, node: ast.AST, path: tuple[str, ...], above: dict[ast.AST, ast.AST]
) -> Iterator[Problem]:
    name, owner = path[-1], member(path[:-1])
    if member(path) is not MISSING or owner is MISSING or name in _ELSEWHERE or _in_try(node, above):
        return
    if any(part.startswith("_") for part in path):
        return
    if _is_submodule(path):
        return
    full = ".".join(("np", *path))
    if name in _GONE:
        yield file.problem(where, node, "gone from NumPy 2", f"`{full}` is gone from NumPy 2.", "note")
        return
    near = nearest(name, [each for each in dir(owner) if not each.startswith("_")])
    meant = f" `{'.'.join(('np', *path[:-1], near))}` was probably meant." if near else ""
    yield file.problem(where, node, "unknown NumPy name", f"NumPy has no `{full}`.{meant}")


def _is_submodule(path: tuple[str, ...]) -> bool:
    """Whether it is a module that somebody else may have imported."""
    try:
        return importlib.util.find_spec(".".join(("numpy", *path))) is not None
    except ImportError:
        return False


def _in_try(node: ast.AST, above: dict[ast.AST, ast.AST]) -> bool:
    while node in above:
        node = above[node]
        if isinstance(node, TRIES):
            return True
        if isinstance(node, ast.If) and any(_asks(part) for part in walk(node.test)):
            return True
    return False


def _asks(node: ast.AST) -> bool:
    """A condition on the release or on the backend: `hasattr(np, "trapezoid")`, `np.__name__`, `GPU`."""
    if isinstance(node, ast.Name):
        return node.id in ("hasattr", "GPU", "gpu")
    return isinstance(node, ast.Attribute) and node.attr in ("__version__", "__name__", "GPU")


_UFUNC = ("out", "where", "axes", "axis", "keepdims", "casting", "order", "dtype", "subok", "signature", "sig")
# functions that say nothing of their parameters in some releases
_SILENT = {
    "zeros": ("shape", "dtype", "order", "device", "like"),
    "empty": ("shape", "dtype", "order", "device", "like"),
    "array": ("object", "dtype", "copy", "order", "subok", "ndmin", "ndmax", "like"),
    "arange": ("start", "stop", "step", "dtype", "device", "like"),
    "dot": ("a", "b", "out"),
    "concatenate": ("arrays", "axis", "out", "dtype", "casting"),
}
_REDUCTION = ("axis", "dtype", "out", "keepdims", "initial", "where")
_METHODS = {
    **dict.fromkeys(("sum", "max", "min", "prod"), _REDUCTION),
    **dict.fromkeys(("mean", "std", "var"), (*_REDUCTION, "ddof", "mean", "correction")),
    "argmax": ("axis", "out", "keepdims"),
    "astype": ("dtype", "order", "casting", "subok", "copy"),
}


def _keywords(path: tuple[str, ...]) -> tuple[str, ...]:
    """What a function of NumPy can be called with by name; nothing where that is not known."""
    function: Any = member(path)
    if function is MISSING or not callable(function):
        return ()
    if isinstance(function, np.ufunc):
        return _UFUNC
    if path[-1] in _SILENT and len(path) == 1:
        return _SILENT[path[-1]]
    try:
        found = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return ()
    if any(each.kind == each.VAR_KEYWORD for each in found):
        return ()
    return tuple(each.name for each in found if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY))
