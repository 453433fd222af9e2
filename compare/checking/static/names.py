"""Names that nothing gives a value, and what was probably meant by them."""

import ast
import builtins
from collections import Counter
from collections.abc import Collection, Iterator

from compare.checking.source import Definition, Problem
from compare.checking.static.file import File
from compare.checking.static.mixups import FALLEN, loop_mixup, loose_line, missing_dot, other_method
from compare.checking.static.nearest import distance, nearest
from compare.checking.static.scopes import Scope
from compare.checking.static.tree import TRIES, in_order, live, parents, walk, words
from compare.checking.static.vocabulary import GRANTED, PYTHON_2, is_gradient

# bound by Python, by a notebook, or by a class body, without a line that says so
_EVERYWHERE = words(
    "__file__ __name__ __doc__ __class__ __builtins__ __path__ __package__ __spec__ __annotations__ __module__ "
    "__qualname__ WindowsError get_ipython display In Out _ __ ___ exit quit"
) | frozenset(dir(builtins))
_OF_ARRAYS = ("shape", "T", "ndim", "reshape", "dtype", "size", "copy", "astype", "sum", "argmax")
_LOOKUPS = frozenset({"globals", "locals", "exec", "eval", "vars"})


def undefined_names(file: File) -> Iterator[Problem]:
    """A name that is read, and bound nowhere: one problem for each function or class body and name."""
    for definition, scope, root in _tops(file):
        above = parents(root)
        found: list[Problem] = []
        for name, reads in _unbound(file, scope).items():
            first = next((read for read in reads if _lives(read, root) and not _caught(read, above)), None)
            taken = name in GRANTED | PYTHON_2 and not (first and missing_dot(first, above))
            if first is not None and not taken:
                found += _undefined(file, definition, first, reads, above)
        # lines that fell out of a method read many of its names: one is enough
        fallen = [problem for problem in found if FALLEN in problem.message]
        yield from (problem for problem in found if problem not in fallen[1:])


def missing_imports(file: File) -> Iterator[Problem]:
    """A name that files of this kind take for granted: once for the file, where it is first read."""
    if not file.known:
        return
    said = set()
    emergency = _only_in_emergency(file)
    for definition, scope, root in _tops(file):
        above = parents(root)
        for name, reads in _unbound(file, scope, emergency).items():
            if (
                name in said
                or name not in GRANTED | PYTHON_2
                or _caught(reads[0], above)
                or missing_dot(reads[0], above)
            ):
                continue
            said.add(name)
            if name in PYTHON_2:
                message = f"`{name}` is gone from Python 3."
                yield file.problem(definition, reads[0], "gone from Python 3", message, "note")
                continue
            wanted = f"`{name}` is neither defined nor imported in this file"
            wanted = "`import numpy as np` is missing" if name == "np" else wanted
            message = f"{wanted}: run alone, it stops here with NameError."
            yield file.problem(definition, reads[0], "missing import", message, "warning")


def _tops(file: File) -> Iterator[tuple[Definition, Scope, ast.AST]]:
    """Each function, method and class body; what stands inside a function belongs to it."""
    for definition in file.document.definitions.values():
        node = definition.node
        scope = file.scopes.get(node)
        if scope is None:
            continue
        if isinstance(node, ast.ClassDef):
            yield definition, Scope("class", scope.parent, scope.bindings, scope.reads, [], scope.elsewhere), node
            # of two methods of a name the last counts; a blank one is no code yet
            last = {part.name: part for part in node.body if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)}
            for name, part in last.items():
                if part in file.scopes and name not in definition.blank:
                    yield definition, file.scopes[part], part
        elif definition.name not in definition.blank:
            yield definition, scope, node


def _only_in_emergency(file: File) -> frozenset[str]:
    """What the file imports only where another import has failed: `np` after `except ImportError` alone."""
    tries = [node for _, tree in file.cells for node in tree.body if isinstance(node, TRIES)]
    handlers = [part for each in tries for handler in getattr(each, "handlers", ()) for part in handler.body]
    late = {node for part in handlers for node in walk(part)}
    every = file.module.bindings.items()
    return frozenset(n for n, found in every if all(b.how == "import" and b.node in late for b in found))


def _unbound(file: File, scope: Scope, but: Collection[str] = ()) -> dict[str, list[ast.Name]]:
    """What is read in a scope and its inner ones, name by name, and bound in none that it can be taken from.

    Nor in a module that binds it in vain.
    """
    scopes = [scope]
    for each in scopes:
        scopes += each.children
    if any(read.id in _LOOKUPS for each in scopes for read in each.reads):
        return {}
    found: dict[str, list[ast.Name]] = {}
    for each in scopes:
        for read in each.reads:
            taken = each.find(read.id)
            if read.id not in _EVERYWHERE and (taken is None or (read.id in but and taken is file.module)):
                found.setdefault(read.id, []).append(read)
    return {name: in_order(reads) for name, reads in found.items()}


