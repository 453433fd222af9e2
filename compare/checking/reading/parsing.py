"""Python's own parser and compiler, asked without running anything; neither's failures get out."""

import ast
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType

_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


@dataclass(frozen=True)
class Fault:
    """What Python objects to, and where: lines from 1 (0: it cannot say), columns from 0."""

    line: int
    column: int | None
    message: str
    indentation: bool = False
    tabs: bool = False


Check = Callable[[str], Fault | None]


def parsed(text: str) -> ast.Module | Fault:
    """The tree of a text, or what is wrong with it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except Exception as error:  # what is no Python may fail in any way
        return _fault(error)


@lru_cache(maxsize=256)
def unparsable(text: str) -> Fault | None:
    """What is wrong with the grammar of a text, None for nothing."""
    tree = _read(text)
    return tree if isinstance(tree, Fault) else None


def compiled(source: str | ast.Module) -> CodeType | Fault:
    """The byte code of a source, or what is wrong with it beyond the grammar as well."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code: CodeType = compile(source, "", "exec", _FLAGS, dont_inherit=True)
            return code
    except Exception as error:
        return _fault(error)


@lru_cache(maxsize=16)
def uncompilable(source: str) -> Fault | None:
    """What is wrong even where the grammar is right, such as a `return` outside of any function; None for nothing."""
    code = compiled(source)
    return code if isinstance(code, Fault) else None


def tree_of(text: str) -> ast.Module:
    """The tree of a text that is known to parse; of any other, an empty one."""
    tree = parsed(text)
    return ast.Module([], []) if isinstance(tree, Fault) else tree


def tree_read(text: str) -> ast.Module:
    """The same for who only looks: one tree for everybody."""
    tree = _read(text)
    return ast.Module([], []) if isinstance(tree, Fault) else tree


@lru_cache(maxsize=16)
def _read(text: str) -> ast.Module | Fault:
    return parsed(text)


def _fault(error: Exception) -> Fault:
    if isinstance(error, RecursionError | MemoryError):
        return Fault(0, None, "nested too deeply for Python to read it")
    if not isinstance(error, SyntaxError):
        return Fault(0, None, str(error) or type(error).__name__)
    column = error.offset - 1 if error.offset and error.offset > 0 else None
    indentation = isinstance(error, IndentationError)
    return Fault(error.lineno or 0, column, error.msg, indentation, isinstance(error, TabError))
