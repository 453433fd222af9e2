"""A learner's text as a tree, whatever state it is in, and what a tree is written like."""

import ast
from functools import lru_cache

from compare.checking.reading.exports import code_of, is_export
from compare.checking.reading.magics import without_magics
from compare.checking.reading.mending import mended
from compare.checking.reading.parsing import Fault, compiled, parsed, tree_of, unparsable
from compare.checking.reading.python2 import as_python3
from compare.checking.reading.recovering import recovered

# longer names of parts are cut in a sentence
_LONGEST = 56
# what one mistake is explained with is what the next one begins with
_KEPT = 64


@lru_cache(_KEPT)
def python3(text: str) -> str:
    """The text without what only IPython, its export or Python 2 takes, every line where it was."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(_parsed(text), ast.Module):
        return text
    return as_python3(without_magics(code_of(text) if is_export(text) else text))[0]


@lru_cache(_KEPT)
def tree(text: str) -> ast.Module:
    """The tree of what parses of a text that `python3` gave, not to be changed: what does not parse is left out."""
    found = _parsed(text)
    if isinstance(found, ast.Module):
        return found
    kept, _ = mended(text, unparsable)
    return tree_of(recovered(text).text if kept is None else kept)


@lru_cache(_KEPT)
def faults(text: str) -> tuple[Fault, ...]:
    """What Python objects to in a text that `python3` gave."""
    found = _parsed(text)
    if isinstance(found, Fault):
        return tuple(mended(text, unparsable)[1]) or (found,)
    code = compiled(found)
    return (code,) if isinstance(code, Fault) else ()


@lru_cache(_KEPT)
def _parsed(text: str) -> ast.Module | Fault:
    return parsed(text)


def written(node: ast.AST | None, longest: int = _LONGEST) -> str:
    """A part as it is written, on one line, in backticks; cut where it is long."""
    if node is None:
        return "nothing"
    text = plain(node).replace("`", "'").replace("\n", " ")
    return "nothing" if not text else f"`{text if len(text) <= longest else text[: longest - 1] + '…'}`"


def instead(before: ast.AST | None, after: ast.AST | None) -> str:
    """The beginning of most causes."""
    return f"{written(before)} stands where {written(after)} belongs"


def plain(node: ast.AST) -> str:
    """A part as it is written; a compound statement's header alone."""
    if isinstance(node, ast.Name):
        return node.id
    try:
        text = ast.unparse(node)
    except (RecursionError, ValueError, AttributeError):
        return "…"
    return (text.splitlines() or [""])[0] if isinstance(node, ast.stmt) else text


def alike(a: ast.AST | None, b: ast.AST | None) -> bool:
    """Whether two parts are the same; whether one is read or written is left aside."""
    if a is None or b is None:
        return a is b
    if type(a) is not type(b):
        return False
    if isinstance(a, ast.Name) and isinstance(b, ast.Name):
        return a.id == b.id
    try:
        return ast.unparse(a) == ast.unparse(b)
    except (RecursionError, ValueError, AttributeError):
        return False


def identifier(node: ast.AST | None) -> str:
    """The last word of a name or an attribute: `x` for `self.x`; "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""