def _lives(node: ast.AST, root: ast.AST) -> bool:
    """Whether a line is gone through at all: not below the `return` of the function's own block."""
    body = getattr(root, "body", [])
    below = body[len(live(body)) :] if isinstance(root, ast.FunctionDef) else []
    return not below or getattr(node, "lineno", 0) < below[0].lineno


def _caught(node: ast.AST, above: dict[ast.AST, ast.AST]) -> bool:
    while node in above:
        node = above[node]
        if isinstance(node, TRIES) and getattr(node, "handlers", None):
            return True
    return False


def _undefined(
    file: File, definition: Definition, node: ast.Name, reads: list[ast.Name], above: dict[ast.AST, ast.AST]
) -> Iterator[Problem]:
    name = node.id
    scope = file.scopes[node]
    mixed = loop_mixup(node, above)
    loose = loose_line(node, definition, above)
    own = _own_names(scope, node)
    near = nearest(name, own, swaps=not is_gradient(name))
    twin = None if file.known else _often_read(file, node)
    if not file.known and not twin and not _certain(node, above, bool(mixed), near is not None):
        return
    if mixed:
        meaning = mixed
    elif loose:
        meaning = loose
    elif dot := missing_dot(node, above):
        meaning = dot
    elif method := other_method(node, file.classes.get(definition.name)):
        meaning = method
    elif twisted := _never_read(scope, name):
        meaning = f"`{name}` is not defined. `{twisted}` is, and nobody reads it."
    elif is_gradient(name) and near is None:
        meaning = f"`{name}` is never computed."
    else:
        near = near or twin or nearest(name, [*_outer_names(scope), *sorted(GRANTED), *_plain_builtins()])
        meaning = f"`{name}` is not defined." + (f" `{near}` was probably meant." if near else "")
    lines = sorted({read.lineno for read in reads} - {node.lineno})
    also = f" (Also in line{'s' * (len(lines) > 1)} {', '.join(map(str, lines))}.)" if lines else ""
    yield file.problem(definition, node, "undefined name", meaning + also)


def _never_read(scope: Scope, name: str) -> str | None:
    """What the function binds with the same letters in another order or case, and nobody reads."""
    read = {node.id for node in scope.reads}
    alike = (each for each in scope.bindings if sorted(each.lower()) == sorted(name.lower()))
    return next((each for each in alike if scope.kind == "function" and each not in read), None)


def _often_read(file: File, node: ast.Name) -> str | None:
    """A name from the star import that the file reads again and again, and that this one is a slip of."""
    reads = Counter(
        read.id for _, scope, _ in _tops(file) for found in _unbound(file, scope).values() for read in found
    )
    often = [name for name, count in reads.items() if count > 1 or name in GRANTED]
    if reads[node.id] > 1 or len(node.id) < 5:
        return None
    return next((name for name in often if distance(name, node.id) == 1 and not name.startswith(node.id)), None)


def _certain(node: ast.Name, above: dict[ast.AST, ast.AST], mixed: bool, near: bool) -> bool:
    """Whether a name cannot come from a star import: those bring functions, classes and modules, in long names."""
    call = above.get(node)
    if (isinstance(call, ast.Call) and call.func is node) or node.id in GRANTED or len(node.id) > 12:
        return False
    # of a module other attributes are asked for than of an array
    data = not isinstance(call, ast.Attribute) or call.attr in _OF_ARRAYS
    return mixed or is_gradient(node.id) or (near and node.id.islower() and data)


def _own_names(scope: Scope, node: ast.Name) -> list[str]:
    """What the function itself has bound before a line, its parameters first."""
    while scope.kind == "comprehension" and scope.parent is not None:
        scope = scope.parent
    if scope.kind != "function":
        return []
    first = {name: bindings[0] for name, bindings in scope.bindings.items()}
    before = [name for name, each in first.items() if getattr(each.node, "lineno", 0) < node.lineno]
    return sorted(before, key=lambda name: first[name].how != "parameter")


def _outer_names(scope: Scope) -> list[str]:
    outer = scope.parent
    names: list[str] = []
    while outer is not None:
        names += outer.bindings if outer.kind != "class" else []
        outer = outer.parent
    return names


def _plain_builtins() -> list[str]:
    return [name for name in dir(builtins) if name.islower() and not name.startswith("_")]
